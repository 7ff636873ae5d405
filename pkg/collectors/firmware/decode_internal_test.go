package firmware

import "testing"

func FuzzDecode(f *testing.F) {
	f.Add([]byte("Manufacturer: 0x53544d20\nTCG version: 1.2\nFirmware version: 13.12\n"), uint64(4097))
	f.Add([]byte("none [integrity] confidentiality"), uint64(0))
	f.Add([]byte{6, 0, 0, 0, 1}, uint64(1)<<63)
	f.Add([]byte("ddc0ee61-e7f0-4e7d-acc5-c070a398838e"), uint64(1))
	f.Fuzz(func(t *testing.T, b []byte, mask uint64) {
		if c, ok := decodeCaps(b); ok != (c != caps{}) {
			t.Error("caps")
		}
		if g := decodeGUID(string(b)); g != "" && decodeGUID(g) != g {
			t.Error("GUID")
		}
		decodeLockdown(string(b))
		decodeSwitch(b)
		n := 0
		for m := mask; m != 0; m &= m - 1 {
			n++
		}
		if len(taintNames(mask)) != n {
			t.Error("taint")
		}
	})
}
