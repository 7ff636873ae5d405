package ipmi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A RecordType is the type of a sensor data record (IPMI section 43).
type RecordType uint8

// The record types bee decodes.
const (
	RecordFull              RecordType = 0x01
	RecordCompact           RecordType = 0x02
	RecordEventOnly         RecordType = 0x03
	RecordEntityAssociation RecordType = 0x08
	RecordDeviceAssociation RecordType = 0x09
	RecordFRULocator        RecordType = 0x11
	RecordMCLocator         RecordType = 0x12
	RecordOEM               RecordType = 0xC0
)

// A Record is one sensor data record. At most one of the pointers is set;
// none for types bee does not decode, which are kept raw.
type Record struct {
	ID      uint16
	Version uint8 // BCD, least significant digit first: 51h is 1.5
	Type    RecordType
	Raw     []byte // header included

	Sensor      *Sensor
	FRULocator  *FRULocator
	MCLocator   *MCLocator
	Association *EntityAssociation
	OEM         *OEMRecord
}

// OEMRecord is record type C0h; its data is the maker's own.
type OEMRecord struct {
	ManufacturerID uint32
	Data           []byte
}

// An Entity is a physical or logical part: what it is, and which of them.
type Entity struct {
	ID       uint8
	Instance uint8 // 00h-5Fh of the system, 60h-7Fh relative to the device
	Logical  bool  // a container (logical) rather than a physical part
}

// String is the entity's name and instance, "power_supply.1".
func (e Entity) String() string {
	return fmt.Sprintf("%s.%d", EntityName(e.ID), e.Instance)
}

func decodeEntity(id, instance uint8) Entity {
	return Entity{ID: id, Instance: instance & 0x7F, Logical: instance&0x80 != 0}
}

const (
	sdrHeaderLen = 5
	sdrLengthAt  = 4
)

// DecodeRecord decodes one record with its five-byte header. A record whose
// length byte says more than there is, or that is too short for its type, is
// inventory.ErrMalformed. Bytes behind the length are ignored.
func DecodeRecord(b []byte) (Record, error) {
	if len(b) < sdrHeaderLen {
		return Record{}, fmt.Errorf("sdr: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	r := Record{ID: u16(b), Version: b[2], Type: RecordType(b[3])}
	n := sdrHeaderLen + int(b[sdrLengthAt])
	if n == sdrHeaderLen || n > len(b) {
		return Record{}, fmt.Errorf("sdr %04xh: length %d of %d: %w", r.ID, n, len(b), inventory.ErrMalformed)
	}
	b = b[:n:n]
	r.Raw = b
	ok := true
	switch r.Type {
	case RecordFull:
		r.Sensor, ok = decodeFullSensor(b)
	case RecordCompact:
		r.Sensor, ok = decodeCompactSensor(b)
	case RecordEventOnly:
		r.Sensor, ok = decodeEventOnlySensor(b)
	case RecordEntityAssociation:
		r.Association, ok = decodeEntityAssociation(b)
	case RecordDeviceAssociation:
		r.Association, ok = decodeDeviceAssociation(b)
	case RecordFRULocator:
		r.FRULocator, ok = decodeFRULocator(b)
	case RecordMCLocator:
		r.MCLocator, ok = decodeMCLocator(b)
	case RecordOEM:
		if ok = n >= sdrHeaderLen+3; ok {
			r.OEM = &OEMRecord{ManufacturerID: uint24(b[5:]), Data: b[8:]}
		}
	}
	if !ok {
		return Record{}, fmt.Errorf("sdr %04xh: %d bytes are too short for type %02xh: %w", r.ID, n, uint8(r.Type), inventory.ErrMalformed)
	}
	return r, nil
}

// Name is the record's id string, "" where the type has none.
func (r *Record) Name() string {
	switch {
	case r.Sensor != nil:
		return r.Sensor.Name
	case r.FRULocator != nil:
		return r.FRULocator.Name
	case r.MCLocator != nil:
		return r.MCLocator.Name
	}
	return ""
}

// Entity is the entity the record is about; ok is false where there is none.
func (r *Record) Entity() (e Entity, ok bool) {
	switch {
	case r.Sensor != nil:
		return r.Sensor.Entity, true
	case r.FRULocator != nil:
		return r.FRULocator.Entity, true
	case r.MCLocator != nil:
		return r.MCLocator.Entity, true
	}
	return Entity{}, false
}
