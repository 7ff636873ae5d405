// Package accel collects graphics processors and accelerators of every maker
// but NVIDIA, which has a collector of its own: what PCI says of them, and
// what the drivers of AMD, Intel and Habana show in sysfs.
package accel

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

const (
	classDir = "/sys/class/accel"

	// sideBySide is how many devices are read at the same time.
	sideBySide = 4
	// deviceDeadline is the most one device may take.
	deviceDeadline = 10 * time.Second
)

// Collector makes the collector "accelerators".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("accelerators", []string{"gpus"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return read(ctx, h.ForRun(s.Run()), func(g *inventory.GPU) { s.Put(g) })
	})
}

// Read lists the devices in the order of their addresses; nil, nil on a
// machine that has none. Their PCI Express link is the pcie collector's, and
// [inventory.Report.Join] puts it in.
func Read(ctx context.Context, h *host.Host) ([]inventory.GPU, error) {
	all := []inventory.GPU{}
	found, err := read(ctx, h, func(g *inventory.GPU) { all = append(all, *g) })
	if !found {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b inventory.GPU) int { return inventory.CompareNatural(a.ID, b.ID) })
	return all, err
}

// read calls emit for every device, one call at a time and none after it has
// returned.
func read(ctx context.Context, h *host.Host, emit func(*inventory.GPU)) (found bool, err error) {
	devices, err := find(ctx, h)
	if len(devices) == 0 {
		return false, err
	}
	deadline := inventory.DeviceDeadline(ctx, deviceDeadline)
	ready := make([]chan *reader, len(devices))
	indices := make([]int, len(devices))
	for i := range devices {
		indices[i], ready[i] = i, make(chan *reader, 1)
	}
	errs := inventory.Each(ctx, sideBySide, deadline, indices, func(ctx context.Context, i int) error {
		// What was read is handed over even when the deadline comes first.
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		r := newReader(h, devices[i])
		r.read(ctx)
		ready[i] <- r
		return nil
	})
	for i, e := range errs {
		if e != nil {
			g := newReader(h, devices[i]).gpu
			errs[i] = &inventory.PartError{ComponentID: g.ID, Source: devices[i].dir, Err: e}
			g.State = ""
			emit(g)
			continue
		}
		r := <-ready[i]
		emit(r.gpu)
		errs[i] = errors.Join(r.errs...)
	}
	return true, errors.Join(err, errors.Join(errs...))
}

// device is one function or platform device.
type device struct {
	address string // of the PCI function; "" elsewhere
	name    string // of the platform device
	dir     string
	node    string // accel0, where the class has it
	vendor  uint16
	id      uint16
}

// isDisplay and isAccelerator tell the PCI classes 03h and 12h.
func isDisplay(class string) bool     { return strings.HasPrefix(class, "0x03") }
func isAccelerator(class string) bool { return strings.HasPrefix(class, "0x12") }
