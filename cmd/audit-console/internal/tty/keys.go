package tty

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Key is one key: a character, or one of the named ones below zero.
type Key rune

// Keys that are no characters.
const (
	Up Key = -iota - 1
	Down
	Left
	Right
	PageUp
	PageDown
	Home
	End
	Escape
	Enter
	Tab
	BackTab
	Backspace
	Redraw // Ctrl-L
	Leave  // Ctrl-C
	Unknown
)

// Decoder turns a terminal's bytes into keys.
type Decoder struct {
	rest []byte
	// Rows and Columns are what the terminal answered to [AskSize]; zero:
	// nothing yet.
	Rows, Columns int
}

// mostSequence is the longest escape sequence that is waited for.
const mostSequence = 32

// Take decodes what arrived. An escape sequence may arrive in parts: what is
// not whole is kept for the next call.
func (d *Decoder) Take(b []byte) []Key {
	d.rest = append(d.rest, b...)
	var keys []Key
	for len(d.rest) > 0 {
		k, n := d.one(d.rest)
		if n == 0 {
			break
		}
		d.rest = d.rest[n:]
		if k != 0 {
			keys = append(keys, k)
		}
	}
	return keys
}

// Pending says that Take holds the beginning of something.
func (d *Decoder) Pending() bool { return len(d.rest) > 0 }

// Flush gives up waiting: a lone escape character is the key.
func (d *Decoder) Flush() []Key {
	if len(d.rest) == 0 {
		return nil
	}
	k := Unknown
	if len(d.rest) == 1 && d.rest[0] == 0x1b {
		k = Escape
	}
	d.rest = nil
	return []Key{k}
}

// one decodes the first key; n = 0: more bytes are needed.
func (d *Decoder) one(b []byte) (k Key, n int) {
	switch c := b[0]; {
	case c == 0x1b:
		return d.sequence(b)
	case c == '\r' || c == '\n':
		return Enter, 1
	case c == '\t':
		return Tab, 1
	case c == 0x7f || c == 0x08:
		return Backspace, 1
	case c == 0x0c:
		return Redraw, 1
	case c == 0x03:
		return Leave, 1
	case c < 0x20:
		return Unknown, 1
	case c < 0x80:
		return Key(c), 1
	}
	if !utf8.FullRune(b) {
		return 0, 0
	}
	_, n = utf8.DecodeRune(b)
	return Unknown, n // no key of ours is outside of ASCII
}

func (d *Decoder) sequence(b []byte) (Key, int) {
	if len(b) == 1 {
		return 0, 0
	}
	switch b[1] {
	case '[':
	case 'O': // application mode: ESC O and one character
		if len(b) < 3 {
			return 0, 0
		}
		return final(b[2], nil), 3
	case 0x1b:
		return Escape, 1
	default: // Alt and a key
		return Unknown, 2
	}
	if len(b) > 2 && b[2] == '[' { // the Linux console's F1 to F5: ESC [ [ A
		if len(b) < 4 {
			return 0, 0
		}
		return Unknown, 4
	}
	for i := 2; i < len(b); i++ {
		if c := b[i]; c >= 0x40 && c <= 0x7e {
			if c == 'R' {
				d.position(b[2:i])
				return 0, i + 1
			}
			return final(c, b[2:i]), i + 1
		} else if c < 0x20 || c > 0x7e || i >= mostSequence {
			return Unknown, i + 1
		}
	}
	return 0, 0
}

// final is the key of a sequence by its last character and parameters.
func final(c byte, params []byte) Key {
	switch c {
	case 'A':
		return Up
	case 'B':
		return Down
	case 'C':
		return Right
	case 'D':
		return Left
	case 'H':
		return Home
	case 'F':
		return End
	case 'Z':
		return BackTab
	case 'M':
		return Enter // of the keypad in application mode
	case '~':
		switch string(params) {
		case "1", "7":
			return Home
		case "4", "8":
			return End
		case "5":
			return PageUp
		case "6":
			return PageDown
		}
	}
	return Unknown
}

// position takes a cursor position report.
func (d *Decoder) position(params []byte) {
	rows, columns, found := bytes.Cut(params, []byte(";"))
	r, err1 := strconv.Atoi(string(rows))
	c, err2 := strconv.Atoi(string(columns))
	if found && err1 == nil && err2 == nil && r > 1 && c > 1 {
		d.Rows, d.Columns = min(r, maxRows), min(c, maxColumns)
	}
}
