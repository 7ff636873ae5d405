package html

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/pkg/inventory"
)

// table is a list of rows a person may sort and search.
type table struct {
	id      literal
	title   string
	columns []column
	rows    []row
}

// column of a table. Number: to the right, sorted by value.
type column struct {
	title  string
	number bool
}

type row struct {
	component string // its id, when it is a component's row
	class     literal
	cells     []cell
	guest     bool // links to the component lead to another row
	own       bool // one of several about the component: its verdict is its own
}

// cell is what is shown, and what it is sorted by when that is not the same.
type cell struct {
	text string
	key  string
}

func cells(list ...string) []cell {
	c := make([]cell, len(list))
	for i, s := range list {
		c[i].text = s
	}
	return c
}

// keyed is a value with its sort key.
func keyed[T any](text string, key *T) cell {
	c := cell{text: text}
	if key != nil {
		c.key = fmt.Sprint(*key)
	}
	return c
}

// mostNowrap is the length of a cell that is not broken into lines.
const mostNowrap = 30

// table writes one; nothing when it has no rows.
func (p *page) table(t table) {
	if len(t.rows) == 0 {
		return
	}
	used := make([]bool, len(t.columns))
	for _, r := range t.rows {
		for i, c := range r.cells {
			used[i] = used[i] || c.text != "" && c.text != "-"
		}
	}
	p.raw("<section id=\"", t.id, "\"><div class=\"bar\"><h2 id=\"", t.id, "-h\">")
	p.text(t.title)
	p.raw(" <span class=\"count\">")
	p.number(len(t.rows))
	p.raw("</span></h2><label class=\"search\">Search <input type=\"search\" autocomplete=\"off\" aria-controls=\"", t.id, "-t\"></label><span class=\"hits\" role=\"status\"></span></div>\n")
	p.raw("<div class=\"scroll\" role=\"region\" aria-labelledby=\"", t.id, "-h\" tabindex=\"0\"><table id=\"", t.id, "-t\" aria-labelledby=\"", t.id, "-h\"><thead><tr>")
	for i, c := range t.columns {
		if !used[i] {
			continue
		}
		p.raw("<th scope=\"col\"")
		if c.number {
			p.raw(" class=\"n\"")
		}
		p.raw("><span>")
		p.text(c.title)
		p.raw("</span></th>")
	}
	p.raw("</tr></thead><tbody>\n")
	for _, r := range t.rows {
		p.row(t, r, used)
	}
	p.raw("</tbody></table></div></section>\n")
}

func (p *page) row(t table, r row, used []bool) {
	p.raw("<tr")
	if n, ok := p.rows[r.component]; ok && !r.guest && !p.anchored[n] {
		p.anchored[n] = true // a second component of the same id has no anchor
		p.raw(" tabindex=\"-1\" id=\"c")
		p.number(n)
		p.raw("\"")
	}
	class := r.class
	if !r.own {
		class = p.worse(r.component, r.class)
	}
	if class != "" {
		p.raw(" class=\"", class, "\"")
	}
	p.raw(">")
	more, linked := p.boxes[r.component]
	for i, c := range r.cells {
		if !used[i] {
			continue
		}
		p.raw("<td")
		switch {
		case t.columns[i].number && len(c.text) <= mostNowrap:
			p.raw(" class=\"n\"")
		case len(c.text) > mostNowrap:
			p.raw(" class=\"w\"")
		}
		if c.key != "" && c.key != c.text {
			p.attribute("data-k", c.key)
		}
		p.raw(">")
		if c.text == "-" {
			c.text = ""
		}
		if linked && c.text != "" { // the first cell leads to all about the part
			linked = false
			p.raw("<a href=\"#d")
			p.number(more)
			p.raw("\">")
			p.text(c.text)
			p.raw("</a></td>")
			continue
		}
		p.text(c.text)
		p.raw("</td>")
	}
	p.raw("</tr>\n")
}

// worse is the class of a part: what its findings say, or what it says itself
// when that is worse.
func (p *page) worse(component string, own literal) literal {
	switch class, _ := severityClass(p.worst[component]); {
	case component == "" || p.worst[component] == "":
		return own
	case class == "critical" || own != "critical" && class == "warning":
		return class
	}
	return own
}

// worseOf is worse of a part and of the PCI function it is.
func (p *page) worseOf(m inventory.Meta, own literal) literal {
	if strings.HasPrefix(m.ParentID, "pci:") {
		own = p.worse(m.ParentID, own)
	}
	return p.worse(m.ID, own)
}

// opt is a value with its unit, or nothing.
func opt[T any](v *T, unit string) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v) + unit
}

// decimals is a reading with so many of them, or nothing.
func decimals(v *float64, n int, unit string) string {
	if v == nil {
		return ""
	}
	if *v > 1e9 || *v < -1e9 {
		return strconv.FormatFloat(*v, 'g', 4, 64) + unit
	}
	return strconv.FormatFloat(*v, 'f', n, 64) + unit
}

func join(sep string, list ...string) string {
	kept := list[:0:0]
	for _, s := range list {
		if s != "" && s != "-" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}

func present(v *bool) bool { return v == nil || *v }

// yesNo is a flag in words, or nothing.
func yesNo(v *bool) string { return words(v, "yes", "no") }

func onOff(v *bool) string { return words(v, "on", "off") }

func words(v *bool, yes, no string) string {
	switch {
	case v == nil:
		return ""
	case *v:
		return yes
	}
	return no
}
