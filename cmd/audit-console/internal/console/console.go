package console

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
)

// Config is what a console is made of.
type Config struct {
	Read     func() source.State
	Commands []Command
	// File is where the report is looked for.
	File string
	// Line is the terminal's name, Halves whether it shows half blocks.
	Line   string
	Halves bool
	// Stay says that no key ends the console.
	Stay bool
	// Size of the screen.
	Size func() (columns, rows int)
	// Draw shows rows; Forget makes it draw all of them next time.
	Draw   func(rows []tty.Row, width int) error
	Forget func()
	// Shell runs a command on the terminal and waits for it.
	Shell func(c Command) error
	// Background runs f beside the loop and has its result taken from it.
	Background func(f func() func())
}

// Console is the state of one console.
type Console struct {
	Config
	state   source.State
	view    screen.View
	most    int
	halves  bool
	all     bool
	busy    map[string]bool
	pending Command // what the page Sure is about
	until   time.Time
	left    bool
}

// New makes a console that has not drawn anything yet.
func New(c Config) *Console {
	k := &Console{Config: c, halves: c.Halves, busy: map[string]bool{}}
	k.view.File, k.view.Leave = c.File, !c.Stay
	k.Refresh()
	return k
}

// Left says that the person wants to leave.
func (k *Console) Left() bool { return k.left }

// Refresh reads everything anew.
func (k *Console) Refresh() {
	k.state = k.Read()
	place := tty.PlaceOf(k.Line)
	k.view.Password = place == tty.Local || place == tty.Serial && k.state.Options.SerialPassword
	k.view.Secret = place == tty.Serial && !k.view.Password
	if k.view.Page == screen.Main && k.state.Now.After(k.until) {
		k.until, k.view.Message = time.Time{}, ""
	}
}

// Busy says that something moves, and the screen with it.
func (k *Console) Busy() bool {
	return k.state.Audit.Stage == source.StageRunning || len(k.busy) > 0
}

// Show draws what there is to be seen.
func (k *Console) Show() error {
	width, height := k.Size()
	rows, most := screen.Draw(k.state, k.view, width, height)
	k.most = most
	k.view.Scroll = min(k.view.Scroll, most)
	return k.Draw(rows, width)
}

// while is how long a message stays.
const while = 15 * time.Second

// say shows a message for a while.
func (k *Console) say(format string, args ...any) {
	k.view.Message = fmt.Sprintf(format, args...)
	k.until = k.state.Now.Add(while)
}

// turn goes to a page.
func (k *Console) turn(p screen.Page) {
	k.view.Page, k.view.Scroll, k.view.Shift = p, 0, 0
	if p == screen.Main {
		k.until = k.state.Now.Add(while) // a message is read here, not where one was
		if len(k.view.Text.Lines) > 0 {
			k.view.Text = screen.Text{}
			debug.FreeOSMemory() // it was the largest thing there is
		}
		k.view.Code = screen.Code{}
	}
}

func (k *Console) command(name string) Command {
	for _, c := range k.Commands {
		if c.Name == name {
			return c
		}
	}
	return Command{Name: name}
}

// start runs a command in the background, once at a time.
func (k *Console) start(c Command) {
	if k.busy[c.Name] {
		k.say("still %s", c.Doing)
		return
	}
	k.busy[c.Name] = true
	k.say("%s ...", c.Doing)
	k.Background(func() func() {
		r := run(context.Background(), c)
		return func() { k.ended(r) }
	})
}

func (k *Console) ended(r result) {
	delete(k.busy, r.command.Name)
	k.Refresh()
	last := r.command.Done
	if n := len(r.output); n > 0 {
		last = r.command.String() + ": " + r.output[n-1]
	}
	if r.err == nil {
		k.say("%s", last)
		return
	}
	failure := source.Clean(r.err.Error())
	if len(r.output) == 0 {
		last = r.command.String() + ": " + failure
	}
	k.say("%s", last)
	if k.view.Page != screen.Main {
		return // the person is reading something else
	}
	k.turn(screen.Output)
	k.view.Title = "failed: " + r.command.String()
	k.view.Text = screen.Text{Lines: append([]string{failure, ""}, r.output...)}
	for _, l := range k.view.Text.Lines {
		k.view.Text.Width = max(k.view.Text.Width, len(l))
	}
}
