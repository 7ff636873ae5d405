package inventory

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// A PanicError is a panic caught on its way out of a collector or of the work
// for one device. It costs that device, not the process.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Await runs fn in a goroutine of its own and returns what it returns, or the
// context's cause when the context ends first. In that case fn goes on until
// it comes back by itself: a call stuck in the kernel can be left behind but
// not ended, so fn must write only where nobody else reads after Await has
// returned an error.
//
// This file is the only place below pkg/ where a goroutine is started.
func Await[T any](ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	var r result
	Beside(func() { r.value, r.err = fn(ctx) }, func(err error) {
		if err != nil {
			r.err = err
		}
		done <- r
	})
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		select { // what arrived together with the deadline is not thrown away
		case r := <-done:
			return r.value, r.err
		default:
		}
		var zero T
		return zero, Cause(ctx)
	}
}

// Beside runs fn in a goroutine of its own and then, there, end: with nil, with
// a [*PanicError], or with an error when fn left through runtime.Goexit.
func Beside(fn func(), end func(error)) {
	go func() {
		spread()
		err := errGoroutineEnded
		defer func() {
			if p := recover(); p != nil {
				err = &PanicError{Value: p, Stack: debug.Stack()}
			}
			end(err)
		}()
		fn()
		err = nil
	}()
}

// spread has a goroutine's stack grow once, while nothing is on it. It would
// grow in steps, from 2 KiB to the 4 or 8 that nearly every call needs, with
// all that is on it moved each time: half of what a call costs.
//
//go:noinline
func spread() {
	var room [4 << 10]byte
	touch(&room)
}

//go:noinline
func touch(*[4 << 10]byte) {}

var errGoroutineEnded = errors.New("the call ended its goroutine")

// Cause is why a context ended, in a form that [KindOf] knows: a cause of the
// canceller's own (a signal, since Go 1.26) is kept, and is
// context.Canceled or context.DeadlineExceeded as well.
func Cause(ctx context.Context) error {
	cause, err := context.Cause(ctx), ctx.Err()
	if err == nil || errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// Each calls fn for every item, at most limit at a time, each with its own
// deadline, and returns one error per item in the order of items (nil where fn
// succeeded). A panic or a missed deadline costs that item alone. Items not
// begun before ctx ends get its cause.
//
// An item whose deadline passed no longer counts against limit, so one stuck
// device does not hold back those queued behind it; the number of calls left
// behind is bounded where they are made, by the host.
func Each[T any](ctx context.Context, limit int, deadline time.Duration, items []T, fn func(context.Context, T) error) []error {
	errs := make([]error, len(items))
	slots := make(chan struct{}, max(1, limit))
	var wg sync.WaitGroup
	for i, item := range items {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			errs[i] = Cause(ctx)
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-slots }()
			ctx, cancel := Bound(ctx, deadline)
			defer cancel()
			_, errs[i] = Await(ctx, func(ctx context.Context) (struct{}, error) {
				return struct{}{}, fn(ctx, item)
			})
		}()
	}
	wg.Wait()
	return errs
}

// errIsDeadline reports whether err says that time ran out.
func errIsDeadline(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrStuck)
}
