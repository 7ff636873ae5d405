// Package bmclink gives the collectors that ask the BMC one session with it
// per run, so that the sensor data repository is read once.
package bmclink

import (
	"context"
	"errors"
	"io/fs"

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

type sharedLink struct {
	link *Link
	err  error
}

type key struct{}

// nodes are the names the driver's device has had.
func nodes() []string { return []string{"/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"} }

// Open returns the run's link, having asked the BMC who it is: a BMC that does
// not even answer that is told to every caller at once. It is nil, nil when
// the machine has no BMC interface. release must be called.
func Open(ctx context.Context, h *host.Host) (link *Link, release func(), err error) {
	s, release := host.Shared(h, key{}, func() (sharedLink, func()) {
		l, closed, err := open(ctx, h)
		return sharedLink{l, err}, closed
	})
	return s.link, release, s.err
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
