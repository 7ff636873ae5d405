package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"example.com/bee/pkg/inventory"
)

// Compare compares two reports in JSON form, the older first. Both must be of
// this package's major schema version (ErrVersion), no larger than MaxBytes
// (ErrTooLarge) and reports (ErrNotReport); unknown keys and enum values are
// compared like all others.
func Compare(older, newer []byte) (*Result, error) {
	o, err := parse(older)
	if err != nil {
		return nil, fmt.Errorf("old report: %w", err)
	}
	n, err := parse(newer)
	if err != nil {
		return nil, fmt.Errorf("new report: %w", err)
	}
	return compare(o, n), nil
}

// Reports compares two reports.
func Reports(older, newer *inventory.Report) (*Result, error) {
	o, err := json.Marshal(older)
	if err != nil {
		return nil, fmt.Errorf("old report: %w", err)
	}
	n, err := json.Marshal(newer)
	if err != nil {
		return nil, fmt.Errorf("new report: %w", err)
	}
	return Compare(o, n)
}

// comparison is one run.
type comparison struct {
	old, new *document
	keys     table
	mask     mask
	ways     bool
	// names maps ids and PCI addresses of the old report to those the same
	// places and parts have in the new one.
	names map[string]string
	lists map[string]matching
	r     *Result
}

func compare(o, n *document) *Result {
	c := &comparison{
		old: o, new: n, keys: newTable(), mask: newMask(),
		ways:  len(o.buses) > 0 && len(n.buses) > 0,
		names: map[string]string{}, lists: map[string]matching{},
		r: &Result{
			Old: o.side(), New: n.side(),
			Differences: []Difference{}, NotComparable: []Gap{}, Growth: []Growth{}, Volatile: []Reading{},
		},
	}
	sections := c.sections()
	for _, s := range sections { // names first: references need them
		c.learn(path{s}, o.root[s], n.root[s])
	}
	for _, s := range sections {
		c.section(s)
	}
	c.r.NotComparable = append(c.r.NotComparable, issueGaps(o, n)...)
	c.fold()
	c.r.sort(c.rank())
	c.r.Same = len(c.r.Differences) == 0 && len(c.r.NotComparable) == 0
	return c.r
}

// sections are the keys of both reports in the order of the key table, those
// it does not know behind, the findings last.
func (c *comparison) sections() []string {
	all := map[string]bool{}
	for _, d := range []*document{c.old, c.new} {
		for k := range d.root {
			all[k] = true
		}
	}
	rank := c.rank()
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return compareRanked(rank, a, b)
	})
}

func (c *comparison) rank() map[string]int {
	rank := map[string]int{}
	for i, k := range Keys() {
		s := splitPattern(k.Path)[0]
		if _, ok := rank[s]; !ok {
			rank[s] = i
		}
	}
	rank["findings"] = 2 * unranked
	return rank
}

// learn matches the lists of parts below p and notes what they are called.
func (c *comparison) learn(p path, o, n any) {
	om, okO := o.(map[string]any)
	nm, okN := n.(map[string]any)
	if okO && okN {
		for k := range om {
			c.learn(p.with(k), om[k], nm[k])
		}
		return
	}
	if p[0] == "findings" || c.mask.find(p, false) != nil {
		return
	}
	key := c.keys.list(p)
	m := match(c.parts(key, c.old, o, ""), c.parts(key, c.new, n, ""))
	c.lists[p.String()] = m
	for _, pair := range m.pairs {
		for _, f := range []string{"id", "address"} {
			if a, b := text(pair.old.obj[f]), text(pair.new.obj[f]); a != "" && b != "" && a != b {
				c.names[a] = b
			}
		}
	}
}

// parts are the entries of a list of objects.
func (c *comparison) parts(key *Key, d *document, v any, up string) []*part {
	all := objects(v)
	parts := make([]*part, len(all))
	labels := map[string]int{}
	for i, o := range all {
		parts[i] = &part{doc: d, key: key, obj: o, up: up, ways: c.ways}
		labels[text(o["slot"])]++
	}
	for _, p := range parts {
		p.common = labels[text(p.obj["slot"])] > 1
	}
	return parts
}

// section compares one key of the reports, unless a collector did not read it.
func (c *comparison) section(name string) {
	p := path{name}
	o, n := c.old.root[name], c.new.root[name]
	if name == "extensions" {
		c.extensions(o, n)
		return
	}
	if e := c.mask.find(p, false); e != nil {
		c.masked(e, scope{}, p, p, o, n)
		return
	}
	if name == "findings" {
		c.findings(o, n)
		return
	}
	if c.gap(name, name, o, n) {
		return
	}
	c.value(scope{section: name}, p, p, o, n)
}

// extensions are sections of their own.
func (c *comparison) extensions(o, n any) {
	om, _ := o.(map[string]any)
	nm, _ := n.(map[string]any)
	for _, k := range unionKeys(om, nm) {
		if !c.gap("extensions", k, om[k], nm[k]) {
			p := path{"extensions", k}
			c.value(scope{section: "extensions"}, p, p, om[k], nm[k])
		}
	}
}

// gap notes a section that only one report has because the other's collector
// did not read it.
func (c *comparison) gap(section, name string, o, n any) bool {
	for _, side := range []struct {
		doc         *document
		name, other string
		has, lacks  any
	}{{c.new, "new", "old", o, n}, {c.old, "old", "new", n, o}} {
		if side.lacks != nil || side.has == nil {
			continue
		}
		covered, why := side.doc.cover.section(section, false)
		if section == "extensions" {
			covered, why = side.doc.cover.extension(name)
		}
		if covered {
			continue
		}
		text := fmt.Sprintf("%s: %s in the %s report", clip(name, 60), why, side.name)
		if l := len(objects(side.has)); l > 0 {
			text += fmt.Sprintf(" (%s in the %s)", plural(l, "entry", "entries"), side.other)
		}
		c.r.NotComparable = append(c.r.NotComparable, Gap{Section: name, Text: text})
		return true
	}
	return false
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func unionKeys(a, b map[string]any) []string {
	all := map[string]bool{}
	for _, m := range []map[string]any{a, b} {
		for k := range m {
			all[k] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
