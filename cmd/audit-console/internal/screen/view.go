package screen

import (
	"strings"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
)

// Page is what the person looks at.
type Page int

// The pages.
const (
	Main    Page = iota
	Details      // the report, to scroll through
	Output       // what a command said that failed
	QR
	Help
	Power // asks what p means
	Sure  // asks once more
)

// View is what the person did so far.
type View struct {
	Page Page
	// Scroll is the first row of a long page, Shift the first column.
	Scroll, Shift int
	// Message is the last word on what a key did.
	Message string
	// Title and Text are those of Details and Output.
	Title string
	Text  Text
	// Code is the page QR's.
	Code Code
	// Ask is the question of the page Sure.
	Ask string
	// Password says that the password may be shown here, Secret that it is not
	// because this line may be logged.
	Password, Secret bool
	// Leave says that x ends the console.
	Leave bool
	// File is where the report is looked for.
	File string
}

// Draw makes exactly height rows of at most width cells. Most is the largest
// Scroll that still shows something new.
func Draw(s source.State, v View, width, height int) (rows []tty.Row, most int) {
	c := canvas{width: width, height: height}
	switch v.Page {
	case Main:
		most = c.main(s, v)
	case Details:
		most = c.pager(v, keysDetails)
	case Output:
		most = c.pager(v, keysOutput)
	case QR:
		c.code(v.Code)
	case Help:
		v.Title, v.Text = "Keys", Text{Lines: helpLines(s, v)}
		most = c.pager(v, keysOutput)
	case Power:
		c.ask(s, []string{"What shall the machine do?", "", "  o  power off", "  b  boot again", "", "Any other key: go on."})
	case Sure:
		c.ask(s, []string{v.Ask, "", "  y  yes", "", "Any other key: no."})
	}
	return c.finish(), most
}

// canvas is a screen under construction.
type canvas struct {
	width, height int
	rows          []tty.Row
}

func (c *canvas) line(s string, style tty.Style) {
	c.rows = append(c.rows, tty.Row{Text: cut(s, c.width), Style: style})
}

// bar is a row in reverse from edge to edge, with a word at each end.
func (c *canvas) bar(left, right string) {
	room := c.width - 2
	if n := room - len(left) - len(right); n > 0 {
		left += strings.Repeat(" ", n) + right
	}
	left = cut(left, room)
	c.line(" "+left+strings.Repeat(" ", room-len(left))+" ", tty.Reverse)
}

// finish fills the screen. The last cell of the last row stays empty: there,
// some terminals scroll.
func (c *canvas) finish() []tty.Row {
	for len(c.rows) < c.height {
		c.rows = append(c.rows, tty.Row{})
	}
	c.rows = c.rows[:c.height]
	last := &c.rows[c.height-1]
	if r := []rune(last.Text); len(r) >= c.width {
		last.Text = string(r[:c.width-1])
	}
	for i := range c.rows {
		if c.rows[i].Style != tty.Reverse {
			c.rows[i].Text = strings.TrimRight(c.rows[i].Text, " ")
		}
	}
	return c.rows
}

// fill adds empty rows up to row n.
func (c *canvas) fill(n int) {
	for len(c.rows) < n {
		c.line("", tty.Plain)
	}
}

// ask shows a question in the middle of the screen.
func (c *canvas) ask(s source.State, lines []string) {
	c.title(s)
	if s.Report.Report != nil && !s.Stored && s.Services["save"].State != "done" {
		lines = append(lines, "", "The report is in memory only; s saves it.")
	}
	var all []string
	for _, l := range lines {
		all = append(all, wrapIndent(l, c.width-4)...)
	}
	c.fill((c.height - len(all)) / 2)
	for _, l := range all {
		c.line("  "+l, tty.Bold)
	}
}
