package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"example.com/bee/pkg/inventory"
)

// events is a file that says what a run is at, for a console that shows it: a
// JSON object per line (docs/console.md). It is a convenience: when it cannot
// be written, the report is made all the same.
type events struct {
	lines chan []byte
	ended chan struct{}
	err   error // after ended
}

const (
	eventsWaiting = 1024                   // lines that wait for a slow file; more are left out
	eventsGrace   = 250 * time.Millisecond // for what waits at the end
)

// eventLine is one line.
type eventLine struct {
	Collector  string           `json:"collector"`
	Event      string           `json:"event"` // begin, part, end
	Kind       string           `json:"kind,omitzero"`
	Status     inventory.Status `json:"status,omitzero"`
	Error      string           `json:"error,omitzero"`
	DurationMS int64            `json:"duration_ms,omitzero"`
}

// startEvents makes the file anew, so that a reader knows it from the last. It
// is written beside the run, which must not wait for a file that hangs.
func startEvents(path string) *events {
	e := &events{lines: make(chan []byte, eventsWaiting), ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		e.err = e.write(path)
	}()
	return e
}

func (e *events) write(path string) error {
	f, err := anew(path)
	if err != nil {
		return err
	}
	for line := range e.lines {
		if err == nil {
			_, err = f.Write(line)
		}
	}
	return errors.Join(err, f.Close())
}

// anew makes a file in the place of one. A device is not replaced.
func anew(path string) (*os.File, error) {
	st, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !st.Mode().IsRegular() && st.Mode()&fs.ModeSymlink == 0:
		return nil, fmt.Errorf("%s is not a file", path)
	default:
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// observe takes the events of a run.
func (e *events) observe(ev inventory.Event) {
	l := eventLine{Collector: ev.Collector, Event: "begin"}
	switch {
	case ev.Outcome != nil:
		l.Event, l.Status, l.Error, l.DurationMS = "end", ev.Outcome.Status, ev.Outcome.Error, ev.Outcome.DurationMS
	case ev.Component != nil:
		l.Event, l.Kind = "part", ev.Component.Kind()
	}
	line, err := json.Marshal(l)
	if err != nil { // it holds strings
		return
	}
	select {
	case e.lines <- append(line, '\n'):
	default:
	}
}

// stop closes the file and says what went wrong.
func (e *events) stop(env Env) {
	close(e.lines)
	err := errors.New("the file does not take what is written")
	select {
	case <-e.ended:
		err = e.err
	case <-time.After(eventsGrace):
	}
	if err != nil {
		env.say(fmt.Errorf("--progress: %w", err)) // the report matters more
	}
}
