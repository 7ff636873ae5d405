package memory

import "testing"

func FuzzNode(f *testing.F) {
	f.Add([]byte("Node 0 MemTotal: 12 kB\n"))
	f.Add([]byte("10 21 31\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n := decodeNodeMemInfo(b, 0); n != nil && *n%1024 != 0 {
			t.Error("not in kB")
		}
		for _, d := range decodeDistances(string(b)) {
			if d < 0 {
				t.Error("negative distance")
			}
		}
	})
}
