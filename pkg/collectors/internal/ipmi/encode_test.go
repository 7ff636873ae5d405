package ipmi_test

import "encoding/binary"

// Encoders for the tests' own bytes. They follow the specification, not the
// decoders.

// field is a type/length field.
func field(kind uint8, b []byte) []byte { return append([]byte{kind<<6 | uint8(len(b))}, b...) }

func latin(s string) []byte { return field(3, []byte(s)) }

// infoArea pads the body and adds length and checksum.
func infoArea(body ...[]byte) []byte {
	a := []byte{1, 0}
	for _, b := range body {
		a = append(a, b...)
	}
	a = append(a, 0xC1)
	for len(a)%8 != 7 {
		a = append(a, 0)
	}
	a = append(a, 0)
	a[1] = uint8(len(a) / 8)
	a[len(a)-1] = -sum(a)
	return a
}

func sum(b []byte) (s uint8) {
	for _, c := range b {
		s += c
	}
	return s
}

type fruParts struct{ chassis, board, product, multi []byte }

func buildFRU(p fruParts) []byte {
	b := make([]byte, 8)
	b[0] = 1
	for i, area := range [][]byte{p.chassis, p.board, p.product, p.multi} {
		if area == nil {
			continue
		}
		b[2+i] = uint8(len(b) / 8)
		b = append(b, area...)
		for len(b)%8 != 0 {
			b = append(b, 0xFF)
		}
	}
	b[7] = -sum(b[:7])
	return b
}

func multiRecord(kind uint8, last bool, data []byte) []byte {
	h := []byte{kind, 2, uint8(len(data)), -sum(data), 0}
	if last {
		h[1] |= 0x80
	}
	h[4] = -sum(h)
	return append(h, data...)
}

func powerRecord(watts uint16) []byte {
	d := make([]byte, 24)
	binary.LittleEndian.PutUint16(d, watts)
	binary.LittleEndian.PutUint16(d[2:], 0xFFFF)  // peak VA: unknown
	d[4], d[5] = 30, 2                            // inrush
	binary.LittleEndian.PutUint16(d[6:], 9000)    // 90 V
	binary.LittleEndian.PutUint16(d[8:], 14000)   // 140 V
	binary.LittleEndian.PutUint16(d[10:], 18000)  // 180 V
	binary.LittleEndian.PutUint16(d[12:], 26400)  // 264 V
	d[14], d[15], d[16] = 47, 63, 12              // Hz, Hz, ms
	d[17] = 0x0A                                  // hot swap, power factor
	binary.LittleEndian.PutUint16(d[18:], 0x1384) // 1 s, 900 W
	return d
}

// exampleFRU is a power supply with every area.
func exampleFRU() []byte {
	return buildFRU(fruParts{
		chassis: infoArea([]byte{23}, latin("CP-1"), latin("CS-2"), latin("rack 7")),
		board:   infoArea([]byte{25, 0x40, 0x0B, 0x00}, latin("Acme"), latin("Brd"), latin("BS-3"), latin("BP-4"), field(1, []byte{0x12, 0xC5})),
		product: infoArea([]byte{25}, latin("Acme"), latin("PSU 900"), latin("P-9"), latin("A1"), latin("SN-0815"), latin("  "), field(0, []byte{0x0A, 0xB0}), field(2, []byte{0x29, 0xDC, 0xA6})),
		multi: append(append(multiRecord(0, false, powerRecord(750)),
			multiRecord(1, false, []byte{0x81, 0xB0, 4, 0x74, 4, 0xEC, 4, 120, 0, 0, 0, 0xAC, 0x0D})...),
			multiRecord(0xC0, true, []byte{0x57, 1, 0, 9, 9})...),
	})
}

// record adds the five-byte header to a record's body.
func record(id uint16, kind uint8, body []byte) []byte {
	return append([]byte{uint8(id), uint8(id >> 8), 0x51, kind, uint8(len(body))}, body...)
}

type sensorSpec struct {
	id            uint16
	owner, number uint8
	entity, inst  uint8
	kind, event   uint8
	units         [3]uint8 // flags, base, modifier
	linear        uint8
	m, b          int
	rExp, bExp    int
	readable      uint16
	limits        [6]uint8 // upper non-recoverable first
	share         [2]uint8
	name          string
}

func (s sensorSpec) head() []byte {
	owner := s.owner
	if owner == 0 {
		owner = 0x20
	}
	b := []byte{owner, 0, s.number, s.entity, s.inst, 0x7F, 0x68, s.kind, s.event, 0, 0, 0, 0, 0, 0}
	binary.LittleEndian.PutUint16(b[13:], s.readable)
	return append(b, s.units[:]...)
}

func (s sensorSpec) full() []byte {
	b := s.head()
	b = append(b, s.linear, uint8(s.m), uint8(s.m>>8&3)<<6, uint8(s.b), uint8(s.b>>8&3)<<6, 0,
		uint8(s.rExp&0xF)<<4|uint8(s.bExp&0xF), 0x07, 1, 2, 3, 0xFF, 0)
	b = append(b, s.limits[:]...)
	b = append(b, 2, 3, 0, 0, 0)
	return record(s.id, 1, append(b, latin(s.name)...))
}

func (s sensorSpec) compact() []byte {
	b := append(s.head(), s.share[0], s.share[1], 2, 3, 0, 0, 0, 0)
	return record(s.id, 2, append(b, latin(s.name)...))
}

func (s sensorSpec) eventOnly() []byte {
	b := []byte{0x20, 0, s.number, s.entity, s.inst, s.kind, s.event, s.share[0], s.share[1], 0, 0}
	return record(s.id, 3, append(b, latin(s.name)...))
}

func fruLocator(id uint16, fru, entity, inst uint8, name string) []byte {
	return record(id, 0x11, append([]byte{0x20, fru, 0x80, 0, 0, 0x10, 0, entity, inst, 0}, latin(name)...))
}

func mcLocator(id uint16, addr uint8, name string) []byte {
	return record(id, 0x12, append([]byte{addr, 0, 0x20, 0xBF, 0, 0, 0, 0x2E, 1, 0}, latin(name)...))
}

// selEvent is a system event record.
func selEvent(id uint16, at uint32, kind, number, event uint8, data ...byte) []byte {
	b := make([]byte, 16)
	binary.LittleEndian.PutUint16(b, id)
	b[2] = 2
	binary.LittleEndian.PutUint32(b[3:], at)
	b[7], b[9] = 0x20, 4
	b[10], b[11], b[12] = kind, number, event
	copy(b[13:], data)
	return b
}

// exampleSDR is a small repository: sensors first, locators last.
func exampleSDR() [][]byte {
	return [][]byte{
		sensorSpec{
			id: 1, number: 0x30, entity: 7, inst: 1, kind: 1, event: 1, units: [3]uint8{0x80, 1, 0},
			m: 1, readable: 0x1B, limits: [6]uint8{0, 115, 110, 0, 5, 10}, name: "Inlet",
		}.full(),
		sensorSpec{id: 2, number: 0x50, entity: 10, inst: 1, kind: 8, event: 0x6F, readable: 0x0F, name: "PS1 Status"}.compact(),
		sensorSpec{
			id: 5, number: 0x51, entity: 10, inst: 1, kind: 0x0B, event: 1, units: [3]uint8{0, 6, 0},
			m: 4, readable: 0x18, limits: [6]uint8{0, 200, 190, 0, 0, 0}, name: "PS1 Input",
		}.full(),
		sensorSpec{id: 6, number: 0x83, entity: 34, inst: 1, kind: 0x0F, event: 0x6F, name: "BIOS"}.eventOnly(),
		fruLocator(9, 1, 10, 1, "PS1 FRU"),
		mcLocator(10, 0x20, "BMC"),
		record(11, 0xC0, []byte{0x57, 1, 0, 1, 2, 3}),
	}
}
