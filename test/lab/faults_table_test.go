package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// row is one line of the page on reliability: what was done to a machine, what
// the audit promises then, and what was seen.
type row struct {
	fault, promised string
	seen            string // "" until it was run
	took            string
}

// table is the page that a run of the faults writes. The zero value is ready.
type table struct {
	mu   sync.Mutex
	rows []*row
	old  []string // lines of the page there is
}

// promise adds a line, in the order of the page.
func (p *table) promise(fault, promised string) *row {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.rows {
		if r.fault == fault {
			return r
		}
	}
	r := &row{fault: fault, promised: promised}
	p.rows = append(p.rows, r)
	return r
}

// see notes what a test saw: complaints, each an error of the test, or words.
func (p *table) see(t *testing.T, r *row, took, seen string, complaints []string) {
	t.Helper()
	for _, c := range complaints {
		t.Errorf("%s: %s", r.fault, c)
	}
	const most = 5
	if n := len(complaints); n > most {
		complaints = append(complaints[:most:most], fmt.Sprintf("and %d more", n-most))
	}
	if len(complaints) > 0 {
		seen = "**not kept:** " + strings.Join(complaints, "; ")
	}
	t.Logf("%s: %s; %s", r.fault, seen, took)
	p.mu.Lock()
	r.seen, r.took = seen, took
	p.mu.Unlock()
	p.write(t) // At once: what comes next may take the test with it.
}

// write makes the page that BEE_RELIABILITY names, if it does. Of faults that
// were not run this time, it keeps the line it has.
func (p *table) write(t *testing.T) {
	t.Helper()
	name := os.Getenv("BEE_RELIABILITY")
	if name == "" {
		return
	}
	if !filepath.IsAbs(name) { // A test runs in its own folder.
		name = filepath.Join("..", "..", name)
	}
	if old, err := os.ReadFile(name); err == nil {
		p.keep(string(old))
	}
	if err := os.WriteFile(name, []byte(p.page(time.Now())), 0o644); err != nil {
		t.Error(err)
	}
}

func (p *table) keep(page string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, body, _ := strings.Cut(page, "\n|---|---|---|---|---|\n")
	p.old = strings.FieldsFunc(body, func(r rune) bool { return r == '\n' })
}

// cell is text within a table.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }

const pageHead = `# Reliability

What is done to a machine while it is audited, what the audit promises then, and what was seen. The table is written by the tests that do it, in the emulated server of [test/lab](../test/lab/README.md) and on the machine they run on:

    make faults

Always promised: the report is there within ` + "`--timeout`" + ` and two seconds more, the process has ended by then, and what the fault does not concern is the same as in a run of the same machine without it, under the mask of values that move by themselves (docs/diff.md). "Others the same" below is that comparison, over the whole report. A machine emulated in software is some twenty times slower than a real one: the times say that a limit was kept, not how fast an audit is.

`

// page is the table in Markdown.
func (p *table) page(now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	b.WriteString(pageHead)
	b.WriteString("| fault | promised | seen | time | run at (UTC) |\n|---|---|---|---|---|\n")
	lines := slices.Clone(p.old)
	for _, r := range p.rows {
		line := fmt.Sprintf("| %s | %s | *not run* |  |  |", cell(r.fault), cell(r.promised))
		if r.seen != "" {
			line = fmt.Sprintf("| %s | %s | %s | %s | %s |", cell(r.fault), cell(r.promised), cell(r.seen), cell(r.took), now.UTC().Format("2006-01-02 15:04"))
		}
		switch i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "| "+cell(r.fault)+" | ") }); {
		case i < 0:
			lines = append(lines, line)
		case r.seen != "":
			lines[i] = line
		}
	}
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	return b.String()
}

// TestReliabilityPage: a line for each fault, and none that hides a failure.
func TestReliabilityPage(t *testing.T) {
	t.Parallel()
	p := &table{}
	r := p.promise("a | b", "stays")
	if again := p.promise("a | b", "stays"); again != r {
		t.Error("two lines for one fault")
	}
	p.promise("c", "too")
	p.see(t, r, "1 s", "kept", nil)
	page := p.page(time.Unix(0, 0))
	for _, want := range []string{"| a \\| b | stays | kept | 1 s | 1970-01-01 00:00 |\n", "| c | too | *not run* |  |  |\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	later := &table{}
	later.see(t, later.promise("c", "too"), "2 s", "kept", nil)
	later.keep(page)
	page = later.page(time.Unix(86400, 0))
	for _, want := range []string{"| a \\| b | stays | kept | 1 s | 1970-01-01 00:00 |\n", "| c | too | kept | 2 s | 1970-01-02 00:00 |\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
