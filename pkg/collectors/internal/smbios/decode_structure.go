package smbios

import "encoding/binary"

// A Structure is one structure of a table: a header, the formatted area with
// the fields, and the strings the fields refer to by number. All views have
// its methods.
type Structure struct {
	typ     uint8
	handle  uint16
	version Version // of the table: the meaning of some fields depends on it
	body    []byte  // formatted area without the header
	strings []string
}

// Type is the structure's type (DSP0134 section 6.2).
func (s Structure) Type() uint8 { return s.typ }

// Handle is the number by which other structures of the table refer to it.
func (s Structure) Handle() uint16 { return s.handle }

// Length is the size of the formatted area in bytes, header included.
func (s Structure) Length() int { return headerSize + len(s.body) }

// field gives the n bytes at an offset that counts from the header, as the
// standard's tables do.
func (s Structure) field(offset, n int) ([]byte, bool) {
	offset -= headerSize
	if offset < 0 || offset+n > len(s.body) {
		return nil, false
	}
	return s.body[offset : offset+n], true
}

func (s Structure) u8(offset int) (uint8, bool) {
	b, ok := s.field(offset, 1)
	if !ok {
		return 0, false
	}
	return b[0], true
}

func (s Structure) u16(offset int) (uint16, bool) {
	b, ok := s.field(offset, 2)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint16(b), true
}

func (s Structure) u32(offset int) (uint32, bool) {
	b, ok := s.field(offset, 4)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

func (s Structure) u64(offset int) (uint64, bool) {
	b, ok := s.field(offset, 8)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint64(b), true
}

// known8 reads a byte in which one value stands for unknown.
func (s Structure) known8(offset int, unknown uint8) (uint8, bool) {
	v, ok := s.u8(offset)
	if !ok || v == unknown {
		return 0, false
	}
	return v, true
}

// known16 reads a word in which some values stand for unknown.
func (s Structure) known16(offset int, unknown ...uint16) (uint16, bool) {
	v, ok := s.u16(offset)
	if !ok {
		return 0, false
	}
	for _, u := range unknown {
		if v == u {
			return 0, false
		}
	}
	return v, true
}

// bit reads one bit of the byte at offset.
func (s Structure) bit(offset int, n uint) (set, ok bool) {
	v, ok := s.u8(offset)
	return v>>n&1 == 1, ok
}

// handleAt reads a reference to another structure; FFFFh refers to none.
func (s Structure) handleAt(offset int) (uint16, bool) { return s.known16(offset, 0xFFFF) }

// enum reads a byte and names its value.
func (s Structure) enum(offset int, name func(uint8) string) string {
	v, ok := s.u8(offset)
	if !ok {
		return ""
	}
	return named(v, name)
}

// named is the name of an enumeration's value, or unknown_0xNN.
func named(v uint8, name func(uint8) string) string {
	if n := name(v); n != "" {
		return n
	}
	const hex = "0123456789abcdef"
	return "unknown_0x" + string([]byte{hex[v>>4], hex[v&0xF]})
}

// bits names the set bits of v from bit 0 up; bits without a name are left
// out. The result is nil when no named bit is set.
func bits(v uint32, name func(uint) string) []string {
	var names []string
	for i := uint(0); i < 32; i++ {
		if v>>i&1 == 1 {
			if n := name(i); n != "" {
				names = append(names, n)
			}
		}
	}
	return names
}
