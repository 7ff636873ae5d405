package inventory

import (
	"log/slog"
	"time"
)

// An Option changes how [Collect] runs.
type Option func(*options)

type options struct {
	timeout time.Duration
	log     *slog.Logger
	now     func() time.Time
	tool    Tool
	only    []string
	skip    []string
	observe func(Event)
	relay   bool
	keeper  Timekeeper
}

// DefaultTimeout bounds a run unless [WithTimeout] says otherwise.
const DefaultTimeout = 60 * time.Second

func newOptions(opts []Option) options {
	o := options{
		timeout: DefaultTimeout,
		log:     slog.New(slog.DiscardHandler),
		now:     time.Now,
		tool:    Tool{Name: "bee", Version: "devel"},
	}
	for _, f := range opts {
		f(&o)
	}
	if o.keeper == nil {
		o.keeper = &clock{now: o.now}
	}
	return o
}

// collectorTimeout leaves time to write the report.
func (o options) collectorTimeout() time.Duration {
	return o.timeout - min(o.timeout/20, time.Second)
}

// grace is how long a collector whose time is up is still listened to; it is
// part of what collectorTimeout leaves.
func (o options) grace() time.Duration { return min(o.timeout/40, time.Second/4) }

// WithTimeout bounds the whole run. Collectors get slightly less, so that a
// report is there on time.
func WithTimeout(d time.Duration) Option { return func(o *options) { o.timeout = d } }

// WithLogger logs the end of each collector. The library is silent without it.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithClock replaces the time source, for tests and replays.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// WithTool names the program in the report.
func WithTool(t Tool) Option { return func(o *options) { o.tool = t } }

// WithOnly runs the named collectors; the others are reported as not_run.
func WithOnly(names ...string) Option { return func(o *options) { o.only = names } }

// WithSkip leaves out the named collectors and reports them as not_run.
func WithSkip(names ...string) Option { return func(o *options) { o.skip = names } }

// WithObserver calls f as things happen, one call at a time. f must not block.
func WithObserver(f func(Event)) Option { return func(o *options) { o.observe = f } }

// WithEventsOnly is for a process that hands its events on to another, which
// makes the report: Collect keeps no component, joins and assesses nothing.
func WithEventsOnly() Option { return func(o *options) { o.relay = true } }

// WithTimekeeper gives the clock to a recording or replay.
func WithTimekeeper(k Timekeeper) Option { return func(o *options) { o.keeper = k } }
