package tablegen

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"example.com/bee/pkg/collectors/internal/pciids"
)

// The most a name's 32-bit reference can hold.
const (
	maxNameBytes = 1<<8 - 1
	maxPoolBytes = 1 << 24
)

// Encode returns the table. The same list always gives the same bytes.
func Encode(l *List) ([]byte, error) {
	vendors, devices, subs, classes := sorted(l.Vendors), sorted(l.Devices), sorted(l.Subsystems), sorted(l.Classes)
	if err := check(l, devices, subs); err != nil {
		return nil, err
	}
	pool, err := newPool(l, vendors, devices, subs, classes)
	if err != nil {
		return nil, err
	}
	var sec [pciids.Sections][]byte
	sec[pciids.SectionVersion] = []byte(l.Version)
	sec[pciids.SectionPool] = pool.text

	d := 0
	for _, v := range vendors {
		put16(&sec[pciids.SectionVendorIDs], v)
		put32(&sec[pciids.SectionVendorNames], pool.ref(l.Vendors[v]))
		put32(&sec[pciids.SectionVendorDevices], uint32(d))
		for d < len(devices) && devices[d]>>16 == uint32(v) {
			d++
		}
	}
	s := 0
	for i, dev := range devices {
		put16(&sec[pciids.SectionDeviceIDs], uint16(dev))
		put32(&sec[pciids.SectionDeviceNames], pool.ref(l.Devices[dev]))
		first := s
		for s < len(subs) && subs[s]>>32 == uint64(dev) {
			s++
		}
		if s > first {
			put32(&sec[pciids.SectionBoards], uint32(i))
			put32(&sec[pciids.SectionBoardFirst], uint32(first))
		}
	}
	for _, k := range subs {
		put32(&sec[pciids.SectionSubsystemIDs], uint32(k))
		put32(&sec[pciids.SectionSubsystemNames], pool.ref(l.Subsystems[k]))
	}
	for _, k := range classes {
		put32(&sec[pciids.SectionClassIDs], k)
		put32(&sec[pciids.SectionClassNames], pool.ref(l.Classes[k]))
	}
	return join(sec), nil
}

// check refuses what the table cannot hold: an entry whose parent is missing
// would be lost.
func check(l *List, devices []uint32, subs []uint64) error {
	for _, d := range devices {
		if _, ok := l.Vendors[uint16(d>>16)]; !ok {
			return fmt.Errorf("pci.ids: device %08x without its vendor", d)
		}
	}
	for _, s := range subs {
		if _, ok := l.Devices[uint32(s>>32)]; !ok {
			return fmt.Errorf("pci.ids: subsystem %016x without its device", s)
		}
	}
	return nil
}

func join(sec [pciids.Sections][]byte) []byte {
	out := []byte(pciids.Magic)
	off := pciids.HeaderSize
	for i, b := range sec {
		put32(&out, uint32(off))
		put32(&out, uint32(len(b)/pciids.Section(i).Width()))
		off += len(b)
	}
	for _, b := range sec {
		out = append(out, b...)
	}
	return out
}

func put16(b *[]byte, v uint16) { *b = binary.LittleEndian.AppendUint16(*b, v) }

func put32(b *[]byte, v uint32) { *b = binary.LittleEndian.AppendUint32(*b, v) }

func sorted[K cmp.Ordered](m map[K]string) []K { return slices.Sorted(maps.Keys(m)) }
