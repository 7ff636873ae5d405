package scsi

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"example.com/bee/pkg/inventory"
)

const (
	readCapacity10Bytes = 8
	readCapacity16Bytes = 32
)

// A Capacity is what READ CAPACITY says.
type Capacity struct {
	Blocks        uint64
	BlockBytes    uint32 // of a logical block
	PhysicalBytes uint32 // of a physical block
	Protection    uint8  // protection type 1 to 3; 0 = none
	Thin          bool   // LBPME
}

// SizeBytes returns the size, and false when it does not fit 64 bits.
func (c *Capacity) SizeBytes() (size uint64, ok bool) {
	hi, lo := bits.Mul64(c.Blocks, uint64(c.BlockBytes))
	return lo, hi == 0
}

// DecodeReadCapacity10 decodes READ CAPACITY (10) data (SBC-4 table 87). A
// device too big for it is inventory.ErrMalformed: it should be asked with 64
// bits.
func DecodeReadCapacity10(b []byte) (*Capacity, error) {
	if len(b) < readCapacity10Bytes {
		return nil, fmt.Errorf("read capacity(10): %w: %d bytes, want %d", inventory.ErrMalformed, len(b), readCapacity10Bytes)
	}
	last, size := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if last == math.MaxUint32 {
		return nil, fmt.Errorf("read capacity(10): %w: capacity does not fit 32 bits", inventory.ErrMalformed)
	}
	if size == 0 {
		return nil, fmt.Errorf("read capacity(10): %w: blocks of no bytes", inventory.ErrMalformed)
	}
	return &Capacity{Blocks: uint64(last) + 1, BlockBytes: size, PhysicalBytes: size}, nil
}

// DecodeReadCapacity16 decodes READ CAPACITY (16) data (SBC-4 table 89), at
// least its first 12 bytes.
func DecodeReadCapacity16(b []byte) (*Capacity, error) {
	if len(b) < 12 {
		return nil, fmt.Errorf("read capacity(16): %w: %d bytes, want at least 12", inventory.ErrMalformed, len(b))
	}
	last, size := binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:])
	if last == math.MaxUint64 || size == 0 {
		return nil, fmt.Errorf("read capacity(16): %w: last block %d of %d bytes", inventory.ErrMalformed, last, size)
	}
	c := &Capacity{Blocks: last + 1, BlockBytes: size, PhysicalBytes: size}
	if len(b) >= 15 {
		if b[12]&1 != 0 {
			c.Protection = b[12]>>1&7 + 1
		}
		if physical := uint64(size) << (b[13] & 0xF); physical <= math.MaxUint32 {
			c.PhysicalBytes = uint32(physical)
		}
		c.Thin = b[14]&0x80 != 0
	}
	return c, nil
}
