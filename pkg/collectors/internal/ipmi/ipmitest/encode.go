package ipmitest

import "encoding/binary"

// The encoders of this file make bytes for tests. They follow the
// specifications and use no decoder of the project.

// The type codes of a FRU field.
const (
	Binary = 0
	BCD    = 1
	Packed = 2
	Text   = 3
)

// Field is a type/length field (FRU section 13).
func Field(kind uint8, b []byte) []byte { return append([]byte{kind<<6 | uint8(len(b))}, b...) }

// Latin is a text field.
func Latin(s string) []byte { return Field(Text, []byte(s)) }

// InfoArea makes an info area of a body: it pads it and adds length and
// checksum.
func InfoArea(body ...[]byte) []byte {
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

// FRUParts are the areas of a FRU; nil ones are left out.
type FRUParts struct{ Chassis, Board, Product, Multi []byte }

// FRU lays areas out behind a common header.
func FRU(p FRUParts) []byte {
	b := make([]byte, 8)
	b[0] = 1
	for i, area := range [][]byte{p.Chassis, p.Board, p.Product, p.Multi} {
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

// MultiRecord is one record of the multirecord area.
func MultiRecord(kind uint8, last bool, data []byte) []byte {
	h := []byte{kind, 2, uint8(len(data)), -sum(data), 0}
	if last {
		h[1] |= 0x80
	}
	h[4] = -sum(h)
	return append(h, data...)
}

// PowerRecord is the data of a power supply information record.
func PowerRecord(watts uint16) []byte {
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

// Supply is the FRU of a power supply.
func Supply(maker, model, part, serial string, watts uint16) []byte {
	return FRU(FRUParts{
		Product: InfoArea([]byte{25}, Latin(maker), Latin(model), Latin(part), Latin("R1"), Latin(serial)),
		Multi:   MultiRecord(0, true, PowerRecord(watts)),
	})
}

// Record adds the five-byte header to the body of a sensor data record.
func Record(id uint16, kind uint8, body []byte) []byte {
	return append([]byte{uint8(id), uint8(id >> 8), 0x51, kind, uint8(len(body))}, body...)
}

// A SensorSpec describes a sensor for a record.
type SensorSpec struct {
	ID               uint16
	Owner, Number    uint8 // owner 0: the controller itself
	Entity, Instance uint8
	Type, EventType  uint8
	Units            [3]uint8 // flags, base, modifier
	Linear           uint8
	M, B             int
	RExp, BExp       int
	Readable         uint16   // thresholds or states that can be read
	Limits           [6]uint8 // upper non-recoverable first
	Share            [2]uint8
	Name             string
}

func (s SensorSpec) head() []byte {
	owner := s.Owner
	if owner == 0 {
		owner = 0x20
	}
	b := []byte{owner, 0, s.Number, s.Entity, s.Instance, 0x7F, 0x68, s.Type, s.EventType, 0, 0, 0, 0, 0, 0}
	binary.LittleEndian.PutUint16(b[13:], s.Readable)
	return append(b, s.Units[:]...)
}

// Full is a record of type 01h.
func (s SensorSpec) Full() []byte {
	b := s.head()
	b = append(b, s.Linear, uint8(s.M), uint8(s.M>>8&3)<<6, uint8(s.B), uint8(s.B>>8&3)<<6, 0,
		uint8(s.RExp&0xF)<<4|uint8(s.BExp&0xF), 0x07, 1, 2, 3, 0xFF, 0)
	b = append(b, s.Limits[:]...)
	b = append(b, 2, 3, 0, 0, 0)
	return Record(s.ID, 1, append(b, Latin(s.Name)...))
}

// Compact is a record of type 02h.
func (s SensorSpec) Compact() []byte {
	b := append(s.head(), s.Share[0], s.Share[1], 2, 3, 0, 0, 0, 0)
	return Record(s.ID, 2, append(b, Latin(s.Name)...))
}

// EventOnly is a record of type 03h.
func (s SensorSpec) EventOnly() []byte {
	b := []byte{0x20, 0, s.Number, s.Entity, s.Instance, s.Type, s.EventType, s.Share[0], s.Share[1], 0, 0}
	return Record(s.ID, 3, append(b, Latin(s.Name)...))
}

// FRULocator is a record of type 11h for a FRU of the controller itself.
func FRULocator(id uint16, fru, entity, instance uint8, name string) []byte {
	return Record(id, 0x11, append([]byte{0x20, fru, 0x80, 0, 0, 0x10, 0, entity, instance, 0}, Latin(name)...))
}

// MCLocator is a record of type 12h.
func MCLocator(id uint16, addr uint8, name string) []byte {
	return Record(id, 0x12, append([]byte{addr, 0, 0x20, 0xBF, 0, 0, 0, 0x2E, 1, 0}, Latin(name)...))
}

// Event is a system event record; bit 7 of eventType says that it ended.
func Event(id uint16, at uint32, kind, number, eventType uint8, data ...byte) []byte {
	b := make([]byte, 16)
	binary.LittleEndian.PutUint16(b, id)
	b[2] = 2
	binary.LittleEndian.PutUint32(b[3:], at)
	b[7], b[9] = 0x20, 4
	b[10], b[11], b[12] = kind, number, eventType
	copy(b[13:], data)
	return b
}
