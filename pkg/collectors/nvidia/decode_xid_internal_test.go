package nvidia

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzDecodeXid(f *testing.F) {
	f.Add("NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.")
	f.Add("NVRM: Xid (00000001:03:00 GPU-I:05): 13")
	f.Fuzz(func(t *testing.T, text string) {
		address, x, ok := decodeXid(text)
		if ok != (address != "") || !ok && x.Detail != "" || !utf8.ValidString(x.Detail) || len(x.Detail) > maxXidDetail+len("...") || strings.ContainsAny(x.Detail, "\n\x1b") {
			t.Errorf("%q: %q, %+v, %v", text, address, x, ok)
		}
	})
}
