// Package dmi reads the machine's SMBIOS tables once per run, for every
// collector that needs them.
package dmi

import (
	"context"
	"errors"
	"io/fs"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// Where the kernel shows the firmware's tables (kernel:
// Documentation/ABI/testing/sysfs-firmware-dmi-tables).
const (
	EntryPath = "/sys/firmware/dmi/tables/smbios_entry_point"
	TablePath = "/sys/firmware/dmi/tables/DMI"
)

type memoKey struct{}

type answer struct {
	table *smbios.Table
	err   error
}

// Read returns the decoded tables: a table and an error when they are damaged
// or only in part readable; nil, nil when the machine has none.
func Read(ctx context.Context, h *host.Host) (*smbios.Table, error) {
	a := host.Once(h, memoKey{}, func() answer {
		t, err := read(ctx, h)
		return answer{t, err}
	})
	return a.table, a.err
}

func read(ctx context.Context, h *host.Host) (*smbios.Table, error) {
	entry, entryErr := file(ctx, h, EntryPath)
	table, tableErr := file(ctx, h, TablePath)
	if table == nil && tableErr != nil {
		return nil, errors.Join(entryErr, tableErr)
	}
	t, err := smbios.Decode(entry, table)
	if err != nil {
		err = &inventory.PartError{Source: TablePath, Err: err}
	}
	return t, errors.Join(entryErr, tableErr, err)
}

func file(ctx context.Context, h *host.Host, name string) ([]byte, error) {
	b, err := h.ReadFileMax(ctx, name, host.FileLimit)
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	default:
		return nil, &inventory.PartError{Source: name, Err: sysfs.Cause(err)}
	}
}

// Ptr makes the (value, ok) of a view into the report's optional value.
func Ptr[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}
