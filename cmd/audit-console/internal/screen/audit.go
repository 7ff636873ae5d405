package screen

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/internal/render"
)

// audit says how far it is.
func (c *canvas) audit(s source.State) block {
	a := s.Audit
	b := block{label: "Audit"}
	add := func(format string, args ...any) { b.lines = append(b.lines, fmt.Sprintf(format, args...)) }
	switch a.Stage {
	case source.StageNone:
		if !s.Stored {
			add("has not begun")
		} else if s.Report.Problem == "" {
			add("there is no such report")
		}
	case source.StageWaiting:
		add("%s", words(": ", "waits"+span(" for ", s), a.Text))
	case source.StageRunning:
		limit := ""
		if a.Limit > 0 {
			limit = " of at most " + duration(a.Limit)
		}
		add("%s", words(": ", "running"+span(" for ", s)+limit, a.Text))
	case source.StageDone:
		if r := s.Report.Report; r != nil {
			when := r.FinishedAt
			if when.IsZero() {
				when = s.Report.Written
			}
			add("done in %s, %s", duration(a.Elapsed), instant(when))
		} else if s.Report.Problem == "" {
			add("done, and there is no report: /var/log/bee-audit.log may say why")
		}
	case source.StageFailed:
		b.bold = true
		add("%s", words(": ", "FAILED", orLog(a.Text)))
	case source.StageTimeout:
		b.bold = true
		add("%s", words(": ", "TIMED OUT", orLog(a.Text)))
	case source.StageMissing:
		b.bold = true
		add("%s", words(": ", "MISSING", orElse(a.Text, "there is no audit program")))
	case source.StageLost:
		b.bold = true
		add("ENDED WITHOUT A WORD: %s", orLog(""))
	}
	if p := s.Report.Problem; p != "" {
		add("the report cannot be read: %s", p)
	}
	if p := collectors(a); p != "" && a.Stage != source.StageDone {
		add("%s", p)
	}
	if r := s.Report.Report; r != nil && a.Stage == source.StageDone {
		for _, o := range render.Incomplete(r) {
			add("%s %s", render.Text(o.Name), words(": ", render.Text(string(o.Status)), cut(render.Text(o.Error), 2*c.width)))
		}
	}
	return b
}

// collectors are those that ended, then those that run.
func collectors(a source.Audit) string {
	var ended, running []string
	for _, k := range a.Collectors {
		switch {
		case k.Ended:
			ended = append(ended, k.Name+" "+k.Status)
		case k.Parts > 0:
			running = append(running, fmt.Sprintf("%s (%s)", k.Name, plural(k.Parts, "part", "parts")))
		default:
			running = append(running, k.Name)
		}
	}
	line := strings.Join(ended, ", ")
	if len(running) > 0 {
		now := "reads "
		if a.Stage != source.StageRunning {
			now = "was reading "
		}
		line = words("; ", line, now+strings.Join(running, ", "))
	}
	return line
}

func span(before string, s source.State) string {
	if s.Audit.Elapsed <= 0 {
		return ""
	}
	return before + duration(s.Audit.Elapsed.Truncate(minuteIfLong(s.Audit.Elapsed)))
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func orLog(s string) string { return orElse(s, "/var/log/bee-audit.log may say why") }

// pending is what is said of facts that only a report can tell.
func pending(s source.State, hope string) string {
	switch s.Audit.Stage {
	case source.StageNone, source.StageWaiting, source.StageRunning:
		return hope
	}
	return "not known"
}
