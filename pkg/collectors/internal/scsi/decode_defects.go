package scsi

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

const (
	defectHeader10Bytes = 4
	defectHeader12Bytes = 8
)

// A DefectCount is the header of a defect list (SBC-4 6.2).
type DefectCount struct {
	Primary bool   // the list holds the factory's defects
	Grown   bool   // the list holds those since
	Bytes   uint32 // length of the list
	// Count is how many; nil when the address format's size is not known.
	Count *uint32
}

// DecodeDefects10 decodes READ DEFECT DATA (10) data.
func DecodeDefects10(b []byte) (*DefectCount, error) {
	if len(b) < defectHeader10Bytes {
		return nil, fmt.Errorf("read defect data(10): %w: %d bytes, want %d", inventory.ErrMalformed, len(b), defectHeader10Bytes)
	}
	return defects(b[1], uint32(be16(b[2:]))), nil
}

// DecodeDefects12 decodes READ DEFECT DATA (12) data.
func DecodeDefects12(b []byte) (*DefectCount, error) {
	if len(b) < defectHeader12Bytes {
		return nil, fmt.Errorf("read defect data(12): %w: %d bytes, want %d", inventory.ErrMalformed, len(b), defectHeader12Bytes)
	}
	return defects(b[1], binary.BigEndian.Uint32(b[4:])), nil
}

func defects(flags uint8, bytes uint32) *DefectCount {
	d := &DefectCount{Primary: flags&0x10 != 0, Grown: flags&0x08 != 0, Bytes: bytes}
	size := uint32(0)
	switch flags & 7 { // address descriptor format, SBC-4 table 47
	case 0:
		size = 4
	case 1, 2, 3, 4, 5:
		size = 8
	}
	if size != 0 {
		d.Count = new(bytes / size)
	}
	return d
}
