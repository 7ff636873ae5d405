package render

import (
	"strings"
	"unicode"
)

// Text makes a device's string safe for one line of a plain terminal: ASCII,
// no control characters, blanks collapsed.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= 0x20 && c < 0x7f:
			b.WriteRune(c)
		case c < 0x80 && unicode.IsSpace(c), c == 0xa0:
			b.WriteByte(' ')
		default:
			b.WriteString(spelling(c))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// spelling is how a character outside of ASCII is written within it.
func spelling(c rune) string {
	switch c {
	case '®':
		return "(R)"
	case '™':
		return "(TM)"
	case '©':
		return "(C)"
	case 'µ', 'μ':
		return "u"
	case '°':
		return "deg"
	case '–', '—', '‐', '‑':
		return "-"
	case '‘', '’':
		return "'"
	case '“', '”':
		return `"`
	case '×':
		return "x"
	}
	return "?"
}

// Cut shortens a text, as [Text] makes it, to n characters and shows that it
// did.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if n < 3 {
		return s[:max(n, 0)]
	}
	return s[:n-2] + ".."
}

// Wrap breaks a text, as [Text] makes it, at blanks into lines of at most n
// characters, n > 0; a word longer than that is broken where it must be.
func Wrap(s string, n int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		for len(word) > n {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, word[:n]), word[n:]
		}
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) <= n:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
