package diff

import (
	"fmt"
	"math/big"
	"strings"
)

// masked notes a value that is no difference.
func (c *comparison) masked(e *MaskEntry, s scope, p, rel path, o, n any) {
	if equal(o, n) {
		return
	}
	switch e.Class {
	case ClassRun:
		return
	case ClassDerived:
		if c.hasBoth(e.From) {
			return
		}
		c.unmasked(s, p, rel, o, n)
	case ClassReference:
		if c.follows(o, n) {
			c.reading(s, p, rel, o, n)
			return
		}
		c.unmasked(s, p, rel, o, n)
	case ClassCounter, ClassLevel, ClassUsage:
		c.counters(e.Class, s, p, rel, o, n)
	case ClassRecord:
		c.record(s, p, rel, o, n)
	default:
		c.reading(s, p, rel, o, n)
	}
}

// unmasked treats a value as if the mask did not know it.
func (c *comparison) unmasked(s scope, p, rel path, o, n any) {
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

// hasBoth is true when both reports have what a value is derived from.
func (c *comparison) hasBoth(from string) bool {
	keys := strings.Split(from, ".")
	return lookup(c.old.root, keys...) != nil && lookup(c.new.root, keys...) != nil
}

// follows is true when a reference means the same part in both reports.
func (c *comparison) follows(o, n any) bool {
	switch o := o.(type) {
	case string:
		to, ok := c.names[o]
		return ok && to == n
	case []any:
		list, ok := n.([]any)
		if !ok || len(list) != len(o) {
			return false
		}
		left := map[string]int{}
		for _, e := range list {
			left[canonical(e)]++
		}
		for _, e := range o {
			if to, ok := c.names[text(e)]; ok {
				e = to
			}
			k := canonical(e)
			if left[k]--; left[k] < 0 {
				return false
			}
		}
		return true
	}
	return false
}

func (c *comparison) reading(s scope, p, rel path, o, n any) {
	c.r.Volatile = append(c.r.Volatile, Reading{
		ComponentID: s.id(), Field: Field{Path: p.String(), Old: o, New: n},
		Text: described(s, rel) + " " + value(p, o) + " -> " + value(p, n),
	})
}

// described is the part and the field.
func described(s scope, rel path) string {
	name := s.name()
	switch {
	case name == "":
		return fieldName(rel)
	case s.new.key.single:
		return name + " " + fieldName(rel)
	}
	return name + ": " + fieldName(rel)
}

// counters shows growth; what is no counter, or only in one report, is a
// reading.
func (c *comparison) counters(class Class, s scope, p, rel path, o, n any) {
	om, okO := o.(map[string]any)
	nm, okN := n.(map[string]any)
	if okO || okN {
		for _, k := range unionKeys(om, nm) {
			if !equal(om[k], nm[k]) {
				c.counters(class, s, p.with(k), rel.with(k), om[k], nm[k])
			}
		}
		return
	}
	a, b := count(o), count(n)
	if a == nil || b == nil {
		c.reading(s, p, rel, o, n)
		return
	}
	by := new(big.Int).Sub(b, a)
	g := Growth{ComponentID: s.id(), Path: p.String(), Old: o, New: n, Usage: class == ClassUsage}
	change := value(p, o) + " -> " + value(p, n)
	switch {
	case by.Sign() >= 0:
		g.Text = fmt.Sprintf("%s +%s (%s)", described(s, rel), by, change)
	case class == ClassLevel:
		g.Text = fmt.Sprintf("%s %s (%s)", described(s, rel), by, change)
	default:
		g.Reset = true
		g.Text = fmt.Sprintf("%s reset (%s)", described(s, rel), change)
	}
	c.r.Growth = append(c.r.Growth, g)
}

// record counts the new entries of a log.
func (c *comparison) record(s scope, p, rel path, o, n any) {
	known := map[string]bool{}
	for _, e := range entries(o) {
		known[canonical(e)] = true
	}
	fresh := 0
	for _, e := range entries(n) {
		if !known[canonical(e)] {
			fresh++
		}
	}
	g := Growth{ComponentID: s.id(), Path: p.String(), Old: o, New: n, Text: described(s, rel) + " " + plural(fresh, "new entry", "new entries")}
	if fresh == 0 {
		g.Usage, g.Text = true, described(s, rel)+" older entries gone"
	}
	c.r.Growth = append(c.r.Growth, g)
}

func entries(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if v == nil {
		return nil
	}
	return []any{v}
}
