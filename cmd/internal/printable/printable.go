// Package printable makes text of unknown origin safe for a terminal.
package printable

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text changes nothing in text that is printed as it is: what is not, save
// tabs and line ends, is written as \x1b, \u202e.
func Text(s string) string {
	if !strings.ContainsFunc(s, unprintable) && utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for len(s) > 0 {
		c, n := utf8.DecodeRuneInString(s)
		switch {
		case c == utf8.RuneError && n == 1:
			b = append(b, `\x`...)
			b = append(b, "0123456789abcdef"[s[0]>>4], "0123456789abcdef"[s[0]&15])
		case unprintable(c):
			q := strconv.QuoteRuneToASCII(c)
			b = append(b, q[1:len(q)-1]...)
		default:
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return string(b)
}

func unprintable(c rune) bool {
	return c != '\n' && c != '\t' && !unicode.IsPrint(c)
}
