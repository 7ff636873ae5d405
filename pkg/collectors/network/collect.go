package network

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	netDir  = "/sys/class/net"
	rdmaDir = "/sys/class/infiniband"

	// sideBySide is how many interfaces are read at the same time.
	sideBySide = 8
	// interfaceDeadline is the most one interface may take: a module's memory
	// is read over a slow bus.
	interfaceDeadline = 12 * time.Second
)

// An Option changes what is collected.
type Option func(*options)

type options struct{ lldp time.Duration }

// WithLLDP listens so long for what switches say of themselves. They say it
// every 30 seconds, so that 35 are enough. Listening ends early when every
// interface with a carrier has heard something, and in time for the run's
// deadline.
func WithLLDP(d time.Duration) Option { return func(o *options) { o.lldp = d } }

// Collector makes the collector "network".
func Collector(h *host.Host, opts ...Option) inventory.Collector {
	return inventory.New("network", []string{"network"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return read(ctx, h.ForRun(s.Run()), opts, func(n *inventory.NIC) { s.Put(n) })
	})
}

// Read lists the physical interfaces in the order of their names; nil, nil
// below a root without network.
func Read(ctx context.Context, h *host.Host, opts ...Option) ([]inventory.NIC, error) {
	nics := []inventory.NIC{}
	found, err := read(ctx, h, opts, func(n *inventory.NIC) { nics = append(nics, *n) })
	if !found {
		return nil, err
	}
	slices.SortStableFunc(nics, func(a, b inventory.NIC) int { return inventory.CompareNatural(a.Name, b.Name) })
	return nics, err
}

// read calls emit for every interface, one call at a time and none after it
// has returned.
func read(ctx context.Context, h *host.Host, opts []Option, emit func(*inventory.NIC)) (found bool, err error) {
	var o options
	for _, f := range opts {
		f(&o)
	}
	names, netErr := list(ctx, h, netDir)
	devices, rdmaErr := list(ctx, h, rdmaDir)
	if names == nil && devices == nil {
		return false, errors.Join(netErr, rdmaErr)
	}
	interfaces, findErr := find(ctx, h, names)
	ports, portErr := readRDMA(ctx, h, devices)
	interfaces = assign(interfaces, ports)

	// What waits for its switch is held back; everything else goes out as soon
	// as it is read.
	var held []*inventory.NIC
	r := &results{done: map[string]bool{}, emit: func(n *inventory.NIC) {
		if o.lldp > 0 && hears(n) {
			held = append(held, n)
			return
		}
		emit(n)
	}}
	deadline := inventory.DeviceDeadline(ctx, interfaceDeadline)
	errs := inventory.Each(ctx, sideBySide, deadline, interfaces, func(ctx context.Context, in *port) error {
		// What was read is handed over even when the deadline comes first.
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		n, err := in.read(ctx, h)
		r.add(n, err)
		return nil
	})
	err = errors.Join(netErr, rdmaErr, findErr, portErr, r.close(interfaces, errs))
	if o.lldp > 0 {
		err = errors.Join(err, listen(ctx, h, o.lldp, held))
		for _, n := range held {
			emit(n)
		}
	}
	return true, err
}

// list is nil where there is no such directory or it cannot be read.
func list(ctx context.Context, h *host.Host, dir string) ([]string, error) {
	names, err := h.ReadDir(ctx, dir)
	switch {
	case err == nil:
		slices.SortFunc(names, inventory.CompareNatural)
		return names, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	default:
		return nil, &inventory.PartError{Source: dir, Err: sysfs.Cause(err)}
	}
}

// results takes interfaces from those who read them, until it is closed.
type results struct {
	emit func(*inventory.NIC)

	mu     sync.Mutex
	closed bool
	done   map[string]bool
	errs   []error
}

func (r *results) add(n *inventory.NIC, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.done[n.ID] = true
	r.errs = append(r.errs, err)
	r.emit(n)
}

// close emits what is known of those that were not finished, and joins what
// went wrong.
func (r *results) close(interfaces []*port, errs []error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	// The order of the errors must not depend on who was first.
	slices.SortStableFunc(r.errs, func(a, b error) int { return inventory.CompareNatural(textOf(a), textOf(b)) })
	for i, in := range interfaces {
		if errs[i] == nil && r.done[in.id] {
			continue
		}
		err := errs[i]
		if err == nil {
			err = inventory.ErrNotCollected
		}
		r.errs = append(r.errs, &inventory.PartError{ComponentID: in.id, Source: in.dir, Err: err})
		if !r.done[in.id] {
			r.emit(in.bare())
		}
	}
	return errors.Join(r.errs...)
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// classPath is where an interface is known by its name.
func classPath(name string) string { return path.Join(netDir, name) }
