package html

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal is markup of this package's own. Constants become one by
// themselves; a value from a report cannot without a conversion, of which
// there is none (a test looks).
type literal string

// writer is a page under construction.
type writer struct{ b bytes.Buffer }

// raw writes markup.
func (w *writer) raw(parts ...literal) {
	for _, p := range parts {
		w.b.WriteString(string(p))
	}
}

// text writes a value between tags.
func (w *writer) text(s string) { w.b.WriteString(escape(s)) }

// number writes a number, which is safe everywhere.
func (w *writer) number(n int) { fmt.Fprintf(&w.b, "%d", n) }

// attribute writes a value as a quoted attribute, with a space before it. The
// name says what the browser makes of it: names of styles, scripts and
// addresses are not accepted.
func (w *writer) attribute(name literal, value string) {
	if dangerous(string(name)) {
		return
	}
	w.b.WriteString(" " + string(name) + `="` + escape(value) + `"`)
}

// dangerous is true for attributes whose value is more than text.
func dangerous(name string) bool {
	switch name {
	case "style", "src", "srcdoc", "srcset", "action", "formaction", "href", "xlink:href", "data", "poster", "background":
		return true
	}
	return strings.HasPrefix(name, "on")
}

// element writes <tag attribute="value">text</tag>.
func (w *writer) element(tag literal, value string) {
	w.raw("<", tag, ">")
	w.text(value)
	w.raw("</", tag, ">")
}

// escape makes a value text in both of its contexts: between tags and within
// double quotes. What cannot be seen, or would turn the direction of what
// follows, is written out.
func escape(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && n < 2:
			fmt.Fprintf(&b, "[%02X]", s[i])
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '"':
			b.WriteString("&#34;")
		case c == '\'':
			b.WriteString("&#39;")
		case c == '`':
			b.WriteString("&#96;")
		case c == ' ' || unicode.IsPrint(c):
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, "[U+%04X]", c)
		}
		i += n
	}
	return b.String()
}

// plain is true for strings that are the same after escaping.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f || c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '`' {
			return false
		}
	}
	return true
}

// data is a JSON document fit to stand within <script>: nothing in it can end
// the element or begin a comment. Outside of strings JSON has none of these
// characters, so an escape is always within one.
func data(doc []byte) []byte {
	out := make([]byte, 0, len(doc)+len(doc)/32)
	for _, c := range doc {
		switch c {
		case '<', '>', '&':
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			out = append(out, c)
		}
	}
	return out
}
