package pciids

// Table is the searchable form of a list. The zero Table is empty. A damaged
// table finds less; no bytes make a look-up panic.
//
// All numbers are little-endian. The table begins with [Magic] and one entry
// of two 32-bit numbers (offset, count) per section, in the order of the
// Section constants. A name is a 32-bit number: its offset in the pool shifted
// left by 8, and its length in bytes. Keys are sorted ascending, so that a
// look-up is a binary search.
type Table string

// Magic begins every table; its last character is the version of the layout.
const Magic = "pciids-1"

// A Section is a run of equally wide entries in a table.
type Section int

// The sections. Entry i of a names section belongs to entry i of the ids
// before it.
const (
	SectionVersion        Section = iota // text: version of the list
	SectionVendorIDs                     // 16 bits
	SectionVendorNames                   // name
	SectionVendorDevices                 // 32 bits: index of the vendor's first device
	SectionDeviceIDs                     // 16 bits, ascending within a vendor
	SectionDeviceNames                   // name
	SectionBoards                        // 32 bits: index of each device that has subsystems
	SectionBoardFirst                    // 32 bits: index of its first subsystem
	SectionSubsystemIDs                  // 32 bits: vendor << 16 | device, ascending within a device
	SectionSubsystemNames                // name
	SectionClassIDs                      // 32 bits: depth << 24 | base << 16 | sub << 8 | interface
	SectionClassNames                    // name
	SectionPool                          // text: the names
	Sections              int     = iota
)

// Width is the size of one entry in bytes.
func (s Section) Width() int {
	switch s {
	case SectionVersion, SectionPool:
		return 1
	case SectionVendorIDs, SectionDeviceIDs:
		return 2
	default:
		return 4
	}
}

// HeaderSize is where the first section can begin.
const HeaderSize = len(Magic) + Sections*8

// ClassKey is a key of SectionClassIDs: depth is 1 for a base class, 2 for a
// sub-class, 3 for a programming interface; bytes deeper than that are zero.
func ClassKey(depth, base, sub, progIf uint8) uint32 {
	return uint32(depth)<<24 | uint32(base)<<16 | uint32(sub)<<8 | uint32(progIf)
}

// Version returns the version of the list.
func (t Table) Version() (string, bool) {
	v := t.section(SectionVersion)
	return string(v), v != ""
}

// Vendor is [Vendor] on this table.
func (t Table) Vendor(vendor uint16) (string, bool) {
	i, ok := t.find(SectionVendorIDs, uint32(vendor), 0, -1)
	if !ok {
		return "", false
	}
	return t.name(SectionVendorNames, i)
}

// Device is [Device] on this table.
func (t Table) Device(vendor, device uint16) (string, bool) {
	i, ok := t.device(vendor, device)
	if !ok {
		return "", false
	}
	return t.name(SectionDeviceNames, i)
}

// Subsystem is [Subsystem] on this table.
func (t Table) Subsystem(vendor, device, subVendor, subDevice uint16) (string, bool) {
	i, ok := t.device(vendor, device)
	if !ok {
		return "", false
	}
	b, ok := t.find(SectionBoards, uint32(i), 0, -1)
	if !ok {
		return "", false
	}
	lo, hi := t.children(SectionBoardFirst, b)
	i, ok = t.find(SectionSubsystemIDs, uint32(subVendor)<<16|uint32(subDevice), lo, hi)
	if !ok {
		return "", false
	}
	return t.name(SectionSubsystemNames, i)
}

// Class is [Class] on this table.
func (t Table) Class(base, sub, progIf uint8) (baseName, subName, progIfName string) {
	return t.class(ClassKey(1, base, 0, 0)), t.class(ClassKey(2, base, sub, 0)), t.class(ClassKey(3, base, sub, progIf))
}

func (t Table) class(key uint32) string {
	i, ok := t.find(SectionClassIDs, key, 0, -1)
	if !ok {
		return ""
	}
	s, _ := t.name(SectionClassNames, i)
	return s
}

// device returns the index of a device.
func (t Table) device(vendor, device uint16) (int, bool) {
	v, ok := t.find(SectionVendorIDs, uint32(vendor), 0, -1)
	if !ok {
		return 0, false
	}
	lo, hi := t.children(SectionVendorDevices, v)
	return t.find(SectionDeviceIDs, uint32(device), lo, hi)
}

// section returns the bytes of a section, empty when the table does not hold
// all of it.
func (t Table) section(s Section) Table {
	at := len(Magic) + int(s)*8
	if len(t) < HeaderSize || t[:len(Magic)] != Magic {
		return ""
	}
	off, count := uint64(t.u32(at)), uint64(t.u32(at+4))
	end := off + count*uint64(s.Width())
	if end > uint64(len(t)) {
		return ""
	}
	return t[off:end]
}

// children returns the range of entries that belong to parent i: from the
// index at i to the one of the next parent; -1 is the end of the section.
func (t Table) children(s Section, i int) (lo, hi int) {
	first := t.section(s)
	switch n := len(first) / 4; {
	case i >= n:
		return 0, 0
	case i == n-1:
		return int(first.u32(i * 4)), -1
	default:
		return int(first.u32(i * 4)), int(first.u32(i*4 + 4))
	}
}

// find searches the ids lo up to hi of a section; hi of -1 is its end.
func (t Table) find(s Section, id uint32, lo, hi int) (int, bool) {
	ids, width := t.section(s), s.Width()
	n := len(ids) / width
	if hi < 0 || hi > n {
		hi = n
	}
	if lo < 0 { // where int has 32 bits
		return 0, false
	}
	end := hi
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if ids.uint(mid*width, width) < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < end && ids.uint(lo*width, width) == id
}

// name returns entry i of a section of names.
func (t Table) name(s Section, i int) (string, bool) {
	names := t.section(s)
	if i >= len(names)/4 {
		return "", false
	}
	ref, pool := names.u32(i*4), t.section(SectionPool)
	off, size := int(ref>>8), int(ref&0xFF)
	if size == 0 || off+size > len(pool) {
		return "", false
	}
	return string(pool[off : off+size]), true
}

func (t Table) uint(at, width int) uint32 {
	if width == 2 {
		return uint32(t[at]) | uint32(t[at+1])<<8
	}
	return t.u32(at)
}

func (t Table) u32(at int) uint32 {
	b := t[at : at+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
