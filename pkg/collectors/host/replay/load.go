package replay

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/internal/fault"
)

// A Source is a recording that answers. It is a [host.Player] and the
// [inventory.Timekeeper] of one run: load it again for another.
type Source struct {
	header *archive.Header
	damage error
	reason string

	moments map[momentKey]*archive.Moment
	stuck   []host.StuckError
	spoken  map[host.Protocol]bool // with which a device was there

	mu     sync.Mutex
	queues map[string]*queue
	last   time.Time // when something was asked
}

type momentKey struct {
	what      archive.MomentKind
	collector string
}

// queue are the calls with one key, in the order in which they were begun.
type queue struct {
	entries []*entry
	given   int // all before this one are
}

// entry is one call and what came of it.
type entry struct {
	collector string
	name      string // for StuckError
	began     time.Time
	answer    *archive.Answer
	err       *archive.Fault // of a call that was refused or given up
	bound     int
	parts     [][]byte // of a helper
	opens     host.Protocol
	given     bool
}

// Load reads a recording. One that is damaged behind its beginning, or cut
// short, is used as far as it goes; [Source.Damage] tells of it.
func Load(r io.Reader) (*Source, error) {
	in, err := archive.NewReader(r)
	if err != nil {
		return nil, err
	}
	s := newSource(in.Header())
	l := loader{s, map[uint64]*entry{}}
	for {
		f, err := in.Next()
		if errors.Is(err, io.EOF) && !errors.Is(err, archive.ErrCut) {
			break
		}
		if err != nil {
			s.damage = err
			break
		}
		l.take(f)
	}
	if s.damage == nil && s.reason != "" {
		s.damage = fmt.Errorf("the recording ended early: %s", s.reason)
	}
	s.findStuck()
	s.findSpoken()
	return s, nil
}

func newSource(h *archive.Header) *Source {
	return &Source{header: h, moments: map[momentKey]*archive.Moment{}, queues: map[string]*queue{}}
}

// Header says what was recorded.
func (s *Source) Header() archive.Header { return *s.header }

// Damage is why the recording is not whole; nil when it is.
func (s *Source) Damage() error { return s.damage }

// Option is a value of an option of the recorded run.
func (s *Source) Option(name string) string {
	for _, o := range s.header.Options {
		if o.Name == name {
			return o.Value
		}
	}
	return ""
}

type loader struct {
	s    *Source
	open map[uint64]*entry
}

func (l loader) take(f archive.Frame) {
	switch f := f.(type) {
	case *archive.Begin:
		e := l.add(&f.Call)
		e.began = l.s.header.Start.Add(f.After)
		l.open[f.ID] = e
	case *archive.End:
		if e := l.open[f.ID]; e != nil && e.answer == nil {
			e.answer = &f.Answer
		}
	case *archive.GiveUp:
		if e := l.open[f.ID]; e != nil && e.err == nil && f.Err != nil {
			e.err, e.bound = f.Err, f.Bound
		}
	case *archive.Refuse:
		e := l.add(&f.Call)
		e.err, e.bound = f.Err, f.Bound
	case *archive.Chunk:
		const maxParts = 4096
		if e := l.open[f.ID]; e != nil && f.Part > 0 && f.Part <= maxParts {
			for len(e.parts) < f.Part {
				e.parts = append(e.parts, nil)
			}
			e.parts[f.Part-1] = append(e.parts[f.Part-1], f.Data...)
		}
	case *archive.Moment:
		l.s.moments[momentKey{f.What, f.Collector}] = f
	case *archive.Close:
		l.s.reason = f.Reason
	}
}

func (l loader) add(c *archive.Call) *entry {
	k := key(c)
	q := l.s.queues[k]
	if q == nil {
		q = &queue{}
		l.s.queues[k] = q
	}
	e := &entry{collector: c.Collector, name: fate(c)}
	if c.Op == host.OpOpen {
		e.opens = host.Protocol(c.Protocol)
	}
	q.entries = append(q.entries, e)
	return e
}

// key is what decides the answer.
func key(c *archive.Call) string {
	var b strings.Builder
	b.WriteByte(byte(c.Op))
	for _, s := range []string{c.Name, c.Protocol, string(c.Command), string(c.Data)} {
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	b.WriteString(strconv.Itoa(c.ReadLen))
	return b.String()
}

// fate is the name under which a host keeps what is stuck.
func fate(c *archive.Call) string {
	return host.Call{
		Op: c.Op, Name: c.Name, Protocol: host.Protocol(c.Protocol),
		Request: host.Request{Command: c.Command, Data: c.Data, ReadLen: c.ReadLen},
	}.Key()
}

// findStuck lists the calls that had not come back when the recording ended.
func (s *Source) findStuck() {
	seen := map[string]time.Time{}
	for _, q := range s.queues {
		for _, e := range q.entries {
			if e.answer != nil || e.began.IsZero() {
				continue
			}
			if at, ok := seen[e.name]; !ok || e.began.Before(at) {
				seen[e.name] = e.began
			}
		}
	}
	for name, since := range seen {
		s.stuck = append(s.stuck, host.StuckError{Name: name, Since: since})
	}
	sortStuck(s.stuck)
}

// findSpoken finds the protocols in which a device was there to be asked, even
// one that hung.
func (s *Source) findSpoken() {
	s.spoken = map[host.Protocol]bool{}
	for _, q := range s.queues {
		for _, e := range q.entries {
			if e.opens == "" {
				continue
			}
			if err := e.opened(); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errors.ErrUnsupported) {
				s.spoken[e.opens] = true
			}
		}
	}
}

// opened is how opening a device ended.
func (e *entry) opened() error {
	if e.answer != nil {
		return errorOf(e.answer.Err)
	}
	return errorOf(e.err)
}

// Speaks implements [host.Speaker]: a recording from before there was a
// protocol has the files that were read in its place.
func (s *Source) Speaks(p host.Protocol) bool { return s.spoken[p] }

func errorOf(f *archive.Fault) error { return fault.To(f) }
