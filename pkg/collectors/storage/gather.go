package storage

import (
	"context"
	"sync"
	"time"

	"example.com/bee/pkg/inventory"
)

const (
	// sideBySide is how many devices are read at the same time. Drives behind
	// one adapter share its queue, and the host bounds calls that hang.
	sideBySide = 8
	// sysfsDeadline is the most one device's attributes may take.
	sysfsDeadline = 8 * time.Second
	// driveDeadline is the most one drive may take to answer. A sleepy but
	// healthy drive answers within seconds.
	driveDeadline = 15 * time.Second
)

// gather reads items side by side, each with a deadline of its own. Where that
// passed there is nil, and missed is told why. What comes in later is thrown
// away.
func gather[T, R any](ctx context.Context, want time.Duration, items []T, read func(context.Context, T) *R, missed func(T, error)) []*R {
	var mu sync.Mutex
	results := make([]*R, len(items))
	closed := false
	deadline := inventory.DeviceDeadline(ctx, want)
	index := make([]int, len(items))
	for i := range index {
		index[i] = i
	}
	errs := inventory.Each(ctx, sideBySide, deadline, index, func(ctx context.Context, i int) error {
		// What was read by then is handed over before the deadline comes.
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		r := read(ctx, items[i])
		mu.Lock()
		defer mu.Unlock()
		if !closed {
			results[i] = r
		}
		return nil
	})
	mu.Lock()
	defer mu.Unlock()
	closed = true
	for i, err := range errs {
		if results[i] == nil && err != nil {
			missed(items[i], err)
		}
	}
	return results
}
