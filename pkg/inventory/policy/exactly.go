package policy

import "fmt"

// exactly holds parts against a bill of materials. Each part goes to the first
// line it fits that is not yet full.
func (c *checker) exactly(r *Rule, chosen []candidate, gap string) (Status, []string, []PartResult) {
	have := make([]int, len(r.Exactly))
	var found []string
	var parts []PartResult
	status, maybe := Pass, 0
	for _, p := range chosen {
		line, s := c.fit(r, p, have)
		if !p.sure && s != Pass {
			s = Unknown
		}
		res := PartResult{ComponentID: p.id, Status: s}
		switch s {
		case Pass:
			have[line]++
		case Unknown:
			maybe++
			res.Found = "cannot be told: " + c.describe(r, p)
			found = append(found, p.id+" "+res.Found)
		default:
			res.Found = "not on the list: " + c.describe(r, p)
			found = append(found, p.id+" "+res.Found)
		}
		status = worse(status, s)
		parts = append(parts, res)
	}
	missing := 0
	for i := range r.Exactly {
		l := &r.Exactly[i]
		if n := l.Count - have[i]; n > 0 {
			missing += n
			found = append(found, fmt.Sprintf("missing %d of %s", n, l))
		}
	}
	switch {
	case missing > maybe && gap == "":
		status = Fail
	case missing > 0 || gap != "":
		status = worse(status, Unknown)
	}
	return status, found, parts
}

// fit finds the line of a part; Unknown when it lacks values to tell.
func (c *checker) fit(r *Rule, p candidate, have []int) (int, Status) {
	status := Fail
	for i := range r.Exactly {
		l := &r.Exactly[i]
		if have[i] >= l.Count {
			continue
		}
		switch s, _ := c.hold(p, l.Fields); s {
		case Pass:
			return i, Pass
		case Unknown:
			status = Unknown
		default:
		}
	}
	return 0, status
}

// describe gives the values the list asks for.
func (c *checker) describe(r *Rule, p candidate) string {
	seen := map[string]bool{}
	var all []string
	for _, l := range r.Exactly {
		for i := range l.Fields {
			k := &l.Fields[i]
			if seen[k.Field] {
				continue
			}
			seen[k.Field] = true
			if v := value(p.obj, k.Field); v != nil {
				all = append(all, k.Field+" "+k.show(plain(v)))
			} else {
				all = append(all, k.Field+" not said")
			}
		}
	}
	return list(all, "a part")
}
