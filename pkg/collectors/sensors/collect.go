// Package sensors collects the sensors the kernel reads (hwmon): temperatures,
// fans, voltages, currents, power, energy, humidity and chassis intrusion.
package sensors

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	classDir = "/sys/class/hwmon"

	// sideBySide is how many chips inside of devices, which may hang, are read
	// at the same time.
	sideBySide = 4
	// chipDeadline is the most one chip may take.
	chipDeadline = 10 * time.Second
)

// Collector makes the collector "sensors".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("sensors", []string{"sensors"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return read(ctx, h.ForRun(s.Run()), func(v *inventory.HostSensor) { s.Put(v) })
	})
}

// Read lists the sensors in the order of their ids; nil, nil on a machine
// without the interface. Health is unknown until the report is assessed.
func Read(ctx context.Context, h *host.Host) ([]inventory.HostSensor, error) {
	all := []inventory.HostSensor{}
	found, err := read(ctx, h, func(v *inventory.HostSensor) { all = append(all, *v) })
	if !found {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b inventory.HostSensor) int { return inventory.CompareNatural(a.ID, b.ID) })
	return all, err
}

// read calls emit for every sensor, from one goroutine at a time.
func read(ctx context.Context, h *host.Host, emit func(*inventory.HostSensor)) (found bool, err error) {
	names, err := h.ReadDir(ctx, classDir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, &inventory.PartError{Source: classDir, Err: sysfs.Cause(err)}
	}
	slices.SortFunc(names, inventory.CompareNatural)
	var errs []error
	var ids inventory.IDs
	var near, far []*chip
	for _, n := range names {
		c := locate(ctx, h, n)
		errs = append(errs, c.err)
		c.prefix = ids.Unique(c.prefix)
		if c.inDevice() {
			far = append(far, c)
		} else {
			near = append(near, c)
		}
	}
	// The chips of the board first, and one after the other: they share slow
	// buses. Those inside of devices come last, so that a dead drive does not
	// take the time of the others.
	for _, c := range near {
		sensors, err := c.read(ctx, h)
		errs = append(errs, err)
		for i := range sensors {
			emit(&sensors[i])
		}
	}
	return true, errors.Join(append(errs, readFar(ctx, h, far, emit))...)
}

func readFar(ctx context.Context, h *host.Host, chips []*chip, emit func(*inventory.HostSensor)) error {
	type answer struct {
		sensors []inventory.HostSensor
		err     error
	}
	deadline := inventory.DeviceDeadline(ctx, chipDeadline)
	answers := make([]chan answer, len(chips))
	indices := make([]int, len(chips))
	for i := range chips {
		indices[i], answers[i] = i, make(chan answer, 1)
	}
	errs := inventory.Each(ctx, sideBySide, deadline, indices, func(ctx context.Context, i int) error {
		// What was read is handed over even when the deadline comes first.
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		sensors, err := chips[i].read(ctx, h)
		answers[i] <- answer{sensors, err}
		return nil
	})
	for i, err := range errs {
		if err != nil {
			errs[i] = &inventory.PartError{Source: path.Join(classDir, chips[i].name), Err: err}
			continue
		}
		a := <-answers[i]
		for j := range a.sensors {
			emit(&a.sensors[j])
		}
		errs[i] = a.err
	}
	return errors.Join(errs...)
}
