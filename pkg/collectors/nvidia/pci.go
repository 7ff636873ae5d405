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
	"example.com/bee/pkg/collectors/internal/pciids"
)

const (
	pciDir    = "/sys/bus/pci/devices"
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
	all, err := h.ReadDir(ctx, pciDir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	var fns []function
	var errs []error
	for i, r := range h.ReadAttrs(ctx, pciDir, suffixed(all, "/vendor")...) {
		if r.Err != nil {
			if !errors.Is(r.Err, fs.ErrNotExist) {
				errs = append(errs, r.Err)
			}
			continue
		}
		if bytes.HasPrefix(r.Data, []byte("0x10de")) {
			fns = append(fns, function{address: all[i]})
		}
	}
	kept := fns[:0]
	for _, f := range fns {
		dir := path.Join(pciDir, f.address)
		class, err := h.ReadFile(ctx, dir+"/class")
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !bytes.HasPrefix(class, []byte("0x03")) && !bytes.HasPrefix(class, []byte("0x12")) {
			continue // sound, USB, bridge
		}
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

func suffixed(names []string, suffix string) []string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = n + suffix
	}
	return all
}

// nameByID is the name in the table of PCI ids.
func nameByID(ctx context.Context, h *host.Host, f function) string {
	b, err := h.ReadFile(ctx, path.Join(pciDir, f.address, "device"))
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
