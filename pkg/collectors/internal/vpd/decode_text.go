package vpd

import "strings"

// keyword says whether a field begins with two letters or digits.
func keyword(b []byte) bool {
	return alphanumeric(b[0]) && (len(b) < 2 || alphanumeric(b[1]))
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// clean returns the text of a field, which is ASCII: without control
// characters, without blanks at its ends. It is empty for bytes that are not
// text for the greater part, and for placeholders.
func clean(b []byte) string {
	for len(b) > 0 && padding(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && padding(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	var kept strings.Builder
	kept.Grow(len(b))
	for _, c := range b {
		if c >= 0x20 && c < 0x7F {
			kept.WriteByte(c)
		}
	}
	s := strings.TrimSpace(kept.String())
	if len(b) > 2*kept.Len() || placeholder(s) {
		return ""
	}
	return s
}

func padding(c byte) bool {
	return c == 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xFF
}

// placeholder recognises what makers leave in a field they did not fill.
func placeholder(s string) bool {
	for _, known := range [...]string{
		"n/a", "na", "none", "null", "unknown", "empty", "not specified", "not available",
		"default string", "to be filled by o.e.m.", "tbd",
	} {
		if strings.EqualFold(s, known) {
			return true
		}
	}
	// One character over and over: 0000, XXXX, ----. A single one can be a
	// revision.
	return len(s) > 2 && strings.Trim(s, s[:1]) == "" && strings.ContainsAny(s[:1], "0Xx-.*?Ff#_")
}
