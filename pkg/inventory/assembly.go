package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// An Assembly makes the report of a run that happened in another process, of
// the events that process told. With all events the report is the one that
// [Collect] would have made there; when the process died or hung, what it told
// before is kept and the collectors that did not end say why.
//
//	// in the process that may be lost
//	inventory.Collect(ctx, list, inventory.WithEventsOnly(),
//		inventory.WithObserver(func(e inventory.Event) { send(inventory.EncodeEvent(e)) }))
//
//	// in the process that must write the report
//	a := inventory.NewAssembly(list, inventory.WithTimeout(timeout))
//	for each line received {
//		e, err := inventory.DecodeEvent(line)
//		...
//		err = a.Add(e)
//	}
//	report := a.Report(whyItEnded)
//
// An Assembly is for one goroutine.
type Assembly struct {
	o          options
	collectors []Collector
	progress   []progress
	start      time.Time
	times      *Report // what the other process says of its time
}

// progress is what is known of one collector in the other process.
type progress struct {
	end
	begun time.Time // zero: not yet
	over  bool
}

// NewAssembly begins a report. The collectors are the same as in the other
// process, in the same order; only their names and sections are used.
// Of the options, the tool, the clock, the logger, the observer, and what is
// to be run have a meaning here.
func NewAssembly(collectors []Collector, opts ...Option) *Assembly {
	a := &Assembly{o: newOptions(opts), collectors: collectors, progress: make([]progress, len(collectors))}
	a.start = a.o.now()
	return a
}

// Add takes one event, and the observer is told of it. An error says that no
// run tells such a thing: it is of a collector that is not there, was not to
// be run, or had ended. The event is then left out.
func (a *Assembly) Add(e Event) error {
	i := slices.IndexFunc(a.collectors, func(c Collector) bool { return c.name == e.Collector })
	switch {
	case i < 0 || !a.o.wants(e.Collector):
		return fmt.Errorf("event: %w: of collector %q, which was not asked for", ErrMalformed, e.Collector)
	case a.progress[i].over:
		return fmt.Errorf("event: %w: of collector %q, which had ended", ErrMalformed, e.Collector)
	}
	p := &a.progress[i]
	if p.begun.IsZero() {
		p.begun = a.o.now()
	}
	switch {
	case e.Outcome != nil:
		if !slices.Contains([]Status{StatusOK, StatusPartial, StatusAbsent, StatusDenied, StatusTimeout, StatusFailed}, e.Outcome.Status) {
			return fmt.Errorf("event: %w: collector %q ended as %q", ErrMalformed, e.Collector, e.Outcome.Status)
		}
		p.outcome, p.issues, p.looked, p.over = *e.Outcome, e.Issues, e.Found, true
	case e.Component != nil:
		p.parts = append(p.parts, e.Component)
		p.count++
	}
	if a.o.observe != nil {
		a.o.observe(e)
	}
	return nil
}

// Done reports whether every collector that was to be run has ended.
func (a *Assembly) Done() bool {
	for i, c := range a.collectors {
		if a.o.wants(c.name) && !a.progress[i].over {
			return false
		}
	}
	return true
}

// SetTimes replaces the assembly's own measure by what the other process says
// of its run.
func (a *Assembly) SetTimes(started, finished time.Time, took time.Duration) {
	a.times = &Report{StartedAt: started, FinishedAt: finished, DurationMS: took.Milliseconds()}
}

// Report ends the assembly. A collector that did not end does so by cause,
// classified as if it had returned it: [context.DeadlineExceeded] for a
// process that hung, [context.Canceled] for one that was told to stop, another
// error for one that died. Parts it had handed over are kept, and make it
// partial. The report is joined and assessed.
func (a *Assembly) Report(cause error) *Report {
	if cause == nil {
		cause = fmt.Errorf("the run ended before the collector did: %w", ErrNotCollected)
	}
	r := newReport(a.o, a.start)
	for i, c := range a.collectors {
		p := &a.progress[i]
		if a.o.wants(c.name) && !p.over {
			p.cut(a.o, cause)
			a.o.log.WarnContext(context.Background(), "collector did not end", "collector", c.name, "status", p.outcome.Status, "error", p.outcome.Error)
		}
		if p.outcome.Status == "" {
			p.outcome.Status = StatusNotRun
		}
		p.outcome.Name, p.outcome.Sections = c.name, c.Sections()
		for i := range p.issues {
			p.issues[i].Collector = c.name
		}
		r.take(c, p.end)
	}
	r.conclude()
	finish := a.o.now()
	r.FinishedAt = finish.UTC().Truncate(time.Millisecond)
	r.DurationMS = finish.Sub(a.start).Milliseconds()
	if t := a.times; t != nil {
		r.StartedAt, r.FinishedAt, r.DurationMS = t.StartedAt, t.FinishedAt, t.DurationMS
	}
	return r
}

// cut ends a collector that did not end itself.
func (p *progress) cut(o options, cause error) {
	how := "was lost"
	switch {
	case errors.Is(cause, context.Canceled):
		how = "cancelled"
	case errors.Is(cause, context.DeadlineExceeded):
		how = "ended by its deadline"
	}
	p.looked = false
	p.conclude(fmt.Errorf("%s with %d components handed over: %w", how, p.count, cause))
	if p.begun.IsZero() {
		return
	}
	p.outcome.ReadAt = new(p.begun.UTC().Truncate(time.Millisecond))
	p.outcome.DurationMS = o.now().Sub(p.begun).Milliseconds()
}
