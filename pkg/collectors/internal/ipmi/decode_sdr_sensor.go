package ipmi

import (
	"strconv"

	"example.com/bee/pkg/inventory"
)

// A Sensor is one sensor as the repository describes it: record types 01h
// (full), 02h (compact) and 03h (event only) (IPMI sections 43.1 to 43.3).
type Sensor struct {
	Name        string
	OwnerID     uint8 // slave address, or software id when bit 0 is set
	Channel     uint8
	LUN         uint8
	Number      uint8
	Entity      Entity
	Type        SensorType
	EventType   EventType
	EventOnly   bool // it sends events and cannot be read
	HasAnalog   bool // a full record: Analog can turn a raw value into a number
	Analog      Analog
	IgnoreIfOff bool // says nothing while its entity is absent

	AssertMask   uint16 // states that can send an event
	DeassertMask uint16
	ReadingMask  uint16 // discrete sensors: states that can be read

	ThresholdAccess ThresholdAccess
	Readable        uint8 // thresholds that can be read: bit order of Thresholds
	Thresholds      [thresholdCount]uint8
	Hysteresis      HysteresisAccess
	PositiveRaw     uint8 // positive going hysteresis
	NegativeRaw     uint8

	share sharing
}

type sharing struct {
	count    uint8 // sensors this record stands for
	alpha    bool  // names are told apart by letters
	offset   uint8
	entities bool // each has an entity instance of its own
}

// ThresholdAccess says whether thresholds can be asked for.
type ThresholdAccess uint8

// The values of ThresholdAccess.
const (
	ThresholdsNone     ThresholdAccess = 0
	ThresholdsReadable ThresholdAccess = 1
	ThresholdsSettable ThresholdAccess = 2
	ThresholdsFixed    ThresholdAccess = 3 // there, but cannot be read
)

// HysteresisAccess says whether hysteresis can be asked for.
type HysteresisAccess uint8

// The values of HysteresisAccess, as ThresholdAccess.
const (
	HysteresisNone     HysteresisAccess = 0
	HysteresisReadable HysteresisAccess = 1
	HysteresisSettable HysteresisAccess = 2
	HysteresisFixed    HysteresisAccess = 3
)

// A ThresholdKind is one of the six thresholds, numbered as in the bit masks
// and answers of IPMI section 35.
type ThresholdKind uint8

// The thresholds.
const (
	LowerNonCritical ThresholdKind = iota
	LowerCritical
	LowerNonRecoverable
	UpperNonCritical
	UpperCritical
	UpperNonRecoverable

	thresholdCount = 6
)

func (k ThresholdKind) String() string {
	switch k {
	case LowerNonCritical:
		return "lower_non_critical"
	case LowerCritical:
		return "lower_critical"
	case LowerNonRecoverable:
		return "lower_non_recoverable"
	case UpperNonCritical:
		return "upper_non_critical"
	case UpperCritical:
		return "upper_critical"
	case UpperNonRecoverable:
		return "upper_non_recoverable"
	}
	return "unknown_" + hexByte(uint8(k))
}

// Health is the verdict on a sensor beyond this threshold.
func (k ThresholdKind) Health() inventory.Health {
	switch k {
	case LowerNonCritical, UpperNonCritical:
		return inventory.HealthWarning
	}
	return inventory.HealthCritical
}

// Target is the controller to read the sensor from; ok is false when software
// owns it, which nobody can ask.
func (s *Sensor) Target() (t Target, ok bool) {
	switch {
	case s.OwnerID&1 != 0:
		return Target{}, false
	case s.OwnerID == addrBMC && s.Channel == 0:
		return BMC().WithLUN(s.LUN), true
	}
	return Target{Channel: s.Channel, Addr: s.OwnerID, LUN: s.LUN}, true
}

// Threshold says whether the sensor compares a value with thresholds; else it
// has states.
func (s *Sensor) Threshold() bool { return s.EventType == EventTypeThreshold }

func decodeFullSensor(b []byte) (*Sensor, bool) {
	if len(b) < 48 {
		return nil, false
	}
	s := decodeSensorHead(b)
	s.HasAnalog = true
	s.Analog = decodeAnalog(b)
	// The record orders them from upper non-recoverable down to lower
	// non-critical, upper ones first.
	s.Thresholds = [thresholdCount]uint8{
		UpperNonRecoverable: b[36], UpperCritical: b[37], UpperNonCritical: b[38],
		LowerNonRecoverable: b[39], LowerCritical: b[40], LowerNonCritical: b[41],
	}
	s.PositiveRaw, s.NegativeRaw = b[42], b[43]
	s.Name = decodeSDRName(b[47:])
	return s, true
}

func decodeCompactSensor(b []byte) (*Sensor, bool) {
	if len(b) < 32 {
		return nil, false
	}
	s := decodeSensorHead(b)
	s.Analog.Unit = decodeUnit(b)
	s.share = decodeSharing(b[23], b[24])
	s.PositiveRaw, s.NegativeRaw = b[25], b[26]
	s.Name = decodeSDRName(b[31:])
	return s, true
}

func decodeEventOnlySensor(b []byte) (*Sensor, bool) {
	if len(b) < 17 {
		return nil, false
	}
	s := decodeSensorOwner(b)
	s.EventOnly = true
	s.Type, s.EventType = SensorType(b[10]), EventType(b[11])
	s.share = decodeSharing(b[12], b[13])
	s.Name = decodeSDRName(b[16:])
	return s, true
}

func decodeSensorOwner(b []byte) *Sensor {
	return &Sensor{
		OwnerID: b[5],
		Channel: b[6] >> 4,
		LUN:     b[6] & 3,
		Number:  b[7],
		Entity:  decodeEntity(b[8], b[9]),
	}
}

// decodeSensorHead decodes what full and compact records have in common.
func decodeSensorHead(b []byte) *Sensor {
	s := decodeSensorOwner(b)
	s.IgnoreIfOff = b[11]&0x80 != 0
	s.Hysteresis = HysteresisAccess(b[11] >> 4 & 3)
	s.ThresholdAccess = ThresholdAccess(b[11] >> 2 & 3)
	s.Type, s.EventType = SensorType(b[12]), EventType(b[13])
	s.AssertMask, s.DeassertMask = u16(b[14:])&0x7FFF, u16(b[16:])&0x7FFF
	if s.Threshold() {
		s.AssertMask &= 0x0FFF
		s.DeassertMask &= 0x0FFF
		s.Readable = b[18] & 0x3F
	} else {
		s.ReadingMask = u16(b[18:]) & 0x7FFF
	}
	return s
}

func decodeSharing(b0, b1 uint8) sharing {
	return sharing{count: b0 & 0x0F, alpha: b0>>4&3 == 1, offset: b1 & 0x7F, entities: b1&0x80 != 0}
}

// Shared returns every sensor the record stands for: itself, unless the
// record is shared, in which case numbers, names and (if it says so) entity
// instances count up. At most 15.
func (s *Sensor) Shared() []Sensor {
	if s.share.count < 2 {
		return []Sensor{*s}
	}
	all := make([]Sensor, s.share.count)
	for i := range all {
		t := *s
		t.Number += uint8(i)
		n := int(s.share.offset) + i
		if s.share.alpha {
			t.Name += letters(n)
		} else {
			t.Name += strconv.Itoa(n)
		}
		if s.share.entities {
			t.Entity.Instance = (t.Entity.Instance + uint8(i)) & 0x7F
		}
		t.share = sharing{}
		all[i] = t
	}
	return all
}

// letters counts A, B, ... Z, AA, AB, ...
func letters(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return letters(n/26-1) + string(rune('A'+n%26))
}

func hexByte(b uint8) string {
	const digits = "0123456789abcdef"
	return "0x" + string([]byte{digits[b>>4], digits[b&0xF]})
}
