package ipmi

import (
	"encoding/binary"
	"errors"
)

// A MultiRecord is one record of the multirecord area (FRU section 16). One
// whose data checksum is wrong has Damaged set and nothing decoded; the chain
// goes on behind it, because its header was right.
type MultiRecord struct {
	Type        uint8
	Version     uint8
	Damaged     bool
	Data        []byte // as stored
	PowerSupply *PowerSupplyInfo
	DCOutput    *DCOutput
	DCLoad      *DCLoad
	Management  *ManagementAccess
	OEM         *OEMMultiRecord
}

// The record types bee decodes.
const (
	MultiPowerSupply = 0x00
	MultiDCOutput    = 0x01
	MultiDCLoad      = 0x02
	MultiManagement  = 0x03
	MultiOEMFirst    = 0xC0
)

// PowerSupplyInfo is the power supply information record (FRU section 18.1).
// nil is "not specified".
type PowerSupplyInfo struct {
	CapacityWatts        *uint16 // overall capacity
	PeakVA               *uint16
	InrushAmps           *uint8
	InrushIntervalMillis *uint8
	LowInput1Millivolts  *uint32
	HighInput1Millivolts *uint32
	LowInput2Millivolts  *uint32
	HighInput2Millivolts *uint32
	LowFrequencyHz       *uint8
	HighFrequencyHz      *uint8
	DropoutMillis        *uint8
	PredictiveFailure    bool
	PowerFactorCorrect   bool
	AutoSwitch           bool
	HotSwap              bool
	PeakWatts            *uint16
	HoldUpSeconds        *uint8
	CombinedWatts        *uint16 // of two outputs together
}

// DCOutput is the DC output record (FRU section 18.2).
type DCOutput struct {
	Number            uint8
	Standby           bool
	NominalMillivolts int32
	MinMillivolts     int32 // negative deviation, as an absolute voltage
	MaxMillivolts     int32
	RippleMillivolts  uint16
	MinMilliamps      uint32
	MaxMilliamps      uint32
	Unit100Milliamps  bool // the currents were stored in units of 100 mA
}

// DCLoad is the DC load record (FRU section 18.3).
type DCLoad struct {
	Number            uint8
	NominalMillivolts int32
	MinMillivolts     int32
	MaxMillivolts     int32
	RippleMillivolts  uint16
	MinMilliamps      uint32
	MaxMilliamps      uint32
}

// ManagementAccess is one management access record (FRU section 18.4).
type ManagementAccess struct {
	SubType uint8
	Text    string
}

// OEMMultiRecord is a maker's own record, kept raw.
type OEMMultiRecord struct {
	ManufacturerID uint32
	Data           []byte
}

const (
	multiHeaderLen  = 5
	maxMultiRecords = 64
)

var (
	errMultiHeader  = errors.New("record header checksum is wrong")
	errMultiVersion = errors.New("record format version is unknown")
	errMultiData    = errors.New("record data checksum is wrong")
	errMultiCount   = errors.New("too many records")
)

// decodeMultiRecords decodes the chain of records at offset. The records
// before a damaged one are returned beside the error.
func decodeMultiRecords(b []byte, offset int) (records []MultiRecord, damage error) {
	for range maxMultiRecords {
		if offset < 0 || offset+multiHeaderLen > len(b) {
			return records, errAreaEnd
		}
		h := b[offset : offset+multiHeaderLen]
		switch {
		case sum8(h) != 0:
			return records, errMultiHeader
		case h[1]&0x0F != 2:
			return records, errMultiVersion
		}
		start, n := offset+multiHeaderLen, int(h[2])
		if start+n > len(b) {
			return records, errAreaEnd
		}
		data := b[start : start+n]
		r := MultiRecord{Type: h[0], Version: h[1] & 0x0F, Data: data}
		if sum8(data)+h[3] != 0 {
			r.Damaged = true
			damage = errMultiData
		} else {
			r.decode()
		}
		records = append(records, r)
		if h[1]&0x80 != 0 {
			return records, damage
		}
		offset = start + n
	}
	return records, errMultiCount
}

func (r *MultiRecord) decode() {
	switch b := r.Data; {
	case r.Type == MultiPowerSupply:
		r.PowerSupply = decodePowerSupplyInfo(b)
	case r.Type == MultiDCOutput:
		r.DCOutput = decodeDCOutput(b)
	case r.Type == MultiDCLoad:
		r.DCLoad = decodeDCLoad(b)
	case r.Type == MultiManagement && len(b) > 0:
		if s, ok := decodeText(EncodingLatin1, b[1:], languageEnglish); ok {
			r.Management = &ManagementAccess{SubType: b[0], Text: s}
		}
	case r.Type >= MultiOEMFirst && len(b) >= 3:
		r.OEM = &OEMMultiRecord{ManufacturerID: uint24(b), Data: b[3:]}
	}
}

// decodePowerSupplyInfo returns nil when the record is shorter than 24 bytes.
func decodePowerSupplyInfo(b []byte) *PowerSupplyInfo {
	if len(b) < 24 {
		return nil
	}
	p := &PowerSupplyInfo{
		CapacityWatts:        some(u16(b)&0x0FFF, 0, 0x0FFF),
		PeakVA:               some(u16(b[2:]), 0, 0xFFFF),
		InrushAmps:           some(b[4], 0xFF),
		InrushIntervalMillis: some(b[5], 0, 0xFF),
		LowInput1Millivolts:  tens(u16(b[6:])),
		HighInput1Millivolts: tens(u16(b[8:])),
		LowInput2Millivolts:  tens(u16(b[10:])),
		HighInput2Millivolts: tens(u16(b[12:])),
		LowFrequencyHz:       some(b[14], 0, 0xFF),
		HighFrequencyHz:      some(b[15], 0, 0xFF),
		DropoutMillis:        some(b[16], 0, 0xFF),
		PredictiveFailure:    b[17]&0x01 != 0,
		PowerFactorCorrect:   b[17]&0x02 != 0,
		AutoSwitch:           b[17]&0x04 != 0,
		HotSwap:              b[17]&0x08 != 0,
		PeakWatts:            some(u16(b[18:])&0x0FFF, 0, 0x0FFF),
		HoldUpSeconds:        some(uint8(u16(b[18:])>>12), 0, 0x0F),
		CombinedWatts:        some(u16(b[21:]), 0, 0xFFFF),
	}
	return p
}

func decodeDCOutput(b []byte) *DCOutput {
	if len(b) < 13 {
		return nil
	}
	unit := uint32(1)
	if b[0]&0x10 != 0 {
		unit = 100
	}
	return &DCOutput{
		Number:            b[0] & 0x0F,
		Standby:           b[0]&0x80 != 0,
		Unit100Milliamps:  unit != 1,
		NominalMillivolts: tenMillivolts(b[1:]),
		MinMillivolts:     tenMillivolts(b[3:]),
		MaxMillivolts:     tenMillivolts(b[5:]),
		RippleMillivolts:  u16(b[7:]),
		MinMilliamps:      uint32(u16(b[9:])) * unit,
		MaxMilliamps:      uint32(u16(b[11:])) * unit,
	}
}

func decodeDCLoad(b []byte) *DCLoad {
	if len(b) < 13 {
		return nil
	}
	return &DCLoad{
		Number:            b[0] & 0x0F,
		NominalMillivolts: tenMillivolts(b[1:]),
		MinMillivolts:     tenMillivolts(b[3:]),
		MaxMillivolts:     tenMillivolts(b[5:]),
		RippleMillivolts:  u16(b[7:]),
		MinMilliamps:      uint32(u16(b[9:])),
		MaxMilliamps:      uint32(u16(b[11:])),
	}
}

func tenMillivolts(b []byte) int32 { return int32(int16(u16(b))) * 10 }

// tens turns a count of 10 mV into millivolts; 0 is "no such range".
func tens(v uint16) *uint32 {
	if v == 0 || v == 0xFFFF {
		return nil
	}
	return new(uint32(v) * 10)
}

// some returns v, or nil when it is one of the values that say nothing.
func some[T comparable](v T, unknown ...T) *T {
	for _, u := range unknown {
		if v == u {
			return nil
		}
	}
	return &v
}

func u16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }

func u32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
