package tpm

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Properties of TPM 2.0 Library Part 2 section 6.13 (TPM_PT).
const (
	ptFixed        = 0x100
	ptFamily       = 0x100
	ptRevision     = 0x102
	ptManufacturer = 0x105
	ptVendor1      = 0x106
	ptVendor4      = 0x109
	ptFirmware1    = 0x10B
	ptFirmware2    = 0x10C

	ptVar            = 0x200
	ptPermanent      = 0x200
	ptLockoutCounter = 0x20E
	ptMaxAuthFail    = 0x20F
)

// Identity is what a TPM 2.0 says of itself; what it does not say is empty or
// nil.
type Identity struct {
	Family         string // "2.0"
	Revision       string // of the library specification: "1.38"
	ManufacturerID string // "IFX"
	Model          string
	Firmware       string // four 16-bit words
	OwnerSet       *bool
	LockedOut      *bool
	LockoutCount   *uint32
	LockoutLimit   *uint32
}

// identityOf reads the properties.
func identityOf(p map[uint32]uint32) Identity {
	var id Identity
	id.Family = word(p, ptFamily)
	if r, ok := p[ptRevision]; ok && r > 0 && r < 10_000 {
		id.Revision = fmt.Sprintf("%d.%02d", r/100, r%100)
	}
	id.ManufacturerID = word(p, ptManufacturer)
	for t := uint32(ptVendor1); t <= ptVendor4; t++ {
		id.Model += raw(p, t)
	}
	id.Model = Text([]byte(id.Model))
	v1, ok1 := p[ptFirmware1]
	v2, ok2 := p[ptFirmware2]
	if ok1 && ok2 {
		id.Firmware = Version(v1, v2)
	}
	if v, ok := p[ptPermanent]; ok { // TPMA_PERMANENT, Part 2 section 8.6
		id.OwnerSet, id.LockedOut = new(v&1 != 0), new(v>>9&1 != 0)
	}
	if v, ok := p[ptLockoutCounter]; ok {
		id.LockoutCount = &v
	}
	if v, ok := p[ptMaxAuthFail]; ok {
		id.LockoutLimit = &v
	}
	return id
}

// Version is a firmware version of two 32-bit numbers as four 16-bit words.
// What they mean is the vendor's affair.
func Version(v1, v2 uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", v1>>16, v1&0xFFFF, v2>>16, v2&0xFFFF)
}

func raw(p map[uint32]uint32, tag uint32) string {
	v, ok := p[tag]
	if !ok {
		return ""
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], v)
	return strings.TrimRight(string(b[:]), "\x00")
}

func word(p map[uint32]uint32, tag uint32) string { return Text([]byte(raw(p, tag))) }

// Text is padded text of a TPM; "" when it holds anything but printable ASCII.
func Text(b []byte) string {
	s := strings.Trim(string(b), " \x00")
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return ""
		}
	}
	return s
}

// Manufacturer is the name behind an id of the TCG Vendor ID Registry; "" for
// one that is not in it.
func Manufacturer(id string) string {
	switch id {
	case "AMD":
		return "AMD"
	case "ANT":
		return "Ant Group"
	case "ATML":
		return "Atmel"
	case "BRCM":
		return "Broadcom"
	case "CSCO":
		return "Cisco"
	case "FLYS":
		return "Flyslice"
	case "ROCC":
		return "Fuzhou Rockchip"
	case "GOOG":
		return "Google"
	case "HPI":
		return "HPI"
	case "HPE":
		return "HPE"
	case "HISI":
		return "Huawei"
	case "IBM":
		return "IBM"
	case "IFX":
		return "Infineon"
	case "INTC":
		return "Intel"
	case "LEN":
		return "Lenovo"
	case "MSFT":
		return "Microsoft"
	case "NSM":
		return "National Semiconductor"
	case "NTZ":
		return "Nationz"
	case "NSG":
		return "NSING"
	case "NTC":
		return "Nuvoton"
	case "QCOM":
		return "Qualcomm"
	case "SMSN":
		return "Samsung"
	case "SNS":
		return "Sinosun"
	case "SMSC":
		return "SMSC"
	case "STM":
		return "STMicroelectronics"
	case "TXN":
		return "Texas Instruments"
	case "WEC":
		return "Winbond"
	}
	return ""
}
