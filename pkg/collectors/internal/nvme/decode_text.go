package nvme

import (
	"bytes"
	"strings"
)

// text reads a space- or NUL-padded ASCII field (1.4.2). A field that is blank
// or all FFh says nothing: it becomes "". Bytes that are not printable ASCII
// become '?', so that whatever reads on gets plain text.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if len(bytes.Trim(b, "\xFF")) == 0 {
		return ""
	}
	clean := func(r byte) byte {
		if r < 0x20 || r > 0x7E {
			return '?'
		}
		return r
	}
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = clean(c)
	}
	return strings.TrimSpace(string(out))
}

// identifier returns bytes as lower-case hex, or "" when they are all zero:
// "not reported".
func identifier(b []byte) string {
	const digits = "0123456789abcdef"
	zero := true
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		zero = zero && c == 0
		out = append(out, digits[c>>4], digits[c&15])
	}
	if zero {
		return ""
	}
	return string(out)
}
