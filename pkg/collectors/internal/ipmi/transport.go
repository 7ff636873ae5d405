package ipmi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// DefaultTimeout is how long a transport waits for one answer when the
// request names no time. The kernel's own patience with a controller that
// stopped is 5 s per attempt; most controllers answer within 50 ms.
const DefaultTimeout = 5 * time.Second

// pollSlice bounds how long a cancelled context goes unnoticed. An answer
// wakes the wait at once.
const pollSlice = 50 * time.Millisecond

// maxStale bounds how many late answers one exchange throws away.
const maxStale = 256

// A port is the kernel's message interface: messages go out with an id, and
// come back with it in any order.
type port interface {
	send(id int, c Command, timeout time.Duration) error
	// poll waits until there is something to receive, or the time is up.
	poll(timeout time.Duration) (ready bool, err error)
	// receive takes one message: errNothing when there is none, errCut beside
	// the message when it was longer than any message may be.
	receive() (message, error)
	close() error
}

var (
	errNothing = errors.New("nothing to receive")
	errCut     = errors.New("message too long")
)

// A message is what came in.
type message struct {
	response   bool // else an event, or somebody's command
	id         int
	netFn, cmd uint8
	data       []byte // of a response: completion code first
}

// A link makes exchanges over a port, one at a time.
type link struct {
	port port
	name string
	turn chan struct{} // holds one token while an exchange is under way
	id   int           // of the last message sent; guarded by turn
}

func newLink(p port, name string) *link {
	return &link{port: p, name: name, turn: make(chan struct{}, 1)}
}

// Close closes the port. An exchange under way ends with an error.
func (l *link) Close() error { return l.port.close() }

// Exchange implements device.Device.
func (l *link) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := Allowed(req); err != nil {
		return device.Response{}, err
	}
	c, err := ParseRequest(req)
	if err != nil {
		return device.Response{}, err
	}
	if err := ctx.Err(); err != nil {
		return device.Response{}, err
	}
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return device.Response{}, ctx.Err()
	}
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	answer, err := l.roundTrip(ctx, c, timeout)
	if err != nil {
		return device.Response{}, err
	}
	if len(answer) == 0 {
		return device.Response{}, fmt.Errorf("%s: answer without a completion code: %w", l.name, inventory.ErrMalformed)
	}
	data := answer[1:]
	return device.Response{Status: answer[:1], Data: data[:min(len(data), max(0, req.ReadLen))]}, nil
}

// roundTrip sends a command and waits for the answer with its id.
func (l *link) roundTrip(ctx context.Context, c Command, timeout time.Duration) ([]byte, error) {
	deadline := time.Now().Add(timeout)
	l.id++
	if err := l.port.send(l.id, c, timeout); err != nil {
		return nil, err
	}
	for range maxStale {
		if err := l.wait(ctx, deadline); err != nil {
			return nil, err
		}
		m, err := l.port.receive()
		switch {
		case errors.Is(err, errNothing):
			continue
		case err != nil && !errors.Is(err, errCut):
			return nil, err
		case !m.response || m.id != l.id:
			continue // an event, or the answer to a request that was given up
		case err != nil:
			return nil, fmt.Errorf("%s: answer is longer than a message may be: %w", l.name, inventory.ErrMalformed)
		case m.netFn != uint8(c.NetFn)|1 || m.cmd != c.Code:
			return nil, fmt.Errorf("%s: answer is to netfn %02xh command %02xh: %w", l.name, m.netFn&^1, m.cmd, inventory.ErrMalformed)
		}
		return m.data, nil
	}
	return nil, fmt.Errorf("%s: %d messages and no answer among them: %w", l.name, maxStale, inventory.ErrMalformed)
}

// wait returns when something can be received. A deadline of ctx that comes
// before the exchange's own is noticed to the millisecond, a cancellation
// within pollSlice.
func (l *link) wait(ctx context.Context, deadline time.Time) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return fmt.Errorf("%s: no answer: %w", l.name, context.DeadlineExceeded)
		}
		if until, ok := ctx.Deadline(); ok {
			left = min(left, time.Until(until))
		}
		ready, err := l.port.poll(min(max(left, 0)+time.Millisecond, pollSlice))
		if err != nil || ready {
			return err
		}
	}
}
