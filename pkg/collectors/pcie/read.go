package pcie

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// readFunction reads one function. What could not be read is in its errs.
func readFunction(ctx context.Context, h *host.Host, name string, ask bool) *function {
	f := newFunction(name)
	f.asks = ask
	if !f.list(ctx, h) {
		f.unknown = true
		f.vanished()
		return f
	}
	ids := f.readAttrs(ctx, h)
	f.readLinks(ctx, h)
	f.identify(ctx, h, ids)
	return f
}

// list notes what the directory holds; false when it is gone.
func (f *function) list(ctx context.Context, h *host.Host) bool {
	names, err := h.ReadDir(ctx, f.dir)
	switch {
	case err == nil:
		f.listing = names
	case errors.Is(err, fs.ErrNotExist):
		return false
	default:
		f.fail("", f.dir, err)
	}
	return true
}

// readAttrs reads the attributes. What would wake a sleeping function is read
// after it is known to be awake; kernels before 5.12 do not say, and then
// everything is read together.
func (f *function) readAttrs(ctx context.Context, h *host.Host) identity {
	basics := []string{"uevent", "power_state", "numa_node", "enable", "label", "resource"}
	details := []string{
		"current_link_speed", "current_link_width", "max_link_speed", "max_link_width", "removable",
		"aer_dev_correctable", "aer_dev_nonfatal", "aer_dev_fatal",
		"aer_rootport_total_err_cor", "aer_rootport_total_err_nonfatal", "aer_rootport_total_err_fatal",
		"sriov_totalvfs", "sriov_numvfs", "vpd",
	}
	if !f.asks {
		details = append([]string{"config"}, details...)
	}
	saysPower := f.has("power_state")
	if !saysPower {
		basics = append(basics, details...)
	}
	a := f.attrs(ctx, h, basics...)
	ids := f.basics(a)
	if saysPower {
		f.note(a.Err())
		if f.dev.PowerState == "D3cold" {
			return ids
		}
		a = f.attrs(ctx, h, details...)
	}
	if f.asks && f.has("config") {
		a.Put("config", f.askConfig(ctx, h))
	}
	f.details(a)
	f.note(a.Err())
	return ids
}

// basics takes what does not need the function to be awake.
func (f *function) basics(a *sysfs.Attrs) identity {
	d := f.dev
	ids := decodeUevent(f.bytes(a, "uevent"))
	if p := a.Text("power_state", "power_state"); p != "unknown" && p != "error" {
		d.PowerState = p
	}
	if n := a.Int("numa_node", "numa_node"); n != nil && *n >= 0 {
		d.NUMANode = n
	}
	if n := a.Int("enable", "enabled"); n != nil {
		d.Enabled = new(*n > 0)
	}
	d.Label = a.Text("label", "label")
	if text := a.Bytes("resource", "unassigned_bars"); len(text) > 0 {
		ranges, err := pciconf.DecodeResource(text)
		if err != nil {
			f.failEach("unassigned_bars", f.dir+"/resource", err)
		}
		d.UnassignedBARs = pciconf.UnassignedBARs(ranges)
	}
	return ids
}

// details takes configuration space and what depends on it.
func (f *function) details(a *sysfs.Attrs) {
	f.config(a)
	f.translateLink(a)
	f.translateAER(a)
	f.translateVFs(a)
	f.translateVPD(a)
	f.removable = a.Text("removable", "") == "removable"
}

// readLinks follows the links to the function above, to the isolation group,
// and from a virtual to its physical function.
func (f *function) readLinks(ctx context.Context, h *host.Host) {
	d := f.dev
	if target, ok := f.readlink(ctx, h, f.dir, "parent"); ok {
		d.Parent = decodeParent(target)
	}
	if d.Parent != "" {
		d.ParentID = inventory.IDOf("pci", d.Parent)
	}
	if group := f.link(ctx, h, "iommu_group", "iommu_group"); group != "" {
		n, err := strconv.Atoi(group)
		if err != nil || n < 0 {
			f.fail("iommu_group", f.dir+"/iommu_group", inventory.ErrMalformed)
		} else {
			d.IOMMUGroup = &n
		}
	}
	if f.listing == nil && !f.isVirtual() {
		return
	}
	if pf := f.link(ctx, h, "physfn", "virtual_function_of"); pf != "" {
		if _, ok := decodeAddress(pf); !ok {
			f.fail("virtual_function_of", f.dir+"/physfn", inventory.ErrMalformed)
			return
		}
		f.physical, d.VirtualFunctionOf = pf, pf
	}
}

// isVirtual says whether the function is a virtual one: its configuration
// space has no ids of its own.
func (f *function) isVirtual() bool {
	return f.physical != "" || f.listed("physfn") || f.conf != nil && f.conf.VendorID == nil
}

// identify settles what the function is: by uevent, else by the attributes for
// each id, else by configuration space.
func (f *function) identify(ctx context.Context, h *host.Host, ids identity) {
	if !ids.complete() {
		a := f.attrs(ctx, h, "vendor", "device", "class", "subsystem_vendor", "subsystem_device", "modalias")
		ids.fill(identity{
			vendor:    a.Hex("vendor", "vendor_id", 4),
			device:    a.Hex("device", "device_id", 4),
			class:     a.Hex("class", "class_id", 6),
			subVendor: a.Hex("subsystem_vendor", "subsystem_vendor_id", 4),
			subDevice: a.Hex("subsystem_device", "subsystem_device_id", 4),
		}.noSubsystem())
		ids.fill(decodeModalias(a.Text("modalias", "")))
		f.note(a.Err())
		if ids.driver == "" {
			ids.driver = f.link(ctx, h, "driver", "driver")
		}
		if f.conf != nil {
			ids.fill(identityOf(f.conf))
		}
	}
	if f.dev.Revision == "" {
		a := f.attrs(ctx, h, "revision")
		f.dev.Revision = a.Hex("revision", "revision", 2)
		f.note(a.Err())
	}
	if ids == (identity{}) && f.gone {
		f.unknown = true
		return
	}
	ids.driver = strings.TrimSpace(sysfs.Clean(ids.driver))
	f.describe(ids)
}
