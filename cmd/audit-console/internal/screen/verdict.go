package screen

import (
	"strings"
	"time"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// verdict is one line. It never calls a machine well of which a part could not
// be seen.
func verdict(s source.State) block {
	b := block{label: "Verdict", bold: true}
	r := s.Report.Report
	if r == nil {
		switch s.Audit.Stage {
		case source.StageNone, source.StageWaiting, source.StageRunning:
			b.lines = []string{"not yet"}
		default:
			b.lines = []string{"UNKNOWN: there is no report"}
		}
		return b
	}
	var notes []string
	for _, k := range []struct {
		severity  inventory.Severity
		one, many string
	}{
		{inventory.SeverityCritical, "critical", "critical"},
		{inventory.SeverityWarning, "warning", "warnings"},
		{inventory.SeverityInfo, "note", "notes"},
	} {
		n := 0
		for i := range r.Findings {
			if r.Findings[i].Severity == k.severity {
				n++
			}
		}
		if n > 0 {
			notes = append(notes, plural(n, k.one, k.many))
		}
	}
	if len(notes) == 0 {
		notes = append(notes, "no findings")
	}
	if n := len(render.Incomplete(r)); n > 0 {
		notes = append(notes, plural(n, "collector", "collectors")+" incomplete")
	}
	line := strings.ToUpper(render.Text(string(r.Verdict()))) + ": " + strings.Join(notes, ", ")
	if s.Audit.Stage != source.StageDone {
		line += " (the report of " + instant(r.FinishedAt) + ")"
	}
	b.lines = []string{line}
	return b
}

// findings takes at most room rows, but shows three if there are that many:
// the page can be scrolled.
func (c *canvas) findings(s source.State, room int) []tty.Row {
	r := s.Report.Report
	if r == nil || len(r.Findings) == 0 {
		return nil
	}
	const least = 3
	var rows []tty.Row
	for i := range r.Findings {
		next := c.finding(&r.Findings[i])
		left := len(r.Findings) - i
		more := 0
		if left > 1 {
			more = 1 // room for the line that says so
		}
		if i >= least && len(rows)+len(next)+more > room {
			return append(rows, c.lay(block{lines: []string{"and " + plural(left, "more", "more") + ": d"}})...)
		}
		rows = append(rows, next...)
	}
	return rows
}

func (c *canvas) finding(f *inventory.Finding) []tty.Row {
	label := cut(strings.ToUpper(render.Text(string(f.Severity))), margin-1)
	message := render.Text(f.Message)
	if message == "" {
		message = render.Text(f.Code)
	}
	id := render.Text(f.ComponentID)
	const wide = 120
	if c.width >= wide && id != "" && len(message)+len(id)+3 <= c.width-margin {
		message += " [" + id + "]"
	}
	const mostRows = 4
	message = cut(message, mostRows*(c.width-margin))
	if c.width < narrow {
		message = label + ": " + message
		label = ""
	}
	return c.lay(block{label: label, lines: []string{message}, bold: f.Severity == inventory.SeverityCritical})
}

// minuteIfLong is how exact a time is worth being.
func minuteIfLong(d time.Duration) time.Duration {
	if d >= 2*time.Minute {
		return time.Minute
	}
	return time.Second
}
