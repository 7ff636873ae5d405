package ipmi

import (
	"fmt"
	"time"

	"example.com/bee/pkg/inventory"
)

// SELEntry is one 16-byte record of the system event log (IPMI section 32).
type SELEntry struct {
	ID   uint16
	Type uint8
	Raw  [16]byte

	// TimestampRaw is the record's clock; nil for types E0h-FFh, which have
	// none. Time is nil when it counts from the controller's start (below
	// 20000000h) or is not known (FFFFFFFFh).
	TimestampRaw *uint32
	Time         *time.Time

	Event *SELEvent // record type 02h
	OEM   *SELOEM   // record types C0h-FFh
}

// SELOEM is a maker's own record.
type SELOEM struct {
	ManufacturerID *uint32 // types C0h-DFh
	Data           []byte
}

// The record types of the log.
const (
	SELSystemEvent = 0x02
	selOEMTimed    = 0xC0
	selOEMUntimed  = 0xE0

	selEntryLen = 16
	// Below this a timestamp counts seconds since the controller started.
	selPreInit = 0x20000000
)

// SELEvent is a system event. Data bytes mean what DataUse says of them.
type SELEvent struct {
	GeneratorID uint16
	Software    bool  // the generator is software, not a controller
	Generator   uint8 // slave address or software id
	Channel     uint8
	LUN         uint8
	Revision    uint8
	SensorType  SensorType
	Sensor      uint8
	Asserted    bool // false: the condition ended
	EventType   EventType
	State       State
	Data        [3]uint8
	Data2Use    DataUse
	Data3Use    DataUse

	// TriggerRaw and ThresholdRaw are set for threshold events that carry
	// them; Sensor.Analog converts them.
	TriggerRaw   *uint8
	ThresholdRaw *uint8
	// MemoryModule is data byte 3 of memory events where it names the module
	// (IPMI table 42-3, type 0Ch): its number within the sensor's entity.
	// Makers number modules in their own ways.
	MemoryModule *uint8
}

// DataUse says what an event data byte holds (IPMI table 29-6).
type DataUse uint8

// The values of DataUse.
const (
	DataUnspecified DataUse = 0
	DataStandard    DataUse = 1 // threshold: trigger or threshold value; discrete: previous state
	DataOEM         DataUse = 2
	DataExtension   DataUse = 3 // as the sensor's type says
)

// DecodeSELEntry decodes one record. Shorter than 16 bytes is
// inventory.ErrMalformed.
func DecodeSELEntry(b []byte) (SELEntry, error) {
	if len(b) < selEntryLen {
		return SELEntry{}, fmt.Errorf("sel entry: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	e := SELEntry{ID: u16(b), Type: b[2], Raw: [selEntryLen]byte(b[:selEntryLen])}
	r := e.Raw[:]
	switch {
	case e.Type >= selOEMUntimed:
		e.OEM = &SELOEM{Data: r[3:]}
		return e, nil
	case e.Type >= selOEMTimed:
		e.OEM = &SELOEM{ManufacturerID: new(uint24(r[7:])), Data: r[10:]}
	case e.Type == SELSystemEvent:
		e.Event = decodeSELEvent(r)
	}
	e.TimestampRaw = new(u32(r[3:]))
	e.Time = selTime(*e.TimestampRaw)
	return e, nil
}

// selTime decodes seconds since 1970-01-01, of the controller's clock.
func selTime(v uint32) *time.Time {
	if v < selPreInit || v == 0xFFFFFFFF {
		return nil
	}
	return new(time.Unix(int64(v), 0).UTC())
}

func decodeSELEvent(r []byte) *SELEvent {
	ev := &SELEvent{
		GeneratorID: u16(r[7:]),
		Software:    r[7]&1 != 0,
		Generator:   r[7] &^ 1,
		Channel:     r[8] >> 4,
		LUN:         r[8] & 3,
		Revision:    r[9],
		SensorType:  SensorType(r[10]),
		Sensor:      r[11],
		Asserted:    r[12]&0x80 == 0,
		EventType:   EventType(r[12] & 0x7F),
		Data:        [3]uint8(r[13:16]),
		Data2Use:    DataUse(r[13] >> 6),
		Data3Use:    DataUse(r[13] >> 4 & 3),
	}
	if ev.Software {
		ev.Generator = r[7] >> 1
	}
	ev.State = StateOf(ev.EventType, ev.SensorType, ev.Data[0]&0x0F)
	if ev.EventType == EventTypeThreshold {
		if ev.Data2Use == DataStandard {
			ev.TriggerRaw = &ev.Data[1]
		}
		if ev.Data3Use == DataStandard {
			ev.ThresholdRaw = &ev.Data[2]
		}
	}
	if ev.SensorType == SensorMemory && ev.Data3Use == DataExtension && ev.Data[2] != 0xFF {
		ev.MemoryModule = &ev.Data[2]
	}
	return ev
}

// SELInfo is the answer to Get SEL Info (IPMI section 31.2).
type SELInfo struct {
	Version     uint8 // BCD, least significant digit first: 51h is 1.5
	Entries     uint16
	FreeBytes   *uint16 // nil when it is more than the field can say
	LastAddAt   *time.Time
	LastEraseAt *time.Time
	Overflow    bool // events were dropped for want of space
}

// DecodeSELInfo decodes the answer to Get SEL Info.
func DecodeSELInfo(b []byte) (SELInfo, error) {
	if len(b) < 14 {
		return SELInfo{}, fmt.Errorf("sel info: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return SELInfo{
		Version: b[0], Entries: u16(b[1:]), FreeBytes: some(u16(b[3:]), 0xFFFF),
		LastAddAt: selTime(u32(b[5:])), LastEraseAt: selTime(u32(b[9:])),
		Overflow: b[13]&0x80 != 0,
	}, nil
}

// SDRInfo is the answer to Get SDR Repository Info (IPMI section 33.9).
type SDRInfo struct {
	Version     uint8
	Records     uint16
	LastAddAt   *time.Time
	LastEraseAt *time.Time
	Reservable  bool
}

// DecodeSDRInfo decodes the answer to Get SDR Repository Info.
func DecodeSDRInfo(b []byte) (SDRInfo, error) {
	if len(b) < 14 {
		return SDRInfo{}, fmt.Errorf("sdr info: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return SDRInfo{
		Version: b[0], Records: u16(b[1:]),
		LastAddAt: selTime(u32(b[5:])), LastEraseAt: selTime(u32(b[9:])),
		Reservable: b[13]&0x02 != 0,
	}, nil
}
