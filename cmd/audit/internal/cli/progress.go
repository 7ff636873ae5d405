package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/inventory"
)

// Progress appears when a person would begin to wonder.
const (
	progressAfter = time.Second
	progressEvery = 500 * time.Millisecond
)

// progress is one line on a terminal that says what is still under way.
type progress struct {
	w     io.Writer
	begun time.Time
	done  chan struct{}
	ended chan struct{}

	mu      sync.Mutex
	running []string
	parts   int
	shown   bool
}

func startProgress(w io.Writer) *progress {
	p := &progress{w: w, begun: time.Now(), done: make(chan struct{}), ended: make(chan struct{})}
	go p.loop()
	return p
}

// observe takes the events of a run.
func (p *progress) observe(e inventory.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case e.Outcome != nil:
		p.running = slices.DeleteFunc(p.running, func(n string) bool { return n == e.Collector })
	case e.Component != nil:
		p.parts++
	default:
		p.running = append(p.running, e.Collector)
	}
}

func (p *progress) loop() {
	defer close(p.ended)
	next := time.NewTimer(progressAfter)
	defer next.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-next.C:
			p.show()
			next.Reset(progressEvery)
		}
	}
}

func (p *progress) show() {
	p.mu.Lock()
	text := fmt.Sprintf("%d parts after %d s; still reading %s", p.parts, int(time.Since(p.begun).Seconds()), strings.Join(p.running, ", "))
	p.shown = true
	p.mu.Unlock()
	const width = 79
	if len(text) > width {
		text = text[:width-2] + ".."
	}
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", text)
}

// stop ends the line and leaves nothing of it behind. A terminal that was
// stopped (Ctrl-S, a serial line without a listener) does not hold up the
// report.
func (p *progress) stop() {
	close(p.done)
	select {
	case <-p.ended:
		if p.shown {
			_, _ = fmt.Fprint(p.w, "\r\x1b[K")
		}
	case <-time.After(progressEvery):
	}
}
