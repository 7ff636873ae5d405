package accel

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciids"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// reader reads one device.
type reader struct {
	h    *host.Host
	dev  device
	gpu  *inventory.GPU
	errs []error
	// asleep: asking the hardware would wake it.
	asleep bool
}

func newReader(h *host.Host, d device) *reader {
	g := &inventory.GPU{
		Meta:       inventory.Meta{ID: inventory.IDOf("gpu", d.address), ParentID: inventory.IDOf("pci", d.address), Sources: []string{d.dir}},
		PCIAddress: d.address, Vendor: maker(d.vendor),
	}
	if d.address == "" {
		g.ID, g.ParentID = inventory.IDOf("gpu", sysfs.Clean(d.name)), ""
	}
	if name, ok := pciids.Device(d.vendor, d.id); ok {
		g.Name = name
	}
	return &reader{h: h, dev: d, gpu: g}
}

// maker is the name people know it by.
func maker(vendor uint16) string {
	switch vendor {
	case 0:
		return ""
	case 0x1002, 0x1022:
		return "AMD"
	case 0x8086:
		return "Intel"
	case 0x1da3:
		return "Habana"
	}
	name, _ := pciids.Vendor(vendor)
	return name
}

func (r *reader) fail(field, source string, err error) {
	r.errs = append(r.errs, &inventory.PartError{ComponentID: r.gpu.ID, Field: field, Source: source, Err: sysfs.Cause(err)})
}

// list is a directory's names; nil when it is not there.
func (r *reader) list(ctx context.Context, dir string) []string {
	names, err := r.h.ReadDir(ctx, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.fail("", dir, err)
	}
	return names
}

// attrs reads those of the attributes that the listing holds.
func (r *reader) attrs(ctx context.Context, dir string, listing []string, names ...string) *sysfs.Attrs {
	there := make([]string, 0, len(names))
	for _, n := range names {
		if _, ok := slices.BinarySearch(listing, n); ok {
			there = append(there, n)
		}
	}
	return sysfs.Read(ctx, r.h, r.gpu.ID, dir, there...)
}

func (r *reader) note(a *sysfs.Attrs) {
	if err := a.Err(); err != nil {
		r.errs = append(r.errs, err)
	}
}

// read reads what every device has, and what its driver adds.
func (r *reader) read(ctx context.Context) {
	dir := r.dev.dir
	listing := r.list(ctx, dir)
	target, err := r.h.Readlink(ctx, path.Join(dir, "driver"))
	if sysfs.Unreadable(err) {
		r.fail("driver", path.Join(dir, "driver"), err)
	} else if err == nil {
		r.gpu.Driver = sysfs.Clean(path.Base(target))
	}
	switch r.gpu.Driver {
	case "":
		r.gpu.State = "no_driver"
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.gpu.State = "" // not known
		}
		return
	case "vfio-pci", "pci-stub", "xen-pciback", "uio_pci_generic":
		r.gpu.State = "foreign_driver"
		return
	}
	r.gpu.State = "ok"
	a := sysfs.Read(ctx, r.h, r.gpu.ID, dir, "power/runtime_status")
	r.asleep = a.Text("power/runtime_status", "") == "suspended"
	r.note(a)
	switch r.gpu.Driver {
	case "amdgpu":
		r.amd(ctx, listing)
	case "i915", "xe":
		r.intel(ctx, listing)
	case "habanalabs":
		r.habana(ctx, listing)
	}
	if _, ok := slices.BinarySearch(listing, "hwmon"); ok && !r.asleep {
		r.hwmon(ctx)
	}
	r.driverVersion(ctx)
}

// driverVersion is known for drivers from outside of the kernel.
func (r *reader) driverVersion(ctx context.Context) {
	a := sysfs.Read(ctx, r.h, r.gpu.ID, path.Join("/sys/module", r.gpu.Driver), "version")
	r.gpu.DriverVersion = a.Text("version", "driver_version")
	r.note(a)
}
