package pcie

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciaddr"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	devicesDir = "/sys/bus/pci/devices"

	// sideBySide is how many functions are read at the same time.
	sideBySide = 8
	// functionDeadline is the most one function may take. It leaves room for
	// several attributes that hang until the host gives them up.
	functionDeadline = 10 * time.Second
)

// Read returns the PCI functions of the machine in the order of their
// addresses; nil, nil when it has no PCI. With devices, the error names what
// could not be read of which, as [inventory.PartError]s.
func Read(ctx context.Context, h *host.Host) ([]inventory.PCIeDevice, error) {
	devices := []inventory.PCIeDevice{}
	found, err := read(ctx, h, func(d *inventory.PCIeDevice) { devices = append(devices, *d) })
	if !found {
		return nil, err
	}
	slices.SortStableFunc(devices, func(a, b inventory.PCIeDevice) int {
		return compareAddress(a.Address, b.Address)
	})
	return devices, err
}

// Collector fills pcie_devices, handing over each function as soon as it and
// those above it are read.
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("pcie", []string{"pcie_devices"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return read(ctx, h.ForRun(s.Run()), func(d *inventory.PCIeDevice) { s.Put(d) })
	})
}

// compareAddress puts longer domains last, as the report does.
func compareAddress(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// read calls emit for every function, one call at a time and none after it has
// returned.
func read(ctx context.Context, h *host.Host, emit func(*inventory.PCIeDevice)) (found bool, err error) {
	names, err := h.ReadDir(ctx, devicesDir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, &inventory.PartError{Source: devicesDir, Err: sysfs.Cause(err)}
	}
	names = slices.DeleteFunc(names, func(s string) bool { return !pciaddr.Valid(s) })
	slices.SortFunc(names, compareAddress)

	slots, slotsErr := readSlots(ctx, h)
	t := newTree(names, slots, emit)
	ask := canAsk(ctx, h, names)
	deadline := inventory.DeviceDeadline(ctx, functionDeadline)
	errs := inventory.Each(ctx, sideBySide, deadline, names, func(ctx context.Context, name string) error {
		// What was read is handed over even when the deadline comes first.
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		t.add(readFunction(ctx, h, name, ask))
		return nil
	})
	return true, errors.Join(slotsErr, t.close(errs))
}

// errGone: the kernel listed the function, and then it was no longer there.
var errGone = fmt.Errorf("listed, then gone: %w", fs.ErrNotExist)
