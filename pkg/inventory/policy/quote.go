package policy

import (
	"fmt"
	"strings"
	"unicode"
)

// quote is a string in double quotes as YAML reads it, on one line and in
// characters that do nothing to a terminal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c >= 0x20 && c < 0x7f, c > 0xa0 && c != unicode.ReplacementChar && unicode.IsPrint(c):
			b.WriteRune(c)
		case c > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, c)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quoteWord leaves plain words as they are.
func quoteWord(s string) string {
	if s == "" || s == "true" || s == "false" || s == "null" || s == "yes" || s == "no" || s == "on" || s == "off" {
		return quote(s)
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && c != '_' {
			return quote(s)
		}
	}
	return s
}
