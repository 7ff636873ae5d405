package diff

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
