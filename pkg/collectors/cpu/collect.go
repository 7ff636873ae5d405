// Package cpu collects processor sockets: from SMBIOS what they are, from the
// kernel how they run.
package cpu

import (
	"context"
	"errors"
	"io/fs"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/cpuinfo"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const cpuinfoPath = "/proc/cpuinfo"

// SMBIOS structure types the collector reads.
const (
	typeProcessor = 4
	typeCache     = 7
)

// Collector makes the collector "cpu".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("cpu", []string{"cpus"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		cpus, err := Read(ctx, h.ForRun(s.Run()))
		for i := range cpus {
			s.Put(&cpus[i])
		}
		return cpus != nil, err
	})
}

// Read lists the sockets; nil, nil below a root that tells of none.
func Read(ctx context.Context, h *host.Host) ([]inventory.CPU, error) {
	table, dmiErr := dmi.Read(ctx, h)
	topology, topologyErr := readTopology(ctx, h)
	logical, cpuinfoErr := readCPUInfo(ctx, h)
	err := errors.Join(dmi.Issues(dmiErr, typeProcessor, typeCache), topologyErr, cpuinfoErr)

	k := newKernelView(topology, logical)
	if table != nil {
		if cpus := translate(table, k); len(cpus) > 0 {
			return cpus, err
		}
	}
	return k.cpus(), err
}

func readCPUInfo(ctx context.Context, h *host.Host) ([]cpuinfo.CPU, error) {
	b, err := h.ReadFileMax(ctx, cpuinfoPath, host.FileLimit)
	switch {
	case err == nil:
		return cpuinfo.Decode(b), nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	default:
		return nil, &inventory.PartError{Source: cpuinfoPath, Err: sysfs.Cause(err)}
	}
}
