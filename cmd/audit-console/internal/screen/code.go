package screen

import (
	"strings"
	"unicode/utf8"

	"example.com/bee/cmd/audit-console/internal/tty"
)

// Code is a QR code drawn in several ways, of which the first that fits is
// shown.
type Code struct {
	Drawings []Drawing
	// Payload is shown as text when no drawing fits.
	Payload string
}

// Drawing is one code as rows of block characters.
type Drawing struct {
	Rows    []string
	Caption string
}

// code shows the drawing and one line below it.
func (c *canvas) code(k Code) {
	for _, d := range k.Drawings {
		w := 0
		for _, r := range d.Rows {
			w = max(w, utf8.RuneCountInString(r))
		}
		if w == 0 || w > c.width || len(d.Rows)+1 > c.height {
			continue
		}
		indent := strings.Repeat(" ", (c.width-w)/2)
		for _, r := range d.Rows {
			c.rows = append(c.rows, tty.Row{Text: indent + r})
		}
		c.line(d.Caption, tty.Plain)
		return
	}
	c.line("There is no room for the QR code. Its text:", tty.Plain)
	c.line("", tty.Plain)
	for _, l := range wrap(k.Payload, c.width-1) {
		c.line(l, tty.Bold)
	}
	c.fill(c.height - 1)
	c.line("any key: back", tty.Plain)
}
