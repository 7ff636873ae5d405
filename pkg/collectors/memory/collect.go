// Package memory collects RAM: modules and slots from SMBIOS, error counters
// from the kernel's EDAC drivers, totals from the kernel.
package memory

import (
	"context"
	"errors"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/inventory"
)

// SMBIOS structure types the collector reads.
const (
	typeMemoryArray  = 16
	typeMemoryDevice = 17
)

// Collector makes the collector "memory".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("memory", []string{"memory"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		v, err := Read(ctx, h.ForRun(s.Run()))
		if v == nil {
			return false, err
		}
		s.Put(v)
		return true, err
	})
}

// Read describes the memory; nil, nil below a root that tells of none.
func Read(ctx context.Context, h *host.Host) (*inventory.Memory, error) {
	table, dmiErr := dmi.Read(ctx, h)
	m := &inventory.Memory{Meta: inventory.Meta{ID: "memory"}}
	if table != nil {
		translate(m, table)
	}
	kernelErr := readKernel(ctx, h, m)
	edacErr := readEDAC(ctx, h, m)
	nodesErr := readNodes(ctx, h, m)
	err := errors.Join(dmi.Issues(dmiErr, typeMemoryArray, typeMemoryDevice), kernelErr, edacErr, nodesErr)
	if len(m.Sources) == 0 {
		return nil, err
	}
	return m, err
}
