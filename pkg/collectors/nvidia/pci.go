package nvidia

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciclass"
	"example.com/bee/pkg/collectors/internal/pciids"
)

const (
	procPCI   = "/proc/bus/pci/devices"
	procDir   = "/proc/driver/nvidia"
	driverKey = procDir + "/version"

	vendorID = 0x10de
)

// A function is one of NVIDIA's display or accelerator functions on PCI.
type function struct {
	address string
	driver  string // kernel driver bound to it; "" when there is none
}

// functions lists them; nil without PCI.
func functions(ctx context.Context, h *host.Host) ([]function, error) {
	// One file says "none" in a tenth of the time it takes to ask them all.
	if b, err := h.ReadFileMax(ctx, procPCI, host.FileLimit); err == nil {
		if found, ok := decodeVendors(b, "10de"); ok && !found {
			return nil, nil
		}
	}
	all, err := pciclass.Read(ctx, h)
	if err != nil {
		return nil, err
	}
	// Those whose class cannot be read may be GPUs, too.
	all = slices.DeleteFunc(slices.Clone(all), func(f pciclass.Function) bool {
		return f.Err == nil && !isGPU(f.Class)
	})
	vendors := make([]string, len(all))
	for i, f := range all {
		vendors[i] = path.Join(f.Name, "vendor")
	}
	var kept []function
	var errs []error
	for i, r := range h.ReadAttrs(ctx, pciclass.Dir, vendors...) {
		if r.Err != nil {
			if !errors.Is(r.Err, fs.ErrNotExist) {
				errs = append(errs, r.Err)
			}
			continue
		}
		if !bytes.HasPrefix(r.Data, []byte("0x10de")) {
			continue
		}
		if all[i].Err != nil {
			errs = append(errs, all[i].Err)
			continue
		}
		f := function{address: all[i].Name}
		dir := path.Join(pciclass.Dir, f.address)
		if _, err := h.Readlink(ctx, dir+"/physfn"); err == nil {
			continue // a virtual function is a share of a GPU, not one
		}
		if target, err := h.Readlink(ctx, dir+"/driver"); err == nil {
			f.driver = path.Base(target)
		}
		kept = append(kept, f)
	}
	return kept, errors.Join(errs...)
}

// isGPU: the rest of a GPU's functions are sound, USB and bridges.
func isGPU(class string) bool {
	return strings.HasPrefix(class, "0x03") || strings.HasPrefix(class, "0x12")
}

// nameByID is the name in the table of PCI ids.
func nameByID(ctx context.Context, h *host.Host, f function) string {
	b, err := h.ReadFile(ctx, path.Join(pciclass.Dir, f.address, "device"))
	if err != nil {
		return ""
	}
	id, err := strconv.ParseUint(strings.TrimSpace(string(b)), 0, 16)
	if err != nil {
		return ""
	}
	name, _ := pciids.Device(vendorID, uint16(id))
	return name
}

// information reads what the kernel driver says of one GPU.
func information(ctx context.Context, h *host.Host, address string) (Information, bool) {
	b, err := h.ReadFile(ctx, path.Join(procDir, "gpus", strings.ToLower(address), "information"))
	if err != nil {
		return Information{}, false
	}
	return DecodeInformation(b)
}

// deviceNodes are the numbers N of /dev/nvidiaN; nil when /dev cannot be
// listed.
func deviceNodes(ctx context.Context, h *host.Host) []string {
	names, err := h.ReadDir(ctx, "/dev")
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, "nvidia") })
}
