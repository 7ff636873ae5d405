package host

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"example.com/bee/pkg/inventory"
)

// do makes the calls one after another in a single goroutine and hands each
// result to got, in order and in the caller's goroutine. When a call passes
// its deadline it is left behind, got hears of it, and the rest go on in
// another goroutine. Each goroutine gets a worker of its own, which makes the
// i-th call and must touch nothing but what it returns; late, if not nil, gets
// what came back with nobody waiting.
func (g *guard) do(ctx context.Context, calls []call, newWorker func() worker, late func(any), got func(i int, v any, err error)) {
	for next := 0; next < len(calls); {
		if ctx.Err() != nil {
			for ; next < len(calls); next++ {
				err := calls[next].failed(inventory.Cause(ctx))
				g.refused(ctx, &calls[next], err)
				got(next, nil, err)
			}
			return
		}
		b := &batch{guard: g, ctx: ctx, calls: calls, next: next, late: late}
		for _, r := range b.run(newWorker) {
			got(next, r.value, r.err)
			next++
		}
	}
}

// worker makes the calls of one goroutine.
type worker struct {
	call func(i int) any
	end  func() // nil: nothing to clean up
}

// one makes a single call.
func one[T any](ctx context.Context, g *guard, c call, fn func() (T, error)) (T, error) {
	return oneOrLate(ctx, g, c, fn, nil)
}

func oneOrLate[T any](ctx context.Context, g *guard, c call, fn func() (T, error), late func(T, error)) (T, error) {
	var a answer[T]
	onLate := func(v any) {
		if late != nil {
			l := v.(answer[T])
			late(l.value, l.err)
		}
	}
	g.do(ctx, []call{c}, func() worker {
		return worker{call: func(int) any {
			v, err := fn()
			return answer[T]{v, err}
		}}
	}, onLate, func(_ int, v any, err error) {
		if err != nil {
			a.err = err
			return
		}
		a = v.(answer[T])
	})
	return a.value, a.err
}

// batch is a stretch of calls made by one goroutine.
type batch struct {
	guard *guard
	ctx   context.Context // the caller's
	calls []call
	late  func(any)

	place int           // in the guard's watch
	over  chan struct{} // closed when nobody need wait any longer

	mu        sync.Mutex
	next      int       // the call under way
	began     time.Time // when it was begun; zero between calls
	id        uint64    // the tap's name for it
	results   []result
	abandoned bool
	closed    bool // over
}

type result struct {
	value any
	err   error
}

// errEnded is what is known of a call that left through runtime.Goexit.
var errEnded = errors.New("the call ended its goroutine")

// run returns at least one result: those of the calls that came back and, when
// one did not, the error it is given up with.
func (b *batch) run(newWorker func() worker) []result {
	b.over = make(chan struct{})
	b.results = make([]result, 0, len(b.calls)-b.next)
	b.guard.watch.add(b)
	defer b.guard.watch.remove(b)
	inventory.Beside(func() {
		w := newWorker()
		if w.end != nil {
			defer w.end()
		}
		b.work(w.call)
	}, b.end)
	select {
	case <-b.over:
	case <-b.ctx.Done():
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed { // what arrived together with the end is not thrown away
		b.abandon(inventory.Cause(b.ctx))
	}
	return b.results
}

// end is called when the goroutine is done, or was ended by err.
func (b *batch) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.abandon(err)
	}
	b.close()
}

// close has the caller wait no longer. The lock is held.
func (b *batch) close() {
	if !b.closed {
		b.closed = true
		close(b.over)
	}
}

// abandon gives up the call under way, or the one that would be next. The
// caller holds the lock: whoever finishes the call sees either nothing of this
// or all of it.
func (b *batch) abandon(err error) {
	if b.abandoned {
		return
	}
	b.abandoned = true
	if b.next >= len(b.calls) {
		return // the last one came back in the same moment
	}
	c := &b.calls[b.next]
	err = c.failed(err)
	switch {
	case b.began.IsZero():
		b.guard.refused(b.ctx, c, err)
	default:
		b.guard.stick(c, b.began)
		if b.guard.tap != nil {
			b.guard.tap.GivenUp(b.ctx, b.id, err)
		}
	}
	b.results = append(b.results, result{err: err})
}

// check gives the batch up when the call under way has had its time.
func (b *batch) check(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.abandoned || b.began.IsZero() || now.Sub(b.began) < b.calls[b.next].deadline {
		return
	}
	b.abandon(errCallDeadline)
	b.close()
}

func (b *batch) work(fn func(i int) any) {
	for i := b.next; i < len(b.calls); i++ {
		c := &b.calls[i]
		if err := b.guard.enter(b.ctx, c); err != nil {
			if !b.done(result{err: err}, false) {
				return
			}
			b.guard.refused(b.ctx, c, err)
			continue
		}
		if !b.begin() {
			b.guard.leave(c)
			return
		}
		if !b.call(i, fn) {
			return
		}
	}
}

// call makes one call and gives its slot back however it ends; false: nobody
// is waiting any more.
func (b *batch) call(i int, fn func(i int) any) (more bool) {
	c := &b.calls[i]
	var r result
	gone := true // stands when fn ends the goroutine
	defer func() {
		if p := recover(); p != nil {
			r.err, gone = c.failed(&inventory.PanicError{Value: p, Stack: debug.Stack()}), false
		} else if gone {
			r.err = c.failed(errEnded)
		}
		if b.guard.tap != nil {
			b.guard.tap.Ended(b.id, answered(r))
		}
		if more = b.done(r, gone); more {
			b.guard.leave(c)
			return
		}
		b.guard.back(c)
		if b.late != nil && r.err == nil {
			b.late(r.value)
		}
	}()
	r, gone = result{value: fn(i)}, false
	return true
}

// begin notes that the call is made now; false: nobody is waiting any more.
func (b *batch) begin() bool {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.began = now
	if b.guard.tap != nil && !b.abandoned {
		// Before the call, so that one that takes the process with it is known.
		b.id = b.guard.tap.Began(b.ctx, b.calls[b.next].public())
	}
	return !b.abandoned
}

// done records a result, the batch's last when last is set; false: nobody is
// waiting any more.
func (b *batch) done(r result, last bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.abandoned {
		return false
	}
	b.results = append(b.results, r)
	b.next++
	b.began = time.Time{}
	b.abandoned = last
	return true
}
