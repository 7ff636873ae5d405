package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/inventory"
)

// ErrNotRecorded says that the recorded run did not ask this, or not as often.
// It is inventory.ErrNotCollected.
var ErrNotRecorded = fmt.Errorf("not recorded: %w", inventory.ErrNotCollected)

var errNoAnswer = fmt.Errorf("no answer: %w", context.DeadlineExceeded)

// quiet is how long nothing may be asked before collectors that were cut short
// then, and wait for what never came, are cut short again.
const quiet = 250 * time.Millisecond

// Play implements [host.Player].
func (s *Source) Play(ctx context.Context, c host.Call) host.Answer {
	e := s.next(ctx, c)
	switch {
	case e == nil && s.ended(inventory.BoundOf(ctx)) != nil:
		// The collector had come to its end before it came to this.
		s.outlast(ctx, 0, s.ended(inventory.BoundOf(ctx)))
		if ctx.Err() == nil {
			return host.Answer{Err: c.Failed(ErrNotRecorded)}
		}
		return host.Answer{Err: c.Failed(inventory.Cause(ctx))}
	case e == nil:
		if since, ok := s.stuckSince(c.Key()); ok {
			return host.Answer{Err: host.StuckError{Name: c.Key(), Since: since}}
		}
		return host.Answer{Err: c.Failed(ErrNotRecorded)}
	case e.err != nil:
		cause := context.DeadlineExceeded
		if e.bound == 0 {
			cause = s.ended(inventory.BoundOf(ctx))
		}
		s.outlast(ctx, e.bound, cause)
		return host.Answer{Err: errorOf(e.err)}
	case e.answer == nil:
		return host.Answer{Err: c.Failed(errNoAnswer)}
	}
	a := host.Answer{
		Data: bytes.Clone(e.answer.Data), Status: bytes.Clone(e.answer.Status),
		Names: slices.Clone(e.answer.Names), Err: errorOf(e.answer.Err),
	}
	if c.Op == host.OpReadDir && a.Err == nil {
		a.Names = slices.DeleteFunc(append([]string{}, a.Names...), noName)
	}
	if c.Op == host.OpRead && a.Data == nil && a.Err == nil {
		a.Data = []byte{}
	}
	if n := max(c.Request.ReadLen, 0); c.Op == host.OpExchange && len(a.Data) > n {
		a.Data = a.Data[:n] // no device gives more
	}
	return a
}

// noName is true for what no directory lists.
func noName(s string) bool {
	return s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/\x00")
}

// next takes the next entry of a key, the caller's own before others'.
func (s *Source) next(ctx context.Context, c host.Call) *entry {
	k := key(&archive.Call{
		Op: c.Op, Name: c.Name, Protocol: string(c.Protocol),
		Command: c.Request.Command, Data: c.Request.Data, ReadLen: c.Request.ReadLen,
	})
	who := inventory.BoundOf(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Now()
	q := s.queues[k]
	if q == nil {
		return nil
	}
	var found *entry
	for _, e := range q.entries[q.given:] {
		if !e.given && (found == nil || e.collector == who) {
			found = e
			if e.collector == who {
				break
			}
		}
	}
	if found == nil {
		return nil
	}
	found.given = true
	for q.given < len(q.entries) && q.entries[q.given].given {
		q.given++
	}
	return found
}

// ended is how a collector was cut short; nil when it was not.
func (s *Source) ended(collector string) error {
	if m := s.moments[momentKey{archive.CollectorEnd, collector}]; m != nil {
		return errorOf(m.Ended)
	}
	return nil
}

// outlast waits until ctx is over. The bound of it that had passed passes again
// as soon as nobody asks anything any more: what goes on beside it had its
// answers.
func (s *Source) outlast(ctx context.Context, bound int, cause error) {
	if bound < 0 || cause == nil { // the call's own deadline
		return
	}
	t := time.NewTicker(quiet / 5)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.mu.Lock()
			still := time.Since(s.last) > quiet
			s.mu.Unlock()
			if still {
				inventory.EndBound(ctx, bound, cause)
				if ctx.Err() == nil {
					return // the recording knows of more bounds than there are
				}
			}
		}
	}
}

// Stuck implements [host.Player].
func (s *Source) Stuck() []host.StuckError { return slices.Clone(s.stuck) }

func (s *Source) stuckSince(name string) (time.Time, bool) {
	for _, e := range s.stuck {
		if e.Name == name {
			return e.Since, true
		}
	}
	return time.Time{}, false
}

func sortStuck(all []host.StuckError) {
	slices.SortFunc(all, func(a, b host.StuckError) int { return strings.Compare(a.Name, b.Name) })
}

// ReadFile implements [host.Source].
func (s *Source) ReadFile(name string, limit int) ([]byte, error) {
	a := s.Play(context.Background(), host.Call{Op: host.OpRead, Name: name, Request: host.Request{ReadLen: limit}})
	return a.Data, a.Err
}

// ReadDir implements [host.Source].
func (s *Source) ReadDir(name string) ([]string, error) {
	a := s.Play(context.Background(), host.Call{Op: host.OpReadDir, Name: name})
	return a.Names, a.Err
}

// Readlink implements [host.Source].
func (s *Source) Readlink(name string) (string, error) {
	a := s.Play(context.Background(), host.Call{Op: host.OpReadlink, Name: name})
	return string(a.Data), a.Err
}

// Open implements [host.Source]. A host asks for the device's answers with
// Play.
func (*Source) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.ErrUnsupported}
}

// Now implements [host.Source]: the time at which the recorded run began.
func (s *Source) Now() time.Time { return s.header.Start }

// Close implements [host.Source].
func (*Source) Close() error { return nil }
