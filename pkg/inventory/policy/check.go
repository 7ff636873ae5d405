package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

// Check holds a report against the policy. The error is of the report, which
// then has no JSON form.
func (p *Policy) Check(r *inventory.Report) (*Verdict, error) {
	bare := *r
	bare.Extensions = nil // rules are about bee's own model
	data, err := json.Marshal(&bare)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	c := newChecker(r)
	if err := d.Decode(&c.root); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	v := &Verdict{Policy: p.Name, Status: Pass, Results: []Result{}}
	for _, name := range p.Collectors {
		v.add(c.collector(name, p.collectorsLine))
	}
	if p.Health != nil {
		v.add(c.health(p.Health))
	}
	for i := range p.Rules {
		v.add(c.rule(&p.Rules[i]))
	}
	return v, nil
}

func (v *Verdict) add(r Result) {
	v.Results = append(v.Results, r)
	v.Status = worse(v.Status, r.Status)
	switch r.Status {
	case Pass:
		v.Passed++
	case Fail:
		v.Failed++
	default:
		v.Unknown++
	}
}

// checker is one report being checked.
type checker struct {
	report *inventory.Report
	root   map[string]any
	// about finds issues by component.
	about map[string][]inventory.Issue
}

func newChecker(r *inventory.Report) *checker {
	c := &checker{report: r, about: map[string][]inventory.Issue{}}
	for _, i := range r.Issues {
		c.about[i.ComponentID] = append(c.about[i.ComponentID], i)
	}
	return c
}

func (c *checker) collector(name string, line int) Result {
	r := Result{Rule: "collector " + name, Line: line, Status: Fail, Expected: "status ok", Found: "not in the report"}
	for _, o := range c.report.Collectors {
		if o.Name != name {
			continue
		}
		r.Found = "status " + string(o.Status)
		if o.Error != "" {
			r.Found += ": " + clip(o.Error)
		}
		if o.Status == inventory.StatusOK {
			r.Status = Pass
		}
	}
	return r
}

func (c *checker) health(h *HealthRule) Result {
	r := Result{Rule: "health", Line: h.line, Status: Pass, Expected: "no finding that is " + strings.Join(h.No, " or ")}
	if len(h.Except) > 0 {
		r.Expected += ", except " + strings.Join(h.Except, ", ")
	}
	var found []string
	for _, f := range c.report.Findings {
		if !slices.Contains(h.No, string(f.Severity)) || slices.Contains(h.Except, f.Code) {
			continue
		}
		r.Status = Fail
		found = append(found, fmt.Sprintf("%s %s", f.Severity, clip(f.Code)))
		r.Parts = append(r.Parts, PartResult{f.ComponentID, Fail, clip(f.Message)})
	}
	unread := c.unreadHealth()
	if len(unread) > 0 {
		r.Status = worse(r.Status, Unknown)
		found = append(found, unread...)
	}
	r.Found = list(found, "no such finding")
	return r
}

// unreadHealth is why a lack of findings may mean nothing.
func (c *checker) unreadHealth() []string {
	var why []string
	worked := false
	for _, o := range c.report.Collectors {
		switch o.Status {
		case inventory.StatusOK, inventory.StatusPartial:
			worked = true
		case inventory.StatusAbsent, inventory.StatusNotRun:
		default:
			why = append(why, fmt.Sprintf("collector %s ended as %s", o.Name, o.Status))
		}
	}
	if !worked {
		return append(why, "no collector read anything")
	}
	for _, i := range c.report.Issues {
		if i.Field == "" && i.ComponentID != "" || i.Field == "health" {
			why = append(why, "not read: "+clip(strings.TrimSpace(i.ComponentID+" "+i.Field)))
		}
	}
	return why
}

// list joins what was found, not more than a person reads.
func list(all []string, none string) string {
	const most = 8
	switch {
	case len(all) == 0:
		return none
	case len(all) > most:
		return strings.Join(all[:most], "; ") + fmt.Sprintf("; and %d more", len(all)-most)
	}
	return strings.Join(all, "; ")
}

// gap is why parts may be missing from a section; empty when none are.
func (c *checker) gap(section string) string {
	gap, named := "", false
	for _, o := range c.report.Collectors {
		if !slices.Contains(o.Sections, section) {
			continue
		}
		named = true
		switch o.Status {
		case inventory.StatusOK:
		case inventory.StatusPartial:
			for _, i := range c.report.Issues {
				if i.Collector == o.Name && i.ComponentID == "" {
					gap = "collector " + o.Name + " read only a part"
				}
			}
		case inventory.StatusAbsent:
			gap = "collector " + o.Name + " found no interface"
		default:
			gap = fmt.Sprintf("collector %s: %s", o.Name, o.Status)
		}
	}
	if !named && c.root[section] == nil {
		return "no collector filled " + section
	}
	return gap
}

// unread is why a part lacks a field.
func (c *checker) unread(id, field string) string {
	if id == "" {
		return ""
	}
	for _, i := range c.about[id] {
		if i.Field == "" || i.Field == field || strings.HasPrefix(field, i.Field+".") {
			return fmt.Sprintf("not read: %s", i.Kind)
		}
	}
	return ""
}
