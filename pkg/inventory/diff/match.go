package diff

import "strings"

// part is one entry of a list in one of the reports.
type part struct {
	doc *document
	key *Key
	obj map[string]any
	// up is the name of the part above, for those that are named after it.
	up string
	// ways is true when both reports have PCI functions: only then do ways
	// and slots of functions compare.
	ways bool
	// common is true when other entries carry the same label.
	common bool
}

func (p *part) id() string { return text(p.obj["id"]) }

// empty is true for a place that says it holds nothing.
func (p *part) empty() bool { return p.obj["present"] == false }

// value is one field of a field list.
func (p *part) value(field string) string {
	word, name, ok := strings.Cut(field, ":")
	if !ok {
		return text(lookup(p.obj, strings.Split(field, ".")...))
	}
	address := text(p.obj[name])
	switch {
	case address == "":
		return ""
	case word == "fn":
		_, fn, _ := cutLast(address, ".")
		return fn
	case word == "slot" && p.ways:
		return p.doc.buses.slot(address)
	case word == "path" && p.ways:
		return p.doc.buses.way(address)
	case word == "path":
		return address
	}
	return ""
}

// words is the value of a field list, "" when it is not complete.
func (p *part) words(fields []string) string {
	if p.value(fields[len(fields)-1]) == "" {
		return ""
	}
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = p.value(f)
	}
	return strings.Join(all, "\x00")
}

// hasKey is true when the part can be told from others at all.
func (p *part) hasKey() bool {
	for _, lists := range [][][]string{p.key.Identity, p.key.Weak, p.key.Place} {
		for _, fields := range lists {
			if p.words(fields) != "" {
				return true
			}
		}
	}
	return p.id() != ""
}

// otherPart is true when two parts in one place are not the same: by the first
// identity both have, else by the model.
func otherPart(o, n *part) bool {
	compared, same := false, false
	for _, fields := range o.key.Identity {
		a, b := o.words(fields), n.words(fields)
		if a != "" && b != "" {
			compared, same = true, same || a == b
		}
	}
	if compared {
		return !same
	}
	for _, f := range o.key.Model {
		if a, b := o.value(f), n.value(f); a != "" && b != "" && a != b {
			return true
		}
	}
	return false
}

// pair is one part in both reports.
type pair struct {
	old, new *part
	replaced bool
	moved    bool
}

// matching is how the entries of two lists belong together.
type matching struct {
	pairs   []pair
	removed []*part
	added   []*part
}

// matcher pairs the entries of one list, the surest sign first.
type matcher struct {
	old, new       []*part // what is left
	allOld, allNew []*part
	m              matching
}

func match(older, newer []*part) matching {
	m := &matcher{old: older, new: newer, allOld: older, allNew: newer}
	m.by(func(p *part) string { return canonical(p.obj) }, false)
	for _, key := range keysOf(older, newer) {
		for _, fields := range key.Identity {
			m.by(func(p *part) string { return p.words(fields) }, true)
			for _, place := range key.Place { // identities that are shared: by place
				m.by(func(p *part) string { return both(p.words(fields), p.words(place)) }, true)
			}
		}
		for _, fields := range key.Weak {
			m.by(func(p *part) string { return p.words(fields) }, true)
		}
		for _, fields := range key.Place {
			m.by(func(p *part) string { return p.words(fields) }, true)
		}
	}
	m.by((*part).id, true)
	m.by(func(p *part) string { // those without any key go by their order
		if p.hasKey() {
			return ""
		}
		return "-"
	}, false)
	m.m.removed, m.m.added = m.old, m.new
	return m.m
}

// keysOf is the row of the two lists, when they have entries.
func keysOf(lists ...[]*part) []*Key {
	for _, l := range lists {
		if len(l) > 0 {
			return []*Key{l[0].key}
		}
	}
	return nil
}

func both(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + "\x00" + b
}

// by pairs what is left where key gives the same words; with unique only where
// it does so once in the whole of each report.
func (m *matcher) by(key func(*part) string, unique bool) {
	if len(m.old) == 0 || len(m.new) == 0 {
		return
	}
	waiting := map[string][]*part{}
	for _, p := range m.new {
		if k := key(p); k != "" {
			waiting[k] = append(waiting[k], p)
		}
	}
	if unique {
		for _, all := range [][]*part{m.allOld, m.allNew} {
			for k, n := range counts(all, key) {
				if n > 1 {
					delete(waiting, k)
				}
			}
		}
	}
	taken := map[*part]bool{}
	left := m.old[:0:0]
	for _, o := range m.old {
		k := key(o)
		list := waiting[k]
		if len(list) == 0 || o.empty() != list[0].empty() {
			left = append(left, o)
			continue
		}
		waiting[k] = list[1:]
		taken[list[0]] = true
		m.m.pairs = append(m.m.pairs, newPair(o, list[0]))
	}
	m.old = left
	rest := m.new[:0:0]
	for _, n := range m.new {
		if !taken[n] {
			rest = append(rest, n)
		}
	}
	m.new = rest
}

func counts(parts []*part, key func(*part) string) map[string]int {
	n := map[string]int{}
	for _, p := range parts {
		n[key(p)]++
	}
	return n
}

func newPair(o, n *part) pair {
	p := pair{old: o, new: n}
	if o.empty() {
		return p
	}
	p.replaced = otherPart(o, n)
	if p.replaced || len(o.key.Identity) == 0 {
		return p
	}
	for _, fields := range o.key.Place {
		a, b := o.words(fields), n.words(fields)
		if a != "" && b != "" {
			p.moved = a != b
			break
		}
	}
	return p
}
