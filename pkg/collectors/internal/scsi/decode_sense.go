package scsi

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A SenseKey says what class of thing happened (SPC-5 table 49).
type SenseKey uint8

// The sense keys callers decide by.
const (
	KeyNoSense        SenseKey = 0x0
	KeyRecovered      SenseKey = 0x1
	KeyNotReady       SenseKey = 0x2
	KeyMediumError    SenseKey = 0x3
	KeyHardwareError  SenseKey = 0x4
	KeyIllegalRequest SenseKey = 0x5
	KeyUnitAttention  SenseKey = 0x6
	KeyDataProtect    SenseKey = 0x7
	KeyAborted        SenseKey = 0xB
)

// String returns the standard's word in lower case.
func (k SenseKey) String() string {
	names := [16]string{
		"no sense", "recovered error", "not ready", "medium error", "hardware error", "illegal request", "unit attention", "data protect",
		"blank check", "vendor specific", "copy aborted", "aborted command", "reserved", "volume overflow", "miscompare", "completed",
	}
	return names[k&0xF]
}

// Sense is decoded sense data (SPC-5 4.4).
type Sense struct {
	Key      SenseKey
	ASC      uint8
	ASCQ     uint8
	Deferred bool // about an earlier command
	// Information is the information field, nil when not valid.
	Information *uint64
	// CommandSpecific is that field, nil when absent or not given.
	CommandSpecific *uint64
	// ATA is what an ATA drive had in its registers when the command ended;
	// nil unless asked for (SAT-4 12.2.5).
	ATA *ATAStatus
}

// ATAStatus is an ATA drive's registers after a command.
type ATAStatus struct {
	Extend bool
	Error  uint8
	Count  uint16
	LBA    uint64
	Device uint8
	Status uint8
	// LowOnly says that only the lower bytes of Count and LBA were told
	// (fixed-format sense).
	LowOnly bool
}

// ascATAInfo is "ATA pass through information available".
const ascATAInfo, ascqATAInfo = 0x00, 0x1D

// DecodeSense decodes fixed (70h, 71h) and descriptor (72h, 73h) format sense
// data. Fields cut off by a short buffer are not given.
func DecodeSense(b []byte) (*Sense, error) {
	if len(b) < 1 {
		return nil, fmt.Errorf("sense data: %w: none", inventory.ErrMalformed)
	}
	switch code := b[0] & 0x7F; code {
	case 0x70, 0x71:
		return decodeFixedSense(b, code == 0x71)
	case 0x72, 0x73:
		return decodeDescriptorSense(b, code == 0x73)
	default:
		return nil, fmt.Errorf("sense data: %w: response code %02xh", inventory.ErrMalformed, code)
	}
}

func decodeFixedSense(b []byte, deferred bool) (*Sense, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("sense data: %w: %d bytes, want at least 8", inventory.ErrMalformed, len(b))
	}
	s := &Sense{Key: SenseKey(b[2] & 0xF), Deferred: deferred}
	b = b[:min(len(b), 8+int(b[7]))]
	if b[0]&0x80 != 0 {
		s.Information = new(uint64(binary.BigEndian.Uint32(b[3:])))
	}
	if len(b) >= 12 {
		if v := binary.BigEndian.Uint32(b[8:]); v != 0 {
			s.CommandSpecific = new(uint64(v))
		}
	}
	if len(b) >= 13 {
		s.ASC = b[12]
	}
	if len(b) >= 14 {
		s.ASCQ = b[13]
	}
	if len(b) >= 14 && s.ASC == ascATAInfo && s.ASCQ == ascqATAInfo && !deferred {
		s.ATA = &ATAStatus{
			Error: b[3], Status: b[4], Device: b[5], Count: uint16(b[6]),
			Extend: b[8]&0x80 != 0, LBA: uint64(b[11])<<16 | uint64(b[10])<<8 | uint64(b[9]), LowOnly: true,
		}
	}
	return s, nil
}

// Sense data descriptor types (SPC-5 table 28).
const (
	descInformation     = 0x00
	descCommandSpecific = 0x01
	descATAStatus       = 0x09
)

func decodeDescriptorSense(b []byte, deferred bool) (*Sense, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("sense data: %w: %d bytes, want at least 8", inventory.ErrMalformed, len(b))
	}
	s := &Sense{Key: SenseKey(b[1] & 0xF), ASC: b[2], ASCQ: b[3], Deferred: deferred}
	rest := b[8:min(len(b), 8+int(b[7]))]
	for len(rest) >= 2 {
		n := 2 + int(rest[1])
		if n > len(rest) {
			break // cut off by the buffer
		}
		d := rest[:n]
		switch {
		case d[0] == descInformation && n >= 12 && d[2]&0x80 != 0:
			s.Information = new(binary.BigEndian.Uint64(d[4:]))
		case d[0] == descCommandSpecific && n >= 12:
			s.CommandSpecific = new(binary.BigEndian.Uint64(d[4:]))
		case d[0] == descATAStatus && n >= 14 && !deferred:
			s.ATA = decodeATAStatus(d)
		}
		rest = rest[n:]
	}
	return s, nil
}

// decodeATAStatus reads the ATA Status Return descriptor (SAT-4 table 172).
func decodeATAStatus(d []byte) *ATAStatus {
	a := &ATAStatus{
		Extend: d[2]&1 != 0, Error: d[3], Device: d[12], Status: d[13],
		Count: uint16(d[5]), LBA: uint64(d[11])<<16 | uint64(d[9])<<8 | uint64(d[7]),
	}
	if a.Extend {
		a.Count |= uint16(d[4]) << 8
		a.LBA |= uint64(d[10])<<40 | uint64(d[8])<<32 | uint64(d[6])<<24
	}
	return a
}

// String returns "illegal request, 24h/00h (invalid field in cdb)".
func (s *Sense) String() string {
	text := fmt.Sprintf("%v, %02xh/%02xh", s.Key, s.ASC, s.ASCQ)
	if name := SenseCodeName(s.ASC, s.ASCQ); name != "" {
		text += " (" + name + ")"
	}
	if s.Deferred {
		text += ", deferred"
	}
	return text
}
