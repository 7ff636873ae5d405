// Package bmclink gives the collectors that ask the BMC one session with it
// per run, so that the sensor data repository is read once.
package bmclink

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// Link is an open way to a BMC.
type Link struct {
	*ipmi.Session
	Path string
	ID   ipmi.DeviceID
}

// opening is the run's one attempt to reach the BMC. Waiting for another
// collector's attempt ends with the waiting one's own context.
type opening struct {
	turn   chan struct{}
	done   bool
	link   *Link
	err    error
	closed func()
	over   atomic.Bool // the run ended meanwhile
}

type key struct{}

// nodes are the names the driver's device has had.
func nodes() []string { return []string{"/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"} }

// patience is how long a collector asks a controller when nobody set a
// deadline.
const patience = 10 * time.Minute

// WithDeadline leaves a collector the time to hand over what a slow controller
// has said by then.
func WithDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	return inventory.Bound(ctx, inventory.DeviceDeadline(ctx, patience))
}

// Open returns the run's link, having asked the BMC who it is: a BMC that does
// not even answer that is told to every caller at once. It is nil, nil when
// the machine has no BMC interface. release must be called.
func Open(ctx context.Context, h *host.Host) (link *Link, release func(), err error) {
	o, release := host.Shared(h, key{}, func() (*opening, func()) {
		o := &opening{turn: make(chan struct{}, 1), closed: func() {}}
		return o, o.close
	})
	select {
	case o.turn <- struct{}{}:
		defer o.leave()
	case <-ctx.Done():
		return nil, release, &inventory.PartError{ComponentID: "bmc", Err: ctx.Err()}
	}
	if !o.done {
		o.link, o.closed, o.err = open(ctx, h)
		o.done = true
	}
	return o.link, release, o.err
}

// leave lets the next one in. When the run has ended in the meantime, nobody
// else would close.
func (o *opening) leave() {
	<-o.turn
	if o.over.Load() {
		o.closed()
	}
}

// close closes the device. A collector that was left behind while it opened it
// closes it itself. Closing twice does no harm.
func (o *opening) close() {
	o.over.Store(true)
	select {
	case o.turn <- struct{}{}:
		o.closed()
		<-o.turn
	default:
	}
}

func open(ctx context.Context, h *host.Host) (*Link, func(), error) {
	for _, path := range nodes() {
		dev, err := h.Open(ctx, host.IPMI, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, func() {}, &inventory.PartError{ComponentID: "bmc", Source: path, Err: err}
		}
		closed := func() { _ = dev.Close() }
		l := &Link{Session: ipmi.NewSession(dev, 0), Path: path}
		if l.ID, err = l.DeviceID(ctx); err != nil {
			return nil, closed, &inventory.PartError{ComponentID: "bmc", Source: path, Err: err}
		}
		return l, closed, nil
	}
	return nil, func() {}, nil
}

// Lost says that err is of the way to the BMC rather than its answer: going on
// asking would only take more time.
func Lost(err error) bool {
	return inventory.KindOf(err) == inventory.KindTimeout || inventory.KindOf(err) == inventory.KindStuck || errors.Is(err, context.Canceled)
}

// Declined says that the controller itself answered, and with a no: it does
// not know the command, or not with these parameters.
func Declined(err error) bool {
	var no *ipmi.CompletionError
	return !Lost(err) && errors.As(err, &no) && no.Code != ipmi.CompletionTimeout
}
