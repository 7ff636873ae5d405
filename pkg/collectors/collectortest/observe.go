package collectortest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// patience is how much longer than its deadline a run may take before it
// counts as hanging. Machines that run tests are slow.
const patience = 5 * time.Second

// observed is one run of the collector.
type observed struct {
	report *inventory.Report
	parts  []inventory.Component // in the order they were handed over
	panics []string
}

func (o *observed) outcome() inventory.Outcome { return o.report.Collectors[0] }

// observe runs the collector alone. An error means that it did not come back
// in time or panicked, which no clause allows.
func (s *suite) observe(ctx context.Context, src host.Source, timeout time.Duration) (*observed, error) {
	o := &observed{}
	h := host.New(src)
	log := &panicLog{}
	begun := time.Now()
	o.report = inventory.Collect(ctx, []inventory.Collector{s.factory(h)},
		inventory.WithTimeout(timeout),
		inventory.WithClock(src.Now),
		inventory.WithLogger(slog.New(log)),
		inventory.WithObserver(func(e inventory.Event) {
			if e.Component != nil {
				o.parts = append(o.parts, e.Component)
			}
		}),
	)
	if took := time.Since(begun); took > timeout+patience {
		return nil, fmt.Errorf("came back after %s with a deadline of %s", took, timeout)
	}
	o.panics = log.panics
	if len(o.panics) > 0 {
		return nil, fmt.Errorf("panicked: %s", strings.Join(o.panics, "\n"))
	}
	return o, nil
}

// panicLog hears of panics, which Collect catches and logs.
type panicLog struct {
	mu     sync.Mutex
	panics []string
}

func (*panicLog) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }

func (l *panicLog) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		text += fmt.Sprintf("\n%s: %v", a.Key, a.Value)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.panics = append(l.panics, text)
	return nil
}

func (l *panicLog) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l *panicLog) WithGroup(string) slog.Handler      { return l }

// metas finds the Meta of a component and of all components within it.
func metas(v reflect.Value) []inventory.Meta {
	var found []inventory.Meta
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			found = metas(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			found = append(found, metas(v.Index(i))...)
		}
	case reflect.Struct:
		if m, ok := reflect.TypeAssert[inventory.Meta](v); ok {
			return []inventory.Meta{m}
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				found = append(found, metas(v.Field(i))...)
			}
		}
	default:
	}
	return found
}

// sectionOf is the report's key a component ends up under.
func sectionOf(c inventory.Component) (string, error) {
	var empty, with inventory.Report
	with.Add(c)
	a, errA := keys(&empty)
	b, errB := keys(&with)
	if err := errors.Join(errA, errB); err != nil {
		return "", err
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			return k, nil
		}
	}
	return "", fmt.Errorf("%s ends up nowhere in the report", c.Kind())
}

func keys(r *inventory.Report) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var m map[string]json.RawMessage
	return m, json.Unmarshal(data, &m)
}
