package diff

import (
	"cmp"
	"slices"

	"example.com/bee/pkg/inventory"
)

// trace is what tells that one difference follows from another.
type trace struct {
	oldAddress, newAddress string
	oldParent, newParent   string
	link                   bool
}

// traceOf notes the PCI functions of a part.
func traceOf(o, n *part) trace {
	var t trace
	if o != nil {
		t.oldAddress = address(o)
		t.oldParent = o.doc.buses.parent(t.oldAddress)
	}
	if n != nil {
		t.newAddress = address(n)
		t.newParent = n.doc.buses.parent(t.newAddress)
	}
	return t
}

func address(p *part) string {
	if a := text(p.obj["address"]); a != "" {
		return a
	}
	return text(p.obj["pci_address"])
}

// structural is true when a part came, went or changed its place.
func (d *Difference) structural() bool { return d.Kind != Changed }

// fold puts differences that follow from another one below it: the PCI
// function of a drive that was replaced, the port above a link that degraded.
func (c *comparison) fold() {
	ds := c.r.Differences
	into := causes(ds)
	for i := range ds { // hostile reports may go round in circles
		j := into[i]
		for range len(ds) {
			if j == i || into[j] == j {
				break
			}
			j = into[j]
		}
		if j == i {
			into[i] = i
		}
		if into[i] != i { // shorten the way for those that come later
			into[i] = j
		}
	}
	kept := []Difference{}
	at := map[int]int{}
	for i, d := range ds {
		if into[i] == i {
			at[i] = len(kept)
			kept = append(kept, d)
		}
	}
	for i, d := range ds {
		if into[i] == i {
			continue
		}
		if k, ok := at[into[i]]; ok {
			kept[k].Also = append(kept[k].Also, d)
		} else {
			kept = append(kept, d)
		}
	}
	c.r.Differences = kept
}

// causes gives each difference the one it follows from, or itself.
func causes(ds []Difference) []int {
	const most = 64 // differences that are looked at per address
	near := map[string][]int{}
	for i := range ds {
		t := ds[i].trace
		seen := map[string]bool{"": true}
		for _, a := range []string{t.oldAddress, t.newAddress, t.oldParent, t.newParent} {
			if !seen[a] && len(near[a]) < most {
				near[a] = append(near[a], i)
			}
			seen[a] = true
		}
	}
	into := make([]int, len(ds))
	for i := range ds {
		into[i] = i
		for _, a := range []string{ds[i].trace.newAddress, ds[i].trace.oldAddress} {
			for _, j := range near[a] {
				if into[i] == i && i != j && ds[i].follows(&ds[j]) {
					into[i] = j
				}
			}
		}
	}
	return into
}

// follows is true when d is a consequence of b.
func (d *Difference) follows(b *Difference) bool {
	t, u := d.trace, b.trace
	switch {
	case d.Section == "pcie_devices" && b.Section == "pcie_devices":
		// The port above a function that came, went or got another link.
		return t.link && !d.structural() && (b.structural() || u.link) &&
			(t.newAddress != "" && t.newAddress == u.newParent || t.oldAddress != "" && t.oldAddress == u.oldParent)
	case rankOf(b.Section) == 0 || rankOf(d.Section) <= rankOf(b.Section):
		return false
	case d.structural() && b.structural():
		return sameAddresses(t, u)
	case t.link && (u.link || b.Kind == Replaced || b.Kind == Moved):
		return t.newAddress != "" && t.newAddress == u.newAddress
	}
	return false
}

// rankOf orders the sections that speak of one PCI function: the part itself,
// its controller, the function.
func rankOf(section string) int {
	switch section {
	case "storage", "gpus", "network":
		return 1
	case "storage_controllers":
		return 2
	case "pcie_devices":
		return 3
	}
	return 0
}

// sameAddresses is true when a speaks of the old function of b, of the new one,
// or of both.
func sameAddresses(a, b trace) bool {
	old := a.oldAddress == "" || a.oldAddress == b.oldAddress
	now := a.newAddress == "" || a.newAddress == b.newAddress
	return old && now && (a.oldAddress != "" || a.newAddress != "")
}

// sort brings the lists into the report's order.
func (r *Result) sort(rank map[string]int) {
	slices.SortStableFunc(r.Differences, func(a, b Difference) int {
		return cmp.Or(
			compareRanked(rank, a.Section, b.Section),
			inventory.CompareNatural(a.id(), b.id()),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Text, b.Text),
		)
	})
	slices.SortStableFunc(r.NotComparable, func(a, b Gap) int {
		return cmp.Or(compareRanked(rank, a.Section, b.Section), inventory.CompareNatural(a.Text, b.Text))
	})
}

func (d *Difference) id() string {
	if d.New != nil {
		return d.New.ID
	}
	if d.Old != nil {
		return d.Old.ID
	}
	return ""
}

// unranked is the rank of sections the key table does not know.
const unranked = 1 << 20

// compareRanked puts what has a rank before what has none.
func compareRanked(rank map[string]int, a, b string) int {
	ra, okA := rank[a]
	rb, okB := rank[b]
	if !okA {
		ra = unranked
	}
	if !okB {
		rb = unranked
	}
	return cmp.Or(cmp.Compare(ra, rb), cmp.Compare(a, b))
}
