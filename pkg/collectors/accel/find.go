package accel

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciaddr"
	"example.com/bee/pkg/collectors/internal/pciclass"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const vendorNVIDIA = 0x10de

// find lists the devices: by their class on PCI, and those the kernel calls
// accelerators (Linux 6.2), wherever they sit.
func find(ctx context.Context, h *host.Host) ([]device, error) {
	functions, err := pciclass.Read(ctx, h)
	var errs []error
	if err != nil {
		errs = append(errs, &inventory.PartError{Source: pciclass.Dir, Err: sysfs.Cause(err)})
	}
	nodes, nodesErr := accelNodes(ctx, h)
	errs = append(errs, nodesErr)
	var devices []device
	for _, f := range functions {
		if f.Err != nil {
			if !errors.Is(f.Err, fs.ErrNotExist) {
				errs = append(errs, &inventory.PartError{Source: path.Join(pciclass.Dir, f.Name, "class"), Err: sysfs.Cause(f.Err)})
			}
			continue
		}
		node := slices.IndexFunc(nodes, func(d device) bool { return d.address == f.Name })
		if !isDisplay(f.Class) && !isAccelerator(f.Class) && node < 0 || !pciaddr.Valid(f.Name) {
			continue
		}
		d, keep, err := onPCI(ctx, h, f.Name, isDisplay(f.Class))
		errs = append(errs, err)
		if node >= 0 {
			d.node = nodes[node].node
			nodes = slices.Delete(nodes, node, node+1)
		}
		if keep {
			devices = append(devices, d)
		}
	}
	for _, d := range nodes {
		if d.address == "" { // else its function could not be read, which was said
			devices = append(devices, d)
		}
	}
	return devices, errors.Join(errs...)
}

// onPCI says who made a function, and whether it is to be listed.
func onPCI(ctx context.Context, h *host.Host, address string, display bool) (d device, keep bool, err error) {
	d = device{address: address, dir: path.Join(pciclass.Dir, address)}
	a := sysfs.Read(ctx, h, inventory.IDOf("gpu", address), d.dir, "vendor", "device")
	if n := a.Uint("vendor", "vendor", 0, 16); n != nil {
		d.vendor = uint16(*n)
	}
	if n := a.Uint("device", "name", 0, 16); n != nil {
		d.id = uint16(*n)
	}
	if d.vendor == 0 || d.vendor == vendorNVIDIA || display && isConsole(d.vendor, d.id) {
		// Of an unknown maker's nobody knows whose collector is to tell.
		return d, false, a.Err()
	}
	if _, err := h.Readlink(ctx, path.Join(d.dir, "physfn")); err == nil {
		return d, false, a.Err() // a virtual function is a share of a GPU, not one
	}
	return d, true, a.Err()
}

// isConsole is true for what only draws the console: the pictures of BMCs, and
// of emulators.
func isConsole(vendor, id uint16) bool {
	switch vendor {
	case 0x1a03, // ASPEED
		0x102b, // Matrox: G200 of iDRAC, iLO and others
		0x18ca, // XGI Volari
		0x126f, // Silicon Motion
		0x1013, // Cirrus Logic
		0x1234, // Bochs and QEMU
		0x1b36, // QXL
		0x1af4, // virtio
		0x15ad, // VMware
		0x80ee, // VirtualBox
		0x1414, // Hyper-V
		0x1ab8, // Parallels
		0x5853: // Xen
		return true
	case 0x19e5: // Huawei: hibmc
		return id == 0x1711
	case 0x1002: // ATI: Rage XL, ES1000, RN50
		switch id {
		case 0x4752, 0x515e, 0x5969:
			return true
		}
	}
	return false
}

// accelNodes lists the class "accel"; most machines have none.
func accelNodes(ctx context.Context, h *host.Host) ([]device, error) {
	names, err := h.ReadDir(ctx, classDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &inventory.PartError{Source: classDir, Err: sysfs.Cause(err)}
	}
	var all []device
	var errs []error
	for _, n := range names {
		link := path.Join(classDir, n)
		target, err := h.Readlink(ctx, link)
		if sysfs.Unreadable(err) {
			errs = append(errs, &inventory.PartError{Source: link, Err: sysfs.Cause(err)})
		}
		d := device{node: n, address: pciaddr.Last(target), dir: path.Join(link, "device")}
		if d.name = path.Base(path.Dir(path.Dir(target))); !strings.Contains(target, "/accel/") {
			d.name = n
		}
		all = append(all, d)
	}
	return all, errors.Join(errs...)
}
