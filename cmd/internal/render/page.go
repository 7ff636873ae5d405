package render

import (
	"bytes"
	"fmt"
	"strings"
)

// Options say how text is laid out.
type Options struct {
	// Width is the number of columns; 0 stands for 80.
	Width int
	// Color marks severities with colours.
	Color bool
	// All lists every part, also the uninteresting ones, and cuts nothing.
	All bool
}

// page is text under construction.
type page struct {
	Options
	b bytes.Buffer
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = 80
	}
	return &page{Options: o}
}

func (p *page) line(s string) {
	p.b.WriteString(strings.TrimRight(s, " "))
	p.b.WriteByte('\n')
}

// heading begins a section; what stands in parentheses keeps its case, as units
// need theirs.
func (p *page) heading(format string, args ...any) {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
	title, count, found := strings.Cut(Text(fmt.Sprintf(format, args...)), " (")
	title = strings.ToUpper(title)
	if found && count != "-)" {
		title += " (" + count
	}
	p.line(p.paint(bold, p.limit(title)))
}

// pair is one line of a name and a value; nothing when the value is missing.
func (p *page) pair(name, value string) {
	const indent = 16
	value = Text(value)
	if value == "" || value == "-" {
		return
	}
	for i, l := range Wrap(value, p.Width-indent) {
		if i > 0 {
			name = ""
		}
		p.line(fmt.Sprintf("  %-13s %s", name, l))
	}
}

// note is an indented remark.
func (p *page) note(indent int, format string, args ...any) {
	for _, l := range Wrap(Text(fmt.Sprintf(format, args...)), p.Width-indent) {
		p.line(strings.Repeat(" ", indent) + l)
	}
}

// column of a grid. Min is the width it keeps when there is not room for all;
// 0: it is never cut.
type column struct {
	Title string
	Min   int
	Right bool
}

// grid writes rows of cells in columns as wide as their widest cell. When the
// page is too narrow, the widest column that may shrink gives way first.
func (p *page) grid(columns []column, rows [][]string) {
	const gap = 2
	widths := make([]int, len(columns))
	used := make([]bool, len(columns))
	for _, row := range rows {
		for i := range row {
			row[i] = Text(row[i])
			widths[i] = max(widths[i], len(row[i]))
			used[i] = used[i] || row[i] != "" && row[i] != "-"
		}
	}
	total := 0
	for i, c := range columns {
		if !used[i] {
			continue
		}
		widths[i] = max(widths[i], len(c.Title))
		total += gap + widths[i]
	}
	for !p.All && total > p.Width {
		widest := -1
		for i, c := range columns {
			if used[i] && c.Min > 0 && widths[i] > c.Min && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	for n, row := range append([][]string{titles}, rows...) {
		var b strings.Builder
		for i, c := range columns {
			if !used[i] {
				continue
			}
			cell := row[i]
			if n > 0 {
				cell = dash(cell)
			}
			cell = Cut(cell, widths[i])
			if c.Right {
				fmt.Fprintf(&b, "  %*s", widths[i], cell)
			} else {
				fmt.Fprintf(&b, "  %-*s", widths[i], cell)
			}
		}
		p.line(p.limit(b.String()))
	}
}

// limit is the last resort against a line that is too long.
func (p *page) limit(s string) string {
	if p.All {
		return s
	}
	return Cut(strings.TrimRight(s, " "), p.Width)
}

type color string

const (
	bold   color = "1"
	red    color = "1;31"
	yellow color = "1;33"
	green  color = "1;32"
)

func (p *page) paint(c color, s string) string {
	if !p.Color || c == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}
