package policy

import (
	"fmt"
	"strings"
)

// candidate is one part and what is known of it.
type candidate struct {
	id  string
	obj map[string]any
	// sure is false when nobody can tell whether Where means it.
	sure bool
}

// parts are the parts at a path; lists on the way are gone through.
func (c *checker) parts(path string) []candidate {
	level := []any{c.root}
	for _, name := range strings.Split(path, ".") {
		var next []any
		for _, v := range level {
			m, ok := v.(map[string]any)
			if !ok {
				continue
			}
			switch v := m[name].(type) {
			case []any:
				next = append(next, v...)
			case nil:
			default:
				next = append(next, v)
			}
		}
		level = next
	}
	var all []candidate
	for i, v := range level {
		obj, ok := v.(map[string]any)
		if !ok {
			continue
		}
		id, _ := obj["id"].(string)
		if id == "" {
			id = fmt.Sprintf("%s[%d]", path, i)
			if len(level) == 1 {
				id = path
			}
		}
		all = append(all, candidate{id: id, obj: obj, sure: true})
	}
	return all
}

// value is a field of a part, nil when it is not said.
func value(obj map[string]any, field string) any {
	var v any = obj
	for rest := field; ; {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		if v, ok := m[rest]; ok { // a key of a map may have dots
			return v
		}
		name, below, ok := strings.Cut(rest, ".")
		if !ok {
			return nil
		}
		v, rest = m[name], below
	}
}

// choose applies Where.
func (c *checker) choose(r *Rule) []candidate {
	present := false
	for _, w := range r.Where {
		present = present || w.Field == "present"
	}
	var chosen []candidate
	for _, p := range c.parts(r.Parts) {
		if !present && p.obj["present"] == false {
			continue
		}
		s, _ := c.hold(p, r.Where)
		if s == Fail {
			continue
		}
		p.sure = s == Pass
		chosen = append(chosen, p)
	}
	return chosen
}

// hold judges all conditions on one part and tells what does not hold.
func (c *checker) hold(p candidate, conditions []Condition) (Status, string) {
	status := Pass
	var found []string
	for i := range conditions {
		k := &conditions[i]
		v := value(p.obj, k.Field)
		s, why := k.hold(v)
		if v == nil && s != Unknown {
			if u := c.unread(p.id, k.Field); u != "" {
				s, why = Unknown, u
			}
		} else if s == Unknown && v == nil {
			if u := c.unread(p.id, k.Field); u != "" {
				why = u
			}
		}
		status = worse(status, s)
		switch {
		case s == Pass:
		case v == nil && why == "":
			found = append(found, k.Field+" not said")
		case v == nil:
			found = append(found, k.Field+" "+why)
		case why != "":
			found = append(found, k.Field+" "+k.show(plain(v))+" ("+why+")")
		default:
			found = append(found, k.Field+" "+k.show(plain(v)))
		}
	}
	return status, strings.Join(found, ", ")
}

// rule judges one rule.
func (c *checker) rule(r *Rule) Result {
	res := Result{Rule: r.Name, Line: r.line, Status: Pass, Expected: r.expected()}
	section, _, _ := strings.Cut(r.Parts, ".")
	gap := c.gap(section)
	if gap == "" && strings.Contains(r.Parts, ".") && !c.said(r.Parts) {
		gap = r.Parts + " not said"
	}
	chosen := c.choose(r)
	if len(chosen) == 1 && !isList(r.Parts) { // there is no other
		gap = ""
	}
	var found []string
	sure := 0
	for _, p := range chosen {
		if p.sure {
			sure++
		}
	}
	maybe := len(chosen) - sure

	if r.Exactly != nil {
		s, words, parts := c.exactly(r, chosen, gap)
		res.Status, res.Parts = worse(res.Status, s), parts
		found = append(found, words...)
	} else {
		res.Parts = c.each(r, chosen, &res.Status, &found)
	}
	if count := r.count(); count != nil {
		s := count.hold(sure, maybe, gap != "")
		res.Status = worse(res.Status, s)
		text := fmt.Sprintf("count %d", sure)
		if maybe > 0 {
			text += fmt.Sprintf(" to %d", sure+maybe)
		}
		found = append([]string{text}, found...)
	}
	if gap != "" {
		found = append(found, gap)
		if len(r.Each) > 0 { // there may be parts nobody has seen
			res.Status = worse(res.Status, Unknown)
		}
	}
	res.Found = list(found, "as expected")
	return res
}

// said is true when the report has the path's last list or object at all.
func (c *checker) said(path string) bool {
	up, name, below := cutLast(path)
	if !below {
		return c.root[path] != nil
	}
	for _, p := range c.parts(up) {
		if p.obj[name] != nil {
			return true
		}
	}
	return false
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// each judges the conditions on every part.
func (c *checker) each(r *Rule, chosen []candidate, status *Status, found *[]string) []PartResult {
	var parts []PartResult
	for _, p := range chosen {
		s, words := c.hold(p, r.Each)
		if !p.sure && s != Pass {
			s = Unknown
		}
		*status = worse(*status, s)
		if s != Pass {
			*found = append(*found, p.id+": "+words)
		}
		parts = append(parts, PartResult{p.id, s, words})
	}
	return parts
}

// count is the rule's bound; each without one wants a part at least.
func (r *Rule) count() *Count {
	if r.Count == nil && len(r.Each) > 0 {
		return &Count{AtLeast: new(1)}
	}
	return r.Count
}

// hold judges a number of which only some parts are sure; more says that
// there may be parts nobody has seen.
func (k *Count) hold(sure, maybe int, more bool) Status {
	if k.AtMost != nil && sure > *k.AtMost {
		return Fail
	}
	if k.AtLeast != nil && sure+maybe < *k.AtLeast && !more {
		return Fail
	}
	if k.AtLeast != nil && sure < *k.AtLeast || k.AtMost != nil && (more || sure+maybe > *k.AtMost) {
		return Unknown
	}
	return Pass
}

// expected is the rule in words.
func (r *Rule) expected() string {
	var all []string
	if k := r.Count; k != nil {
		switch {
		case k.AtLeast != nil && k.AtMost != nil && *k.AtLeast == *k.AtMost:
			all = append(all, fmt.Sprintf("count %d", *k.AtLeast))
		default:
			if k.AtLeast != nil {
				all = append(all, fmt.Sprintf("count at least %d", *k.AtLeast))
			}
			if k.AtMost != nil {
				all = append(all, fmt.Sprintf("count at most %d", *k.AtMost))
			}
		}
	}
	for i := range r.Each {
		all = append(all, r.Each[i].String())
	}
	for _, l := range r.Exactly {
		all = append(all, l.String())
	}
	if r.Exactly != nil && len(r.Exactly) == 0 {
		all = append(all, "none")
	}
	return list(all, "nothing")
}

// String is "16 x part_number M393A4K40, size_bytes 32 GiB".
func (l *Line) String() string {
	var fields []string
	for i := range l.Fields {
		fields = append(fields, l.Fields[i].String())
	}
	return strings.TrimSpace(fmt.Sprintf("%d x %s", l.Count, strings.Join(fields, ", ")))
}
