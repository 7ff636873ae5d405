package tty_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit-console/internal/tty"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]tty.Key{
		"rd?":                   {'r', 'd', '?'},
		"\x1b[A\x1b[B\x1bOC":    {tty.Up, tty.Down, tty.Right},
		"\x1b[5~\x1b[6~":        {tty.PageUp, tty.PageDown},
		"\x1b[1~\x1b[H\x1b[4~":  {tty.Home, tty.Home, tty.End},
		"\x1b[[A\x1b[15~x":      {tty.Unknown, tty.Unknown, 'x'}, // F1 of the Linux console, F5
		"\x1b[1;5Aq":            {tty.Up, 'q'},
		"\r\n\t\x1b[Z\x7f":      {tty.Enter, tty.Enter, tty.Tab, tty.BackTab, tty.Backspace},
		"\x0c\x03\x01":          {tty.Redraw, tty.Leave, tty.Unknown},
		"\u00e9\xffd":           {tty.Unknown, tty.Unknown, 'd'},
		"\x1b\x1b[A":            {tty.Escape, tty.Up},
		"\x1br":                 {tty.Unknown}, // Alt and r
		"\x1b[40;132Rd":         {'d'},
		"\x1b[\x00d":            {tty.Unknown, 'd'},
		"\x1bO":                 nil,
		"\x1b[999999999999999R": nil,
	} {
		var d tty.Decoder
		if diff := cmp.Diff(want, d.Take([]byte(in))); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
		var slow tty.Decoder // byte by byte, as a serial line brings it
		var got []tty.Key
		for i := range len(in) {
			got = append(got, slow.Take([]byte{in[i]})...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q slowly: %s", in, diff)
		}
	}
}

func TestSizeAnswer(t *testing.T) {
	t.Parallel()
	var d tty.Decoder
	d.Take([]byte("\x1b[50;132R"))
	if d.Rows != 50 || d.Columns != 132 {
		t.Errorf("%d %d", d.Rows, d.Columns)
	}
	d.Take([]byte("\x1b[99999;99999R\x1b[0;0R\x1b[R\x1b[;R"))
	if d.Rows != 200 || d.Columns != 400 {
		t.Errorf("%d %d", d.Rows, d.Columns)
	}
}

func TestFlush(t *testing.T) {
	t.Parallel()
	var d tty.Decoder
	if k := d.Take([]byte("\x1b")); k != nil || !d.Pending() {
		t.Error(k)
	}
	if k := d.Flush(); !slices.Equal(k, []tty.Key{tty.Escape}) || d.Pending() || d.Flush() != nil {
		t.Error(k)
	}
}

// FuzzKeys: nothing a line brings panics or is kept for ever.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("\x1b[A\x1b[5~r"))
	f.Add([]byte("\x1b[999;999R\x1bO\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var d tty.Decoder
		n := len(d.Take(in))
		n += len(d.Flush())
		if n > len(in) || d.Pending() || d.Rows > 200 || d.Columns > 400 || d.Rows < 0 || d.Columns < 0 {
			t.Errorf("%d keys of %d bytes, %d rows", n, len(in), d.Rows)
		}
	})
}

func TestPlaceOf(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]tty.Place{
		"tty1": tty.Local, "tty12": tty.Local, "ttyS0": tty.Serial, "ttyUSB0": tty.Serial, "ttyAMA0": tty.Serial, "hvc0": tty.Serial, "console": tty.Serial,
		"pts/3": tty.Elsewhere, "": tty.Elsewhere, "tty": tty.Elsewhere, "tty1 (deleted)": tty.Elsewhere, "/x/tty1": tty.Elsewhere,
	} {
		if got := tty.PlaceOf(line); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
}
