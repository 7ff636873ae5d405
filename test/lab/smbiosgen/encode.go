package smbiosgen

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// Structure is one encoded SMBIOS structure with its string set.
type Structure struct {
	Type   uint8
	Handle uint16
	Bytes  []byte
}

// writer builds the formatted area and the string set of one structure.
type writer struct {
	body    []byte
	strings []string
}

func (w *writer) u8(v ...uint8)   { w.body = append(w.body, v...) }
func (w *writer) u16(v ...uint16) { w.each16(v) }
func (w *writer) u32(v uint32)    { w.body = binary.LittleEndian.AppendUint32(w.body, v) }
func (w *writer) u64(v uint64)    { w.body = binary.LittleEndian.AppendUint64(w.body, v) }

func (w *writer) each16(vs []uint16) {
	for _, v := range vs {
		w.body = binary.LittleEndian.AppendUint16(w.body, v)
	}
}

// str writes the index of s; the empty string has index 0 (DSP0134 6.1.3).
func (w *writer) str(ss ...string) {
	for _, s := range ss {
		if s == "" {
			w.u8(0)
			continue
		}
		w.strings = append(w.strings, s)
		w.u8(uint8(len(w.strings)))
	}
}

func (w *writer) structure(typ uint8, handle uint16) Structure {
	b := []byte{typ, uint8(4 + len(w.body)), 0, 0}
	binary.LittleEndian.PutUint16(b[2:], handle)
	b = append(b, w.body...)
	for _, s := range w.strings {
		b = append(append(b, s...), 0)
	}
	if len(w.strings) == 0 {
		b = append(b, 0)
	}
	return Structure{typ, handle, append(b, 0)}
}

// Structures encodes the machine, without the end-of-table structure.
func (m Machine) Structures() ([]Structure, error) {
	var out []Structure
	add := func(typ uint8, handle uint16, fill func(*writer)) {
		w := &writer{}
		fill(w)
		out = append(out, w.structure(typ, handle))
	}
	uuid, err := encodeUUID(m.System.UUID)
	if err != nil {
		return nil, err
	}
	add(0, 0x0000, func(w *writer) { m.BIOS.encode(w) })
	add(1, 0x0100, func(w *writer) { m.System.encode(w, uuid) })
	add(2, 0x0200, func(w *writer) { m.Baseboard.encode(w) })
	add(3, 0x0300, func(w *writer) { m.Chassis.encode(w) })
	for i, p := range m.Processors {
		handles := [3]uint16{0xFFFF, 0xFFFF, 0xFFFF}
		for j, c := range p.Caches[:min(len(p.Caches), 3)] {
			handles[j] = uint16(0x0700 + 3*i + j)
			add(7, handles[j], func(w *writer) { c.encode(w) })
		}
		add(4, handle(0x0400, i), func(w *writer) { p.encode(w, handles) })
	}
	device := 0
	for i, a := range m.Arrays {
		array := handle(0x1000, i)
		add(16, array, func(w *writer) { a.encode(w) })
		for _, d := range a.Devices {
			add(17, handle(0x1100, device), func(w *writer) { d.encode(w, array) })
			device++
		}
	}
	if total := m.MemoryBytes(); total > 0 {
		add(19, 0x1300, func(w *writer) { encodeMapped(w, total) })
	}
	for i, s := range m.Slots {
		bus, devfn, err := parseAddress(s.Address)
		if err != nil {
			return nil, err
		}
		add(9, handle(0x0900, i), func(w *writer) { s.encode(w, bus, devfn) })
	}
	if len(m.OEMStrings) > 0 {
		add(11, 0x0B00, func(w *writer) {
			w.u8(uint8(len(m.OEMStrings)))
			w.strings = m.OEMStrings
		})
	}
	add(32, 0x2000, func(w *writer) { w.u8(0, 0, 0, 0, 0, 0, 0) })
	if m.HasBMC {
		// KCS, IPMI 2.0, slave address 20h, base address with the I/O bit.
		add(38, 0x2600, func(w *writer) { w.u8(1, 0x20, 0x20, 0xFF); w.u64(0xCA3); w.u8(0, 0) })
	}
	for i, p := range m.Supplies {
		add(39, handle(0x2700, i), func(w *writer) { p.encode(w, i) })
	}
	for i, o := range m.Onboard {
		bus, devfn, err := parseAddress(o.Address)
		if err != nil {
			return nil, err
		}
		add(41, handle(0x2900, i), func(w *writer) {
			w.str(o.Designation)
			w.u8(o.Type|0x80, o.Instance)
			w.u16(0)
			w.u8(bus, devfn)
		})
	}
	if m.VendorTypes {
		add(208, 0xD000, func(w *writer) { w.u8(0x02, 0x10, 0x12, 0x00, 0x62, 0x0A) })
		add(221, 0xDD00, func(w *writer) { w.u8(1, 2, 3, 4); w.strings = []string{"OEM string"} })
	}
	return out, nil
}

// MemoryBytes is the sum of all populated slots.
func (m Machine) MemoryBytes() uint64 {
	var sum uint64
	for _, a := range m.Arrays {
		for _, d := range a.Devices {
			sum += d.SizeBytes
		}
	}
	return sum
}

func handle(base, i int) uint16 { return uint16(base + i) }

// encodeUUID writes the first three fields little-endian (DSP0134 7.2.1).
func encodeUUID(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != 16 {
		return nil, fmt.Errorf("system uuid %q: want 32 hexadecimal digits", s)
	}
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5] = b[5], b[4]
	b[6], b[7] = b[7], b[6]
	return b, nil
}

// parseAddress splits "0000:BB:DD.F"; an empty address is "not a PCI slot".
func parseAddress(s string) (bus, devfn uint8, err error) {
	if s == "" {
		return 0xFF, 0xFF, nil
	}
	var domain, b, d, f uint
	if _, err := fmt.Sscanf(s, "%04x:%02x:%02x.%d", &domain, &b, &d, &f); err != nil || b > 255 || d > 31 || f > 7 {
		return 0, 0, fmt.Errorf("pci address %q: want 0000:BB:DD.F", s)
	}
	return uint8(b), uint8(d<<3 | f), nil
}
