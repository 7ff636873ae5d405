// Package page writes results of the benchmark as a table and as a picture.
package page

import (
	"fmt"
	"math"
	"strings"
	"time"

	"example.com/bee/test/bench/floor"
	"example.com/bee/test/bench/measure"
	"example.com/bee/test/bench/score"
)

// Result is one machine, measured once.
type Result struct {
	Name, About, Command, Commit, HostLoad string

	Outcome  measure.Outcome
	Rows     []Row
	Requests floor.Counts
}

// Row is one program.
type Row struct {
	Name, Title string
	Against     string // The audit restricted to the same domains.
	Measured    *measure.Measured
	Tally       *score.Tally // Nil: facts were not counted.
}

func (r *Result) row(name string) *Row {
	for i := range r.Rows {
		if r.Rows[i].Name == name {
			return &r.Rows[i]
		}
	}
	return nil
}

// Markdown is the section's text.
func (r *Result) Markdown() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	o := r.Outcome
	line("%s. %s, Linux %s, %d processors; %d runs each, shuffled; commit %s, %s.", sentence(r.About), o.CPU, o.Kernel, o.CPUs, r.runs(), r.Commit, o.StartedAt.Format(time.DateOnly))
	line("Load of the measuring machine: %s; of the measured one %s at the start, %s at the end. Made by `%s`.", r.HostLoad, o.LoadFirst, o.LoadLast, r.Command)
	line("")
	head, rule := "| program | median ms | p95 ms | CPU ms | peak MiB | processes | stderr lines |", "|---|--:|--:|--:|--:|--:|--:|"
	facts := r.hasFacts()
	if facts {
		head, rule = head+" right | wrong | missing |", rule+"--:|--:|--:|"
	}
	line("%s audit / it |", head)
	line("%s--:|", rule)
	for _, row := range r.Rows {
		line("%s", r.line(row, facts))
	}
	line("")
	for _, l := range r.remarks() {
		line("%s", l)
	}
	return b.String()
}

func (r *Result) runs() int {
	most := 0
	for _, row := range r.Rows {
		most = max(most, len(row.Measured.Samples))
	}
	return most
}

func (r *Result) hasFacts() bool {
	for _, row := range r.Rows {
		if row.Tally != nil {
			return true
		}
	}
	return false
}

func (r *Result) line(row Row, facts bool) string {
	m := row.Measured
	processes := "?"
	if m.Processes > 0 {
		processes = fmt.Sprint(m.Processes)
	}
	title := "`" + row.Title + "`"
	if strings.HasPrefix(row.Name, "floor") || strings.HasPrefix(row.Name, "stack") {
		title = row.Title
	}
	switch {
	case m.ExitCode != 0:
		title += fmt.Sprintf(" (exit %d)", m.ExitCode)
	case !m.Answered && strings.HasPrefix(row.Name, "floor"): // it drops all answers
	case !m.Answered && !m.TimedOut:
		title += " (says nothing)"
	}
	out := fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %d |", title, ms(m.Wall(0.5)), ms(m.Wall(0.95)), ms(m.CPU(0.5)),
		decimals(float64(m.PeakKiB)/1024), processes, m.StderrLines)
	if m.TimedOut {
		out = fmt.Sprintf("| %s | no answer | | | | %s | %d |", title, processes, m.StderrLines)
	}
	if facts {
		if t := row.Tally; t != nil {
			out += fmt.Sprintf(" %d | %d | %d |", t.Right, t.Wrong, t.Missing)
		} else {
			out += " | | |"
		}
	}
	if a := r.row(row.Against); a != nil && m.Wall(0.5) > 0 {
		return out + fmt.Sprintf(" %.2f |", float64(a.Measured.Wall(0.5))/float64(m.Wall(0.5)))
	}
	return out + " |"
}

func (r *Result) remarks() []string {
	var out []string
	bee, least := r.row("bee"), r.row("floor")
	if bee != nil && least != nil && least.Measured.Wall(0.5) > 0 {
		c := r.Requests
		out = append(out, fmt.Sprintf("Over the floor: %.2f times its time, %.2f times its processor time. The audit asked for %d files, %d directories and %d links (%d of them not there, %d asked for again), opened %d devices and sent them %d requests.",
			float64(bee.Measured.Wall(0.5))/float64(least.Measured.Wall(0.5)), float64(bee.Measured.CPU(0.5))/float64(least.Measured.CPU(0.5)),
			c.Files, c.Dirs, c.Links, c.Failed, c.Repeated, c.Opens, c.Exchanges), "")
	}
	out = append(out, r.goals()...)
	if !r.hasFacts() {
		return out
	}
	out = append(out, "Facts by kind, right of all:", "", "| program | "+strings.Join(kinds(), " | ")+" |", "|---|"+strings.Repeat("--:|", len(kinds())))
	for _, name := range []string{"bee", "stack-serial", "lshw", "hwinfo", "ghw"} {
		row := r.row(name)
		if row == nil || row.Tally == nil {
			continue
		}
		l := "| " + row.Title + " |"
		for _, k := range kinds() {
			if n := row.Tally.ByKind[k]; n[1] > 0 {
				l += fmt.Sprintf(" %d/%d |", n[0], n[1])
			} else {
				l += " |"
			}
		}
		out = append(out, l)
	}
	out = append(out, "")
	for _, name := range []string{"bee", "stack-serial", "lshw", "hwinfo", "ghw"} {
		if row := r.row(name); row != nil && row.Tally != nil && len(row.Tally.Wrongs) > 0 {
			w := row.Tally.Wrongs
			more := ""
			if len(w) > 8 {
				w, more = w[:8], fmt.Sprintf("; and %d more", len(row.Tally.Wrongs)-8)
			}
			out = append(out, "- Wrong in "+row.Title+": "+strings.Join(w, "; ")+more+".")
		}
	}
	if bee != nil && bee.Tally != nil && len(bee.Tally.Missings) > 0 {
		w := bee.Tally.Missings
		more := ""
		if len(w) > 12 {
			w, more = w[:12], fmt.Sprintf("; and %d more", len(bee.Tally.Missings)-12)
		}
		out = append(out, "- Missing in audit: "+strings.Join(w, "; ")+more+".")
	}
	return out
}

// goals says of each goal whether it was reached here.
func (r *Result) goals() []string {
	out := []string{"| goal | here | |", "|---|--:|---|"}
	goal := func(text, format string, value, limit float64) {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return
		}
		verdict := "reached"
		if value > limit {
			verdict = "**missed**"
		}
		out = append(out, fmt.Sprintf("| %s | "+format+" | %s |", text, value, verdict))
	}
	wall := func(a, b string) float64 {
		x, y := r.row(a), r.row(b)
		if x == nil || y == nil || x.Measured.Wall(0.5) == 0 || y.Measured.Wall(0.5) == 0 {
			return math.NaN()
		}
		return float64(x.Measured.Wall(0.5)) / float64(y.Measured.Wall(0.5))
	}
	// A program that ends with an error, or says nothing, gave no answer.
	fastest, peer := math.Inf(-1), ""
	for _, row := range r.Rows {
		if row.Against != "" && row.Measured.Answered {
			if w := wall(row.Against, row.Name); w > fastest {
				fastest, peer = w, row.Title
			}
		}
	}
	if r.Name != "host" {
		goal("on the same domains at most a fifth of lshw's time", "%.2f", wall("bee-inventory", "lshw"), 0.2)
		goal("whole, at most a tenth of the serial stack", "%.2f", wall("bee", "stack-serial"), 0.1)
	}
	goal("on the same domains never slower than any program that gives an answer: the worst, "+peer, "%.2f", fastest, 1)
	goal("at most 1.5 times the floor", "%.2f", wall("bee", "floor"), 1.5)
	goal("the same for those domains", "%.2f", wall("bee-inventory", "floor-inventory"), 1.5)
	if bee := r.row("bee"); bee != nil {
		goal("at most 24 MiB", "%.1f MiB", float64(bee.Measured.PeakKiB)/1024, 24)
	}
	if v := r.row("version"); v != nil && r.Name == "host" {
		goal("`audit version` in at most 3 ms", "%.2f ms", float64(v.Measured.Wall(0.5).Microseconds())/1000, 3)
	}
	return append(out, "")
}

func kinds() []string {
	return []string{"board", "cpu", "dimm", "slot", "drive", "namespace", "controller", "nic", "link", "psu", "fru", "sensor"}
}

func ms(d time.Duration) string { return decimals(float64(d.Microseconds()) / 1000) }

// decimals shows three digits.
func decimals(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
