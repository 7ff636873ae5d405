// Package board collects firmware, system, boards and enclosures as SMBIOS
// describes them.
package board

import (
	"context"
	"errors"
	"io/fs"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// Collector makes the collector "board".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("board", []string{"board"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		v, err := Read(ctx, h.ForRun(s.Run()))
		if v == nil {
			return false, err
		}
		s.Put(v)
		return true, err
	})
}

// Read describes the board; nil, nil on a machine without SMBIOS. Where the
// tables may not be read it falls back to what the kernel shows to everybody
// below /sys/class/dmi/id, and the error says what is missing.
func Read(ctx context.Context, h *host.Host) (*inventory.Board, error) {
	t, err := dmi.Read(ctx, h)
	err = dmi.Issues(err)
	if t != nil && len(t.Structures) > 0 {
		b := translate(t)
		b.Sources = []string{dmi.TablePath}
		return b, err
	}
	b, idErr := readID(ctx, h)
	return b, errors.Join(err, idErr)
}

// idDir is the kernel's own decoding of types 0 to 3 (kernel:
// drivers/firmware/dmi-id.c). Serial numbers and UUID are root's.
const idDir = "/sys/class/dmi/id"

func readID(ctx context.Context, h *host.Host) (*inventory.Board, error) {
	names, err := h.ReadDir(ctx, idDir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(names) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, &inventory.PartError{ComponentID: "board", Source: idDir, Err: sysfs.Cause(err)}
	}
	a := sysfs.Read(ctx, h, "board", idDir,
		"bios_vendor", "bios_version", "bios_date", "bios_release", "ec_firmware_release",
		"sys_vendor", "product_name", "product_version", "product_serial", "product_uuid", "product_sku", "product_family",
		"board_vendor", "board_name", "board_version", "board_serial", "board_asset_tag",
		"chassis_vendor", "chassis_type", "chassis_version", "chassis_serial", "chassis_asset_tag")
	return translateID(a), a.Err()
}
