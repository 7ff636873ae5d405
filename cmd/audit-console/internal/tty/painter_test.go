package tty_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/cmd/audit-console/internal/vttest"
)

// TestPainter: whatever was drawn before, the terminal shows what is drawn now.
func TestPainter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const width, height = 30, 8
	screen := vttest.New(width, height)
	p := tty.NewPainter(screen, tty.KindOf("vt100"))
	if err := p.Begin(); err != nil {
		t.Fatal(err)
	}
	if _, err := screen.Write([]byte(strings.Repeat("left over\r\n", 3))); err != nil {
		t.Fatal(err)
	}
	letters := []rune("ab  \u2588\u2580" + string(tty.Lit))
	for n := range 2000 {
		if n%100 == 99 {
			p.Forget()
		}
		rows := make([]tty.Row, height)
		for y := range rows {
			n := r.IntN(width + 1)
			if y == height-1 {
				n = min(n, width-1)
			}
			var b strings.Builder
			for range n {
				b.WriteRune(letters[r.IntN(len(letters))])
			}
			rows[y] = tty.Row{Text: b.String(), Style: tty.Style(r.IntN(3))}
		}
		if err := p.Draw(rows, width); err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			cells := []rune(row.Text)
			for x := range width {
				want := vttest.Cell{Rune: ' '}
				if x < len(cells) {
					want = vttest.Cell{Rune: cells[x], Reverse: row.Style == tty.Reverse, Bold: row.Style == tty.Bold}
					if cells[x] == tty.Lit {
						want = vttest.Cell{Rune: ' ', Reverse: true}
					}
				}
				if got := screen.Cell(y, x); got != want {
					t.Fatalf("row %d column %d: %+v, want %+v\n%s", y, x, got, want, screen)
				}
			}
		}
	}
	if len(screen.Complaints) > 0 || screen.Scrolled > 0 {
		t.Errorf("%q, scrolled %d", screen.Complaints, screen.Scrolled)
	}
}

// TestPainterCost: on a slow line only what changed is sent.
func TestPainterCost(t *testing.T) {
	t.Parallel()
	rows := make([]tty.Row, 24)
	for y := range rows {
		rows[y].Text = strings.Repeat("x", 79)
	}
	var b bytes.Buffer
	p := tty.NewPainter(&b, tty.KindOf("vt220"))
	cost := func(what string, most int) {
		t.Helper()
		b.Reset()
		if err := p.Draw(rows, 80); err != nil {
			t.Fatal(err)
		}
		if b.Len() > most {
			t.Errorf("%s: %d bytes, want at most %d: %q", what, b.Len(), most, b.String())
		}
	}
	cost("all", 24*(79+20))
	cost("nothing", 0)
	rows[3].Text = "running for 13 s" + rows[3].Text[16:]
	cost("a row", 40)
	rows[3].Text = "running for 14 s" + rows[3].Text[16:]
	cost("a digit", 30)
	p.Forget()
	cost("all again", 24*(79+20))
	if !strings.HasPrefix(b.String(), "\x1b") {
		t.Error("not from the beginning")
	}
}

// TestDumb: a terminal that knows no sequence gets none, and a screen only when
// it says something new.
func TestDumb(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := tty.NewPainter(&b, tty.KindOf("dumb"))
	rows := []tty.Row{{Text: "a ", Style: tty.Reverse}, {}, {}, {Text: "b" + string(tty.Lit)}, {}}
	for range 3 {
		if err := p.Draw(rows, 80); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.String(); got != "\r\na\r\n\r\nb#\r\n" {
		t.Errorf("%q", got)
	}
	for _, f := range []func() error{p.Begin, p.AskSize, p.End} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Errorf("%q", b.String())
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"linux": "true true", "vt100": "true false", "xterm": "true false", "dumb": "false false", "": "false false"} {
		k := tty.KindOf(name)
		if got := fmt.Sprint(k.Cursor, " ", k.Linux); strings.ReplaceAll(got, "  ", " ") != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
