package html

import (
	"example.com/bee/cmd/internal/render"
)

// box is all that the report says of one part.
type box struct {
	id, title string
	facts     []render.Fact
}

// group is the boxes of one kind of parts.
type group struct {
	title literal
	boxes []box
}

// details lists every field of every part, those too that no table has a
// column for. A box is closed until it is asked for.
func (p *page) details() {
	if len(p.groups) == 0 {
		return
	}
	p.raw("<section id=\"details\"><div class=\"bar\"><h2 id=\"details-h\">Everything about each part</h2><span class=\"controls\"><button type=\"button\" id=\"openall\" aria-pressed=\"false\">Open all</button></span></div>\n")
	n := 0
	for _, g := range p.groups {
		p.raw("<h3>", g.title, "</h3>\n")
		for _, b := range g.boxes {
			n++
			p.raw("<details id=\"d")
			p.number(n)
			p.raw("\"><summary>")
			p.text(b.title)
			p.raw("</summary>")
			p.facts(b.facts)
			p.raw("</details>\n")
		}
	}
	p.raw("</section>\n")
}

// facts writes single values first, as a list; what has parts of its own
// follows below.
func (p *page) facts(list []render.Fact) {
	p.raw("<dl class=\"facts\">")
	for _, f := range list {
		if f.Facts == nil && f.Table == nil {
			p.raw("<div><dt>")
			p.text(f.Name)
			p.raw("</dt><dd>")
			p.text(f.Value)
			p.raw("</dd></div>")
		}
	}
	p.raw("</dl>")
	for _, f := range list {
		switch {
		case f.Table != nil:
			p.factTable(f)
		case f.Facts != nil:
			p.raw("<div class=\"inner\"><h4>")
			p.text(f.Name)
			p.raw("</h4>")
			p.facts(f.Facts)
			p.raw("</div>")
		}
	}
}

// factTable is not sorted or searched: it is one part's.
func (p *page) factTable(f render.Fact) {
	p.raw("<div class=\"inner\"><h4>")
	p.text(f.Name)
	p.raw("</h4><div class=\"scroll\" role=\"region\" tabindex=\"0\"")
	p.attribute("aria-label", f.Name)
	p.raw("><table class=\"plain\"")
	p.attribute("aria-label", f.Name)
	p.raw("><thead><tr>")
	for _, c := range f.Table.Columns {
		p.raw("<th scope=\"col\">")
		p.text(c)
		p.raw("</th>")
	}
	p.raw("</tr></thead><tbody>")
	for _, r := range f.Table.Rows {
		p.raw("<tr>")
		for _, c := range r {
			p.raw("<td")
			if len(c) > mostNowrap {
				p.raw(" class=\"w\"")
			}
			p.raw(">")
			p.text(c)
			p.raw("</td>")
		}
		p.raw("</tr>")
	}
	p.raw("</tbody></table></div></div>")
}

// gather fills the groups, in the report's order.
func (p *page) gather() {
	for _, s := range render.Parts(p.r) {
		g := group{title: groupTitle(s.Key)}
		for _, x := range s.Parts {
			g.boxes = append(g.boxes, box{x.ID, x.Title, x.Facts})
		}
		p.groups = append(p.groups, g)
	}
	n := 0
	for _, g := range p.groups {
		for _, b := range g.boxes {
			n++
			if _, found := p.boxes[b.id]; !found && b.id != "" {
				p.boxes[b.id] = n
			}
		}
	}
}

// groupTitle is what a section of the report is called on the page.
func groupTitle(key string) literal {
	switch key {
	case "report":
		return "Report"
	case "host":
		return "Running system"
	case "board":
		return "Board and firmware"
	case "cpus":
		return "Processors"
	case "memory":
		return "Memory"
	case "storage":
		return "Drives"
	case "storage_controllers":
		return "Storage controllers"
	case "logical_drives":
		return "Logical drives"
	case "pcie_devices":
		return "PCI functions"
	case "power_supplies":
		return "Power supplies"
	case "gpus":
		return "GPUs"
	case "cxl_devices":
		return "CXL memory"
	case "network":
		return "Network"
	case "sensors":
		return "Sensors of the kernel"
	case "trust":
		return "Trust"
	case "firmware":
		return "Firmware that can be updated"
	case "bmc":
		return "BMC"
	case "topology":
		return "Topology"
	}
	return "Collectors"
}
