package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
)

// How often files are looked at, and how long an escape character waits for
// what belongs to it.
const (
	whenBusy = time.Second
	whenIdle = 2 * time.Second
	escape   = 100 * time.Millisecond
	// redraw is when all is drawn anew: whoever plugs a terminal in wants to see
	// something, and others may have written over it.
	redraw = time.Minute
)

// Settings are what a program gives its console.
type Settings struct {
	In, Out  *os.File
	Getenv   func(string) string
	Reader   *source.Reader
	Commands []Command
	File     string
	// Line replaces the terminal's own name, Blocks (yes, no, auto) what it is
	// found to be able to show.
	Line, Blocks string
	Stay         bool
}

// session is a console on a terminal.
type session struct {
	*Console
	terminal *tty.Terminal
	painter  *tty.Painter
	keys     tty.Decoder
	in       *os.File
	wake     *os.File // written to when results or signals wait
	woken    *os.File
	results  chan func()
	signals  chan os.Signal
	place    tty.Place
	drawn    time.Time
	asked    bool
}

// errGone is the end of a terminal.
var errGone = errors.New("the terminal is gone")

// Run shows the console until the person leaves, the terminal goes or a signal
// ends it. The terminal is given back as it was, also after a panic.
func Run(set Settings) (err error) {
	terminal, err := tty.Open(set.In, set.Out)
	if err != nil {
		return err
	}
	line := set.Line
	if line == "" {
		line = terminal.Line()
	}
	place := tty.PlaceOf(line)
	name := set.Getenv("TERM")
	if name == "" { // not every init says so
		name = map[tty.Place]string{tty.Local: "linux", tty.Serial: "vt102"}[place]
	}
	s := &session{
		terminal: terminal, painter: tty.NewPainter(set.Out, tty.KindOf(name)), in: set.In,
		results: make(chan func(), 16), signals: make(chan os.Signal, 16),
	}
	defer func() {
		_ = s.painter.End() // the terminal may be gone
		_ = terminal.Cooked()
	}()
	if s.woken, s.wake, err = os.Pipe(); err != nil {
		return fmt.Errorf("console: %w", err)
	}
	signal.Notify(s.signals, unix.SIGWINCH, unix.SIGTERM, unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGCONT)
	signal.Ignore(unix.SIGTTOU, unix.SIGTTIN, unix.SIGTSTP, unix.SIGPIPE)
	forwarded := make(chan os.Signal, 16)
	go func() {
		for sig := range s.signals {
			forwarded <- sig
			s.notify()
		}
	}()
	s.place = place
	halves := set.Blocks == "yes"
	if set.Blocks == "auto" {
		halves = terminal.HalfBlocks(name, set.Getenv)
	}
	if err := s.begin(); err != nil {
		return err
	}
	s.Console = New(Config{
		Read: set.Reader.Read, Commands: set.Commands, File: set.File, Line: line, Halves: halves, Stay: set.Stay,
		Size: s.size, Draw: s.painter.Draw, Forget: s.painter.Forget, Shell: s.shell,
		Background: func(f func() func()) {
			go func() {
				defer s.notify()
				defer func() {
					if p := recover(); p != nil { // where the terminal is given back
						s.results <- func() { panic(p) }
					}
				}()
				s.results <- f()
			}()
		},
	})
	return s.loop(forwarded)
}

func (s *session) notify() { _, _ = s.wake.Write([]byte{0}) } // a full pipe wakes as well

func (s *session) begin() error {
	if err := s.painter.Begin(); err != nil {
		return err
	}
	if _, _, known := s.terminal.Size(); !known {
		return s.painter.AskSize()
	}
	return nil
}

// size is the line's own, else what the terminal answered, else a VT100's.
func (s *session) size() (columns, rows int) {
	columns, rows, known := s.terminal.Size()
	if !known && s.keys.Rows > 0 {
		return max(s.keys.Columns, 20), max(s.keys.Rows, 5)
	}
	return columns, rows
}

func (s *session) loop(signals <-chan os.Signal) error {
	due := time.Now()
	for !s.Left() {
		now := time.Now()
		if !now.Before(due) {
			s.Refresh()
			due = now.Add(whenIdle)
			if s.Busy() {
				due = now.Add(whenBusy)
			}
		}
		if s.place != tty.Elsewhere && now.Sub(s.drawn) >= redraw {
			s.Forget()
			s.drawn = now
		}
		if err := s.Show(); err != nil {
			return err
		}
		wait := time.Until(due)
		if s.keys.Pending() {
			wait = min(wait, escape)
		}
		if err := s.wait(max(wait, 0)); err != nil {
			if errors.Is(err, errGone) {
				time.Sleep(whenBusy) // init starts the next one at once
			}
			return err
		}
		for more := true; more; {
			select {
			case f := <-s.results:
				f()
			case sig := <-signals:
				switch sig {
				case unix.SIGTERM, unix.SIGHUP:
					return nil
				case unix.SIGWINCH, unix.SIGCONT:
					s.Forget()
				}
			default:
				more = false
			}
		}
	}
	return nil
}

// wait waits for a key or a notice and takes the keys.
func (s *session) wait(d time.Duration) error {
	fds := []unix.PollFd{
		{Fd: int32(s.in.Fd()), Events: unix.POLLIN},
		{Fd: int32(s.woken.Fd()), Events: unix.POLLIN},
	}
	n, err := unix.Poll(fds, int((d + time.Millisecond - 1).Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("console: %w", err)
	}
	if n <= 0 {
		if s.keys.Pending() {
			s.press(s.keys.Flush())
		}
		return nil
	}
	buf := make([]byte, 256)
	if fds[1].Revents != 0 {
		_, _ = s.woken.Read(buf) // only that it woke matters
	}
	if fds[0].Revents == 0 {
		return nil
	}
	k, err := unix.Read(int(s.in.Fd()), buf)
	switch {
	case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		return nil
	case err != nil || k == 0:
		return errGone
	}
	s.press(s.keys.Take(buf[:k]))
	return nil
}

func (s *session) press(keys []tty.Key) {
	if s.keys.Rows > 0 && !s.asked {
		s.asked = true
		s.Forget()
	}
	for _, k := range keys {
		s.Press(k)
	}
}

// shell lends the terminal to a program.
func (s *session) shell(c Command) error {
	if err := s.painter.End(); err != nil {
		return err
	}
	if err := s.terminal.Cooked(); err != nil {
		return err
	}
	_, _ = io.WriteString(s.terminal.Out(), "exit comes back to the console\r\n")
	cmd := exec.CommandContext(context.Background(), c.Line[0], c.Line[1:]...) //nolint:gosec // of the table, or of whoever started the console
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.in, s.terminal.Out(), s.terminal.Out()
	cmd.Env = os.Environ()
	if home := os.Getenv("HOME"); home == "" || home == "/" { // as init leaves it
		cmd.Env = append(cmd.Env, "HOME=/root")
	}
	err := cmd.Run()
	s.terminal.Reclaim()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		err = nil // a shell ends with the code of its last command
		if ws, ok := ended.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			err = ended
		}
	}
	return errors.Join(err, s.terminal.Raw(), s.begin())
}
