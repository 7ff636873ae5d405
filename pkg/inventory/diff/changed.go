package diff

import (
	"encoding/json"
	"strings"
)

// changed makes one line of a part's changes, and one more of its link's.
func (c *comparison) changed(s scope, fields []Field) {
	var link, rest []Field
	for _, f := range fields {
		if isLink(f.rel) {
			link = append(link, f)
		} else {
			rest = append(rest, f)
		}
	}
	if len(link) > 0 {
		d := s.difference(link)
		d.Text = "link of " + s.name() + " " + linkText(link)
		d.trace.link = true
		c.r.Differences = append(c.r.Differences, d)
	}
	if len(rest) > 0 {
		d := s.difference(rest)
		sep := ": "
		if s.new.key.single {
			sep = " "
		}
		d.Text = s.name() + sep + fieldsText(rest)
		c.r.Differences = append(c.r.Differences, d)
	}
}

func (s scope) difference(fields []Field) Difference {
	return Difference{
		Kind: Changed, Section: s.section, Old: s.old.public(), New: s.new.public(),
		Fields: fields, trace: traceOf(s.old, s.new),
	}
}

func isLink(rel path) bool {
	return len(rel) == 2 && rel[0] == "pcie_link" || len(rel) == 1 && rel[0] == "link_speed_gbps"
}

// linkText is "degraded: x16 -> x8, 16 GT/s -> 8 GT/s".
func linkText(fields []Field) string {
	worse, better := false, false
	var all []string
	for _, f := range fields {
		name := f.rel[len(f.rel)-1]
		words := value(f.rel, f.Old) + " -> " + value(f.rel, f.New)
		switch name {
		case "current_width", "current_speed_gts", "link_speed_gbps":
			o, okO := f.Old.(json.Number)
			n, okN := f.New.(json.Number)
			a, errA := o.Float64()
			b, errB := n.Float64()
			if okO && okN && errA == nil && errB == nil {
				worse, better = worse || b < a, better || b > a
			}
		default:
			words = fieldName(f.rel[len(f.rel)-1:]) + " " + words
		}
		if name == "current_width" {
			all = append([]string{words}, all...)
		} else {
			all = append(all, words)
		}
	}
	verb := "changed"
	switch {
	case worse && !better:
		verb = "degraded"
	case better && !worse:
		verb = "recovered"
	}
	return verb + ": " + strings.Join(all, ", ")
}

// shown is how many changes stand in one line; all are in the fields.
const shown = 6

// fieldsText is "firmware 2.1 -> 2.4, revision 2.1 -> 2.4".
func fieldsText(fields []Field) string {
	fields = mostTelling(fields)
	var all []string
	for i, f := range fields {
		if i == shown {
			all = append(all, plural(len(fields)-shown, "more change", "more changes"))
			break
		}
		name := fieldName(f.rel)
		if f.Path == "board.bios.version" {
			name = "firmware"
		}
		all = append(all, name+" "+changeText(f))
	}
	return strings.Join(all, ", ")
}

// mostTelling puts versions first.
func mostTelling(fields []Field) []Field {
	var first, rest []Field
	for _, f := range fields {
		switch f.rel[len(f.rel)-1] {
		case "version", "firmware", "vbios", "status", "state":
			first = append(first, f)
		default:
			rest = append(rest, f)
		}
	}
	return append(first, rest...)
}

// changeText is "old -> new"; an object that is missing is not spelled out.
func changeText(f Field) string {
	_, isObject := f.Old.(map[string]any)
	if isObject && f.New == nil {
		return "no longer said"
	}
	if _, isObject = f.New.(map[string]any); isObject && f.Old == nil {
		return "said now"
	}
	return value(f.abs, f.Old) + " -> " + value(f.abs, f.New)
}
