// Package vttest is a terminal for tests: it understands what a VT100 does, as
// far as the console uses it, and complains about all else.
package vttest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Screen is the terminal's state.
type Screen struct {
	columns, rows int
	cells         [][]Cell
	y, x          int
	wrap          bool // the last column was written; the next character wraps
	reverse, bold bool
	saved         [2]int
	rest          []byte
	// Hidden says that the cursor is not shown.
	Hidden bool
	// Asked counts questions for the cursor's position.
	Asked int
	// Scrolled counts lines lost at the top.
	Scrolled int
	// Written counts bytes.
	Written int
	// Complaints are sequences it does not know.
	Complaints []string
}

// Cell is one character and how it looks.
type Cell struct {
	Rune          rune
	Reverse, Bold bool
}

// New is an empty terminal of a size.
func New(columns, rows int) *Screen {
	s := &Screen{}
	s.Resize(columns, rows)
	return s
}

// Resize changes the size; what was shown is lost.
func (s *Screen) Resize(columns, rows int) {
	s.columns, s.rows = columns, rows
	s.cells = make([][]Cell, rows)
	for i := range s.cells {
		s.cells[i] = blank(columns)
	}
	s.y, s.x, s.wrap = 0, 0, false
}

func blank(n int) []Cell {
	row := make([]Cell, n)
	for i := range row {
		row[i].Rune = ' '
	}
	return row
}

// Lines are the rows without the blanks at their ends.
func (s *Screen) Lines() []string {
	var list []string
	for _, row := range s.cells {
		var b strings.Builder
		for _, c := range row {
			b.WriteRune(c.Rune)
		}
		list = append(list, strings.TrimRight(b.String(), " "))
	}
	return list
}

// String is the screen as text.
func (s *Screen) String() string { return strings.Join(s.Lines(), "\n") + "\n" }

// Cell is the one at a place, counted from zero.
func (s *Screen) Cell(y, x int) Cell { return s.cells[y][x] }

// Write takes what a program prints.
func (s *Screen) Write(p []byte) (int, error) {
	s.Written += len(p)
	s.rest = append(s.rest, p...)
	for len(s.rest) > 0 {
		n := s.step(s.rest)
		if n == 0 {
			break
		}
		s.rest = s.rest[n:]
	}
	return len(p), nil
}

func (s *Screen) step(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return s.escape(b)
	case c == '\r':
		s.x, s.wrap = 0, false
	case c == '\n':
		s.down()
	case c == 0x0f: // the first character set
	case c < 0x20 || c == 0x7f:
		s.Complaints = append(s.Complaints, fmt.Sprintf("%#x", c))
	default:
		if !utf8.FullRune(b) {
			return 0
		}
		r, n := utf8.DecodeRune(b)
		if r >= 0x80 && (r < 0x2580 || r > 0x259f) {
			s.Complaints = append(s.Complaints, fmt.Sprintf("%q", r))
		}
		s.put(r)
		return n
	}
	return 1
}

func (s *Screen) put(r rune) {
	if s.wrap {
		s.x, s.wrap = 0, false
		s.down()
	}
	s.cells[s.y][s.x] = Cell{Rune: r, Reverse: s.reverse, Bold: s.bold}
	if s.x == s.columns-1 {
		s.wrap = true
		return
	}
	s.x++
}

func (s *Screen) down() {
	if s.y < s.rows-1 {
		s.y++
		return
	}
	s.cells = append(s.cells[1:], blank(s.columns))
	s.Scrolled++
}

func (s *Screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '7':
		s.saved = [2]int{s.y, s.x}
		return 2
	case '8':
		s.y, s.x, s.wrap = s.saved[0], s.saved[1], false
		return 2
	case '%', '(', ')':
		if len(b) < 3 {
			return 0
		}
		return 3
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				s.control(b[i], string(b[2:i]))
				return i + 1
			}
		}
		return 0
	}
	s.Complaints = append(s.Complaints, fmt.Sprintf("%q", b[:2]))
	return 2
}

func (s *Screen) control(final byte, params string) {
	var n []int
	for p := range strings.SplitSeq(strings.TrimPrefix(params, "?"), ";") {
		v, _ := strconv.Atoi(p)
		n = append(n, v)
	}
	n = append(n, 0, 0)
	switch {
	case final == 'H':
		s.y, s.x, s.wrap = min(max(n[0], 1), s.rows)-1, min(max(n[1], 1), s.columns)-1, false
	case final == 'J' && n[0] == 0:
		copy(s.cells[s.y][s.x:], blank(s.columns-s.x))
		for y := s.y + 1; y < s.rows; y++ {
			s.cells[y] = blank(s.columns)
		}
	case final == 'K' && n[0] == 0:
		copy(s.cells[s.y][s.x:], blank(s.columns-s.x))
	case final == 'm' && n[0] == 0:
		s.reverse, s.bold = false, false
	case final == 'm' && n[0] == 1:
		s.bold = true
	case final == 'm' && n[0] == 7:
		s.reverse = true
	case final == 'r' && params == "", params == "?7" && final == 'h':
	case params == "?25" && final == 'l':
		s.Hidden = true
	case params == "?25" && final == 'h':
		s.Hidden = false
	case final == 'n' && n[0] == 6:
		s.Asked++
	default:
		s.Complaints = append(s.Complaints, "\x1b["+params+string(final))
	}
}
