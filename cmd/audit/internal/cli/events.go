package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"example.com/bee/pkg/inventory"
)

// events is a file that says what a run is at, for a console that shows it: a
// JSON object per line (docs/console.md). It is a convenience: when it cannot
// be written, the report is made all the same.
type events struct {
	f   *os.File
	err error
}

// eventLine is one line.
type eventLine struct {
	Collector  string           `json:"collector"`
	Event      string           `json:"event"` // begin, part, end
	Kind       string           `json:"kind,omitzero"`
	Status     inventory.Status `json:"status,omitzero"`
	Error      string           `json:"error,omitzero"`
	DurationMS int64            `json:"duration_ms,omitzero"`
}

// startEvents makes the file anew, so that a reader knows it from the last.
func startEvents(path string) *events {
	err := os.Remove(path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		var f *os.File
		if f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			return &events{f: f}
		}
	}
	return &events{err: err}
}

// observe takes the events of a run.
func (e *events) observe(ev inventory.Event) {
	if e.err != nil {
		return
	}
	l := eventLine{Collector: ev.Collector, Event: "begin"}
	switch {
	case ev.Outcome != nil:
		l.Event, l.Status, l.Error, l.DurationMS = "end", ev.Outcome.Status, ev.Outcome.Error, ev.Outcome.DurationMS
	case ev.Component != nil:
		l.Event, l.Kind = "part", ev.Component.Kind()
	}
	line, err := json.Marshal(l)
	if err == nil {
		_, err = e.f.Write(append(line, '\n'))
	}
	e.err = err
}

// stop closes the file and says what went wrong.
func (e *events) stop(env Env) {
	if e.f != nil {
		e.err = errors.Join(e.err, e.f.Close())
	}
	if e.err != nil {
		env.say(fmt.Errorf("--progress: %w", e.err)) // the report matters more
	}
}
