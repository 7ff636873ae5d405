package memory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	meminfoPath = "/proc/meminfo"
	blockDir    = "/sys/devices/system/memory"
)

// readKernel reads what the kernel manages, and, where the firmware told no
// size, what the kernel was given (kernel: Documentation/admin-guide/mm/
// memory-hotplug.rst).
func readKernel(ctx context.Context, h *host.Host, m *inventory.Memory) error {
	a := sysfs.Read(ctx, h, "memory", "/proc", "meminfo")
	if b := a.Bytes("meminfo", "usable_bytes"); b != nil {
		if kib, ok := memTotal(string(b)); ok {
			m.UsableBytes = new(kib << 10)
			m.Sources = append(m.Sources, meminfoPath)
		} else {
			a.Fail("meminfo", "usable_bytes", fmt.Errorf("no MemTotal: %w", inventory.ErrMalformed))
		}
	}
	if m.SizeBytes != nil {
		return a.Err()
	}
	size, err := blocks(ctx, h)
	if size != nil {
		m.SizeBytes = size
		m.Sources = append(m.Sources, blockDir)
		m.Provenance = map[string]inventory.Provenance{"size_bytes": {Source: blockDir}}
	}
	return errors.Join(a.Err(), err)
}

func memTotal(text string) (kib uint64, ok bool) {
	for line := range strings.Lines(text) {
		rest, found := strings.CutPrefix(line, "MemTotal:")
		if !found {
			continue
		}
		kib, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 53)
		return kib, err == nil
	}
	return 0, false
}

// blocks counts the memory blocks that hold RAM.
func blocks(ctx context.Context, h *host.Host) (*uint64, error) {
	names, err := h.ReadDir(ctx, blockDir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, &inventory.PartError{ComponentID: "memory", Field: "size_bytes", Source: blockDir, Err: sysfs.Cause(err)}
	}
	a := sysfs.Read(ctx, h, "memory", blockDir, "block_size_bytes")
	size := a.Uint("block_size_bytes", "size_bytes", 16, 40) // hex without prefix
	if size == nil {
		return nil, a.Err()
	}
	var n uint64
	for _, name := range names {
		if number, ok := strings.CutPrefix(name, "memory"); ok {
			if _, err := strconv.ParseUint(number, 10, 32); err == nil {
				n++
			}
		}
	}
	if n == 0 {
		return nil, a.Err()
	}
	return new(n * *size), a.Err()
}
