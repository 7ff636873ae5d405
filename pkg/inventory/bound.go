package inventory

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Timekeeper is the clock of a run for a recording, which notes what it said,
// and a replay, which says it again. Its methods are called from several
// goroutines.
type Timekeeper interface {
	// Start is the time at which the run starts.
	Start() time.Time
	// Begin is the time at which a collector begins, and the context it gets:
	// ctx, bounded with [BoundAs].
	Begin(ctx context.Context, collector string, limit time.Duration) (context.Context, context.CancelFunc, time.Time)
	// End is called when a collector came back or was given up, with the
	// context from Begin; it says how long that took.
	End(ctx context.Context, collector string) time.Duration
	// Finish is the time at which the run finishes, and how long it took.
	Finish() (time.Time, time.Duration)
}

// clock is the timekeeper of a run that nobody records.
type clock struct {
	now   func() time.Time
	start time.Time
}

func (c *clock) Start() time.Time {
	c.start = c.now()
	return c.start
}

func (c *clock) Finish() (time.Time, time.Duration) {
	t := c.now()
	return t, t.Sub(c.start)
}

type begunKey struct{}

func (c *clock) Begin(ctx context.Context, _ string, limit time.Duration) (context.Context, context.CancelFunc, time.Time) {
	t := c.now()
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, begunKey{}, t), limit)
	return ctx, cancel, t
}

func (c *clock) End(ctx context.Context, _ string) time.Duration {
	t, _ := ctx.Value(begunKey{}).(time.Time)
	return c.now().Sub(t)
}

// Bound is context.WithTimeout for the deadlines that collectors give to parts
// of their work. A recording notes which of them passed, and in a replay, which
// takes no time, they pass again at the same place.
func Bound(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	outer, ok := ctx.Value(boundKey{}).(*bound)
	if !ok {
		return context.WithTimeout(ctx, limit)
	}
	return newBound(ctx, &bound{outer: outer, collector: outer.collector, depth: outer.depth + 1, early: outer.early}, limit)
}

// BoundAs is the outermost bound of a collector. With early, [EndBound] can end
// it, and those inside it, before their time.
func BoundAs(ctx context.Context, collector string, limit time.Duration, early bool) (context.Context, context.CancelFunc) {
	return newBound(ctx, &bound{collector: collector, early: early}, limit)
}

// BoundOf names the collector that a context belongs to; "" outside of a run
// that is recorded or replayed.
func BoundOf(ctx context.Context) string {
	if b, ok := ctx.Value(boundKey{}).(*bound); ok {
		return b.collector
	}
	return ""
}

// BoundEnded is the outermost bound around a context that is over, counted from
// the collector's own (0) inwards; -1 when none is.
func BoundEnded(ctx context.Context) int {
	ended := -1
	b, _ := ctx.Value(boundKey{}).(*bound)
	for ; b != nil; b = b.outer {
		if b.ctx.Err() != nil {
			ended = b.depth
		}
	}
	return ended
}

// EndBound ends a bound around ctx, by its number, for cause: a deadline that
// has passed unless cause is context.Canceled. Those not made to be ended stay.
func EndBound(ctx context.Context, number int, cause error) {
	b, _ := ctx.Value(boundKey{}).(*bound)
	for ; b != nil; b = b.outer {
		if b.depth == number && b.end != nil {
			b.end(cause)
			return
		}
	}
}

type boundKey struct{}

type bound struct {
	outer     *bound
	collector string
	depth     int
	early     bool
	ctx       context.Context
	end       func(cause error)
}

func newBound(ctx context.Context, b *bound, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx = context.WithValue(ctx, boundKey{}, b)
	if !b.early {
		timed, cancel := context.WithTimeout(ctx, limit)
		b.ctx = timed
		return timed, cancel
	}
	// Its time is the recording's: that of the clock is only a last resort.
	const lastResort = time.Minute
	end := time.Now().Add(limit)
	if outer, ok := ctx.Deadline(); ok && outer.Before(end) {
		end = outer
	}
	timed, cancelTimed := context.WithDeadline(ctx, end.Add(lastResort))
	inner, cancel := context.WithCancelCause(timed)
	e := &endable{Context: inner, end: end, done: make(chan struct{})}
	context.AfterFunc(inner, func() { e.finish(inner.Err()) })
	b.ctx = e
	b.end = func(cause error) {
		err := context.DeadlineExceeded
		if errors.Is(cause, context.Canceled) {
			err = context.Canceled
		}
		e.finish(err)
		cancel(cause)
	}
	return e, func() {
		if err := inner.Err(); err != nil {
			e.finish(err)
		}
		e.finish(context.Canceled)
		cancel(context.Canceled)
		cancelTimed()
	}
}

// endable is a context that can be made to have passed its deadline.
type endable struct {
	context.Context
	end  time.Time
	done chan struct{}
	mu   sync.Mutex
	err  error
}

func (e *endable) finish(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		e.err = err
		close(e.done)
	}
}

// Deadline is the one that was asked for.
func (e *endable) Deadline() (time.Time, bool) { return e.end, true }

// Done is a channel of its own: contexts made of this one ask it why it ended.
func (e *endable) Done() <-chan struct{} { return e.done }

func (e *endable) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}
