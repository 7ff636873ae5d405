package html

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// mostNodes is how many memory nodes are drawn, mostDrawn how many parts in
// them all.
const (
	mostNodes = 64
	mostDrawn = 1024
)

// kindOf is the parts of one kind that are still to be drawn.
type kindOf struct {
	title literal
	shape shape
	parts []part
}

// nodes draws a box for each memory node with its processors and what hangs on
// them, and takes from the kinds what it drew.
func (p *page) nodes(kinds []kindOf) {
	t := p.r.Topology
	if t == nil {
		return
	}
	names := render.Places(p.r)
	drawn := 0
	for i := range t.Nodes[:min(mostNodes, len(t.Nodes))] {
		n := &t.Nodes[i]
		ids := map[string]bool{}
		for _, list := range [][]string{n.CPUs, p.modulesOf(n), n.NICs, n.GPUs, n.Drives, n.CXLDevices} {
			for _, id := range list {
				ids[id] = true
			}
		}
		if n.Node == nil || len(ids) == 0 {
			continue // these are drawn with all others
		}
		p.raw("<figure class=\"node-box\"><figcaption>")
		p.text(render.NodeTitle(n, names))
		p.raw("</figcaption>\n")
		for k := range kinds {
			var here, rest []part
			for _, x := range kinds[k].parts {
				if drawn < mostDrawn && ids[x.component] {
					here, drawn = append(here, x), drawn+1
				} else {
					rest = append(rest, x)
				}
			}
			kinds[k].parts = rest
			if len(here) == 0 {
				continue
			}
			p.raw("<div class=\"parts\" role=\"group\"")
			p.attribute("aria-label", string(kinds[k].title))
			p.raw(">\n")
			for _, x := range here {
				p.part(kinds[k].shape, x)
			}
			p.raw("</div>\n")
		}
		p.raw("</figure>\n")
	}
}

// modulesOf are the memory modules whose slots are those of the node's one
// processor: all of a machine with one, else those whose locator or bank
// begins with the processor's own, "CPU1_DIMM_A1". Firmware does not say it in
// another way.
func (p *page) modulesOf(n *inventory.TopologyNode) []string {
	m := p.r.Memory
	if m == nil || len(n.CPUs) != 1 {
		return nil
	}
	socket, sockets := "", 0
	for i := range p.r.CPUs {
		c := &p.r.CPUs[i]
		if present(c.Present) {
			sockets++
		}
		if c.ID == n.CPUs[0] {
			socket = c.Socket
		}
	}
	var ids []string
	for i := range m.Modules {
		x := &m.Modules[i]
		if sockets == 1 && len(p.r.CPUs) == 1 || begins(x.Slot, socket) || begins(x.Bank, socket) {
			ids = append(ids, x.ID)
		}
	}
	return ids
}

// begins is true when a locator begins with a socket's name, and not with that
// of a socket with more digits.
func begins(locator, socket string) bool {
	squeeze := strings.NewReplacer(" ", "", "_", "", "-", "", "#", "")
	s, ok := strings.CutPrefix(strings.ToLower(squeeze.Replace(locator)), strings.ToLower(squeeze.Replace(socket)))
	return ok && len(socket) > 1 && s != "" && (s[0] < '0' || s[0] > '9')
}

func nicShape() shape {
	return shape{124, 46, false, `<rect class="body" x="1" y="3" width="122" height="40" rx="3"/><path class="pins" d="M7 32v6h8v-6zM19 32v6h8v-6z"/>`}
}

func cxlShape() shape {
	return shape{112, 46, false, `<rect class="body" x="1" y="3" width="110" height="40" rx="3"/><path class="pins" d="M8 38h96"/>`}
}

func nicParts(p *page, list []inventory.NIC) []part {
	parts := make([]part, len(list))
	names := render.Places(p.r)
	for i := range list {
		n := &list[i]
		x := part{component: n.ID, class: p.worseOf(n.Meta, ""), label: n.Name, detail: opt(n.SpeedMbps, " Mb/s")}
		link := ""
		switch {
		case n.LinkUp == nil:
		case !*n.LinkUp:
			x.detail, link = "no link", "no link"
		case n.SpeedMbps != nil && *n.SpeedMbps%1000 == 0:
			x.detail = fmt.Sprintf("%d Gb/s", *n.SpeedMbps/1000)
		}
		far := ""
		if len(n.LLDP) > 0 {
			far = "leads to " + render.SwitchPort(&n.LLDP[0])
		}
		if x.label == "" {
			x.label = n.ID
		}
		x.says = join(", ", "Network interface "+x.label, names[n.ID].Slot, link, strings.TrimPrefix(x.detail, link), far)
		parts[i] = x
	}
	return parts
}

func cxlParts(p *page, list []inventory.CXLDevice) []part {
	parts := make([]part, len(list))
	for i := range list {
		d := &list[i]
		size := d.VolatileBytes
		if size == nil || *size == 0 {
			size = d.PersistentBytes
		}
		x := part{component: d.ID, class: p.worseOf(d.Meta, ""), label: join(" ", "CXL", d.Device), detail: strings.TrimPrefix(render.MemorySize(size), "-")}
		x.says = join(", ", "CXL memory "+d.Device, d.PCIAddress, x.detail)
		parts[i] = x
	}
	return parts
}
