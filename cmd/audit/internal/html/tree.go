package html

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

const (
	treeWidth  = 700
	treeStep   = 26 // from line to line
	treeIndent = 20 // from bridge to what is behind it
	treeDepth  = 10 // deeper ones are drawn at this depth
)

// node is a function in the tree, in the order of drawing.
type node struct {
	device *inventory.PCIeDevice
	depth  int
	parent int // its line; -1: a root
}

// tree draws the functions worth looking at and the bridges that lead to them.
func (p *page) tree() {
	nodes := treeNodes(p.r.PCIeDevices)
	if len(nodes) == 0 {
		return
	}
	p.raw("<figure class=\"wide\"><figcaption>PCI Express: wider lines are more lanes</figcaption><div class=\"scroll\" role=\"region\" aria-label=\"PCI Express tree\" tabindex=\"0\">\n")
	shown := nodes[:min(mostParts, len(nodes))]
	height := len(shown)*treeStep + 4
	fmt.Fprintf(&p.b, `<svg class="tree" width="%d" height="%d" viewBox="0 0 %d %d" role="group" aria-label="PCI Express tree">`+"\n", treeWidth, height, treeWidth, height)
	for i, n := range shown {
		p.edge(i, n, shown)
	}
	for i, n := range shown {
		p.node(i, n)
	}
	p.raw("</svg></div>")
	if rest := len(nodes) - len(shown); rest > 0 {
		p.raw("<p>and ")
		p.number(rest)
		p.raw(" more</p>")
	}
	p.raw("</figure>\n")
}

func treeX(depth int) int { return 10 + min(depth, treeDepth)*treeIndent }

func treeY(line int) int { return line*treeStep + treeStep/2 + 2 }

// edge is the link to the bridge above, as thick as it has lanes.
func (p *page) edge(i int, n node, all []node) {
	if n.parent < 0 {
		return
	}
	lanes := 1
	class := literal("edge")
	if l := n.device.Link; l != nil {
		if l.CurrentWidth != nil {
			lanes = min(max(*l.CurrentWidth, 1), 16)
		}
		if l.Degraded != nil && *l.Degraded {
			class = "edge warning"
		}
	}
	fmt.Fprintf(&p.b, `<path class="%s" stroke-width="%d" d="M%d %dV%dH%d"/>`+"\n", class, 1+lanes/3, treeX(all[n.parent].depth), treeY(n.parent), treeY(i), treeX(n.depth))
}

func (p *page) node(i int, n node) {
	d := n.device
	class := p.worse(d.ID, "")
	if d.OffBus != nil && *d.OffBus {
		class = "critical"
	}
	link := render.LinkText(d.Link)
	name := join(" ", shortAddress(d.Address), shortName(deviceName(d)))
	slot := ""
	if d.Slot != "" {
		slot = " [" + d.Slot + "]"
	}
	p.raw("<a class=\"node ", class, "\"")
	if at, ok := p.rows[d.ID]; ok {
		p.raw(" href=\"#c")
		p.number(at)
		p.raw("\"")
	}
	p.attribute("aria-label", join(", ", "PCI function "+name, d.Slot, link, string(class)))
	p.raw(">")
	x, y := treeX(n.depth), treeY(i)
	switch class {
	case "critical":
		fmt.Fprintf(&p.b, `<circle class="mark" cx="%d" cy="%d" r="7"/><path class="stroke" d="M%d %dl6 6m0-6l-6 6"/>`, x, y, x-3, y-3)
	case "warning":
		fmt.Fprintf(&p.b, `<path class="mark" d="M%d %dl9 15h-18z"/><path class="stroke" d="M%d %dv5m0 2v1"/>`, x, y-9, x, y-4)
	default:
		fmt.Fprintf(&p.b, `<circle class="dot" cx="%d" cy="%d" r="5"/>`, x, y)
	}
	room := (treeWidth - x - 150) * 2 / 13
	fmt.Fprintf(&p.b, `<text class="t" x="%d" y="%d">`, x+14, y+4)
	p.text(fit(name+slot, room))
	fmt.Fprintf(&p.b, `</text><text class="d end" x="%d" y="%d">`, treeWidth-4, y+4)
	p.text(fit(link, 34))
	p.raw("</text></a>\n")
}

// treeNodes orders functions by bridge. A report may say anything: a function
// may be its own parent, or its parent missing.
func treeNodes(list []inventory.PCIeDevice) []node {
	index := make(map[string]int, len(list))
	for i := range list {
		index[list[i].Address] = i
	}
	wanted := make([]bool, len(list))
	for i := range list {
		if !render.Interesting(&list[i]) {
			continue
		}
		for at, ok := i, true; ok && !wanted[at]; at, ok = index[list[at].Parent] {
			wanted[at] = true
		}
	}
	children := map[int][]int{}
	var roots []int
	for i := range list {
		if parent, ok := index[list[i].Parent]; ok && parent != i {
			children[parent] = append(children[parent], i)
		} else {
			roots = append(roots, i)
		}
	}
	var nodes []node
	seen := make([]bool, len(list))
	var walk func(i, depth, parent int)
	walk = func(i, depth, parent int) {
		if seen[i] || !wanted[i] {
			return
		}
		seen[i] = true
		nodes = append(nodes, node{&list[i], depth, parent})
		line := len(nodes) - 1
		if depth >= 64 { // no bus is as deep; the rest become roots
			return
		}
		for _, c := range children[i] {
			walk(c, depth+1, line)
		}
	}
	for _, i := range roots {
		walk(i, 0, -1)
	}
	for i := range list { // rings, which no root leads to
		walk(i, 0, -1)
	}
	return nodes
}

func shortAddress(s string) string { return strings.TrimPrefix(s, "0000:") }

// shortName takes from a vendor's name what tells nobody anything.
func shortName(s string) string {
	for _, w := range []string{" Corporation", ", Inc.", " Co., Ltd.", " Co Ltd", " Semiconductor", " Technology"} {
		s = strings.Replace(s, w, "", 1)
	}
	return s
}
