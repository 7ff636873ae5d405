// Package pciclass reads the class code of every PCI function once per run, for
// every collector that looks for devices of its own among them. A machine may
// have thousands of functions.
package pciclass

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"example.com/bee/pkg/collectors/host"
)

// Dir lists the functions by their address (kernel:
// Documentation/ABI/testing/sysfs-bus-pci).
const Dir = "/sys/bus/pci/devices"

// Function is one entry of Dir.
type Function struct {
	// Name is the entry as it is there: an address, if the machine says so.
	Name string
	// Class is the attribute without white space: "0x" and six hex digits.
	Class string
	// Err is why there is no Class.
	Err error
}

type memoKey struct{}

type answer struct {
	functions []Function
	err       error
}

// Read lists the functions in the order of their names; nil, nil without PCI.
// The error is that of the listing, and it is a *fs.PathError.
func Read(ctx context.Context, h *host.Host) ([]Function, error) {
	a := host.Once(h, memoKey{}, func() answer {
		functions, err := read(ctx, h)
		return answer{functions, err}
	})
	return a.functions, a.err
}

func read(ctx context.Context, h *host.Host) ([]Function, error) {
	names, err := h.ReadDir(ctx, Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	attrs := make([]string, len(names))
	for i, n := range names {
		attrs[i] = path.Join(n, "class")
	}
	functions := make([]Function, len(names))
	for i, r := range h.ReadAttrs(ctx, Dir, attrs...) {
		functions[i] = Function{Name: names[i], Class: strings.TrimSpace(string(r.Data)), Err: r.Err}
	}
	return functions, nil
}
