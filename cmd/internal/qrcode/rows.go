package qrcode

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"example.com/bee/pkg/inventory"
)

// Halves is [Draw] without colours, as rows.
func Halves(text string) ([]string, error) {
	s, err := Draw(text, false)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n"), nil
}

// Squares draws a module as two cells beside each other, for terminals without
// half blocks. Light ones hold the character lit. Quiet is the number of light
// modules around the code.
func Squares(text string, quiet int, lit rune) ([]string, error) {
	c, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("QR code of %d bytes: %w", len(text), err)
	}
	var rows []string
	for y := -quiet; y < c.Size+quiet; y++ {
		var b strings.Builder
		for x := -quiet; x < c.Size+quiet; x++ {
			if c.Black(x, y) {
				b.WriteString("  ")
			} else {
				b.WriteRune(lit)
				b.WriteRune(lit)
			}
		}
		rows = append(rows, b.String())
	}
	return rows, nil
}

// Serial is the payload of a code of the serial number alone, in the form of
// field S:; "" when it is not known.
func Serial(r *inventory.Report) string { return cut(escape(serial(r)), maxSerial) }
