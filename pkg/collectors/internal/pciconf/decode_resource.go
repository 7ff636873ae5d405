package pciconf

import (
	"bytes"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// ResourceKind says what a line of the resource attribute is about.
type ResourceKind uint8

// The kinds.
const (
	ResourceOther  ResourceKind = iota
	ResourceBAR                 // base address register 0 to 5
	ResourceROM                 // expansion ROM
	ResourceVFBAR               // base address register 0 to 5 of the virtual functions
	ResourceWindow              // range a bridge passes on: I/O, memory, prefetchable
)

// Resource is one address range of a function, as the kernel sees it.
type Resource struct {
	Kind ResourceKind
	// Index counts within the kind: the number of the register or window.
	Index int
	Start uint64
	End   uint64 // last address
	Flags uint64 // IORESOURCE_* of include/linux/ioport.h
}

// Flags of a resource.
const (
	flagIO     = 0x00000100
	flagMemory = 0x00000200
	flagUnset  = 0x20000000
)

// Exists says whether the function has such a range at all.
func (r Resource) Exists() bool {
	return r.Flags&(flagIO|flagMemory) != 0 && r.End != 0 && r.End >= r.Start
}

// SizeBytes is zero of a range that does not exist.
func (r Resource) SizeBytes() uint64 {
	if !r.Exists() {
		return 0
	}
	return r.End - r.Start + 1
}

// Unassigned says that the range exists and has no address: the kernel could
// not place it. Of a ROM that is the rule, of the registers of virtual
// functions it is common where firmware knows nothing of SR-IOV.
func (r Resource) Unassigned() bool {
	return r.Exists() && (r.Flags&flagUnset != 0 || r.Start == 0)
}

// UnassignedBARs lists the numbers of the base address registers that have a
// size and no address; nil when all have one.
func UnassignedBARs(all []Resource) []int {
	var idx []int
	for _, r := range all {
		if r.Kind == ResourceBAR && r.Unassigned() {
			idx = append(idx, r.Index)
		}
	}
	return idx
}

// maxResources is more than any kernel has.
const maxResources = 64

// DecodeResource decodes the sysfs attribute resource: a line for each range,
// "start end flags" in hex. Ranges that do not exist are left out.
//
// The error wraps inventory.ErrMalformed and names the lines left out; beside
// it stands what could be read. Source: drivers/pci/pci-sysfs.c,
// resource_show.
func DecodeResource(text []byte) ([]Resource, error) {
	text = bytes.TrimRight(text, "\n\x00")
	lines := bytes.Count(text, []byte("\n")) + 1
	if lines > maxResources || len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("resource: %d bytes in %d lines: %w", len(text), lines, inventory.ErrMalformed)
	}
	var all []Resource
	var problems []error
	for i := range lines {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		r, ok := resource(line)
		if !ok {
			problems = append(problems, fmt.Errorf("resource: line %d: %w", i+1, inventory.ErrMalformed))
			continue
		}
		r.Kind, r.Index = resourceKind(i, lines)
		if r.Exists() {
			all = append(all, r)
		}
	}
	return all, errors.Join(problems...)
}

func resource(line []byte) (r Resource, ok bool) {
	start, rest, _ := bytes.Cut(line, []byte(" "))
	end, flags, _ := bytes.Cut(rest, []byte(" "))
	var okStart, okEnd, okFlags bool
	r.Start, okStart = hexNumber(start)
	r.End, okEnd = hexNumber(end)
	r.Flags, okFlags = hexNumber(flags)
	return r, okStart && okEnd && okFlags
}

// hexNumber reads 0x and up to 16 lower-case digits.
func hexNumber(b []byte) (n uint64, ok bool) {
	digits, ok := bytes.CutPrefix(b, []byte("0x"))
	if !ok || len(digits) == 0 || len(digits) > 16 {
		return 0, false
	}
	for _, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// resourceKind tells a line by its number. Registers and ROM are the first
// seven lines everywhere. A kernel built with SR-IOV has six lines for the
// virtual functions after them; the windows of a bridge come last. Without,
// a bridge has 11 lines, or 12 in older kernels.
func resourceKind(line, lines int) (ResourceKind, int) {
	windows := 13
	if lines == 11 || lines == 12 {
		windows = 7
	}
	switch {
	case line < 6:
		return ResourceBAR, line
	case line == 6:
		return ResourceROM, 0
	case line < windows:
		return ResourceVFBAR, line - 7
	case line < windows+3:
		return ResourceWindow, line - windows
	default:
		return ResourceOther, line
	}
}
