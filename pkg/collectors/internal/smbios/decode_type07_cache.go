package smbios

// Cache is one cache of a processor, or all its caches of one level (type 7,
// DSP0134 section 7.8).
type Cache struct{ Structure }

// Caches gives the type 7 structures in table order.
func (t *Table) Caches() []Cache {
	return viewsOf(t, 7, func(s Structure) Cache { return Cache{s} })
}

// Designation is the cache's name (04h).
func (c Cache) Designation() string { return c.label(0x04) }

// Level is 1 to 8 (05h bits 2:0).
func (c Cache) Level() (uint8, bool) {
	v, ok := c.u16(0x05)
	if !ok {
		return 0, false
	}
	return uint8(v&7) + 1, true
}

// Socketed says whether the cache can be taken out (05h bit 3).
func (c Cache) Socketed() (socketed, ok bool) { return c.bit(0x05, 3) }

// Location is internal or external to the processor (05h bits 6:5).
func (c Cache) Location() string { return c.configuration(5, cacheLocation) }

// Enabled says whether the cache was enabled at boot (05h bit 7).
func (c Cache) Enabled() (enabled, ok bool) { return c.bit(0x05, 7) }

// Mode is write_back, write_through, ... (05h bits 9:8).
func (c Cache) Mode() string { return c.configuration(8, cacheMode) }

func (c Cache) configuration(shift uint, name func(uint8) string) string {
	v, ok := c.u16(0x05)
	if !ok {
		return ""
	}
	return named(uint8(v>>shift)&3, name)
}

// MaxSizeBytes is the size of the largest cache that can be installed (07h;
// 13h from 2047 MiB on).
func (c Cache) MaxSizeBytes() (uint64, bool) { return c.size(0x07, 0x13) }

// InstalledSizeBytes is the size of the cache; 0 when none is installed (09h;
// 17h from 2047 MiB on).
func (c Cache) InstalledSizeBytes() (uint64, bool) { return c.size(0x09, 0x17) }

// size reads a size, of which firmware sometimes fills in only the word though
// the structure has the double word too.
func (c Cache) size(offset, wide int) (uint64, bool) {
	if v, ok := c.u32(wide); ok && v != 0 {
		return cacheSize(v&0x7FFFFFFF, v>>31 == 1), true
	}
	v, ok := c.u16(offset)
	if !ok || v == 0xFFFF {
		return 0, false
	}
	return cacheSize(uint32(v&0x7FFF), v>>15 == 1), true
}

// cacheSize converts units of 1 KiB or 64 KiB.
func cacheSize(units uint32, of64K bool) uint64 {
	if of64K {
		return uint64(units) << 16
	}
	return uint64(units) << 10
}

// SupportedSRAM are the kinds of memory the cache can be made of (0Bh).
func (c Cache) SupportedSRAM() ([]string, bool) {
	v, ok := c.u16(0x0B)
	return bits(uint32(v), cacheSRAM), ok
}

// InstalledSRAM is the kind of memory the cache is made of (0Dh).
func (c Cache) InstalledSRAM() ([]string, bool) {
	v, ok := c.u16(0x0D)
	return bits(uint32(v), cacheSRAM), ok
}

// SpeedNanoseconds is the access time (0Fh; 0 is unknown).
func (c Cache) SpeedNanoseconds() (uint8, bool) { return c.known8(0x0F, 0) }

// ErrorCorrection is none, parity, single_bit_ecc, multi_bit_ecc (10h).
func (c Cache) ErrorCorrection() string { return c.enum(0x10, cacheECC) }

// CacheType is instruction, data or unified (11h).
func (c Cache) CacheType() string { return c.enum(0x11, cacheType) }

// Associativity is direct_mapped, 8_way_set_associative, ... (12h).
func (c Cache) Associativity() string { return c.enum(0x12, cacheAssociativity) }

// Ways is the associativity as a number, 1 for direct mapped. ok is false for
// one that is fully associative.
func (c Cache) Ways() (uint32, bool) {
	v, ok := c.u8(0x12)
	if !ok {
		return 0, false
	}
	switch v {
	case 0x03:
		return 1, true
	case 0x04:
		return 2, true
	case 0x05:
		return 4, true
	case 0x07:
		return 8, true
	case 0x08:
		return 16, true
	case 0x09:
		return 12, true
	case 0x0A:
		return 24, true
	case 0x0B:
		return 32, true
	case 0x0C:
		return 48, true
	case 0x0D:
		return 64, true
	case 0x0E:
		return 20, true
	}
	return 0, false
}
