package html

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// verdict never calls a machine well of which a part could not be seen.
func (p *page) verdict() {
	v := p.r.Verdict()
	class, word := literal("unknown"), "Unknown"
	switch v {
	case inventory.HealthOK:
		class, word = "ok", "OK"
	case inventory.HealthWarning:
		class, word = "warning", "Warning"
	case inventory.HealthCritical:
		class, word = "critical", "Critical"
	case inventory.HealthUnknown:
	}
	p.raw("<section id=\"verdict\" class=\"verdict ", class, "\" tabindex=\"-1\"><h2><span class=\"sign\" aria-hidden=\"true\"></span> Verdict: ")
	p.text(word)
	p.raw("</h2>\n<p>")
	var notes []string
	for _, s := range []inventory.Severity{inventory.SeverityCritical, inventory.SeverityWarning, inventory.SeverityInfo} {
		n := 0
		for _, f := range p.r.Findings {
			if f.Severity == s {
				n++
			}
		}
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%d %s", n, plural(s, n)))
		}
	}
	if len(notes) == 0 {
		notes = append(notes, "no findings")
	}
	p.text(strings.Join(notes, ", ") + ".")
	if list := render.Incomplete(p.r); len(list) > 0 {
		names := make([]string, len(list))
		for i, c := range list {
			names[i] = c.Name + " (" + string(c.Status) + ")"
		}
		p.raw(" <strong>Not everything could be read:</strong> ")
		p.text(strings.Join(names, ", ") + ".")
	}
	if s := p.r.ClockSynchronized; s != nil && !*s {
		p.text(" The clock was not synchronized: times are the machine's own.")
	}
	p.raw("</p></section>\n")
}

func plural(s inventory.Severity, n int) string {
	switch {
	case s == inventory.SeverityCritical:
		return "critical"
	case s == inventory.SeverityWarning && n == 1:
		return "warning"
	case s == inventory.SeverityWarning:
		return "warnings"
	case n == 1:
		return "note"
	}
	return "notes"
}

func (p *page) findings() {
	if len(p.r.Findings) == 0 {
		return
	}
	p.raw("<section id=\"findings\"><h2>Findings</h2>\n<ul class=\"findings\">\n")
	for _, f := range p.r.Findings {
		class, word := severityClass(f.Severity)
		p.raw("<li class=\"", class, "\"><p><strong class=\"badge\">", word)
		if word == "" { // one that this version does not know
			p.text(string(f.Severity))
		}
		p.raw("</strong> ")
		p.text(f.Message)
		p.raw("</p><p class=\"about\"><code>")
		p.text(f.Code)
		p.raw("</code> ")
		p.component(f.ComponentID)
		p.raw("</p>")
		if len(f.Evidence) > 0 {
			p.raw("<dl class=\"evidence\">")
			for _, k := range slices.Sorted(maps.Keys(f.Evidence)) {
				if f.Evidence[k] == "" {
					continue
				}
				p.raw("<div><dt>")
				p.text(strings.ReplaceAll(k, "_", " "))
				p.raw("</dt><dd>")
				p.text(f.Evidence[k])
				p.raw("</dd></div>")
			}
			p.raw("</dl>")
		}
		p.raw("</li>\n")
	}
	p.raw("</ul></section>\n")
}

func severityClass(s inventory.Severity) (class, word literal) {
	switch s {
	case inventory.SeverityCritical:
		return "critical", "Critical"
	case inventory.SeverityWarning:
		return "warning", "Warning"
	case inventory.SeverityInfo:
		return "info", "Info"
	}
	return "info", ""
}

// component names a component and leads to its row.
func (p *page) component(id string) {
	if id == "" {
		return
	}
	n, ok := p.rows[id]
	if !ok {
		p.text(id)
		return
	}
	p.raw("<a href=\"#c")
	p.number(n)
	p.raw("\">")
	p.text(id)
	p.raw("</a>")
}

// anchors numbers the components, in whatever order: ids are not fit for
// anchors.
func (p *page) anchors() {
	r := p.r
	add := func(id string) {
		if _, found := p.rows[id]; !found && id != "" {
			p.rows[id] = len(p.rows) + 1
		}
	}
	for i := range r.CPUs {
		add(r.CPUs[i].ID)
	}
	if r.Memory != nil {
		for i := range r.Memory.Modules {
			add(r.Memory.Modules[i].ID)
		}
		for i := range r.Memory.Controllers {
			add(r.Memory.Controllers[i].ID)
		}
	}
	for i := range r.Storage {
		add(r.Storage[i].ID)
	}
	for i := range r.StorageControllers {
		add(r.StorageControllers[i].ID)
	}
	for i := range r.LogicalDrives {
		add(r.LogicalDrives[i].ID)
	}
	for i := range r.PCIeDevices {
		add(r.PCIeDevices[i].ID)
	}
	for i := range r.PowerSupplies {
		add(r.PowerSupplies[i].ID)
	}
	for i := range r.GPUs {
		add(r.GPUs[i].ID)
	}
	for i := range r.Network {
		add(r.Network[i].ID)
	}
	for i := range r.CXLDevices {
		add(r.CXLDevices[i].ID)
	}
	for i := range r.Sensors {
		add(r.Sensors[i].ID)
	}
	if r.BMC != nil {
		for i := range r.BMC.Sensors {
			add(r.BMC.Sensors[i].ID)
		}
	}
	if r.Trust != nil {
		for i := range r.Trust.TPMs {
			add(r.Trust.TPMs[i].ID)
		}
	}
	for i := range r.Firmware {
		add(r.Firmware[i].ID)
	}
}
