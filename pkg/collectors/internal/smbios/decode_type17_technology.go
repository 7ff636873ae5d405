package smbios

// The fields of a memory device that versions 3.2 (28h to 53h) and 3.7 (5Ch to
// 63h) added (DSP0134 sections 7.18.6 to 7.18.18).

// Technology is dram, nvdimm_n, ... (28h).
func (m MemoryDevice) Technology() string { return m.filled(m.enum(0x28, memoryTechnology)) }

// OperatingModes are the ways the module can be used (29h).
func (m MemoryDevice) OperatingModes() ([]string, bool) {
	v, ok := m.u16(0x29)
	if !ok || m.empty() {
		return nil, false
	}
	return bits(uint32(v), memoryMode), true
}

// FirmwareVersion is the version of the module's own firmware (2Bh).
func (m MemoryDevice) FirmwareVersion() string { return m.filled(m.name(0x2B)) }

// A JEDECID is a manufacturer in JEDEC's list JEP106.
type JEDECID struct {
	Bank uint8 // counted from 1
	Code uint8 // with its parity bit
}

// ModuleManufacturer is the module's maker as SPD gives it (2Ch; 0 is
// unknown).
func (m MemoryDevice) ModuleManufacturer() (JEDECID, bool) { return m.jedec(0x2C) }

// ModuleProduct is the maker's product number (2Eh; 0 is unknown).
func (m MemoryDevice) ModuleProduct() (uint16, bool) { return m.known16(0x2E, 0) }

// ControllerManufacturer is the maker of the module's memory subsystem
// controller (30h; 0 is unknown).
func (m MemoryDevice) ControllerManufacturer() (JEDECID, bool) { return m.jedec(0x30) }

// ControllerProduct is the maker's product number for it (32h; 0 is unknown).
func (m MemoryDevice) ControllerProduct() (uint16, bool) { return m.known16(0x32, 0) }

// NonVolatileSizeBytes is the part of the size that is persistent (34h; all
// bits set is unknown, 0 none).
func (m MemoryDevice) NonVolatileSizeBytes() (uint64, bool) { return m.portion(0x34) }

// VolatileSizeBytes is the part of the size that is volatile (3Ch).
func (m MemoryDevice) VolatileSizeBytes() (uint64, bool) { return m.portion(0x3C) }

// CacheSizeBytes is the part of the size that is a cache (44h).
func (m MemoryDevice) CacheSizeBytes() (uint64, bool) { return m.portion(0x44) }

// LogicalSizeBytes is the size of a logical memory device (4Ch).
func (m MemoryDevice) LogicalSizeBytes() (uint64, bool) { return m.portion(0x4C) }

// PMICManufacturer is the maker of the module's power management (5Ch; 0 is
// unknown).
func (m MemoryDevice) PMICManufacturer() (JEDECID, bool) { return m.jedec(0x5C) }

// PMICRevision is its revision in the coding of the module's SPD (5Eh; FF00h
// is unknown).
func (m MemoryDevice) PMICRevision() (uint16, bool) { return m.known16(0x5E, 0xFF00) }

// RCDManufacturer is the maker of the module's registering clock driver (60h;
// 0 is unknown).
func (m MemoryDevice) RCDManufacturer() (JEDECID, bool) { return m.jedec(0x60) }

// RCDRevision is its revision in the coding of the module's SPD (62h; FF00h is
// unknown).
func (m MemoryDevice) RCDRevision() (uint16, bool) { return m.known16(0x62, 0xFF00) }

// jedec reads the number of continuation codes, with parity in bit 7, and the
// code.
func (m MemoryDevice) jedec(offset int) (JEDECID, bool) {
	v, ok := m.known16(offset, 0, 0xFFFF)
	if !ok {
		return JEDECID{}, false
	}
	return JEDECID{Bank: uint8(v&0x7F) + 1, Code: uint8(v >> 8)}, true
}

func (m MemoryDevice) portion(offset int) (uint64, bool) {
	v, ok := m.u64(offset)
	if !ok || v == 1<<64-1 || m.empty() {
		return 0, false
	}
	return v, true
}
