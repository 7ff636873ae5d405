package kmsg

import (
	"strings"
	"testing"
)

func TestMatching(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]string{
		"6,1,2,-;NVRM: Xid here\n SUBSYSTEM=pci\n": "6,1,2,-;NVRM: Xid here\n",
		"6,1,2,-;other\n NOTE=NVRM: Xid here\n":    "",
		"6,1,2,NVRM: Xid here":                     "",
		"":                                         "",
	} {
		got, ok := matching([]byte(record), []byte("NVRM: Xid"))
		if string(got) != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", record, got, ok)
		}
	}
}

func TestNewest(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("old\n", 10) + "new\n"
	if got := string(newest([]byte(lines), 10)); got != "old\nnew\n" {
		t.Errorf("%q", got)
	}
	if got := newest([]byte("a line that is too long\n"), 10); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
