package scsi

import (
	"fmt"
	"slices"

	"example.com/bee/pkg/inventory"
)

// Vital product data page codes (SPC-5 table 600, SBC-4 table 283, SAT-4).
const (
	VPDSupported            = 0x00
	VPDSerialNumber         = 0x80
	VPDDeviceID             = 0x83
	VPDExtendedInquiry      = 0x86
	VPDATAInformation       = 0x89
	VPDBlockLimits          = 0xB0
	VPDBlockCharacteristics = 0xB1
	VPDProvisioning         = 0xB2
)

// vpdBody checks a page's header and returns what follows it: as long as the
// page says, or as much of that as the buffer has.
func vpdBody(b []byte, page uint8, least int) ([]byte, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("vpd page %02xh: %w: %d bytes, want at least 4", page, inventory.ErrMalformed, len(b))
	}
	if b[1] != page {
		return nil, fmt.Errorf("vpd page %02xh: %w: got page %02xh", page, inventory.ErrMalformed, b[1])
	}
	body := b[4:min(len(b), 4+be16(b[2:]))]
	if len(body) < least {
		return nil, fmt.Errorf("vpd page %02xh: %w: %d bytes, want at least %d", page, inventory.ErrMalformed, len(body), least)
	}
	return body, nil
}

// DecodeSupportedVPD decodes page 00h: the page codes there are, ascending.
func DecodeSupportedVPD(b []byte) ([]uint8, error) {
	body, err := vpdBody(b, VPDSupported, 0)
	if err != nil {
		return nil, err
	}
	pages := append([]uint8{}, body...)
	slices.Sort(pages)
	return slices.Compact(pages), nil
}

// DecodeSerialNumber decodes page 80h, up to 65535 bytes long; "" when blank.
func DecodeSerialNumber(b []byte) (string, error) {
	body, err := vpdBody(b, VPDSerialNumber, 0)
	if err != nil {
		return "", err
	}
	return Text(body), nil
}

// ExtendedInquiry is page 86h (SPC-5 7.7.7).
type ExtendedInquiry struct {
	SelfTestMinutes   uint16 // extended self-test, 0 = not told
	MaxSenseBytes     uint8  // 0 = not told
	GuardCheck        bool   // checks protection information
	VolatileCache     bool   // V_SUP
	NonvolatileCache  bool   // NV_SUP
	PowerOnActivation bool   // microcode at power on
}

// DecodeExtendedInquiry decodes page 86h.
func DecodeExtendedInquiry(b []byte) (*ExtendedInquiry, error) {
	body, err := vpdBody(b, VPDExtendedInquiry, 10)
	if err != nil {
		return nil, err
	}
	return &ExtendedInquiry{
		GuardCheck:        body[0]&4 != 0,
		VolatileCache:     body[2]&1 != 0,
		NonvolatileCache:  body[2]&2 != 0,
		SelfTestMinutes:   uint16(be16(body[6:])),
		PowerOnActivation: body[8]&0x80 != 0,
		MaxSenseBytes:     body[9],
	}, nil
}

// ATAInformation is page 89h (SAT-4 12.4.2): the translation layer's name and
// the drive's own IDENTIFY data.
type ATAInformation struct {
	Vendor   string // of the SATL, "linux" when it is the kernel
	Product  string
	Revision string
	Command  uint8  // ECh or A1h
	Identify []byte // 512 bytes, for package ata
}

// DecodeATAInformation decodes page 89h.
func DecodeATAInformation(b []byte) (*ATAInformation, error) {
	body, err := vpdBody(b, VPDATAInformation, 568)
	if err != nil {
		return nil, err
	}
	return &ATAInformation{
		Vendor: Text(body[4:12]), Product: Text(body[12:28]), Revision: Text(body[28:32]),
		Command: body[52], Identify: slices.Clone(body[56:568]),
	}, nil
}

// BlockLimits is page B0h (SBC-4 6.6.5); zero means not reported.
type BlockLimits struct {
	MaxTransferBlocks     uint32
	OptimalTransferBlocks uint32
	OptimalGranularity    uint16
	MaxUnmapBlocks        uint32
}

// DecodeBlockLimits decodes page B0h.
func DecodeBlockLimits(b []byte) (*BlockLimits, error) {
	body, err := vpdBody(b, VPDBlockLimits, 12)
	if err != nil {
		return nil, err
	}
	l := &BlockLimits{OptimalGranularity: uint16(be16(body[2:])), MaxTransferBlocks: uint32(be32(body[4:])), OptimalTransferBlocks: uint32(be32(body[8:]))}
	if len(body) >= 20 { // SBC-2 ends before
		l.MaxUnmapBlocks = uint32(be32(body[16:]))
	}
	return l, nil
}

// BlockCharacteristics is page B1h (SBC-4 6.6.2).
type BlockCharacteristics struct {
	// RotationRPM is 0 for a medium that does not rotate and nil when not
	// reported or reserved.
	RotationRPM *uint32
	// FormFactor is as FormFactor returns it.
	FormFactor string
	Zoned      uint8 // 1 = host aware, 2 = device managed
}

// DecodeBlockCharacteristics decodes page B1h.
func DecodeBlockCharacteristics(b []byte) (*BlockCharacteristics, error) {
	body, err := vpdBody(b, VPDBlockCharacteristics, 4)
	if err != nil {
		return nil, err
	}
	c := &BlockCharacteristics{RotationRPM: Rotation(uint16(be16(body)))}
	c.FormFactor = FormFactor(uint16(body[3] & 0xF))
	if len(body) >= 5 {
		c.Zoned = body[4] >> 4 & 3
	}
	return c, nil
}

// Rotation reads a nominal medium rotation rate as SCSI and ATA code it: 1 is
// a medium that does not rotate, told as 0; nil when not reported or reserved.
func Rotation(code uint16) *uint32 {
	switch {
	case code == 1:
		return new(uint32(0))
	case code >= 0x401 && code <= 0xFFFE:
		return new(uint32(code))
	}
	return nil
}

// FormFactor names a nominal form factor as SCSI and ATA code it, in inches
// or by name; "" when not reported or reserved.
func FormFactor(code uint16) string {
	switch code {
	case 1:
		return "5.25_inch"
	case 2:
		return "3.5_inch"
	case 3:
		return "2.5_inch"
	case 4:
		return "1.8_inch"
	case 5:
		return "less_than_1.8_inch"
	case 6:
		return "msata"
	case 7:
		return "m.2"
	case 8:
		return "microssd"
	case 9:
		return "cfast"
	}
	return ""
}

// Provisioning is page B2h (SBC-4 6.6.7).
type Provisioning struct {
	Unmap        bool  // LBPU
	WriteSame16  bool  // LBPWS
	WriteSame10  bool  // LBPWS10
	ReadsZeros   bool  // LBPRZ
	Type         uint8 // 0 = full or not told, 1 = resource, 2 = thin
	ThresholdExp uint8
}

// DecodeProvisioning decodes page B2h.
func DecodeProvisioning(b []byte) (*Provisioning, error) {
	body, err := vpdBody(b, VPDProvisioning, 4)
	if err != nil {
		return nil, err
	}
	return &Provisioning{
		ThresholdExp: body[0], Unmap: body[1]&0x80 != 0, WriteSame16: body[1]&0x40 != 0, WriteSame10: body[1]&0x20 != 0,
		ReadsZeros: body[1]>>2&7 != 0, Type: body[2] & 7,
	}, nil
}
