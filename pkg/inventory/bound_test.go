package inventory_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
)

// TestBound: a bound inside an early one can be ended, with those inside it, and
// then says that its deadline has passed.
func TestBound(t *testing.T) {
	t.Parallel()
	outer, cancel := inventory.BoundAs(t.Context(), "cpu", time.Hour, true)
	defer cancel()
	middle, cancel := inventory.Bound(outer, time.Hour)
	defer cancel()
	inner, cancel := inventory.Bound(middle, time.Hour)
	defer cancel()
	child, cancel := context.WithCancel(inner)
	defer cancel()
	if inventory.BoundOf(child) != "cpu" || inventory.BoundEnded(child) != -1 {
		t.Errorf("%q, %d", inventory.BoundOf(child), inventory.BoundEnded(child))
	}
	if end, ok := inner.Deadline(); !ok || time.Until(end) > time.Hour {
		t.Errorf("deadline %s", end)
	}
	inventory.EndBound(child, 1, context.DeadlineExceeded)
	<-child.Done()
	if !errors.Is(child.Err(), context.DeadlineExceeded) || !errors.Is(middle.Err(), context.DeadlineExceeded) || !errors.Is(inventory.Cause(child), context.DeadlineExceeded) {
		t.Errorf("%v, %v, %v", child.Err(), middle.Err(), inventory.Cause(child))
	}
	if inventory.BoundEnded(child) != 1 || outer.Err() != nil {
		t.Errorf("%d, %v", inventory.BoundEnded(child), outer.Err())
	}
	stopped := errors.Join(context.Canceled, errors.New("interrupt"))
	inventory.EndBound(child, 0, stopped)
	<-outer.Done()
	if !errors.Is(outer.Err(), context.Canceled) || !errors.Is(inventory.Cause(outer), stopped) {
		t.Errorf("%v, %v", outer.Err(), inventory.Cause(outer))
	}
}

// TestBoundLive: outside of a replay nothing ends a bound but its time, and
// outside of a recording it is a timeout like any other.
func TestBoundLive(t *testing.T) {
	t.Parallel()
	ctx, cancel := inventory.BoundAs(t.Context(), "cpu", 10*time.Millisecond, false)
	defer cancel()
	inventory.EndBound(ctx, 0, context.Canceled)
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || inventory.BoundEnded(ctx) != 0 {
		t.Errorf("%v, %d", ctx.Err(), inventory.BoundEnded(ctx))
	}
	plain, cancel := inventory.Bound(t.Context(), time.Hour)
	if inventory.BoundOf(plain) != "" || inventory.BoundEnded(plain) != -1 {
		t.Error("a bound without a collector")
	}
	cancel()
	if !errors.Is(plain.Err(), context.Canceled) {
		t.Error(plain.Err())
	}
}
