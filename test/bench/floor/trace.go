// Package floor finds the least time an audit could take on a machine: it
// writes down every request of an audit, then makes the same requests again
// with nothing around them. What the audit takes beyond that is its own.
package floor

import (
	"context"
	"slices"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
)

// Op is one request.
type Op struct {
	Kind     byte // 'f' file, 'd' directory, 'l' link, 'o' open device, 'x' exchange, 'c' close device.
	Name     string
	Protocol host.Protocol
	Device   int // Number of the 'o' that the exchange belongs to.
	Request  host.Request
	Failed   bool
	Micros   int64 // How long it took while it was written down.
	Bytes    int
}

// Trace is a source that writes down what is asked of another one. The order
// is that in which the answers came.
type Trace struct {
	host.Source

	mu      sync.Mutex
	ops     []Op
	devices int
}

// Ops is what was asked so far.
func (t *Trace) Ops() []Op {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.ops)
}

func (t *Trace) note(o Op, start time.Time, err error) {
	o.Micros, o.Failed = time.Since(start).Microseconds(), err != nil
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ops = append(t.ops, o)
}

// ReadFile implements [host.Source].
func (t *Trace) ReadFile(name string, limit int) ([]byte, error) {
	start := time.Now()
	data, err := t.Source.ReadFile(name, limit)
	t.note(Op{Kind: 'f', Name: name, Bytes: len(data)}, start, err)
	return data, err
}

// ReadDir implements [host.Source].
func (t *Trace) ReadDir(name string) ([]string, error) {
	start := time.Now()
	names, err := t.Source.ReadDir(name)
	t.note(Op{Kind: 'd', Name: name, Bytes: len(names)}, start, err)
	return names, err
}

// Readlink implements [host.Source].
func (t *Trace) Readlink(name string) (string, error) {
	start := time.Now()
	text, err := t.Source.Readlink(name)
	t.note(Op{Kind: 'l', Name: name, Bytes: len(text)}, start, err)
	return text, err
}

// Open implements [host.Source].
func (t *Trace) Open(p host.Protocol, name string) (host.Device, error) {
	start := time.Now()
	d, err := t.Source.Open(p, name)
	t.mu.Lock()
	t.devices++
	n := t.devices
	t.mu.Unlock()
	t.note(Op{Kind: 'o', Name: name, Protocol: p, Device: n}, start, err)
	if err != nil {
		return nil, err
	}
	return &traced{t, d, n, name, p}, nil
}

// ClockSynchronized passes the question on.
func (t *Trace) ClockSynchronized() *bool {
	if c, ok := t.Source.(interface{ ClockSynchronized() *bool }); ok {
		return c.ClockSynchronized()
	}
	return nil
}

type traced struct {
	trace    *Trace
	device   host.Device
	n        int
	name     string
	protocol host.Protocol
}

func (d *traced) Exchange(ctx context.Context, r host.Request) (host.Response, error) {
	kept := r
	kept.Command, kept.Data = slices.Clone(r.Command), slices.Clone(r.Data)
	start := time.Now()
	answer, err := d.device.Exchange(ctx, r)
	d.trace.note(Op{Kind: 'x', Name: d.name, Protocol: d.protocol, Device: d.n, Request: kept, Bytes: len(answer.Data)}, start, err)
	return answer, err
}

func (d *traced) Close() error {
	d.trace.note(Op{Kind: 'c', Name: d.name, Protocol: d.protocol, Device: d.n}, time.Now(), nil)
	return d.device.Close()
}

// Counts sums up a trace.
type Counts struct {
	Files, Dirs, Links, Opens, Exchanges int
	Failed                               int // Of files, directories and links: not there.
	Repeated                             int // The same file, directory or link once more.
}

// Count sums up a trace.
func Count(ops []Op) Counts {
	var c Counts
	seen := map[string]bool{}
	for _, o := range ops {
		switch o.Kind {
		case 'f':
			c.Files++
		case 'd':
			c.Dirs++
		case 'l':
			c.Links++
		case 'o':
			c.Opens++
		case 'x':
			c.Exchanges++
		}
		if o.Kind != 'f' && o.Kind != 'd' && o.Kind != 'l' {
			continue
		}
		if o.Failed {
			c.Failed++
		}
		key := string(o.Kind) + o.Name
		if seen[key] {
			c.Repeated++
		}
		seen[key] = true
	}
	return c
}
