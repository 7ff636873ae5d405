package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

// topology lists by memory node what hangs on it, in the words of the tables.
func (p *page) topology(r *inventory.Report) {
	if r.Topology == nil || len(r.Topology.Nodes) == 0 {
		return
	}
	p.heading("Topology (%s)", plural(countNodes(r.Topology), "memory node"))
	names := Places(r)
	for i := range r.Topology.Nodes {
		n := &r.Topology.Nodes[i]
		p.note(2, "%s", NodeTitle(n, names))
		for _, k := range []struct {
			title string
			ids   []string
		}{{"drives", n.Drives}, {"network", n.NICs}, {"GPUs", n.GPUs}, {"CXL", n.CXLDevices}} {
			if len(k.ids) == 0 {
				continue
			}
			for j, l := range Wrap(Text(named(k.ids, names)), p.Width-14) {
				title := k.title
				if j > 0 {
					title = ""
				}
				p.line(fmt.Sprintf("    %-8s  %s", title, l))
			}
		}
	}
}

func countNodes(t *inventory.Topology) int {
	n := 0
	for i := range t.Nodes {
		if t.Nodes[i].Node != nil {
			n++
		}
	}
	return n
}

// NodeTitle names a node, its processors, memory and distances.
func NodeTitle(n *inventory.TopologyNode, names map[string]Place) string {
	if n.Node == nil {
		return "Node not known"
	}
	var far []string
	for _, k := range slices.SortedFunc(maps.Keys(n.Distances), inventory.CompareNatural) {
		if k != fmt.Sprint(*n.Node) {
			far = append(far, fmt.Sprintf("%d to node %s", n.Distances[k], k))
		}
	}
	distance := ""
	if len(far) > 0 {
		distance = "distance " + strings.Join(far, " and ")
	}
	return fmt.Sprintf("Node %d: %s", *n.Node, join(", ", named(n.CPUs, names), strings.TrimPrefix(MemorySize(n.MemoryBytes), "-"), distance))
}

// named are the parts' names, each with its place on the board.
func named(ids []string, names map[string]Place) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		x, ok := names[id]
		if !ok {
			x.Name = id
		}
		list[i] = x.Name
		if x.Slot != "" {
			list[i] += " [" + x.Slot + "]"
		}
	}
	return strings.Join(list, ", ")
}

// Place is what a part is called, and the slot or bay it sits in.
type Place struct{ Name, Slot string }

// Places are the names and places of all parts that a topology lists, by id.
func Places(r *inventory.Report) map[string]Place {
	slots := map[string]string{}
	for i := range r.PCIeDevices {
		d := &r.PCIeDevices[i]
		slots[d.Address] = join(", ", d.Slot, d.Label)
	}
	names := map[string]Place{}
	add := func(id, slot string, words ...string) {
		for _, w := range append(words, id) {
			if w != "" && w != "-" {
				if _, found := names[id]; !found {
					names[id] = Place{w, slot}
				}
				return
			}
		}
	}
	for i := range r.CPUs {
		add(r.CPUs[i].ID, "", r.CPUs[i].Socket)
	}
	for i := range r.Storage {
		d := &r.Storage[i]
		slot := Bay(d.Enclosure)
		if slot == "" && d.Protocol == inventory.ProtocolNVMe {
			slot = slots[d.PCIAddress]
		}
		add(d.ID, slot, d.Device, d.SerialNumber)
	}
	for i := range r.Network {
		add(r.Network[i].ID, slots[r.Network[i].PCIAddress], r.Network[i].Name)
	}
	for i := range r.GPUs {
		g := &r.GPUs[i]
		add(g.ID, slots[g.PCIAddress], strings.TrimPrefix("GPU "+opt(g.Index, ""), "GPU -"), g.PCIAddress)
	}
	for i := range r.CXLDevices {
		d := &r.CXLDevices[i]
		add(d.ID, slots[d.PCIAddress], d.Device, d.PCIAddress)
	}
	return names
}

// Bay is where a drive sits in words.
func Bay(e *inventory.Enclosure) string {
	if e == nil {
		return ""
	}
	return join(" / ", strings.TrimPrefix(e.ID, "enclosure:"), e.Slot)
}
