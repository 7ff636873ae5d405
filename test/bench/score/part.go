// Package score counts what a program says about a machine whose parts are
// known: facts right, wrong and missing.
//
// A reader per program turns what it printed into [Part]s. A fact is right when
// the plugged-in value stands in the field where it belongs, wrong when another
// value stands there, and missing when there is none or a placeholder. A value
// in a dump without a name for it (hwinfo's "Type 39 Record, String 4") is no
// field. What a program says beyond the facts is not counted.
package score

import (
	"slices"
	"strings"
)

// Part is one thing: a drive, a module, a link. Fields with several values are
// right when one of them is: two programs of a stack may name a part.
type Part struct {
	Kind   string
	Fields map[string][]string
}

// Tally is a count of facts.
type Tally struct {
	Right, Wrong, Missing int
	// ByKind has right and all facts of each kind of part.
	ByKind map[string][2]int
	// Wrongs name the facts that are not right: "drive S45P...: firmware: 904Q, not HXT7904Q".
	Wrongs, Missings []string
}

// Facts is how many there were.
func (t Tally) Facts() int { return t.Right + t.Wrong + t.Missing }

func part(kind string, fields ...string) Part {
	p := Part{Kind: kind, Fields: map[string][]string{}}
	for i := 0; i+1 < len(fields); i += 2 {
		p.add(fields[i], fields[i+1])
	}
	return p
}

// add keeps a value unless it is a placeholder.
func (p Part) add(field, value string) {
	value = strings.ToLower(strings.TrimSpace(value))
	switch value {
	case "", "unknown", "not specified", "none", "n/a", "[empty]", "empty", "null", "0x0000", "not present", "no module installed":
		return
	}
	p.Fields[field] = append(p.Fields[field], value)
}

// keys are the fields that say which part of its kind it is, best first.
func keys(kind string) []string {
	switch kind {
	case "drive":
		return []string{"serial", "wwn", "pci_address"}
	case "namespace":
		return []string{"eui64", "serial_nsid"}
	case "dimm":
		return []string{"serial", "slot"}
	case "cpu":
		return []string{"socket"}
	case "psu":
		return []string{"serial", "slot"}
	case "nic":
		return []string{"mac", "pci_address"}
	case "link", "controller":
		return []string{"pci_address"}
	case "slot":
		return []string{"designation", "pci_address"}
	case "sensor":
		return []string{"name"}
	case "fru":
		return []string{"board_serial", "product_serial"}
	default: // One of its kind.
		return nil
	}
}

// Compare counts which of the wanted facts a program says.
func Compare(wanted, said []Part) Tally {
	var t Tally
	taken := make([]bool, len(said))
	match := make([]int, len(wanted))
	for i := range match {
		match[i] = -1
	}
	byKey(wanted, said, match, taken)
	byLikeness(wanted, said, match, taken)
	for i, w := range wanted {
		var got Part
		if match[i] >= 0 {
			got = said[match[i]]
		}
		t.part(w, got)
	}
	return t
}

// byKey gives to each wanted part the one with the same key.
func byKey(wanted, said []Part, match []int, taken []bool) {
	for rank := range 3 {
		for i, w := range wanted {
			ks := keys(w.Kind)
			if match[i] >= 0 || rank >= len(ks) || len(w.Fields[ks[rank]]) == 0 {
				continue
			}
			for j, s := range said {
				if !taken[j] && s.Kind == w.Kind && common(w.Fields[ks[rank]], s.Fields[ks[rank]]) {
					match[i], taken[j] = j, true
					break
				}
			}
		}
	}
}

// byLikeness gives the remaining ones what is most like them: a drive without
// any serial number can still have the right size.
func byLikeness(wanted, said []Part, match []int, taken []bool) {
	for i, w := range wanted {
		if match[i] >= 0 {
			continue
		}
		best := 0
		for j, s := range said {
			if taken[j] || s.Kind != w.Kind {
				continue
			}
			like := 0
			for f, v := range w.Fields {
				switch {
				case common(v, s.Fields[f]):
					like += 10
				case len(s.Fields[f]) > 0:
					like--
				}
			}
			if like > best {
				best, match[i] = like, j
			}
		}
		if match[i] >= 0 {
			taken[match[i]] = true
		}
	}
}

func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}

func (t *Tally) part(w, got Part) {
	name := w.Kind
	for _, k := range keys(w.Kind) {
		if v := w.Fields[k]; len(v) > 0 {
			name += " " + v[0]
			break
		}
	}
	for _, f := range sorted(w.Fields) {
		want, have := w.Fields[f], got.Fields[f]
		switch {
		case names(w.Kind, f):
		case common(want, have):
			t.Right++
			t.count(w.Kind, 1)
		case len(have) == 0:
			t.Missing++
			t.count(w.Kind, 0)
			t.Missings = append(t.Missings, name+": "+f)
		default:
			t.Wrong++
			t.count(w.Kind, 0)
			t.Wrongs = append(t.Wrongs, name+": "+f+": "+strings.Join(have, ", ")+", not "+want[0])
		}
	}
}

func (t *Tally) count(kind string, right int) {
	if t.ByKind == nil {
		t.ByKind = map[string][2]int{}
	}
	n := t.ByKind[kind]
	t.ByKind[kind] = [2]int{n[0] + right, n[1] + 1}
}

// names says that a field only tells which part is meant; it is no fact.
func names(kind, field string) bool {
	switch kind {
	case "link", "controller":
		return field == "pci_address"
	case "namespace":
		return field == "serial_nsid"
	default:
		return false
	}
}

func sorted(m map[string][]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
