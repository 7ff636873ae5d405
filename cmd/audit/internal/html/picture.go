package html

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// mostParts is how many of one kind are drawn; the tables have all.
const mostParts = 256

// part is one part as it is drawn: a link to its row.
type part struct {
	component string
	class     literal // state: critical, warning, empty or nothing
	label     string  // short, into the drawing
	detail    string  // a second line
	says      string  // all of it, for who cannot see the drawing
}

// shape draws the outline of a part within a box of that size.
type shape struct {
	width, height int
	upright       bool // text runs upwards
	outline       literal
}

func (p *page) picture() {
	r := p.r
	if r.CPUs == nil && r.Memory == nil && r.Storage == nil && r.PowerSupplies == nil && r.GPUs == nil && r.PCIeDevices == nil && r.Network == nil {
		return
	}
	p.raw("<section id=\"picture\"><h2>Picture</h2>\n<p class=\"legend\"><span class=\"key\">present</span> <span class=\"key empty\">empty</span> <span class=\"key warning\">! warning</span> <span class=\"key critical\">\u00d7 critical</span></p>\n<div class=\"case\">\n")
	var modules []inventory.MemoryModule
	if r.Memory != nil {
		modules = r.Memory.Modules
	}
	kinds := []kindOf{
		{"Processors", cpuShape(), cpuParts(p, r.CPUs)},
		{"Memory", dimmShape(), dimmParts(p, modules)},
		{"Network", nicShape(), nicParts(p, r.Network)},
		{"GPUs", gpuShape(), gpuParts(p, r.GPUs)},
		{"Drive bays", driveShape(), driveParts(p, r.Storage)},
		{"CXL memory", cxlShape(), cxlParts(p, r.CXLDevices)},
		{"Power supplies", psuShape(), psuParts(p, r.PowerSupplies)},
	}
	p.nodes(kinds)
	for _, k := range kinds { // what no node has
		p.parts(k.title, k.shape, k.parts)
	}
	p.tree()
	p.raw("</div></section>\n")
}

// parts draws all of one kind.
func (p *page) parts(title literal, s shape, list []part) {
	if len(list) == 0 {
		return
	}
	p.raw("<figure><figcaption>", title, "</figcaption><div class=\"parts\">\n")
	for _, x := range list[:min(mostParts, len(list))] {
		p.part(s, x)
	}
	if rest := len(list) - mostParts; rest > 0 {
		p.raw("<span>and ")
		p.number(rest)
		p.raw(" more</span>")
	}
	p.raw("</div></figure>\n")
}

func (p *page) part(s shape, x part) {
	n, linked := p.rows[x.component]
	tag := literal("span")
	if linked {
		tag = "a"
	}
	p.raw("<", tag, " class=\"part ", x.class, "\"")
	if linked {
		p.raw(" href=\"#c")
		p.number(n)
		p.raw("\"")
	} else {
		p.raw(" role=\"img\"")
	}
	says := x.says
	if x.class != "" {
		says = join(", ", says, string(x.class))
	}
	p.attribute("aria-label", says)
	p.attribute("title", says)
	fmt.Fprintf(&p.b, `><svg width="%d" height="%d" viewBox="0 0 %d %d" aria-hidden="true" focusable="false">`, s.width, s.height, s.width, s.height)
	p.raw(s.outline)
	if s.upright {
		p.label(s.height-16, fmt.Sprintf("translate(%d %d) rotate(-90)", s.width/2, s.height-8), "t", 4, join(" ", x.label, x.detail))
	} else {
		p.label(s.width-12, fmt.Sprintf("translate(%d %d)", s.width/2, s.height/2), "t mid", -3, x.label)
		p.label(s.width-12, fmt.Sprintf("translate(%d %d)", s.width/2, s.height/2), "d mid", 12, x.detail)
	}
	switch x.class {
	case "critical":
		fmt.Fprintf(&p.b, `<g transform="translate(%d 9)"><circle class="mark" r="8"/><path class="stroke" d="M-3-3 3 3M3-3-3 3"/></g>`, s.width-9)
	case "warning":
		fmt.Fprintf(&p.b, `<g transform="translate(%d 9)"><path class="mark" d="M0-8 9 7H-9Z"/><path class="stroke" d="M0-3V2M0 4V5"/></g>`, s.width-9)
	}
	p.raw("</svg></", tag, ">\n")
}

// label writes text that fits so many pixels, by the width of its letters'
// average.
func (p *page) label(pixels int, transform string, class literal, y int, s string) {
	if s == "" {
		return
	}
	fmt.Fprintf(&p.b, `<text transform="%s" y="%d" class="`, transform, y)
	p.raw(class, "\">")
	p.text(fit(s, pixels*2/13))
	p.raw("</text>")
}

// fit shortens a text to n characters.
func fit(s string, n int) string {
	list := []rune(strings.ToValidUTF8(s, "?"))
	for i, c := range list {
		if escape(string(c))[0] == '[' && c != '[' { // it would be written out
			list[i] = '?'
		}
	}
	if len(list) <= n {
		return string(list)
	}
	return strings.TrimSpace(string(list[:max(n-1, 0)])) + "…"
}

func cpuShape() shape {
	return shape{108, 84, false, `<path class="pins" d="M20 2v80M36 2v80M52 2v80M68 2v80M84 2v80M2 20h104M2 36h104M2 52h104M2 68h104"/><rect class="body" x="8" y="8" width="92" height="68" rx="4"/>`}
}

func dimmShape() shape {
	return shape{30, 150, true, `<path class="body" d="M3 3h24v60a4 4 0 0 0 0 8v76h-24z"/><path class="pins" d="M3 10v50M3 74v66"/>`}
}

func driveShape() shape {
	return shape{128, 46, false, `<rect class="body" x="1" y="3" width="126" height="40" rx="3"/><path class="pins" d="M7 8v30"/>`}
}

func gpuShape() shape {
	return shape{150, 62, false, `<rect class="body" x="2" y="3" width="146" height="50" rx="4"/><path class="pins" d="M16 57h90"/>`}
}

func psuShape() shape {
	return shape{124, 56, false, `<rect class="body" x="2" y="3" width="120" height="50" rx="3"/><circle class="pins" cx="18" cy="28" r="9"/>`}
}

func cpuParts(p *page, list []inventory.CPU) []part {
	parts := make([]part, len(list))
	for i := range list {
		c := &list[i]
		x := part{component: c.ID, label: c.Socket, detail: opt(c.Cores, " cores"), class: p.worse(c.ID, "")}
		if x.label == "" {
			x.label = fmt.Sprintf("CPU %d", i)
		}
		x.says = join(", ", "Processor "+x.label, c.Model, x.detail)
		if !present(c.Present) {
			x.class, x.detail = "empty", "empty"
		}
		parts[i] = x
	}
	return parts
}

func dimmParts(p *page, list []inventory.MemoryModule) []part {
	parts := make([]part, len(list))
	for i := range list {
		m := &list[i]
		x := part{component: m.ID, label: m.Slot, detail: strings.TrimPrefix(render.MemorySize(m.SizeBytes), "-"), class: p.worse(m.ID, "")}
		if x.label == "" {
			x.label = m.Bank
		}
		x.says = join(", ", join(" ", "Memory module", m.Bank, m.Slot), x.detail, m.Type)
		if !present(m.Present) {
			x.class, x.detail = "empty", ""
		}
		parts[i] = x
	}
	return parts
}

func driveParts(p *page, list []inventory.Drive) []part {
	parts := make([]part, len(list))
	names := render.Places(p.r)
	for i := range list {
		d := &list[i]
		own, place := literal(""), ""
		if d.Health != nil {
			own = healthClass(d.Health.Status)
		}
		if d.Enclosure != nil && d.Enclosure.Slot != "" {
			place = d.Enclosure.Slot
			if strings.Trim(place, "0123456789") == "" { // an NVMe drive's is that of its function
				place = map[bool]string{true: "slot ", false: "bay "}[d.Protocol == inventory.ProtocolNVMe] + place
			}
		} else {
			place = names[d.ID].Slot
		}
		x := part{component: d.ID, class: p.worseOf(d.Meta, own), label: join(" ", d.Device, place), detail: join(" ", strings.ToUpper(string(d.Protocol)), render.DriveSize(d.SizeBytes))}
		if x.label == "" {
			x.label = d.SerialNumber
		}
		x.says = join(", ", "Drive "+x.label, d.Model, x.detail)
		parts[i] = x
	}
	return parts
}

func gpuParts(p *page, list []inventory.GPU) []part {
	parts := make([]part, len(list))
	names := render.Places(p.r)
	for i := range list {
		g := &list[i]
		own := healthClass(g.Health)
		if g.State == "lost" {
			own = "critical"
		}
		name := g.Name
		if name == "" {
			name = join(" ", g.Vendor, shortAddress(g.PCIAddress))
		}
		x := part{component: g.ID, class: p.worseOf(g.Meta, own), label: join(" ", opt(g.Index, ":"), strings.TrimPrefix(name, "NVIDIA ")), detail: join(" ", render.MemorySize(g.MemoryBytes), opt(g.TempCelsius, " °C"))}
		if g.State != "" && g.State != "ok" {
			x.detail = strings.ReplaceAll(g.State, "_", " ")
		}
		x.says = join(", ", "GPU "+x.label, names[g.ID].Slot, g.PCIAddress, x.detail)
		parts[i] = x
	}
	return parts
}

func psuParts(p *page, list []inventory.PowerSupply) []part {
	parts := make([]part, len(list))
	for i := range list {
		s := &list[i]
		x := part{component: s.ID, class: p.worse(s.ID, healthClass(s.Health)), label: s.Slot, detail: opt(s.CapacityWatts, " W")}
		if x.label == "" {
			x.label = fmt.Sprintf("PSU %d", i+1)
		}
		if s.Status != "" && s.Status != inventory.PSUStatusOK && s.Status != inventory.PSUStatusUnknown {
			x.detail = strings.ReplaceAll(string(s.Status), "_", " ")
		}
		x.says = join(", ", "Power supply "+x.label, s.Model, x.detail)
		if !present(s.Present) {
			x.class, x.detail = "empty", "empty"
		}
		parts[i] = x
	}
	return parts
}
