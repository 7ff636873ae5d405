package render

import (
	"strings"

	"example.com/bee/pkg/inventory"
)

// everything lists all fields of all parts, as the wide table does below its
// grids: what has no column stands here.
func (p *page) everything(r *inventory.Report) {
	if !p.All {
		return
	}
	for _, s := range Parts(r) {
		p.heading("All about %s", strings.ReplaceAll(s.Key, "_", " "))
		for _, x := range s.Parts {
			p.note(2, "%s", x.Title)
			p.facts(4, x.Facts)
		}
	}
}

// facts writes single values as running text and what has parts of its own
// below, further in.
func (p *page) facts(indent int, list []Fact) {
	var words []string
	for _, f := range list {
		if f.Facts == nil && f.Table == nil {
			words = append(words, f.Name+": "+terminal(f.Value))
		}
	}
	p.note(indent, "%s", strings.Join(words, "; "))
	for _, f := range list {
		switch {
		case f.Table != nil:
			for i := range f.Table.Rows {
				row := FactTable{Columns: f.Table.Columns, Rows: f.Table.Rows[i : i+1]}
				p.note(indent, "%s: %s", f.Name, terminal(Inline(Fact{Table: &row})))
			}
		case f.Facts != nil && brief(f.Facts):
			p.note(indent, "%s: %s", f.Name, terminal(Inline(f)))
		case f.Facts != nil:
			p.note(indent, "%s:", f.Name)
			p.facts(indent+2, f.Facts)
		}
	}
}

// brief is true when all of the facts are single words.
func brief(list []Fact) bool {
	for _, f := range list {
		if f.Facts != nil || f.Table != nil || strings.Contains(f.Value, " ") {
			return false
		}
	}
	return true
}

// terminal writes the one unit that is not ASCII as the tables do.
func terminal(s string) string { return strings.ReplaceAll(s, "°C", "C") }
