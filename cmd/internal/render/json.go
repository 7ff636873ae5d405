package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"example.com/bee/pkg/inventory"
)

// JSON is the report as indented JSON with a newline at the end.
func JSON(r *inventory.Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("report as JSON: %w", err)
	}
	return Inert(b.Bytes()), nil
}

// Prepare does once, while there is time, what the first report written as JSON
// would wait for: encoding/json works out how each type is written. It is a
// tenth of the processor time of a small audit.
func Prepare() { _, _ = json.Marshal(&inventory.Report{}) }

// Indent is a JSON document in the form JSON writes.
func Indent(doc []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(doc), "", "  "); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	b.WriteByte('\n')
	return Inert(b.Bytes()), nil
}

// Inert writes as \uXXXX what a terminal might act on. In JSON, and in the
// YAML of this package, such characters stand within double quotes only.
func Inert(doc []byte) []byte {
	if !hasUnprintable(doc) {
		return doc
	}
	out := make([]byte, 0, len(doc)+len(doc)/16)
	for len(doc) > 0 {
		c, n := utf8.DecodeRune(doc)
		switch {
		case c < 0x7f || c != utf8.RuneError && unicode.IsPrint(c):
			out = append(out, doc[:n]...)
		case c > 0xffff:
			hi, lo := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default: // also a byte that is no UTF-8: \ufffd
			out = fmt.Appendf(out, `\u%04x`, c)
		}
		doc = doc[n:]
	}
	return out
}

func hasUnprintable(doc []byte) bool {
	for i := 0; i < len(doc); {
		if doc[i] < 0x7f {
			i++
			continue
		}
		c, n := utf8.DecodeRune(doc[i:])
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			return true
		}
		i += n
	}
	return false
}
