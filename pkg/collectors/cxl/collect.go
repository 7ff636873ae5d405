// Package cxl collects CXL memory devices.
package cxl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciaddr"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const busDir = "/sys/bus/cxl/devices"

// Collector makes the collector "cxl".
func Collector(h *host.Host) inventory.Collector {
	return inventory.List("cxl", "cxl_devices", func(ctx context.Context) ([]inventory.CXLDevice, error) {
		return Read(ctx, h)
	})
}

// Read lists the memory devices; nil, nil on a machine without the interface
// (kernel: Documentation/ABI/testing/sysfs-bus-cxl).
func Read(ctx context.Context, h *host.Host) ([]inventory.CXLDevice, error) {
	names, err := h.ReadDir(ctx, busDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // absence: only of the interface itself
	}
	if err != nil {
		return nil, &inventory.PartError{Source: busDir, Err: sysfs.Cause(err)}
	}
	all := []inventory.CXLDevice{}
	var errs []error
	var ids inventory.IDs
	for _, n := range names {
		if !isMemory(n) {
			continue // ports, decoders, regions
		}
		d, err := readDevice(ctx, h, n)
		d.ID = ids.Unique(d.ID)
		all = append(all, d)
		errs = append(errs, err) // one bad device costs that device
	}
	return all, errors.Join(errs...)
}

// isMemory is true for mem0, mem1, ...
func isMemory(name string) bool {
	n, ok := strings.CutPrefix(name, "mem")
	return ok && n != "" && strings.Trim(n, "0123456789") == ""
}

func readDevice(ctx context.Context, h *host.Host, name string) (inventory.CXLDevice, error) {
	dir := path.Join(busDir, name)
	d := inventory.CXLDevice{
		Meta:   inventory.Meta{ID: inventory.IDOf("cxl", name), Sources: []string{dir}},
		Device: name,
	}
	target, linkErr := h.Readlink(ctx, dir)
	if d.PCIAddress = pciaddr.Last(target); d.PCIAddress != "" {
		d.ID, d.ParentID = inventory.IDOf("cxl", d.PCIAddress), inventory.IDOf("pci", d.PCIAddress)
	}
	a := sysfs.Read(ctx, h, d.ID, dir, "serial", "firmware_version", "ram/size", "pmem/size", "label_storage_size", "security/state", "numa_node")
	if n := a.Uint("serial", "serial_number", 0, 64); n != nil && *n != 0 && *n != 1<<64-1 {
		d.SerialNumber = fmt.Sprintf("%016x", *n)
	}
	d.Firmware = a.Text("firmware_version", "firmware")
	d.VolatileBytes = a.Uint("ram/size", "volatile_bytes", 0, 62)
	d.PersistentBytes = a.Uint("pmem/size", "persistent_bytes", 0, 62)
	d.LabelStorageBytes = a.Uint("label_storage_size", "label_storage_bytes", 10, 62)
	d.SecurityState = a.Text("security/state", "security_state")
	if n := a.Int("numa_node", "numa_node"); n != nil && *n >= 0 {
		d.NUMANode = n // -1: the kernel does not know
	}
	if sysfs.Unreadable(linkErr) {
		a.Fail("", "pci_address", linkErr)
	}
	return d, a.Err()
}
