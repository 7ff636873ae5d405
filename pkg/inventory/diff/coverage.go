package diff

import (
	"slices"
	"strings"
)

// coverage is what a report says of its own gaps.
type coverage struct {
	outcomes []outcome
	issues   []issue
	// about finds issues by component.
	about map[string][]issue
}

type outcome struct {
	name, status string
	sections     []string
	whole        bool // an issue is of the collector as a whole
}

type issue struct {
	component, field, kind, source, detail, collector string
}

// key tells issues apart; their words may carry readings.
func (i issue) key() string {
	return strings.Join([]string{i.component, i.field, i.kind, i.source, i.collector}, "\x00")
}

func newCoverage(root map[string]any) coverage {
	c := coverage{about: map[string][]issue{}}
	whole := map[string]bool{}
	for _, o := range objects(root["issues"]) {
		i := issue{text(o["component_id"]), text(o["field"]), text(o["kind"]), text(o["source"]), text(o["detail"]), text(o["collector"])}
		c.issues = append(c.issues, i)
		c.about[i.component] = append(c.about[i.component], i)
		whole[i.collector] = whole[i.collector] || i.component == ""
	}
	for _, o := range objects(root["collectors"]) {
		out := outcome{name: text(o["name"]), status: text(o["status"])}
		out.whole = whole[out.name]
		list, _ := o["sections"].([]any)
		for _, s := range list {
			out.sections = append(out.sections, text(s))
		}
		c.outcomes = append(c.outcomes, out)
	}
	return c
}

// section says whether a collector read the section, and why it may lack
// parts; gap is empty when it lacks none.
func (c coverage) section(name string, there bool) (covered bool, gap string) {
	named := false
	for _, o := range c.outcomes {
		if !slices.Contains(o.sections, name) {
			continue
		}
		named = true
		switch o.status {
		case "ok":
			covered = true
		case "partial":
			covered = true
			if o.whole {
				gap = "collector " + o.name + " read only a part"
			}
		case "absent":
			if gap == "" {
				gap = "collector " + o.name + " found no interface"
			}
		case "not_run":
			gap = "collector " + o.name + " was not run"
		default:
			gap = "collector " + o.name + " ended as " + clip(o.status, 20)
			if o.status == "denied" {
				gap = "collector " + o.name + " was denied"
			}
		}
	}
	if !named {
		if there {
			return true, ""
		}
		return false, "no collector filled it"
	}
	return covered, gap
}

// unread is the issue that explains why a field of a part is missing.
func (c coverage) unread(component string, field path) *issue {
	if component == "" {
		return nil
	}
	for i, is := range c.about[component] {
		if is.field == "" || len(field) == 0 || field.coveredBy(splitPattern(is.field)) || field[len(field)-1] == is.field {
			return &c.about[component][i]
		}
	}
	return nil
}

// issueGaps lists what only one of the reports could not read.
func issueGaps(older, newer *document) []Gap {
	var gaps []Gap
	for _, side := range []struct {
		in, other *document
		name      string
	}{{older, newer, "old"}, {newer, older, "new"}} {
		known := map[string]bool{}
		for _, i := range side.other.cover.issues {
			known[i.key()] = true
		}
		for _, i := range side.in.cover.issues {
			if known[i.key()] || side.in.cover.lost(i.collector) {
				continue
			}
			known[i.key()] = true
			g := Gap{ComponentID: i.component, Field: i.field, Text: words(i.component, i.field)}
			if g.Text == "" {
				g.Text = words("collector", i.collector)
			}
			g.Text += " was not read in the " + side.name + " report: " + words(i.kind+":", clip(i.detail, 120))
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// lost is true for a collector that brought nothing: its sections are gaps
// already.
func (c coverage) lost(collector string) bool {
	for _, o := range c.outcomes {
		if o.name == collector {
			return o.status != "ok" && o.status != "partial"
		}
	}
	return false
}

// extension says whether the collector of an extension, which has its name,
// brought something.
func (c coverage) extension(key string) (covered bool, gap string) {
	for _, o := range c.outcomes {
		if o.name == key && slices.Contains(o.sections, "extensions") {
			return coverage{outcomes: []outcome{o}}.section("extensions", false)
		}
	}
	return false, "no collector filled it"
}
