package ipmigen

import "encoding/binary"

// Sensor is one sensor of the BMC: an analog one (SDR type 01h) or, with
// States, a discrete one (type 02h, sensor-specific event type 6Fh).
type Sensor struct {
	Name             string
	Number           uint8
	Type             uint8 // IPMI 2.0 table 42-3: 1 temperature, 4 fan, 8 power supply, 0x0B other unit.
	Entity, Instance uint8
	Unit             uint8 // IPMI 2.0 section 43.17: 1 degrees C, 6 watts, 18 RPM.
	Factor           int8  // Reading = raw times factor.
	Raw              uint8
	// Upper non-recoverable, critical, non-critical, then lower ones, all raw.
	Limits   *[6]uint8
	Discrete bool
	States   []uint8 // Asserted states of a discrete sensor.
}

// Value is the analog reading in its unit.
func (s Sensor) Value() int { return int(s.Raw) * int(s.Factor) }

func sdr(id uint16, typ byte, body []byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, id)
	return append(append(b, 0x51, typ, byte(len(body))), body...)
}

func idString(s string) []byte { return append([]byte{0xC0 | byte(len(s))}, s...) }

// controllerRecord is type 12h, the BMC itself.
func controllerRecord(name string) []byte {
	return append([]byte{0x20, 0, 0, 0xBF, 0, 0, 0, 7, 1, 0}, idString(name)...)
}

// locatorRecord is type 11h: a logical FRU device of the BMC.
func (f FRU) locatorRecord() []byte {
	return append([]byte{0x20, f.ID, 0x80, 0, 0, 0x10, 0, f.Entity, f.ID, 0}, idString(f.Name)...)
}

func (s Sensor) record() (typ byte, body []byte) {
	if s.Discrete {
		b := []byte{0x20, 0, s.Number, s.Entity, s.Instance, 0x63, 0xC0, s.Type, 0x6F}
		for range 3 {
			b = binary.LittleEndian.AppendUint16(b, 0x7F)
		}
		b = append(b, 0xC0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
		return 0x02, append(b, idString(s.Name)...)
	}
	b := []byte{0x20, 0, s.Number, s.Entity, s.Instance, 0x7F, 0x68, s.Type, 0x01}
	for _, v := range []uint16{0x7A95, 0x7A95, 0x3F3F} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = append(b, 0, s.Unit, 0, 0, byte(s.Factor), 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0)
	limits := s.limits()
	b = append(append(b, limits[:]...), 2, 2, 0, 0, 0)
	return 0x01, append(b, idString(s.Name)...)
}

func (s Sensor) limits() [6]uint8 {
	if s.Limits == nil {
		return [6]uint8{}
	}
	return *s.Limits
}
