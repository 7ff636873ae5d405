package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/inventory"
)

// verdict never calls a machine well of which a part could not be seen.
func (p *page) verdict(r *inventory.Report) {
	p.line(p.limit(fmt.Sprintf("%s %s  %s  %s", Text(r.Tool.Name), Text(r.Tool.Version),
		r.StartedAt.UTC().Format(time.RFC3339), time.Duration(r.DurationMS)*time.Millisecond)))
	v := r.Verdict()
	var notes []string
	for _, s := range []inventory.Severity{inventory.SeverityCritical, inventory.SeverityWarning, inventory.SeverityInfo} {
		n := 0
		for _, f := range r.Findings {
			if f.Severity == s {
				n++
			}
		}
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%d %s", n, s))
		}
	}
	if n := len(Incomplete(r)); n > 0 {
		notes = append(notes, plural(n, "collector")+" incomplete")
	}
	text := "VERDICT: " + strings.ToUpper(Text(string(v)))
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	p.line(p.paint(healthColor(v), text))
}

// Incomplete lists the collectors that should have read more than they did.
func Incomplete(r *inventory.Report) []inventory.Outcome {
	var list []inventory.Outcome
	for _, c := range r.Collectors {
		switch c.Status {
		case inventory.StatusOK, inventory.StatusAbsent, inventory.StatusNotRun:
		default:
			list = append(list, c)
		}
	}
	return list
}

func healthColor(h inventory.Health) color {
	switch h {
	case inventory.HealthCritical:
		return red
	case inventory.HealthWarning:
		return yellow
	case inventory.HealthOK:
		return green
	case inventory.HealthUnknown:
	}
	return bold
}

func severityColor(s inventory.Severity) color {
	switch s {
	case inventory.SeverityCritical:
		return red
	case inventory.SeverityWarning:
		return yellow
	case inventory.SeverityInfo:
	}
	return ""
}

func (p *page) findings(list []inventory.Finding, most int) {
	if len(list) == 0 {
		return
	}
	p.heading("Findings")
	for _, f := range list[:min(most, len(list))] {
		head := fmt.Sprintf("  %-8s", Cut(strings.ToUpper(Text(string(f.Severity))), 8))
		lines := Wrap(Text(f.Message), p.Width-12)
		if len(lines) == 0 {
			lines = []string{Text(f.Code)}
		}
		p.line(p.paint(severityColor(f.Severity), head) + "  " + lines[0])
		for _, l := range lines[1:] {
			p.line(strings.Repeat(" ", 12) + l)
		}
		p.note(12, "%s", join("  ", f.Code, f.ComponentID))
		var evidence []string
		for _, k := range slices.Sorted(maps.Keys(f.Evidence)) {
			if v := f.Evidence[k]; v != "" {
				evidence = append(evidence, k+"="+v)
			}
		}
		p.note(12, "%s", strings.Join(evidence, " "))
	}
	if rest := len(list) - most; rest > 0 {
		p.note(2, "and %d more", rest)
	}
}
