package tty

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// What a size may be. A terminal of no size, as serial lines have, has the
// size of a VT100.
const (
	minRows, minColumns         = 5, 20
	maxRows, maxColumns         = 200, 400
	defaultRows, defaultColumns = 24, 80
)

// Terminal is the one a program was started on.
type Terminal struct {
	in, out *os.File
	cooked  *term.State
}

// Open takes over a terminal; Close gives it back.
func Open(in, out *os.File) (*Terminal, error) {
	t := &Terminal{in: in, out: out}
	return t, t.Raw()
}

// Raw has keys arrive one by one.
func (t *Terminal) Raw() error {
	state, err := term.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	if t.cooked == nil {
		t.cooked = state
	}
	return nil
}

// Cooked gives the terminal back.
func (t *Terminal) Cooked() error {
	if t.cooked == nil {
		return nil
	}
	return term.Restore(int(t.in.Fd()), t.cooked)
}

// Reclaim makes this process group the one that reads from the terminal, after
// a shell had it.
func (t *Terminal) Reclaim() {
	_ = unix.IoctlSetPointerInt(int(t.in.Fd()), unix.TIOCSPGRP, unix.Getpgrp()) // on a terminal that is not its own, nothing was lost
}

// Size of the terminal; known is false where the line does not say.
func (t *Terminal) Size() (columns, rows int, known bool) {
	c, r, err := term.GetSize(int(t.out.Fd()))
	if err != nil || c <= 0 || r <= 0 {
		return defaultColumns, defaultRows, false
	}
	return min(max(c, minColumns), maxColumns), min(max(r, minRows), maxRows), true
}

// Line is the name of the terminal, "tty1"; "" when it cannot be told.
func (t *Terminal) Line() string {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", t.in.Fd()))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(path, "/dev/")
}

// Place is where the person at a terminal is.
type Place int

// The places.
const (
	Elsewhere Place = iota // over a network, or it cannot be told
	Serial                 // a serial line, which may be logged
	Local                  // the machine's own screen
)

// PlaceOf tells by a terminal's name.
func PlaceOf(line string) Place {
	switch {
	case regexp.MustCompile(`^tty[0-9]+$`).MatchString(line):
		return Local
	case regexp.MustCompile(`^(tty[A-Za-z]+[0-9]+|hvc[0-9]+|console)$`).MatchString(line):
		return Serial
	}
	return Elsewhere
}

// Out is where it is written to.
func (t *Terminal) Out() *os.File { return t.out }
