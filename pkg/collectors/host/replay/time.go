package replay

import (
	"context"
	"time"

	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/inventory"
)

// Start implements [inventory.Timekeeper].
func (s *Source) Start() time.Time { return s.at(archive.RunStart, "") }

// Begin implements [inventory.Timekeeper].
func (s *Source) Begin(ctx context.Context, collector string, limit time.Duration) (context.Context, context.CancelFunc, time.Time) {
	ctx, cancel := inventory.BoundAs(ctx, collector, limit, true)
	return ctx, cancel, s.at(archive.CollectorBegin, collector)
}

// End implements [inventory.Timekeeper].
func (s *Source) End(ctx context.Context, collector string) time.Duration {
	if cause := s.ended(collector); cause != nil {
		inventory.EndBound(ctx, 0, cause)
	}
	return s.took(archive.CollectorEnd, collector)
}

// Finish implements [inventory.Timekeeper].
func (s *Source) Finish() (time.Time, time.Duration) {
	return s.at(archive.RunFinish, ""), s.took(archive.RunFinish, "")
}

// at is the time of a moment, that of the recording's start when it has none.
func (s *Source) at(what archive.MomentKind, collector string) time.Time {
	if m := s.moments[momentKey{what, collector}]; m != nil && !m.At.IsZero() {
		return m.At
	}
	return s.header.Start
}

func (s *Source) took(what archive.MomentKind, collector string) time.Duration {
	if m := s.moments[momentKey{what, collector}]; m != nil {
		return m.Elapsed
	}
	return 0
}
