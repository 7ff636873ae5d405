package smbios

// MemoryDevice is a memory slot and what is in it (type 17, DSP0134 section
// 7.18).
//
// For an empty slot all fields from the speed on mean nothing, though firmware
// fills them with templates: their accessors then give nothing.
type MemoryDevice struct{ Structure }

// MemoryDevices gives the type 17 structures in table order, empty slots
// included.
func (t *Table) MemoryDevices() []MemoryDevice {
	return viewsOf(t, 17, func(s Structure) MemoryDevice { return MemoryDevice{s} })
}

// ArrayHandle is the handle of the [MemoryArray] the slot is part of (04h).
func (m MemoryDevice) ArrayHandle() (uint16, bool) { return m.handleAt(0x04) }

// ErrorHandle is the handle of the structure that describes the last error
// found (06h; FFFEh: the system does not say, FFFFh: no error).
func (m MemoryDevice) ErrorHandle() (uint16, bool) { return m.known16(0x06, 0xFFFE, 0xFFFF) }

// TotalWidthBits is the width with check bits (08h; FFFFh is unknown, 0 is
// what empty slots have).
func (m MemoryDevice) TotalWidthBits() (uint16, bool) { return m.known16(0x08, 0xFFFF, 0) }

// DataWidthBits is the width without check bits (0Ah).
func (m MemoryDevice) DataWidthBits() (uint16, bool) { return m.known16(0x0A, 0xFFFF, 0) }

// Present says whether the slot holds a module (0Ch, 0 in an empty slot).
func (m MemoryDevice) Present() (present, ok bool) {
	v, ok := m.u16(0x0C)
	return v != 0, ok
}

// SizeBytes is the size of the module (0Ch in MiB, or in KiB with bit 15 set;
// FFFFh is unknown, 7FFFh refers to 1Ch in MiB). ok is false for an empty
// slot. Before version 2.7 there was no 1Ch: 7FFFh is then the size itself,
// the most the field can say, and is what tables of that age give modules of
// 32 GiB.
func (m MemoryDevice) SizeBytes() (uint64, bool) {
	v, ok := m.known16(0x0C, 0, 0xFFFF)
	switch {
	case !ok:
		return 0, false
	case v == 0x7FFF:
		ext, ok := m.u32(0x1C)
		if !ok {
			return uint64(v) << 20, true
		}
		ext &= 0x7FFFFFFF // Bit 31 is reserved.
		return uint64(ext) << 20, ext != 0
	case v&0x8000 != 0:
		v &= 0x7FFF
		return uint64(v) << 10, v != 0
	}
	return uint64(v) << 20, true
}

// FormFactor is dimm, sodimm, chip, ... (0Eh).
func (m MemoryDevice) FormFactor() string { return m.enum(0x0E, memoryFormFactor) }

// Set is the number of the set of modules that must be of one type and size
// (0Fh; 0 is none, FFh unknown).
func (m MemoryDevice) Set() (uint8, bool) {
	v, ok := m.known8(0x0F, 0xFF)
	return v, ok && v != 0
}

// Locator is the name printed next to the slot (10h). Not every board has
// different ones.
func (m MemoryDevice) Locator() string { return m.label(0x10) }

// BankLocator is the name of the bank the slot is part of (11h).
func (m MemoryDevice) BankLocator() string { return m.label(0x11) }

// MemoryType is ddr4, ddr5, flash, ... (12h).
func (m MemoryDevice) MemoryType() string { return m.enum(0x12, memoryType) }

// Detail are registered, unbuffered, synchronous, ... (13h).
func (m MemoryDevice) Detail() ([]string, bool) {
	v, ok := m.u16(0x13)
	return bits(uint32(v), memoryDetail), ok
}

// SpeedMTs is the most the module can do, in million transfers per second
// (15h; 0 is unknown, FFFFh refers to 54h).
func (m MemoryDevice) SpeedMTs() (uint32, bool) { return m.speed(0x15, 0x54) }

// ConfiguredSpeedMTs is what the module runs at (20h; FFFFh refers to 58h).
func (m MemoryDevice) ConfiguredSpeedMTs() (uint32, bool) { return m.speed(0x20, 0x58) }

func (m MemoryDevice) speed(offset, wide int) (uint32, bool) {
	v, ok := m.known16(offset, 0)
	switch {
	case !ok || m.empty():
		return 0, false
	case v == 0xFFFF:
		ext, _ := m.u32(wide)
		ext &= 0x7FFFFFFF // Bit 31 is reserved.
		return ext, ext != 0
	}
	return uint32(v), true
}

// Manufacturer is the module's maker (17h), as the firmware spells it: a name
// or a JEDEC code in hexadecimal.
func (m MemoryDevice) Manufacturer() string { return m.filled(m.name(0x17)) }

// SerialNumber is the module's serial number (18h).
func (m MemoryDevice) SerialNumber() string { return m.filled(m.number(0x18)) }

// AssetTag is the module's asset tag (19h).
func (m MemoryDevice) AssetTag() string { return m.filled(m.number(0x19)) }

// PartNumber is the module's part number (1Ah).
func (m MemoryDevice) PartNumber() string { return m.filled(m.number(0x1A)) }

// Ranks is the number of ranks (1Bh bits 3:0; 0 is unknown).
func (m MemoryDevice) Ranks() (uint8, bool) {
	v, ok := m.u8(0x1B)
	if !ok || v&0x0F == 0 || m.empty() {
		return 0, false
	}
	return v & 0x0F, true
}

// MinimumMillivolts is the lowest voltage the module can run at (22h; 0 is
// unknown).
func (m MemoryDevice) MinimumMillivolts() (uint16, bool) { return m.millivolts(0x22) }

// MaximumMillivolts is the highest voltage (24h).
func (m MemoryDevice) MaximumMillivolts() (uint16, bool) { return m.millivolts(0x24) }

// ConfiguredMillivolts is the voltage the module runs at (26h).
func (m MemoryDevice) ConfiguredMillivolts() (uint16, bool) { return m.millivolts(0x26) }

func (m MemoryDevice) millivolts(offset int) (uint16, bool) {
	if m.empty() {
		return 0, false
	}
	return m.known16(offset, 0)
}

// empty says whether the slot is known to hold nothing.
func (m MemoryDevice) empty() bool {
	present, ok := m.Present()
	return ok && !present
}

func (m MemoryDevice) filled(s string) string {
	if m.empty() {
		return ""
	}
	return s
}
