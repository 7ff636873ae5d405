package host

import (
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Op is what a call does.
type Op = device.Op

// The operations.
const (
	OpRead     = device.OpRead     // the content of a file
	OpReadDir  = device.OpReadDir  // the names in a directory
	OpReadlink = device.OpReadlink // the text of a link
	OpOpen     = device.OpOpen     // opening a device
	OpExchange = device.OpExchange // a request to an open device
	OpHelper   = device.OpHelper   // what a program beside this one was asked
	OpClock    = device.OpClock    // whether the clock is synchronized
)

// A Call is what a host asks its source. All of it decides the answer, except
// for the request's Timeout.
type Call struct {
	Op       Op
	Name     string   // the path of a file or device
	Protocol Protocol // of devices
	// Request is a device's; for a file, ReadLen is the limit.
	Request Request
}

// Failed is the error that the caller of c is told when there is no answer
// because of err.
func (c Call) Failed(err error) error {
	op := ""
	switch c.Op {
	case OpRead:
		op = "read"
	case OpReadDir:
		op = "readdir"
	case OpReadlink:
		op = "readlink"
	default:
		asked := deviceCall(c.Protocol, c.Name, 0)
		asked.key, asked.dev = c.Key(), &deviceAsk{name: c.Name}
		return asked.failed(err)
	}
	return (&call{op: op, key: c.Name}).failed(err)
}

// Key names what shares the fate of a call: the file, or the device in its
// protocol. It is the Name of a [StuckError].
func (c Call) Key() string {
	if c.Protocol == "" {
		return c.Name
	}
	if c.Op == OpExchange {
		return deviceKey(c.Protocol, addressee(c.Protocol, c.Name, c.Request))
	}
	return deviceKey(c.Protocol, c.Name)
}

// An Answer is what came back. Data is a file's content, a link's text or a
// device's data, Status is a device's, Names are a directory's.
type Answer struct {
	Data, Status []byte
	Names        []string
	Err          error
}

// A Tap is a source that is told of every call the host makes, and of those it
// does not make: a recorder. Its methods are called from many goroutines, must
// not block for long, and must not keep what they are given.
type Tap interface {
	Source
	// Unwrap is the source that the calls go to.
	Unwrap() Source
	// Began is called before a call is made; it names the call in what
	// follows. ctx is the caller's.
	Began(ctx context.Context, c Call) (id uint64)
	// Ended is called when a call has come back, however late.
	Ended(id uint64, a Answer)
	// GivenUp is called when the caller is told err because the call has not
	// come back in time.
	GivenUp(ctx context.Context, id uint64, err error)
	// Refused is called when the caller is told err and no call is made.
	Refused(ctx context.Context, c Call, err error)
}

// A Player is a source that answers as a host did, refusals and deadlines
// included: a recording. The host asks it and bounds nothing.
type Player interface {
	Source
	Play(ctx context.Context, c Call) Answer
	// Stuck lists the calls that had not come back.
	Stuck() []StuckError
}

// deviceAsk is what a call asks a device.
type deviceAsk struct {
	name     string
	protocol Protocol
	req      Request
}

// public is the call as a tap sees it.
func (c *call) public() Call {
	if c.dev == nil {
		return Call{Op: c.ask, Name: c.key, Request: Request{ReadLen: c.limit}}
	}
	return Call{Op: c.ask, Name: c.dev.name, Protocol: c.dev.protocol, Request: c.dev.req}
}

func (g *guard) refused(ctx context.Context, c *call, err error) {
	if g.tap != nil {
		g.tap.Refused(ctx, c.public(), err)
	}
}

// answer is the result of a call that gives one value.
type answer[T any] struct {
	value T
	err   error
}

// answered is a result as a tap sees it.
func answered(r result) Answer {
	if r.err != nil {
		return Answer{Err: r.err}
	}
	switch v := r.value.(type) {
	case FileResult:
		return Answer{Data: v.Data, Err: v.Err}
	case answer[[]string]:
		return Answer{Names: v.value, Err: v.err}
	case answer[string]:
		return Answer{Data: []byte(v.value), Err: v.err}
	case answer[Response]:
		return Answer{Status: v.value.Status, Data: v.value.Data, Err: v.err}
	case answer[Device]:
		return Answer{Err: v.err}
	}
	return Answer{}
}

// playedDevice is a device of a recording.
type playedDevice struct {
	player   Player
	protocol Protocol
	name     string
}

func (d *playedDevice) Exchange(ctx context.Context, req Request) (Response, error) {
	if err := allowed(d.protocol, req); err != nil {
		return Response{}, fmt.Errorf("%s: %w", d.name, err)
	}
	a := d.player.Play(ctx, Call{Op: OpExchange, Name: d.name, Protocol: d.protocol, Request: req})
	return Response{Status: a.Status, Data: a.Data}, a.Err
}

func (*playedDevice) Close() error { return nil }

// clockWord is what a recording says of the clock.
func clockWord(synced *bool) []byte {
	switch {
	case synced == nil:
		return nil
	case *synced:
		return []byte("synchronized")
	default:
		return []byte("free")
	}
}

func synchronized(word []byte) *bool {
	switch string(word) {
	case "synchronized":
		return new(true)
	case "free":
		return new(false)
	default:
		return nil
	}
}
