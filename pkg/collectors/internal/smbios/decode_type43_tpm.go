package smbios

import (
	"fmt"
	"strings"
)

// TPMDevice is a trusted platform module as the firmware describes it (type 43,
// DSP0134 section 7.44).
type TPMDevice struct{ Structure }

// TPMDevices gives the type 43 structures in table order.
func (t *Table) TPMDevices() []TPMDevice {
	return viewsOf(t, 43, func(s Structure) TPMDevice { return TPMDevice{s} })
}

// VendorID is the maker's id in the TCG Vendor ID Registry (04h, four
// characters, padded with NULs or blanks).
func (d TPMDevice) VendorID() string {
	b, ok := d.field(0x04, 4)
	if !ok {
		return ""
	}
	s := strings.Trim(string(b), "\x00 ")
	if strings.ContainsFunc(s, func(r rune) bool { return r < 0x21 || r > 0x7E }) {
		return "" // not an id at all
	}
	return s
}

// SpecificationVersion is that of the TPM family: "1.2", "2.0" (08h, 09h).
func (d TPMDevice) SpecificationVersion() string {
	b, ok := d.field(0x08, 2)
	if !ok || b[0] == 0 || b[0] == 0xFF {
		return ""
	}
	return fmt.Sprintf("%d.%d", b[0], b[1])
}

// FirmwareVersion gives the two numbers of the firmware's version (0Ah, 0Eh):
// for TPM 2.0 the properties TPM_PT_FIRMWARE_VERSION_1 and _2, for TPM 1.2 the
// bytes of TPM_VERSION in the first.
func (d TPMDevice) FirmwareVersion() (first, second uint32, ok bool) {
	first, ok1 := d.u32(0x0A)
	second, ok2 := d.u32(0x0E)
	if !ok1 || !ok2 || first == 0 && second == 0 || first == 0xFFFFFFFF {
		return 0, 0, false
	}
	return first, second, true
}

// Description is the firmware's text (12h).
func (d TPMDevice) Description() string { return d.label(0x12) }
