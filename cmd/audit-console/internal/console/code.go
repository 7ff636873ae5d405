package console

import (
	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/cmd/internal/qrcode"
)

// code draws what the page QR shows. Where half blocks cannot be shown a code
// is four times as large; only the serial number's then fits a small screen.
func code(r source.Report, halves bool) screen.Code {
	k := screen.Code{Payload: r.Payload}
	add := func(rows []string, err error, caption string) {
		if err == nil {
			k.Drawings = append(k.Drawings, screen.Drawing{Rows: rows, Caption: caption})
		}
	}
	const back = "; b: drawn otherwise; any other key: back"
	if halves {
		rows, err := qrcode.Halves(r.Payload)
		add(rows, err, "the report in brief"+back)
		return k
	}
	rows, err := qrcode.Squares(r.Payload, 2, tty.Lit)
	add(rows, err, "the report in brief"+back)
	if serial := qrcode.Serial(r.Report); serial != "" {
		rows, err = qrcode.Squares(serial, 1, tty.Lit)
		add(rows, err, "the serial number only"+back)
	}
	return k
}
