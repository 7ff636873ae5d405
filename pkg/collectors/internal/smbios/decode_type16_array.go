package smbios

// MemoryArray is a group of memory slots (type 16, DSP0134 section 7.17). Big
// machines have several.
type MemoryArray struct{ Structure }

// MemoryArrays gives the type 16 structures in table order.
func (t *Table) MemoryArrays() []MemoryArray {
	return viewsOf(t, 16, func(s Structure) MemoryArray { return MemoryArray{s} })
}

// Location is system_board, cxl_add_on_card, ... (04h).
func (a MemoryArray) Location() string { return a.enum(0x04, arrayLocation) }

// Use is system_memory, video_memory, flash_memory, ... (05h).
func (a MemoryArray) Use() string { return a.enum(0x05, arrayUse) }

// ErrorCorrection is none, parity, single_bit_ecc, multi_bit_ecc, crc (06h).
func (a MemoryArray) ErrorCorrection() string { return a.enum(0x06, arrayECC) }

// MaxCapacityBytes is the most memory the array takes (07h in KiB; 80000000h
// there refers to 0Fh).
func (a MemoryArray) MaxCapacityBytes() (uint64, bool) {
	v, ok := a.u32(0x07)
	if !ok {
		return 0, false
	}
	size := uint64(v) << 10
	if v == 0x80000000 {
		size, _ = a.u64(0x0F)
	}
	return size, size != 0
}

// ErrorHandle is the handle of the structure that describes the last error
// found (0Bh; FFFEh: the system does not say, FFFFh: no error).
func (a MemoryArray) ErrorHandle() (uint16, bool) { return a.known16(0x0B, 0xFFFE, 0xFFFF) }

// Devices is the number of slots (0Dh), each a [MemoryDevice].
func (a MemoryArray) Devices() (uint16, bool) { return a.u16(0x0D) }
