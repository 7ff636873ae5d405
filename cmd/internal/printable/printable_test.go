package printable_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"example.com/bee/cmd/internal/printable"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                      "",
		"plain, Größe\n\tß":     "plain, Größe\n\tß",
		"\x1b[31m\a\r\x00\x7f":  `\x1b[31m\a\r\x00\x7f`,
		"\u009b\u202e\u2028":    `\u009b\u202e\u2028`,
		"\xff\xc0\xaf \xe2\x80": `\xff\xc0\xaf \xe2\x80`,
		"\ufffd\U000e0041":      "\ufffd" + `\U000e0041`,
	} {
		if got := printable.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b\xff\u202e\n")
	f.Fuzz(func(t *testing.T, in string) {
		out := printable.Text(in)
		if !utf8.ValidString(out) || printable.Text(out) != out {
			t.Fatalf("%q", out)
		}
		if strings.ContainsFunc(out, func(c rune) bool { return c != '\n' && c != '\t' && !unicode.IsPrint(c) }) {
			t.Fatalf("%q", out)
		}
	})
}
