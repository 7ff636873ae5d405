package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// Collect runs collectors side by side, those that are [Collector.TakingTurns]
// one after the other, and returns a report, always: what went wrong is in its
// collectors[] and issues[]. The report is joined and
// assessed. Sections stand in the order of the model, outcomes in the order
// of collectors, whatever the order in which they came in.
func Collect(ctx context.Context, collectors []Collector, opts ...Option) *Report {
	o := newOptions(opts)
	start := o.keeper.Start()
	r := newReport(o, start)
	var events sync.Mutex
	observe := func(e Event) {
		if o.observe != nil {
			events.Lock()
			defer events.Unlock()
			o.observe(e)
		}
	}

	run := &Run{}
	defer run.finish()
	turns, begun := newTurns(o.timeout), time.Now()
	ends := make([]end, len(collectors))
	indices := make([]int, len(collectors))
	for i := range indices {
		indices[i] = i
	}
	// The deadline is kept inside collectOne: Each only supplies the goroutines.
	errs := Each(context.WithoutCancel(ctx), len(collectors), 24*time.Hour, indices, func(_ context.Context, i int) error {
		if collectors[i].turns && o.wants(collectors[i].name) {
			defer turns.take(ctx)()
		}
		ends[i] = collectOne(ctx, o, time.Since(begun), run, collectors[i], observe)
		return nil
	})
	for i, e := range ends {
		if err := errs[i]; err != nil { // an observer or a log handler panicked
			e = end{outcome: Outcome{Name: collectors[i].name, Sections: collectors[i].Sections()}}
			e.conclude(err)
		}
		r.take(collectors[i], e)
	}
	if !o.relay {
		r.conclude()
	}
	finish, took := o.keeper.Finish()
	r.FinishedAt = finish.UTC().Truncate(time.Millisecond)
	r.DurationMS = took.Milliseconds()
	return r
}

func newReport(o options, start time.Time) *Report {
	return &Report{
		SchemaVersion: SchemaVersion,
		StartedAt:     start.UTC().Truncate(time.Millisecond),
		Tool:          o.tool,
		Collectors:    []Outcome{},
		Issues:        []Issue{},
		Findings:      []Finding{},
	}
}

// take puts what one collector brought into the report.
func (r *Report) take(c Collector, e end) {
	for _, part := range e.parts {
		r.Add(part)
	}
	if e.looked {
		for _, s := range c.sections {
			r.ensureSection(s)
		}
	}
	r.Collectors = append(r.Collectors, e.outcome)
	r.Issues = append(r.Issues, e.issues...)
}

// conclude joins and assesses. A machine may be sick in a way that a rule did
// not foresee: that costs what the rule would have said, not the report.
func (r *Report) conclude() {
	r.attempt("join", r.Join)
	r.attempt("assess", r.Assess)
}

func (r *Report) attempt(what string, f func()) {
	defer func() {
		if p := recover(); p != nil {
			r.Issues = append(r.Issues, Issue{Kind: KindIO, Source: what, Detail: (&PanicError{Value: p}).Error()})
		}
	}()
	f()
}

// end is how one collector ended.
type end struct {
	parts   []Component
	count   int  // how many were handed over; more than parts when they are not kept
	looked  bool // came to its own end: an empty section means that there is none
	outcome Outcome
	issues  []Issue
}

// conclude sets status and issues by how the collector returned.
func (e *end) conclude(err error) {
	for _, leaf := range flatten(err) {
		e.issues = append(e.issues, issueFrom(e.outcome.Name, leaf))
	}
	sortIssues(e.issues)
	e.issues = slices.Compact(e.issues) // said twice is said once
	e.outcome.Status = classify(e.looked || e.count > 0, e.count, err)
	e.outcome.Error = summary(e.issues)
}

// lastWords is a context that ends a little later than ctx, for its reason: a
// collector that listens can say what it was about, and what it could not read.
func lastWords(ctx context.Context, grace time.Duration) (context.Context, func()) {
	wait, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { cancel(Cause(ctx)) })
	})
	return wait, func() {
		stop()
		cancel(nil)
	}
}

// cutShort says in words that the collector did not come to its own end. An error
// about a part of the machine speaks for itself.
func cutShort(ctx context.Context, err error, components int) error {
	leaves := flatten(err)
	for i, leaf := range leaves {
		var part *PartError
		if ctx.Err() == nil || !errors.Is(leaf, ctx.Err()) || errors.As(leaf, &part) {
			continue
		}
		how := "ended by its deadline"
		if errors.Is(ctx.Err(), context.Canceled) {
			how = "cancelled"
		}
		leaves[i] = fmt.Errorf("%s with %d components handed over: %w", how, components, leaf)
	}
	return errors.Join(leaves...)
}

func (o options) wants(name string) bool {
	if len(o.only) > 0 && !slices.Contains(o.only, name) {
		return false
	}
	return !slices.Contains(o.skip, name)
}

// collectOne runs a collector that has waited for its turn.
func collectOne(ctx context.Context, o options, waited time.Duration, run *Run, c Collector, observe func(Event)) end {
	e := end{outcome: Outcome{Name: c.name, Sections: c.Sections(), Status: StatusNotRun}}
	if !o.wants(c.name) {
		return e
	}
	observe(Event{Collector: c.name})
	cctx, cancel, start := o.keeper.Begin(ctx, c.name, o.collectorTimeout()-waited)
	defer cancel()
	sink := &Sink{run: run, forget: o.relay, notify: func(part Component) { observe(Event{Collector: c.name, Component: part}) }}
	wait, done := lastWords(cctx, o.grace())
	defer done()
	found, err := Await(wait, func(context.Context) (bool, error) { return c.read(cctx, sink) })
	took := o.keeper.End(cctx, c.name)
	e.parts, e.count = sink.seal()
	// Of a section nobody came to, [] would say that there is nothing.
	e.looked = found || err == nil && e.count > 0
	e.conclude(cutShort(cctx, err, e.count))
	e.outcome.ReadAt = new(start.UTC().Truncate(time.Millisecond))
	e.outcome.DurationMS = took.Milliseconds()
	observe(Event{Collector: c.name, Outcome: &e.outcome, Issues: e.issues, Found: e.looked})
	if err != nil {
		o.log.WarnContext(ctx, "collector ended", "collector", c.name, "status", e.outcome.Status, "issues", len(e.issues), "error", e.outcome.Error)
		var p *PanicError
		if errors.As(err, &p) {
			o.log.ErrorContext(ctx, "collector panicked", "collector", c.name, "panic", p.Value, "stack", string(p.Stack))
		}
	} else {
		o.log.DebugContext(ctx, "collector ended", "collector", c.name, "status", e.outcome.Status)
	}
	return e
}

// classify is the one place where what a collector returned becomes a status.
func classify(found bool, components int, err error) Status {
	switch {
	case err == nil && found:
		return StatusOK
	case err == nil:
		return StatusAbsent
	case components > 0:
		return StatusPartial
	case errIsDeadline(err), errors.Is(err, context.Canceled):
		return StatusTimeout
	case errors.Is(err, fs.ErrPermission):
		return StatusDenied
	default:
		return StatusFailed
	}
}

func summary(issues []Issue) string {
	switch len(issues) {
	case 0:
		return ""
	case 1:
		return issues[0].sentence()
	default:
		return fmt.Sprintf("%s (and %d more)", issues[0].sentence(), len(issues)-1)
	}
}

func (i Issue) sentence() string {
	return (&PartError{ComponentID: i.ComponentID, Field: i.Field, Source: i.Source, Err: errors.New(i.Detail)}).Error()
}

// sortIssues makes the order independent of which device answered first.
func sortIssues(issues []Issue) {
	slices.SortStableFunc(issues, func(a, b Issue) int {
		return cmp.Or(
			CompareNatural(a.ComponentID, b.ComponentID),
			cmp.Compare(a.Field, b.Field),
			cmp.Compare(a.Source, b.Source),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
}

// ensureSection makes a list that was looked at and held nothing empty instead
// of nil.
func (r *Report) ensureSection(name string) {
	switch name {
	case "cpus":
		r.CPUs = orEmpty(r.CPUs)
	case "storage":
		r.Storage = orEmpty(r.Storage)
	case "storage_controllers":
		r.StorageControllers = orEmpty(r.StorageControllers)
	case "logical_drives":
		r.LogicalDrives = orEmpty(r.LogicalDrives)
	case "pcie_devices":
		r.PCIeDevices = orEmpty(r.PCIeDevices)
	case "power_supplies":
		r.PowerSupplies = orEmpty(r.PowerSupplies)
	case "gpus":
		r.GPUs = orEmpty(r.GPUs)
	case "cxl_devices":
		r.CXLDevices = orEmpty(r.CXLDevices)
	case "network":
		r.Network = orEmpty(r.Network)
	case "sensors":
		r.Sensors = orEmpty(r.Sensors)
	case "firmware":
		r.Firmware = orEmpty(r.Firmware)
	}
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// DeviceDeadline is the time one device may take: want, but never so much that
// the collector's own deadline would pass first.
func DeviceDeadline(ctx context.Context, want time.Duration) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return want
	}
	return min(want, time.Until(end)*9/10)
}
