package smbios

import "fmt"

// BIOS is the firmware (type 0, DSP0134 section 7.1).
type BIOS struct{ Structure }

// BIOSes gives the type 0 structures; a well-formed table has one.
func (t *Table) BIOSes() []BIOS {
	return viewsOf(t, 0, func(s Structure) BIOS { return BIOS{s} })
}

// Vendor is the firmware's maker (04h).
func (b BIOS) Vendor() string { return b.name(0x04) }

// FirmwareVersion is the firmware's version (05h), in the maker's own form.
func (b BIOS) FirmwareVersion() string { return b.name(0x05) }

// ReleaseDate is the release date as the firmware writes it (08h), by the
// standard mm/dd/yyyy or mm/dd/yy.
func (b BIOS) ReleaseDate() string { return b.name(0x08) }

// ReleaseDateISO is the release date as yyyy-mm-dd; "" when it is not written
// the way the standard wants. Years of two digits are of the 20th century.
func (b BIOS) ReleaseDateISO() string { return isoDate(b.ReleaseDate()) }

func isoDate(s string) string {
	var month, day, year int
	switch {
	case len(s) == 10 && digits(s[6:], &year):
	case len(s) == 8 && digits(s[6:], &year):
		year += 1900
	default:
		return ""
	}
	if s[2] != '/' || s[5] != '/' || !digits(s[0:2], &month) || !digits(s[3:5], &day) ||
		month < 1 || month > 12 || day < 1 || day > 31 || year == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// digits reads a string of decimal digits only.
func digits(s string, n *int) bool {
	*n = 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		*n = *n*10 + int(s[i]-'0')
	}
	return s != ""
}

// ROMSizeBytes is the size of the boot ROM (09h, in units of 64 KiB; from
// 16 MiB on FFh there and the size at 18h).
func (b BIOS) ROMSizeBytes() (uint64, bool) {
	v, ok := b.u8(0x09)
	if !ok {
		return 0, false
	}
	if v != 0xFF {
		return (uint64(v) + 1) << 16, true
	}
	ext, ok := b.u16(0x18)
	if !ok {
		return 16 << 20, true // Before version 3.1 FFh was just that.
	}
	size := uint64(ext & 0x3FFF)
	switch ext >> 14 {
	case 0:
		size <<= 20
	case 1:
		size <<= 30
	default:
		return 0, false // Reserved units.
	}
	return size, size != 0
}

// Characteristics are the characteristics of the firmware (0Ah), bits as in
// DSP0134 section 7.1.1.
func (b BIOS) Characteristics() (uint64, bool) { return b.u64(0x0A) }

// UEFI says whether the firmware supports UEFI (13h bit 3).
func (b BIOS) UEFI() (supported, ok bool) { return b.bit(0x13, 3) }

// VirtualMachine says whether the table describes a virtual machine (13h
// bit 4). Hypervisors do not always set it.
func (b BIOS) VirtualMachine() (virtual, ok bool) { return b.bit(0x13, 4) }

// Release is the firmware's release as major.minor (14h, 15h); "" when the
// firmware does not number its releases this way.
func (b BIOS) Release() string { return b.release(0x14) }

// ControllerRelease is the release of the embedded controller's firmware (16h,
// 17h) as major.minor; "" when there is none that can be updated.
func (b BIOS) ControllerRelease() string { return b.release(0x16) }

func (b BIOS) release(offset int) string {
	v, ok := b.field(offset, 2)
	if !ok || v[0] == 0xFF || v[1] == 0xFF {
		return ""
	}
	return fmt.Sprintf("%d.%d", v[0], v[1])
}
