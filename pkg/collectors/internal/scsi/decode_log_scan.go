package scsi

import (
	"encoding/binary"
	"fmt"
)

// A BackgroundScan is log page 15h (SBC-4 6.4.2).
type BackgroundScan struct {
	PowerOnMinutes  uint32
	Status          ScanStatus
	ScansPerformed  uint16
	MediumScans     uint16
	ProgressPercent float64 // of the scan under way
	// Found are the places where a scan had trouble, at most maxScanEvents.
	Found []ScanEvent
	// FoundCount is how many of them the page holds, those not kept included.
	FoundCount int
}

// A ScanEvent is one place where a scan had trouble.
type ScanEvent struct {
	PowerOnMinutes uint32
	Reassign       uint8 // 1 = needs reassignment by a write, 5 = reassigned, ...
	Key            SenseKey
	ASC            uint8
	ASCQ           uint8
	LBA            uint64
}

// A ScanStatus is what the scan is doing.
type ScanStatus uint8

// String returns the status in lower_snake.
func (s ScanStatus) String() string {
	switch s {
	case 0:
		return "idle"
	case 1:
		return "scanning"
	case 2:
		return "prescan"
	case 3:
		return "halted_fatal_error"
	case 4:
		return "halted_vendor_specific"
	case 5:
		return "halted_medium_formatted_without_list"
	case 6:
		return "halted_vendor_cause"
	case 7:
		return "halted_temperature"
	case 8:
		return "waiting_for_interval"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(s))
}

const maxScanEvents = 64

// DecodeBackgroundScan decodes log page 15h.
func DecodeBackgroundScan(l *LogPage) (*BackgroundScan, error) {
	if err := l.is(LogBackgroundScan, 0); err != nil {
		return nil, err
	}
	var s BackgroundScan
	seen := false
	for p := range l.Parameters() {
		v := p.Value
		switch {
		case p.Code == 0 && len(v) >= 12:
			seen = true
			s.PowerOnMinutes, s.Status = binary.BigEndian.Uint32(v), ScanStatus(v[5])
			s.ScansPerformed, s.MediumScans = uint16(be16(v[6:])), uint16(be16(v[10:]))
			s.ProgressPercent = float64(be16(v[8:])) * 100 / 65536
		case p.Code >= 1 && p.Code <= 0x800 && len(v) >= 20:
			s.FoundCount++
			if len(s.Found) < maxScanEvents {
				s.Found = append(s.Found, ScanEvent{
					PowerOnMinutes: binary.BigEndian.Uint32(v), Reassign: v[4] >> 4, Key: SenseKey(v[4] & 0xF), ASC: v[5], ASCQ: v[6],
					LBA: binary.BigEndian.Uint64(v[12:]),
				})
			}
		}
	}
	if !seen {
		return nil, malformed(l, "no status parameter")
	}
	return &s, nil
}
