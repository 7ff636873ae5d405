package inventory

import (
	"context"
	"runtime"
	"time"
)

// turns lets collectors that only read what the kernel has in memory run one
// after the other. Side by side they would be no faster, and on a machine with
// few processors a good deal slower: they would change places at every file.
type turns struct {
	taken    chan struct{}
	patience time.Duration
}

// longestWait is how long a turn is waited for. A collector that takes longer
// is waiting itself, for what does not answer, and holds back nobody else.
const longestWait = 250 * time.Millisecond

func newTurns(timeout time.Duration) *turns {
	return &turns{
		taken:    make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		patience: min(longestWait, timeout/20),
	}
}

// take returns when it is the caller's turn, and what ends the turn.
func (t *turns) take(ctx context.Context) (end func()) {
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken }
	default:
	}
	timer := time.NewTimer(t.patience)
	defer timer.Stop()
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken }
	case <-timer.C:
	case <-ctx.Done():
	}
	return func() {}
}
