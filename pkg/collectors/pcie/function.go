package pcie

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// function is one function as it is read, before it is set in relation to
// those above it.
type function struct {
	name string
	addr address
	// placed: name is an address.
	placed bool
	dir    string
	dev    *inventory.PCIeDevice
	errs   []error
	// asks: for registers instead of reading the file; see canAsk.
	asks bool

	listing []string        // what the directory holds, sorted; nil when that is not known
	conf    *pciconf.Config // nil when it could not be read
	// physical is the address of the function this virtual one belongs to.
	physical string
	// tunnels: the links below do not run on lanes of their own.
	tunnels bool
	// removable: sits behind a port that leads out of the machine.
	removable bool
	// headerOnly: capabilities were not shown to us.
	headerOnly bool
	// gone: it vanished while it was read; unknown: before its ids were.
	gone, unknown bool

	// belowSlot is the slot of the devices below, decided by the tree.
	belowSlot string
	done      bool
}

func newFunction(name string) *function {
	dir := devicesDir + "/" + name
	text := sysfs.Clean(name)
	f := &function{
		name: name,
		dir:  dir,
		dev: &inventory.PCIeDevice{
			Meta:    inventory.Meta{ID: inventory.IDOf("pci", text), Sources: []string{dir}},
			Address: text,
		},
	}
	if f.addr, f.placed = decodeAddress(name); !f.placed {
		f.fail("address", dir, inventory.ErrMalformed)
	}
	return f
}

// source notes where something came from.
func (f *function) source(name string) {
	if !slices.Contains(f.dev.Sources, name) {
		f.dev.Sources = append(f.dev.Sources, name)
	}
}

// fail notes what could not be read.
func (f *function) fail(field, source string, err error) {
	f.errs = append(f.errs, &inventory.PartError{ComponentID: f.dev.ID, Field: field, Source: source, Err: sysfs.Cause(err)})
}

// failEach notes each of joined errors by itself.
func (f *function) failEach(field, source string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			f.fail(field, source, e)
		}
		return
	}
	f.fail(field, source, err)
}

// note keeps an error that already says what it is about.
func (f *function) note(err error) {
	if err != nil {
		f.errs = append(f.errs, err)
	}
}

// has says whether the directory holds a name, as far as that is known.
func (f *function) has(name string) bool { return f.listing == nil || f.listed(name) }

func (f *function) listed(name string) bool {
	_, ok := slices.BinarySearch(f.listing, name)
	return ok
}

// attrs reads those of the named attributes that there are.
func (f *function) attrs(ctx context.Context, h *host.Host, names ...string) *sysfs.Attrs {
	there := make([]string, 0, len(names))
	for _, n := range names {
		if f.has(n) {
			there = append(there, n)
		}
	}
	return sysfs.Read(ctx, h, f.dev.ID, f.dir, there...)
}

// bytes is an attribute that every function has. When it was listed and is not
// there any more, the function has gone. An error that a had before hides
// that; then there is an issue anyway.
func (f *function) bytes(a *sysfs.Attrs, name string) []byte {
	b := a.Bytes(name, "")
	if b == nil && a.Err() == nil && f.listed(name) {
		f.vanished()
	}
	return b
}

func (f *function) vanished() {
	if !f.gone {
		f.gone = true
		f.fail("", f.dir, errGone)
	}
}

// link returns the last element of the target of a link in the directory.
func (f *function) link(ctx context.Context, h *host.Host, name, field string) string {
	if !f.has(name) {
		return ""
	}
	target, ok := f.readlink(ctx, h, f.dir+"/"+name, field)
	if !ok {
		return ""
	}
	return path.Base(target)
}

func (f *function) readlink(ctx context.Context, h *host.Host, name, field string) (string, bool) {
	target, err := h.Readlink(ctx, name)
	if err == nil {
		return target, true
	}
	// EINVAL: not a link; captured trees have directories in their place.
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EINVAL) {
		f.fail(field, name, err)
	}
	return "", false
}
