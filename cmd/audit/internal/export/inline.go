package export

import (
	"fmt"
	"strings"
	"unicode"
)

// inline makes a device's string safe within one line of text: blanks become
// spaces, what cannot be seen is written out as [U+202E].
func inline(s string) string {
	if !strings.ContainsFunc(s, unseen) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\t', c == '\n', c == '\r', c == 0xa0:
			b.WriteByte(' ')
		case unseen(c):
			fmt.Fprintf(&b, "[U+%04X]", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// unseen is true also for U+FFFD, which a byte that is no UTF-8 is read as.
func unseen(c rune) bool {
	return c < 0x20 || c >= 0x7f && (!unicode.IsPrint(c) || c == unicode.ReplacementChar)
}
