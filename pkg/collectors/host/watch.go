package host

import (
	"sync"
	"time"
)

// tick is how often calls under way are looked at, and so how much later than
// its deadline one is given up. A timer for each call would be exact, and cost
// more than most calls do.
const tick = 50 * time.Millisecond

// watch looks at the batches under way from time to time. While there are none
// it does nothing.
type watch struct {
	mu      sync.Mutex
	batches []*batch
	timer   *time.Timer
	ticking bool
}

func (w *watch) add(b *batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b.place = len(w.batches)
	w.batches = append(w.batches, b)
	switch {
	case w.ticking:
		return
	case w.timer == nil:
		w.timer = time.AfterFunc(tick, w.look)
	default:
		w.timer.Reset(tick)
	}
	w.ticking = true
}

func (w *watch) remove(b *batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := len(w.batches) - 1
	w.batches[b.place] = w.batches[last]
	w.batches[b.place].place = b.place
	w.batches[last] = nil
	w.batches = w.batches[:last]
}

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	for _, b := range w.batches {
		b.check(now)
	}
	if w.ticking = len(w.batches) > 0; w.ticking {
		w.timer.Reset(tick)
	}
}
