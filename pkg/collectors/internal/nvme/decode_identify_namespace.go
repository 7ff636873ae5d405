package nvme

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"example.com/bee/pkg/inventory"
)

// A NamespaceInfo is what bee keeps of the Identify Namespace data structure
// (NVM Command Set Specification 1.0, figure 97).
type NamespaceInfo struct {
	SizeBlocks     uint64 // NSZE
	CapacityBlocks uint64 // NCAP, what may be allocated of it
	UsedBlocks     uint64 // NUSE

	BlockBytes    *uint32 // size of one logical block; nil when the format in use is not valid
	MetadataBytes uint16  // per block
	Format        int     // index of the LBA format in use
	Formats       []LBAFormat

	CapacityBytes *Uint128 // NVMCAP; nil when zero: not reported
	EUI64         string   // 16 hex digits; "" when zero
	NGUID         string   // 32 hex digits; "" when zero
	Shared        bool     // NMIC bit 0: several controllers may attach it
}

// An LBAFormat is one way the namespace can be formatted.
type LBAFormat struct {
	BlockBytes    uint32
	MetadataBytes uint16
	Performance   uint8 // 0 best to 3 degraded
}

// Inactive says that the namespace ID is not in use: the controller answered
// with all zeros.
func (n *NamespaceInfo) Inactive() bool { return n.SizeBlocks == 0 && n.CapacityBlocks == 0 }

// SizeBytes returns the size, and false when the block size is not known or
// the product does not fit.
func (n *NamespaceInfo) SizeBytes() (size uint64, ok bool) { return n.bytes(n.SizeBlocks) }

// UsedBytes returns the utilisation likewise.
func (n *NamespaceInfo) UsedBytes() (used uint64, ok bool) { return n.bytes(n.UsedBlocks) }

func (n *NamespaceInfo) bytes(blocks uint64) (uint64, bool) {
	if n.BlockBytes == nil {
		return 0, false
	}
	hi, lo := bits.Mul64(blocks, uint64(*n.BlockBytes))
	return lo, hi == 0
}

// maxFormats is how many LBA formats the structure has room for.
const maxFormats = 64

// DecodeNamespace decodes an Identify Namespace data structure of 4096 bytes.
// An inactive namespace decodes to zeros, see Inactive.
func DecodeNamespace(b []byte) (*NamespaceInfo, error) {
	if len(b) < identifyBytes {
		return nil, fmt.Errorf("identify namespace: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), identifyBytes)
	}
	le := binary.LittleEndian
	n := &NamespaceInfo{
		SizeBlocks:     le.Uint64(b[0:]),
		CapacityBlocks: le.Uint64(b[8:]),
		UsedBlocks:     le.Uint64(b[16:]),
		Shared:         b[30]&1 != 0,
		NGUID:          identifier(b[104:120]),
		EUI64:          identifier(b[120:128]),
	}
	if capacity := uint128(b[48:]); !capacity.IsZero() {
		n.CapacityBytes = &capacity
	}
	if n.Inactive() {
		return n, nil
	}
	count := min(int(b[25])+1, maxFormats)
	n.Formats = make([]LBAFormat, 0, count)
	for i := range count {
		f := le.Uint32(b[128+4*i:])
		format := LBAFormat{MetadataBytes: uint16(f), Performance: uint8(f >> 24 & 3)}
		// Below 512 bytes is reserved; 2^31 is where uint32 ends.
		if shift := f >> 16 & 0xFF; shift >= 9 && shift < 32 {
			format.BlockBytes = 1 << shift
		}
		n.Formats = append(n.Formats, format)
	}
	// Bits 6:5 are the upper part of the index; before 2.0 they were reserved.
	n.Format = int(b[26] & 0xF)
	if count > 16 {
		n.Format |= int(b[26]>>5&3) << 4
	}
	if n.Format < count {
		f := n.Formats[n.Format]
		n.MetadataBytes = f.MetadataBytes
		if f.BlockBytes != 0 {
			n.BlockBytes = &f.BlockBytes
		}
	}
	return n, nil
}
