package console_test

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/cmd/audit-console/internal/console"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/cmd/internal/qrcode"
	"example.com/bee/pkg/inventory"
)

// bench is a console without a terminal.
type bench struct {
	*console.Console
	t             *testing.T
	columns, rows int
	shown         []tty.Row
	forgotten     int
	results       chan func()
	now           time.Time
	state         source.State
	shells        int
}

func newBench(t *testing.T, line string, halves bool, commands ...string) *bench {
	t.Helper()
	b := &bench{t: t, columns: 80, rows: 24, results: make(chan func(), 10), now: time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)}
	r := &inventory.Report{
		SchemaVersion: inventory.SchemaVersion, Board: &inventory.Board{System: &inventory.System{SerialNumber: "BEE0000123", ProductName: "evil \x1b[2J\u202e"}},
		Storage: []inventory.Drive{{Device: "sda", Model: "D\x1b[31m", SerialNumber: "\u4e2d\u6587"}},
	}
	b.state = source.State{Options: source.Options{Shell: true}, Report: source.Report{Report: r, Payload: qrcode.Payload(r, nil)}}
	table := console.Commands()
	for _, c := range commands {
		if err := console.Replace(table, c); err != nil {
			t.Fatal(err)
		}
	}
	b.Console = console.New(console.Config{
		Read:     func() source.State { s := b.state; s.Now = b.now; return s },
		Commands: table, Line: line, Halves: halves, Stay: true,
		Size:   func() (int, int) { return b.columns, b.rows },
		Draw:   func(rows []tty.Row, _ int) error { b.shown = rows; return nil },
		Forget: func() { b.forgotten++ },
		Shell:  func(console.Command) error { b.shells++; return errors.New("no shell") },
		Background: func(f func() func()) {
			go func() { b.results <- f() }()
		},
	})
	return b
}

func (b *bench) press(keys ...tty.Key) string {
	b.t.Helper()
	for _, k := range keys {
		b.Press(k)
	}
	if err := b.Show(); err != nil {
		b.t.Fatal(err)
	}
	return b.text()
}

func (b *bench) text() string {
	var s strings.Builder
	for _, r := range b.shown {
		s.WriteString(r.Text + "\n")
	}
	return s.String()
}

// result takes that of one command.
func (b *bench) result() {
	b.t.Helper()
	select {
	case f := <-b.results:
		f()
	case <-time.After(time.Minute):
		b.t.Fatal("no result")
	}
}

func (b *bench) wants(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if got := b.press(); !strings.Contains(got, w) {
			b.t.Errorf("no %q:\n%s", w, got)
		}
	}
}

func TestOnceAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t, "tty1", false, "save=sleep 0.2", "rerun=echo an audit is running")
	b.press('s', 's')
	b.wants("still saving the report")
	if !b.Busy() {
		t.Error("not busy")
	}
	b.result()
	b.wants("saved")
	if b.Busy() || len(b.results) > 0 {
		t.Error("busy, or ran twice")
	}
	b.press('r')
	b.result()
	b.wants("echo an audit is running: an audit is running")
	b.now = b.now.Add(time.Minute)
	b.Refresh()
	if got := b.press(); strings.Contains(got, "is running") {
		t.Errorf("the message stays:\n%s", got)
	}
}

// TestFailure: what the command said is shown, cleaned and bounded, unless the
// person is reading something else.
func TestFailure(t *testing.T) {
	t.Parallel()
	b := newBench(t, "tty1", false, "save=/no/such/program", "dhcp=head -c 100000 /dev/zero")
	b.press('s')
	b.result()
	b.wants("failed: program", "no such file")
	b.press('z')
	b.wants("Verdict", "program: fork/exec")
	b.press('?', 's') // s means nothing there but back
	b.wants("Verdict")
	b.press('n', '?')
	b.result()
	b.wants("Keys")
	b.press(tty.Escape)
	b.wants("Verdict", "head -c 100000 /dev/zero: ????")
}

// TestHung: a command that ends neither by itself nor its children is killed.
func TestHung(t *testing.T) {
	t.Parallel()
	table := console.Commands()
	c := table[0]
	c.Line, c.Limit = []string{"sh", "-c", "echo begun; sleep 1000 & sleep 1000"}, 300*time.Millisecond
	begun := time.Now()
	out, err := console.Execute(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "not done after 300ms") || strings.Join(out, "") != "begun" {
		t.Errorf("%q, %v", out, err)
	}
	if d := time.Since(begun); d > time.Minute {
		t.Errorf("took %s", d)
	}
	// One that leaves something behind which holds its output did its work.
	c.Line, c.Limit = []string{"sh", "-c", "echo done; sleep 20 &"}, time.Minute
	if out, err := console.Execute(t.Context(), c); err != nil || strings.Join(out, "") != "done" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestNoReport(t *testing.T) {
	t.Parallel()
	b := newBench(t, "tty1", false)
	b.state.Report = source.Report{}
	b.Refresh()
	for _, k := range []tty.Key{'d', 'q'} {
		b.press(k)
		b.wants("there is no report yet", "Verdict")
	}
}

func TestShellAndLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(t, "tty1", false)
	b.press('h')
	b.wants("shell: no shell")
	if b.shells != 1 || b.forgotten != 1 {
		t.Errorf("%d shells, %d redraws", b.shells, b.forgotten)
	}
	b.state.Options.Shell = false
	b.Refresh()
	b.press('h')
	b.wants("turned off")
	b.press('x', tty.Leave)
	if b.shells != 1 || b.Left() {
		t.Error("it left, or opened a shell")
	}
	b.forgotten = 0
	b.press(tty.Redraw, tty.Enter, tty.Unknown, '%')
	if b.forgotten != 4 {
		t.Errorf("%d redraws", b.forgotten)
	}
}

// TestDetails: all of a report can be reached and none of it does anything.
func TestDetails(t *testing.T) {
	t.Parallel()
	b := newBench(t, "tty1", false)
	for _, first := range [][]tty.Key{{'d'}, {'v'}} {
		var all strings.Builder
		b.press(first...)
		for last := ""; ; {
			got := b.press()
			if got == last {
				break
			}
			last = got
			all.WriteString(got)
			b.press(tty.PageDown)
		}
		for _, want := range []string{"BEE0000123", "sda"} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("no %s:\n%s", want, all.String())
			}
		}
		for _, r := range all.String() {
			if r != '\n' && (r < 0x20 || r > 0x7e) {
				t.Errorf("%q", r)
			}
		}
		b.press(tty.Home)
	}
	b.press(tty.Right)
	b.wants("ma_version")
	b.press(tty.Left, tty.Tab, tty.Tab, tty.BackTab, 'x')
	b.wants("Verdict")
}

// TestCodes has an independent reader look at what the screen shows.
func TestCodes(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed (Debian: zbar-tools)")
	}
	for _, c := range []struct {
		name          string
		halves        bool
		columns, rows int
		want          string // empty: the whole payload
	}{
		{"halves", true, 80, 24, ""},
		{"halves at 25 rows", true, 80, 25, ""},
		{"squares", false, 132, 60, ""},
		{"serial number", false, 80, 24, "BEE0000123"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "tty1", c.halves)
			b.columns, b.rows = c.columns, c.rows
			b.press('q')
			if c.want == "" {
				c.want = b.state.Report.Payload
			}
			file := filepath.Join(t.TempDir(), "screen.png")
			photograph(t, b.shown[:len(b.shown)-1], c.columns, file)
			out, err := exec.CommandContext(t.Context(), reader, "-q", "--raw", file).Output()
			if err != nil || strings.TrimSpace(string(out)) != c.want {
				t.Errorf("%q, %v, want %q:\n%s", out, err, c.want, b.text())
			}
			if got := b.press('b'); strings.Contains(got, "Verdict") {
				t.Error("b leaves")
			}
			b.press(' ')
			b.wants("Verdict")
		})
	}
	b := newBench(t, "tty1", true)
	b.columns, b.rows = 40, 15
	b.press('q')
	b.wants("no room", "BEE1 S:BEE0000123")
}

// photograph is a screen as a picture, cells twice as high as wide.
func photograph(t *testing.T, rows []tty.Row, columns int, file string) {
	t.Helper()
	const w, h = 6, 12
	img := image.NewGray(image.Rect(0, 0, columns*w, (len(rows)+2)*h))
	fill := func(x, y, height int) {
		for dy := range height {
			for dx := range w {
				img.SetGray(x*w+dx, y+dy, color.Gray{Y: 255})
			}
		}
	}
	for y, r := range rows {
		for x, c := range []rune(r.Text) {
			top := (y + 1) * h
			switch c {
			case '\u2588', tty.Lit:
				fill(x, top, h)
			case '\u2580':
				fill(x, top, h/2)
			case '\u2584':
				fill(x, top+h/2, h/2)
			}
		}
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	table := console.Commands()
	if err := console.Replace(table, "save=/x/save  -v"); err != nil {
		t.Fatal(err)
	}
	for _, c := range table {
		if c.Name == "save" && strings.Join(c.Line, " ") != "/x/save -v" {
			t.Errorf("%q", c.Line)
		}
	}
}
