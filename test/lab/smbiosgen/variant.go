package smbiosgen

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Variant names a way to damage, or to dress, the tables.
type Variant string

// The variants. Firmware passes all of them on unchanged, but for Truncated:
// SeaBIOS refuses tables shorter than the anchor says and makes its own.
const (
	Whole     Variant = "server"    // Sound, _SM_ anchor 3.3.
	SM3       Variant = "sm3"       // Sound, 64-bit _SM3_ anchor.
	Truncated Variant = "truncated" // Half the bytes, the anchor claims all.
	CutShort  Variant = "cutshort"  // Ends inside a structure, the anchor says so.
	BadLength Variant = "badlen"    // A type 17 whose length byte is 2.
	NoStrings Variant = "nostrings" // The final terminator is missing.
	NoEnd     Variant = "noend"     // No end-of-table structure.
	Huge      Variant = "huge"      // 64 more memory slots.
	BadIndex  Variant = "badindex"  // String indexes beyond the string set.
)

// Variants lists all variants.
func Variants() []Variant {
	return []Variant{Whole, SM3, Truncated, CutShort, BadLength, NoStrings, NoEnd, Huge, BadIndex}
}

// Tables is what the guest's firmware publishes: an anchor and a table.
type Tables struct{ Anchor, Table []byte }

// Encode encodes the machine as the variant says.
func Encode(m Machine, v Variant) (Tables, error) {
	if v == Huge {
		m = withMoreSlots(m, 64)
	}
	structures, err := m.Structures()
	if err != nil {
		return Tables{}, err
	}
	var table []byte
	longest := 0
	for _, s := range structures {
		table = append(table, s.Bytes...)
		longest = max(longest, len(s.Bytes))
	}
	table = append(table, 127, 4, 0x00, 0x7F, 0, 0)
	size := len(table)
	switch v {
	case Whole, SM3, Huge:
	case Truncated:
		table = table[:len(table)/2]
	case CutShort:
		table = table[:len(table)/2+7]
		size = len(table)
	case BadLength:
		i := bytes.Index(table, []byte{17, 0x5C})
		if i < 0 {
			return Tables{}, fmt.Errorf("variant %s: the machine has no memory slot", v)
		}
		table[i+1] = 2
	case NoStrings:
		table = table[:len(table)-2]
		size = len(table)
	case NoEnd:
		for i := len(table) - 6; i < len(table); i++ {
			table[i] = 0xFF
		}
	case BadIndex:
		// Manufacturer of type 1 and locator of the first type 17.
		if i := bytes.Index(table, []byte{1, 0x1B, 0x00, 0x01}); i >= 0 {
			table[i+4] = 0x63
		}
		if i := bytes.Index(table, []byte{17, 0x5C}); i >= 0 {
			table[i+0x10] = 0xC8
		}
	default:
		return Tables{}, fmt.Errorf("smbios variant %q: unknown, want one of %v", v, Variants())
	}
	anchor := anchor21(size, len(structures)+1, longest)
	if v == SM3 {
		anchor = anchor30(size)
	}
	return Tables{anchor, table}, nil
}

// anchor21 is the 32-bit entry point, DSP0134 5.2.1. The firmware fills in
// the table's address and mends the checksums.
func anchor21(size, count, longest int) []byte {
	b := make([]byte, 0x1F)
	copy(b, "_SM_")
	b[5], b[6], b[7] = 0x1F, 3, 3
	binary.LittleEndian.PutUint16(b[8:], uint16(longest))
	copy(b[0x10:], "_DMI_")
	binary.LittleEndian.PutUint16(b[0x16:], uint16(size))
	binary.LittleEndian.PutUint16(b[0x1C:], uint16(count))
	b[0x1E] = 0x33
	b[0x15] = checksum(b[0x10:])
	b[4] = checksum(b)
	return b
}

// anchor30 is the 64-bit entry point, DSP0134 5.2.2.
func anchor30(size int) []byte {
	b := make([]byte, 24)
	copy(b, "_SM3_")
	b[6], b[7], b[8], b[10] = 24, 3, 3, 1
	binary.LittleEndian.PutUint32(b[12:], uint32(size))
	b[5] = checksum(b)
	return b
}

func checksum(b []byte) uint8 {
	var sum uint8
	for _, v := range b {
		sum += v
	}
	return -sum
}

func withMoreSlots(m Machine, n int) Machine {
	if len(m.Arrays) == 0 {
		return m
	}
	arrays := append([]MemoryArray(nil), m.Arrays...)
	last := &arrays[len(arrays)-1]
	last.Devices = append([]MemoryDevice(nil), last.Devices...)
	for i := range n {
		d := arrays[0].Devices[0]
		d.Locator, d.Manufacturer = fmt.Sprintf("DIMM_%d", i), "Micron"
		d.SerialNumber, d.AssetTag, d.PartNumber = fmt.Sprintf("%08X", 0xA0000000+i), "asset", "36ASF4G72PZ-2G9"
		last.Devices = append(last.Devices, d)
	}
	m.Arrays = arrays
	return m
}

// Plugged is the machine as the variant describes it, [Huge] with its slots.
func Plugged(m Machine, v Variant) Machine {
	if v == Huge {
		return withMoreSlots(m, 64)
	}
	return m
}
