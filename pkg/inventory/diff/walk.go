package diff

import (
	"slices"
	"strings"
)

// scope is the part whose values are being compared.
type scope struct {
	section  string
	old, new *part
	fields   *[]Field
	// gap tells, for each report, why parts may be missing from it.
	gapOld, gapNew string
	gpu            bool
}

func (s scope) id() string {
	for _, p := range []*part{s.new, s.old} {
		if p != nil && p.id() != "" {
			return p.id()
		}
	}
	return ""
}

func (s scope) name() string {
	if s.new != nil {
		return s.new.name()
	}
	return ""
}

// value compares what stands at p; rel is its path within the part.
func (c *comparison) value(s scope, p, rel path, o, n any) {
	om, okO := o.(map[string]any)
	nm, okN := n.(map[string]any)
	switch {
	case o == nil && n == nil:
	case okO && okN, okO && n == nil, okN && o == nil:
		if key := c.keys.single(p); key != nil {
			c.singlePart(s, key, p, om, nm)
			return
		}
		c.object(s, p, rel, o, n)
	case isParts(o) && isParts(n), isParts(o) && n == nil, isParts(n) && o == nil:
		if e := c.mask.find(p, s.gpu); e != nil {
			c.masked(e, s, p, rel, o, n)
			return
		}
		c.list(s, p, o, n)
	default:
		c.leaf(s, p, rel, o, n)
	}
}

// isParts is true for a list of objects; an empty list is one, too.
func isParts(v any) bool {
	list, ok := v.([]any)
	return ok && len(objects(list)) == len(list)
}

// object compares the keys of an object within a part. One that is missing in
// a report is one change, not many.
func (c *comparison) object(s scope, p, rel path, o, n any) {
	om, _ := o.(map[string]any)
	nm, _ := n.(map[string]any)
	if s.fields == nil {
		var fields []Field
		s.fields = &fields
		defer func() { c.loose(s, fields) }()
	}
	before := len(*s.fields)
	for _, k := range unionKeys(om, nm) {
		c.value(s, p.with(k), rel.with(k), om[k], nm[k])
	}
	if (om == nil || nm == nil) && len(*s.fields) > before && len(rel) > 0 {
		*s.fields = append((*s.fields)[:before], Field{Path: p.String(), Old: o, New: n, abs: p, rel: rel})
	}
}

// singlePart compares an object that is a part: the board, the BMC.
func (c *comparison) singlePart(s scope, key *Key, p path, o, n map[string]any) {
	inner := scope{section: s.section, fields: new([]Field)}
	inner.old = &part{doc: c.old, key: key, obj: o, ways: c.ways}
	inner.new = &part{doc: c.new, key: key, obj: n, ways: c.ways}
	if e := c.mask.find(p, false); e != nil {
		c.masked(e, inner, p, path{p[len(p)-1]}, anyMap(o), anyMap(n))
		return
	}
	if o == nil || n == nil {
		d := Difference{Kind: Added, Section: s.section, New: inner.new.public(), Text: inner.new.name() + " added"}
		if n == nil {
			if i := c.new.cover.unread(inner.old.id(), nil); i != nil {
				return
			}
			d = Difference{Kind: Removed, Section: s.section, Old: inner.old.public(), Text: inner.old.name() + " removed"}
		}
		c.r.Differences = append(c.r.Differences, d)
		return
	}
	c.object(inner, p, nil, o, n)
	c.changed(inner, *inner.fields)
}

func anyMap(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}

// leaf compares one value, or a list that holds other things than objects.
func (c *comparison) leaf(s scope, p, rel path, o, n any) {
	if equal(o, n) {
		return
	}
	if e := c.mask.find(p, s.gpu); e != nil {
		c.masked(e, s, p, rel, o, n)
		return
	}
	if c.unread(s, rel, o, n) {
		return
	}
	f := Field{Path: p.String(), Old: o, New: n, abs: p, rel: rel}
	if s.fields == nil {
		c.loose(s, []Field{f})
		return
	}
	*s.fields = append(*s.fields, f)
}

// unread is true when a value is missing because it could not be read, which
// the issues say already.
func (c *comparison) unread(s scope, rel path, o, n any) bool {
	return n == nil && s.old != nil && c.new.cover.unread(s.old.id(), rel) != nil ||
		o == nil && s.new != nil && c.old.cover.unread(s.new.id(), rel) != nil
}

// loose are changes that belong to no part.
func (c *comparison) loose(s scope, fields []Field) {
	if len(fields) == 0 {
		return
	}
	c.r.Differences = append(c.r.Differences, Difference{
		Kind: Changed, Section: s.section, Fields: fields, Text: fieldsText(fields),
	})
}

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
