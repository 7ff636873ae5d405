package record

import (
	"context"
	"time"

	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/internal/fault"
	"example.com/bee/pkg/inventory"
)

// timekeeper writes the moments of a run down.
type timekeeper struct {
	rec   *Recorder
	start time.Time
}

func (k *timekeeper) Start() time.Time {
	k.start = k.rec.Now()
	k.rec.put(&archive.Moment{What: archive.RunStart, At: k.start})
	return k.start
}

func (k *timekeeper) Finish() (time.Time, time.Duration) {
	now := k.rec.Now()
	took := now.Sub(k.start)
	k.rec.put(&archive.Moment{What: archive.RunFinish, At: now, Elapsed: took})
	return now, took
}

type beganKey struct{}

func (k *timekeeper) Begin(ctx context.Context, collector string, limit time.Duration) (context.Context, context.CancelFunc, time.Time) {
	now := k.rec.Now()
	k.rec.put(&archive.Moment{What: archive.CollectorBegin, Collector: collector, At: now})
	ctx, cancel := inventory.BoundAs(context.WithValue(ctx, beganKey{}, now), collector, limit, false)
	return ctx, cancel, now
}

func (k *timekeeper) End(ctx context.Context, collector string) time.Duration {
	now := k.rec.Now()
	m := &archive.Moment{What: archive.CollectorEnd, Collector: collector, At: now}
	if began, ok := ctx.Value(beganKey{}).(time.Time); ok {
		m.Elapsed = now.Sub(began)
	}
	if ctx.Err() != nil {
		m.Ended = fault.From(inventory.Cause(ctx))
	}
	k.rec.put(m)
	return m.Elapsed
}
