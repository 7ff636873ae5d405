package tty

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Style is how a row looks. A terminal that knows none shows it plain.
type Style uint8

// The styles.
const (
	Plain Style = iota
	Bold
	Reverse
)

// Row is one row of the screen: text of ASCII and block characters, each of
// which takes one cell.
type Row struct {
	Text  string
	Style Style
}

// Painter draws screens and remembers the last one.
type Painter struct {
	w     io.Writer
	kind  Kind
	shown []Row
	width int
}

// Kind is what a terminal can do.
type Kind struct {
	// Cursor says that it can be told where to write; without, screens are
	// printed one below the other.
	Cursor bool
	// Linux is the kernel's own console.
	Linux bool
}

// KindOf tells by the name in TERM.
func KindOf(term string) Kind {
	switch term {
	case "", "dumb", "unknown":
		return Kind{}
	}
	return Kind{Cursor: true, Linux: strings.HasPrefix(term, "linux")}
}

// NewPainter draws on w.
func NewPainter(w io.Writer, kind Kind) *Painter { return &Painter{w: w, kind: kind} }

// Blocks are the characters a row may hold beside ASCII.
const Blocks = "█▀▄"

// Lit is one more: a cell that is light as a whole, on every terminal.
const Lit = '\ue000'

// Begin prepares the terminal; all attributes and scroll regions a crashed
// program may have left are gone after it.
func (p *Painter) Begin() error {
	if !p.kind.Cursor {
		return nil
	}
	s := "\x1b[m\x1b[r\x0f\x1b[?7h"
	if p.kind.Linux {
		s += "\x1b%G" // UTF-8
	}
	_, err := io.WriteString(p.w, s)
	p.Forget()
	return err
}

// AskSize makes a terminal tell its size; [Decoder] takes the answer.
func (p *Painter) AskSize() error {
	if !p.kind.Cursor {
		return nil
	}
	_, err := io.WriteString(p.w, "\x1b7\x1b[999;999H\x1b[6n\x1b8")
	return err
}

// End leaves an empty screen and a visible cursor at its top.
func (p *Painter) End() error {
	p.Forget()
	if !p.kind.Cursor {
		_, err := io.WriteString(p.w, "\r\n")
		return err
	}
	_, err := io.WriteString(p.w, "\x1b[m\x1b[H\x1b[J\x1b[?25h")
	return err
}

// Forget makes the next Draw draw everything.
func (p *Painter) Forget() { p.shown = nil }

// Draw shows rows. Only what differs from the last screen is written.
func (p *Painter) Draw(rows []Row, width int) error {
	var b strings.Builder
	if !p.kind.Cursor {
		p.print(&b, rows)
	} else {
		p.update(&b, rows, width)
	}
	p.shown, p.width = append(p.shown[:0], rows...), width
	if b.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(p.w, b.String())
	return err
}

func (p *Painter) update(b *strings.Builder, rows []Row, width int) {
	if p.shown == nil || len(p.shown) != len(rows) || p.width != width {
		all(b, rows, width)
	} else {
		for y, r := range rows {
			if old := p.shown[y]; r != old {
				if old.Style != r.Style {
					old.Text = strings.Repeat("\x00", utf8.RuneCountInString(old.Text)) // every cell differs
				}
				p.row(b, y, old.Text, r)
			}
		}
	}
	if b.Len() > 0 { // where nobody looks, should the cursor be visible
		at(b, len(rows)-1, 0)
	}
}

// all draws every row over whatever is there, without clearing the screen
// first: that flickers.
func all(b *strings.Builder, rows []Row, width int) {
	b.WriteString("\x1b[?25l\x1b[m")
	for y, r := range rows {
		at(b, y, 0)
		style(b, r.Style)
		write(b, []rune(r.Text), r.Style)
		style(b, Plain)
		if utf8.RuneCountInString(r.Text) < width { // at the edge it would take the last character
			b.WriteString("\x1b[K")
		}
	}
	b.WriteString("\x1b[J")
}

// row rewrites the cells from the first to the last that differs.
func (p *Painter) row(b *strings.Builder, y int, old string, r Row) {
	was, is := []rune(old), []rune(r.Text)
	first := 0
	for first < len(was) && first < len(is) && was[first] == is[first] {
		first++
	}
	last := len(is)
	if len(was) == len(is) {
		for last > first && was[last-1] == is[last-1] {
			last--
		}
	}
	at(b, y, first)
	style(b, r.Style)
	write(b, is[first:last], r.Style)
	if r.Style != Plain {
		style(b, Plain)
	}
	if len(was) > len(is) {
		b.WriteString("\x1b[K")
	}
}

// print writes the screen below what was there, when it says something else.
func (p *Painter) print(b *strings.Builder, rows []Row) {
	if len(p.shown) == len(rows) {
		changed := false
		for y := range rows {
			changed = changed || rows[y] != p.shown[y]
		}
		if !changed {
			return
		}
	}
	b.WriteString("\r\n")
	blank := 0
	for _, r := range rows {
		if r.Text == "" { // rows that only fill the screen are left out
			blank++
			continue
		}
		b.WriteString(strings.Repeat("\r\n", min(blank, 1)))
		blank = 0
		b.WriteString(strings.ReplaceAll(strings.TrimRight(r.Text, " "), string(Lit), "#") + "\r\n")
	}
}

// write writes cells; lit ones are blanks in reverse.
func write(b *strings.Builder, cells []rune, s Style) {
	lit := false
	for _, c := range cells {
		if (c == Lit) != lit {
			lit = !lit
			style(b, Plain)
			if lit {
				style(b, Reverse)
			} else {
				style(b, s)
			}
		}
		if c == Lit {
			c = ' '
		}
		b.WriteRune(c)
	}
	if lit {
		style(b, Plain)
	}
}

func at(b *strings.Builder, y, x int) {
	b.WriteString("\x1b[")
	b.WriteString(strconv.Itoa(y + 1))
	b.WriteByte(';')
	b.WriteString(strconv.Itoa(x + 1))
	b.WriteByte('H')
}

func style(b *strings.Builder, s Style) {
	switch s {
	case Plain:
		b.WriteString("\x1b[m")
	case Bold:
		b.WriteString("\x1b[1m")
	case Reverse:
		b.WriteString("\x1b[7m")
	}
}
