package render

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// collectors lists those that did not end well; all with All.
func (p *page) collectors(list []inventory.Outcome) {
	var rows [][]string
	var left []string
	for _, c := range list {
		if !p.All {
			switch c.Status {
			case inventory.StatusNotRun:
				left = append(left, c.Name)
				continue
			case inventory.StatusOK, inventory.StatusAbsent:
				continue
			default:
			}
		}
		rows = append(rows, []string{c.Name, string(c.Status), fmt.Sprintf("%d ms", c.DurationMS), c.Error})
	}
	if len(rows)+len(left) == 0 {
		return
	}
	if p.All {
		p.heading("Collectors (%d)", len(list))
	} else {
		p.heading("Collectors not complete (%d of %d)", len(rows)+len(left), len(list))
	}
	if len(left) > 0 {
		p.note(2, "left out on request: %s", strings.Join(left, ", "))
	}
	if len(rows) == 0 {
		return
	}
	p.grid([]column{{Title: "NAME", Min: 8}, {Title: "STATUS"}, {Title: "TIME", Right: true}, {Title: "WHY", Min: 20}}, rows)
}

// issues lists what should have been readable and was not.
func (p *page) issues(list []inventory.Issue) {
	const most = 20
	if len(list) == 0 {
		return
	}
	p.heading("Issues (%d)", len(list))
	n := len(list)
	if !p.All {
		n = min(n, most)
	}
	for _, i := range list[:n] {
		about := join(" ", i.Collector, i.ComponentID, i.Field)
		for k, l := range Wrap(Text(join(": ", about, string(i.Kind), i.Source, i.Detail)), p.Width-4) {
			indent := "  "
			if k > 0 {
				indent = "    "
			}
			p.line(indent + l)
		}
	}
	if n < len(list) {
		p.note(2, "and %d more; -v shows all", len(list)-n)
	}
}
