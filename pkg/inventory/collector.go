package inventory

import (
	"context"
	"encoding/json"
	"sync"
)

// A Collector reads one domain of the machine. Build one with [New], [Single],
// [List] or [ExtensionOf].
type Collector struct {
	name     string
	sections []string
	read     func(context.Context, *Sink) (found bool, err error)
	turns    bool
}

// Name is the collector's name in --only, --skip and collectors[].
func (c Collector) Name() string { return c.name }

// Sections are the report's keys the collector fills.
func (c Collector) Sections() []string { return append([]string{}, c.sections...) }

// TakingTurns is the collector as one that only reads what the kernel has in
// memory, which is there at once: [Collect] runs those one after the other
// rather than all at once, unless one of them takes long. Without it a
// collector is begun at once, as one that asks devices should be.
func (c Collector) TakingTurns() Collector {
	c.turns = true
	return c
}

// New makes a collector that hands over its components one by one, so that
// what is finished survives a deadline. How read ends is classified by
// [Collect] and nowhere else:
//
//	true,  nil    ok: the interface is there and was read whole
//	true,  err    partial; each leaf of a joined error becomes an issue
//	false, nil    absent: the machine has no such interface
//	false, err    timeout, denied or failed
//
// The sections named become empty lists when read found its interface and put
// nothing into them.
func New(name string, sections []string, read func(ctx context.Context, s *Sink) (found bool, err error)) Collector {
	return Collector{name: name, sections: sections, read: read}
}

// Single adapts a read function whose result is one component: value, nil is
// ok; value, err partial; nil, nil absent; nil, err failed.
func Single[T any, PT interface {
	*T
	Component
}](name, section string, read func(context.Context) (PT, error)) Collector {
	return New(name, []string{section}, func(ctx context.Context, s *Sink) (bool, error) {
		v, err := read(ctx)
		if v == nil {
			return false, err
		}
		s.Put(v)
		return true, err
	})
}

// List adapts a read function whose result is a list. A nil slice means that
// the interface is absent, an empty one that it was looked at and held
// nothing; errors are classified as by [Single].
func List[T any, PT interface {
	*T
	Component
}](name, section string, read func(context.Context) ([]T, error)) Collector {
	return New(name, []string{section}, func(ctx context.Context, s *Sink) (bool, error) {
		v, err := read(ctx)
		for i := range v {
			s.Put(PT(&v[i]))
		}
		return v != nil, err
	})
}

// ExtensionOf adapts a third party's read function. Its result is put under
// key, which should be domain-qualified ("acme.example/raid"), as JSON.
func ExtensionOf[T any](key string, read func(context.Context) (*T, error)) Collector {
	return New(key, []string{"extensions"}, func(ctx context.Context, s *Sink) (bool, error) {
		v, err := read(ctx)
		if v == nil {
			return false, err
		}
		data, jsonErr := json.Marshal(v)
		if jsonErr != nil {
			return false, jsonErr
		}
		s.Put(&Extension{Key: key, Data: data})
		return true, err
	})
}

// A Sink takes a collector's components. It may be used from several
// goroutines. What is put after the collector's deadline is dropped.
type Sink struct {
	run    *Run
	notify func(Component)

	mu     sync.Mutex
	parts  []Component
	count  int
	forget bool // only tell of it
	sealed bool
}

// Run is the run the sink belongs to.
func (s *Sink) Run() *Run { return s.run }

// Put hands over one component. The caller must not touch it, or anything it
// points to, afterwards.
func (s *Sink) Put(c Component) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealed {
		return
	}
	s.count++
	if !s.forget {
		s.parts = append(s.parts, c)
	}
	if s.notify != nil {
		s.notify(c)
	}
}

// seal closes the sink and returns what was put, and how much it was.
func (s *Sink) seal() ([]Component, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = true
	return s.parts, s.count
}
