package storage

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// unit is one kernel device that leads to a drive: nvme0, sda, sg3.
type unit struct {
	name  string // of the device node the drive is asked by
	dir   string // its directory in sysfs
	at    place
	drive inventory.Drive // what sysfs says
	// volume is set for a volume of a RAID controller.
	volume *inventory.LogicalDrive
	errs   []error

	state      string // NVMe controllers: live, dead, ...
	controller string // NVMe: the controller id within its subsystem
	suspended  bool   // the kernel has put it to sleep: opening it would wake it
	sat        bool   // the vendor field says that ATA is behind it
	identified bool   // sysfs holds the ATA IDENTIFY data: SAT is confirmed
	usbSerial  string // the USB device's, of which the drive is the only unit
	// behind is the way through a MegaRAID controller, set its drives.
	behind *behind
	set    *memberSet
	// ignored: no drive, such as an empty card reader.
	ignored bool
}

// fail notes what could not be read. The component's id follows when it is
// known.
func (u *unit) fail(field, source string, err error) {
	u.errs = append(u.errs, &inventory.PartError{Field: field, Source: source, Err: sysfs.Cause(err)})
}

// keep takes over what went wrong with attributes.
func (u *unit) keep(a *sysfs.Attrs) {
	if err := a.Err(); err != nil {
		u.errs = append(u.errs, leaves(err)...)
	}
}

func leaves(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

// blame puts the id of a component into errors that name none yet.
func blame(id string, errs []error) {
	for _, err := range errs {
		var p *inventory.PartError
		if errors.As(err, &p) && p.ComponentID == "" {
			p.ComponentID = id
		}
	}
}

// locate reads where a device hangs. A captured tree may have directories in
// the place of links; then only the device's name tells what it is.
func (u *unit) locate(ctx context.Context, h *host.Host) {
	if u.at = decodePlace(u.dir); u.at.bus != busUnknown {
		return
	}
	link, err := h.Readlink(ctx, u.dir)
	switch {
	case err == nil:
		u.at = decodePlace(link)
	case !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrNotExist):
		u.fail("", u.dir, err)
	}
}

// list returns the names in a directory, none when it is not there. Another
// error is returned too.
func list(ctx context.Context, h *host.Host, dir string) ([]string, error) {
	names, err := h.ReadDir(ctx, dir)
	switch {
	case err == nil:
		return names, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	default:
		return nil, &inventory.PartError{Source: dir, Err: sysfs.Cause(err)}
	}
}

// linkBase returns the last element of a link's target, "" when there is none.
func linkBase(ctx context.Context, h *host.Host, name string) string {
	target, err := h.Readlink(ctx, name)
	if err != nil {
		return ""
	}
	return path.Base(target)
}

// size makes a capacity of the kernel's count of 512-byte sectors.
func size(sectors *uint64) *uint64 {
	if sectors == nil || *sectors > 1<<54 {
		return nil
	}
	return new(*sectors << 9)
}

func uint32From(n *uint64) *uint32 {
	if n == nil || *n == 0 || *n > 1<<31 {
		return nil
	}
	return new(uint32(*n))
}

// known makes text that only fills a field empty: what firmware and bridges
// write when they know nothing.
func known(s string) string {
	s = sysfs.Clean(s)
	t := strings.ToLower(s)
	if t == "" || strings.Trim(t, "0") == "" || strings.Trim(t, "f") == "" || strings.Trim(t, ".") == "" || strings.Trim(t, "-") == "" {
		return ""
	}
	switch t {
	case "n/a", "none", "unknown", "null", "(none)", "not available", "to be filled by o.e.m.", "default string":
		return ""
	}
	return s
}
