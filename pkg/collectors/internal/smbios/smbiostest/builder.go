// Package smbiostest builds SMBIOS structures, tables and entry points byte by
// byte, right and wrong ones, for tests.
package smbiostest

import "encoding/binary"

// A Structure is a structure under construction. Offsets count from the
// header, as in DSP0134.
type Structure struct {
	bytes   []byte
	strings []string
}

// New begins a structure whose formatted area, header included, has length
// bytes, all zero but the header.
func New(typ uint8, handle uint16, length int) *Structure {
	s := &Structure{bytes: make([]byte, length)}
	return s.U8(0, typ).U8(1, uint8(length)).U16(2, handle)
}

// U8 sets a byte.
func (s *Structure) U8(offset int, v uint8) *Structure {
	s.bytes[offset] = v
	return s
}

// U16 sets a word.
func (s *Structure) U16(offset int, v uint16) *Structure {
	binary.LittleEndian.PutUint16(s.bytes[offset:], v)
	return s
}

// U32 sets a double word.
func (s *Structure) U32(offset int, v uint32) *Structure {
	binary.LittleEndian.PutUint32(s.bytes[offset:], v)
	return s
}

// U64 sets a quad word.
func (s *Structure) U64(offset int, v uint64) *Structure {
	binary.LittleEndian.PutUint64(s.bytes[offset:], v)
	return s
}

// Put copies bytes.
func (s *Structure) Put(offset int, b ...byte) *Structure {
	copy(s.bytes[offset:], b)
	return s
}

// Str appends a string to the structure's strings and sets its number.
func (s *Structure) Str(offset int, text string) *Structure {
	s.strings = append(s.strings, text)
	return s.U8(offset, uint8(len(s.strings)))
}

// Add appends a string that no field refers to.
func (s *Structure) Add(text string) *Structure {
	s.strings = append(s.strings, text)
	return s
}

// Cut shortens the formatted area: a structure of an older version.
func (s *Structure) Cut(length int) *Structure {
	s.bytes = s.bytes[:length]
	return s.U8(1, uint8(length))
}

// Bytes gives the structure with its strings.
func (s *Structure) Bytes() []byte {
	b := append([]byte(nil), s.bytes...)
	for _, text := range s.strings {
		b = append(append(b, text...), 0)
	}
	if len(s.strings) == 0 {
		b = append(b, 0)
	}
	return append(b, 0)
}

// Table puts structures one after the other, and an end-of-table structure
// last.
func Table(structures ...*Structure) []byte {
	return Open(append(structures, End())...)
}

// Open puts structures one after the other and nothing after them.
func Open(structures ...*Structure) []byte {
	var b []byte
	for _, s := range structures {
		b = append(b, s.Bytes()...)
	}
	return b
}

// End is an end-of-table structure.
func End() *Structure { return New(127, 0x7F00, 4) }

// Entry2 is a 32-bit entry point (anchor _SM_) with right checksums.
func Entry2(major, minor uint8, table []byte, count int) []byte {
	b := make([]byte, 0x1F)
	copy(b, "_SM_")
	b[0x05], b[0x06], b[0x07] = 0x1F, major, minor
	binary.LittleEndian.PutUint16(b[0x08:], 0x100)
	copy(b[0x10:], "_DMI_")
	binary.LittleEndian.PutUint16(b[0x16:], uint16(len(table)))
	binary.LittleEndian.PutUint32(b[0x18:], 0xE0000)
	binary.LittleEndian.PutUint16(b[0x1C:], uint16(count))
	b[0x1E] = major<<4 | minor&0x0F
	return Checksum(b)
}

// Entry3 is a 64-bit entry point (anchor _SM3_) with a right checksum, for a
// table of at most maxSize bytes.
func Entry3(major, minor, docRev uint8, maxSize int) []byte {
	b := make([]byte, 0x18)
	copy(b, "_SM3_")
	b[0x06], b[0x07], b[0x08], b[0x09], b[0x0A] = 0x18, major, minor, docRev, 1
	binary.LittleEndian.PutUint32(b[0x0C:], uint32(maxSize))
	binary.LittleEndian.PutUint64(b[0x10:], 0xE0000)
	return Checksum(b)
}

// EntryDMI is the entry point of tables before version 2.1 (anchor _DMI_
// alone).
func EntryDMI(bcd uint8, table []byte, count int) []byte {
	b := Entry2(bcd>>4, bcd&0x0F, table, count)[0x10:]
	return Checksum(b)
}

// Checksum makes the checksums of an entry point right after a change to it,
// and returns it.
func Checksum(b []byte) []byte {
	fix := func(b []byte, at int) {
		b[at] = 0
		for i, c := range b {
			if i != at {
				b[at] -= c
			}
		}
	}
	if len(b) < 0x1F { // _DMI_ and _SM3_
		fix(b, 5)
		return b
	}
	fix(b[0x10:0x1F], 5)
	fix(b, 4)
	return b
}
