package qrcode

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// MaxRows is the height of a drawn code: a console has 25, and the prompt and
// a line of explanation need theirs.
const MaxRows = 23

// Draw returns a QR code of text (level L) in half blocks, two modules to a
// character, with a quiet zone around it. Light modules are drawn, dark ones
// left blank, as a light code on a dark console; with color both are coloured,
// so that it is right on a light one too.
//
// The quiet zone has the four modules the standard asks for when they fit
// MaxRows, else two, which readers accept.
func Draw(text string, color bool) (string, error) {
	c, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", fmt.Errorf("QR code of %d bytes: %w", len(text), err)
	}
	quiet := 4
	if (c.Size+2*quiet+1)/2 > MaxRows {
		quiet = 2
	}
	light := func(x, y int) bool { return !c.Black(x, y) } // outside of the code is light
	var b strings.Builder
	for y := -quiet; y < c.Size+quiet; y += 2 {
		if color {
			b.WriteString("\x1b[97;40m")
		}
		for x := -quiet; x < c.Size+quiet; x++ {
			upper, lower := light(x, y), light(x, y+1) && y+1 < c.Size+quiet
			switch {
			case upper && lower:
				b.WriteString("█")
			case upper:
				b.WriteString("▀")
			case lower:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		if color {
			b.WriteString("\x1b[0m")
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}
