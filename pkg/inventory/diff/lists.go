package diff

import (
	"slices"
	"strings"
)

// list compares two lists of objects.
func (c *comparison) list(s scope, p path, o, n any) {
	if o == nil || n == nil {
		if c.unsaid(s, p, o, n) {
			return
		}
	}
	m, ok := c.lists[p.String()]
	if !ok {
		key := c.keys.list(p)
		up := s.name()
		m = match(c.parts(key, c.old, o, up), c.parts(key, c.new, n, up))
	}
	if len(p) == 1 {
		_, s.gapOld = c.old.cover.section(p[0], true)
		_, s.gapNew = c.new.cover.section(p[0], true)
	}
	for _, pair := range m.pairs {
		c.pair(s, p, pair)
	}
	c.empties(s, m)
	for _, r := range m.removed {
		if !r.empty() {
			c.lone(s, r, Removed, c.new, s.gapNew)
		}
	}
	for _, a := range m.added {
		if !a.empty() {
			c.lone(s, a, Added, c.old, s.gapOld)
		}
	}
}

// unsaid notes a list within a part that one report has and the other does
// not mention: not the same as an empty one.
func (c *comparison) unsaid(s scope, p path, o, n any) bool {
	if len(p) == 1 { // the section's collector has spoken
		return false
	}
	side, other, l := "new", "old", len(objects(o))
	if o == nil {
		side, other, l = "old", "new", len(objects(n))
	}
	if l == 0 || c.unread(s, p[1:], o, n) {
		return true
	}
	c.r.NotComparable = append(c.r.NotComparable, Gap{
		Section: p[0], ComponentID: s.id(), Field: p.String(),
		Text: words(s.name(), fieldName(p[len(p)-1:])) + ": not said in the " + side + " report (" + plural(l, "entry", "entries") + " in the " + other + ")",
	})
	return true
}

// empties notes places that hold nothing and are only in one report; a part
// that came or went shows itself.
func (c *comparison) empties(s scope, m matching) {
	places := func(parts []*part) map[string]bool {
		all := map[string]bool{}
		for _, p := range parts {
			if len(p.key.Place) > 0 {
				all[p.words(p.key.Place[0])] = true
			}
		}
		return all
	}
	var olds, news []*part
	for _, p := range m.pairs {
		olds, news = append(olds, p.old), append(news, p.new)
	}
	oldPlaces, newPlaces := places(append(olds, m.removed...)), places(append(news, m.added...))
	for _, side := range []struct {
		parts []*part
		known map[string]bool
		text  string
		kind  Kind
	}{{m.removed, newPlaces, "is no longer listed", Removed}, {m.added, oldPlaces, "is listed now", Added}} {
		for _, p := range side.parts {
			if !p.empty() || len(p.key.Place) == 0 || side.known[p.words(p.key.Place[0])] {
				continue
			}
			d := Difference{Kind: side.kind, Section: s.section, Text: p.name() + ", empty, " + side.text}
			if side.kind == Removed {
				d.Old = p.public()
			} else {
				d.New = p.public()
			}
			c.r.Differences = append(c.r.Differences, d)
		}
	}
}

// lone is a part that is in one report only.
func (c *comparison) lone(s scope, p *part, kind Kind, other *document, gap string) {
	side, here := "new", "old"
	if kind == Added {
		side, here = "old", "new"
	}
	what := ""
	if w := p.what(); w != "" {
		what = ": " + w
	}
	name := words(p.name(), p.where())
	switch {
	case other.cover.unread(p.id(), nil) != nil: // said by the issue
		return
	case gap != "":
		c.r.NotComparable = append(c.r.NotComparable, Gap{
			Section: s.section, ComponentID: p.id(),
			Text: name + what + " is in the " + here + " report only: " + gap + " in the " + side,
		})
		return
	}
	d := Difference{Kind: kind, Section: s.section, Text: name + " " + string(kind) + what}
	if kind == Added {
		d.New, d.trace = p.public(), traceOf(nil, p)
	} else {
		d.Old, d.trace = p.public(), traceOf(p, nil)
	}
	c.r.Differences = append(c.r.Differences, d)
}

// pair compares one part that is in both reports.
func (c *comparison) pair(s scope, p path, m pair) {
	o, n := m.old, m.new
	if m.replaced {
		at := n.name()
		if !n.key.byPlace {
			at = words(n.noun(), n.where())
		}
		c.r.Differences = append(c.r.Differences, Difference{
			Kind: Replaced, Section: s.section, Old: o.public(), New: n.public(), trace: traceOf(o, n),
			Text: at + " replaced: " + orUnnamed(o.what()) + " -> " + orUnnamed(n.what()),
		})
		return
	}
	var fields []Field
	s.old, s.new, s.fields = o, n, &fields
	s.gpu = p[0] == "pcie_devices" && isGPU(text(n.obj["class_id"]))
	c.object(s, p.with(anyEntry), nil, o.obj, n.obj)
	if !m.moved {
		c.changed(s, fields)
		return
	}
	fields = slices.DeleteFunc(fields, func(f Field) bool { return c.isPlace(n.key, f.rel) })
	name := words(n.noun(), n.what())
	if !n.key.byPlace {
		name = n.name()
	}
	d := Difference{
		Kind: Moved, Section: s.section, Old: o.public(), New: n.public(), Fields: fields, trace: traceOf(o, n),
		Text: name + " moved from " + o.place() + " to " + n.place(),
	}
	if len(fields) > 0 {
		d.Text += "; " + fieldsText(fields)
	}
	c.r.Differences = append(c.r.Differences, d)
}

func orUnnamed(s string) string {
	if s == "" {
		return "(not named)"
	}
	return s
}

// isPlace is true for values that say where a part is.
func (c *comparison) isPlace(k *Key, rel path) bool {
	switch rel[0] {
	case "slot", "bank", "enclosure", "parent", "label", "numa_node", "device":
		return true
	}
	for _, fields := range k.Place {
		for _, f := range fields {
			_, name, ok := strings.Cut(f, ":")
			if !ok {
				name = f
			}
			if rel.String() == name {
				return true
			}
		}
	}
	e := c.mask.find(append(splitPattern(k.Path), append(path{anyEntry}, rel...)...), false)
	return e != nil && e.Class == ClassReference
}
