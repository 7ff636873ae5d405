package smbios

// MappedAddress is a range of addresses that a memory array answers to (type
// 19, DSP0134 section 7.20).
type MappedAddress struct{ Structure }

// MappedAddresses gives the type 19 structures in table order.
func (t *Table) MappedAddresses() []MappedAddress {
	return viewsOf(t, 19, func(s Structure) MappedAddress { return MappedAddress{s} })
}

// Range is the first and the last address in bytes (04h and 08h in KiB;
// FFFFFFFFh in the former refers to 0Fh and 17h, in bytes). ok is false for a
// range that ends before it starts.
func (a MappedAddress) Range() (first, last uint64, ok bool) {
	start, ok := a.u32(0x04)
	end, ok2 := a.u32(0x08)
	if !ok || !ok2 {
		return 0, 0, false
	}
	if start == 0xFFFFFFFF {
		first, ok = a.u64(0x0F)
		last, ok2 = a.u64(0x17)
		if !ok || !ok2 || last <= first {
			return 0, 0, false
		}
		return first, last, true
	}
	if end < start {
		return 0, 0, false
	}
	return uint64(start) << 10, uint64(end)<<10 | 0x3FF, true
}

// ArrayHandle is the handle of the [MemoryArray] (0Ch).
func (a MappedAddress) ArrayHandle() (uint16, bool) { return a.handleAt(0x0C) }

// PartitionWidth is the number of [MemoryDevice] that form a row of the range
// (0Eh).
func (a MappedAddress) PartitionWidth() (uint8, bool) { return a.known8(0x0E, 0) }
