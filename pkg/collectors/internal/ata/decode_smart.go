package ata

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

const (
	attributeCount = 30
	attributeBytes = 12
)

// SMARTData is the SMART data structure (ACS-3 table 135; the attributes in
// its vendor specific part are as ATA-3 had them).
type SMARTData struct {
	Revision   uint16
	Attributes []Attribute // in the drive's order
	SelfTest   SelfTestState
	ChecksumOK bool
}

// An Attribute is one SMART attribute. What Raw means is the vendor's: see
// interpret.go's functions for the few that can be told.
type Attribute struct {
	ID    uint8
	Flags uint16
	Value uint8 // normalised, higher is better; 1 to 253
	Worst uint8
	Raw   uint64 // 48 bits
}

// PreFail says that the attribute foretells failure, rather than wear.
func (a Attribute) PreFail() bool { return a.Flags&1 != 0 }

// SelfTestState is the self-test under way.
type SelfTestState struct {
	Running          bool
	RemainingPercent uint8
	Last             SelfTestStatus
}

// DecodeSMARTData decodes 512 bytes of SMART READ DATA.
func DecodeSMARTData(b []byte) (*SMARTData, error) {
	if err := sector("SMART data", b); err != nil {
		return nil, err
	}
	d := &SMARTData{Revision: binary.LittleEndian.Uint16(b), ChecksumOK: checksum(b)}
	seen := [256]bool{}
	for i := range attributeCount {
		e := b[2+attributeBytes*i:][:attributeBytes]
		if e[0] == 0 || seen[e[0]] {
			continue
		}
		seen[e[0]] = true
		d.Attributes = append(d.Attributes, Attribute{
			ID: e[0], Flags: binary.LittleEndian.Uint16(e[1:]), Value: e[3], Worst: e[4],
			Raw: uint64(binary.LittleEndian.Uint32(e[5:])) | uint64(binary.LittleEndian.Uint16(e[9:]))<<32,
		})
	}
	d.SelfTest.Last = SelfTestStatus(b[363] >> 4)
	if d.SelfTest.Last == SelfTestRunning {
		d.SelfTest.Running, d.SelfTest.RemainingPercent = true, min(b[363]&0xF, 10)*10
	}
	return d, nil
}

// Attribute returns one of the drive's attributes.
func (d *SMARTData) Attribute(id uint8) (a Attribute, ok bool) {
	for _, a := range d.Attributes {
		if a.ID == id {
			return a, true
		}
	}
	return Attribute{}, false
}

// Thresholds are the attributes' thresholds by id.
type Thresholds struct {
	values     [256]uint8
	given      [256]bool
	ChecksumOK bool
}

// DecodeThresholds decodes 512 bytes of SMART READ THRESHOLDS.
func DecodeThresholds(b []byte) (*Thresholds, error) {
	if err := sector("SMART thresholds", b); err != nil {
		return nil, err
	}
	t := &Thresholds{ChecksumOK: checksum(b)}
	for i := range attributeCount {
		if e := b[2+attributeBytes*i:]; e[0] != 0 && !t.given[e[0]] {
			t.values[e[0]], t.given[e[0]] = e[1], true
		}
	}
	return t, nil
}

// Of returns an attribute's threshold; nil when none is given.
func (t *Thresholds) Of(id uint8) *uint8 {
	if t == nil || !t.given[id] {
		return nil
	}
	return new(t.values[id])
}

// Failed says when an attribute was at or below its threshold: "now", "past"
// or "". A threshold of zero never is, and FEh is not a valid one.
func (t *Thresholds) Failed(a Attribute) string {
	threshold := t.Of(a.ID)
	switch {
	case threshold == nil || *threshold == 0 || *threshold == 0xFE:
		return ""
	case a.Value <= *threshold:
		return "now"
	case a.Worst <= *threshold:
		return "past"
	}
	return ""
}

// A Verdict is the drive's own: SMART RETURN STATUS.
type Verdict string

// The verdicts.
const (
	VerdictPassed Verdict = "passed"
	VerdictFailed Verdict = "failed" // a threshold is exceeded
)

// DecodeVerdict reads the verdict from the LBA registers SMART RETURN STATUS
// leaves behind (ACS-3 7.50.8.3).
func DecodeVerdict(lba uint64) (Verdict, error) {
	switch lba >> 8 & 0xFFFF {
	case 0xC24F:
		return VerdictPassed, nil
	case 0x2CF4:
		return VerdictFailed, nil
	}
	return "", fmt.Errorf("SMART status: %w: LBA registers %06xh", inventory.ErrMalformed, lba&0xFFFFFF)
}
