package accel

import "testing"

func FuzzDecode(f *testing.F) {
	f.Add([]byte("S: 19Mhz *\n0: 300Mhz\n"))
	f.Add([]byte("ue: 0\nce: 3\nde: 0\n"))
	f.Add([]byte("0x00000001 : 0x00001000 : R\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, ok := decodeLevels(b); !ok && (l.current != nil || l.most != 0) || l.current != nil && *l.current > l.most {
			t.Errorf("levels %+v", l)
		}
		if c, ok := decodeErrorCount(b); ok != (c != errorCount{}) {
			t.Error("counters")
		}
		if p, ok := decodeBadPages(b); !ok && p != (badPages{}) || p.pending > p.retired {
			t.Errorf("pages %+v", p)
		}
	})
}
