package ata

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// words reads ATA data as the 16-bit words it is counted in.
type words []byte

func (w words) at(i int) uint16 { return binary.LittleEndian.Uint16(w[2*i:]) }

func (w words) uint32(i int) uint32 { return uint32(w.at(i)) | uint32(w.at(i+1))<<16 }

func (w words) uint64(i int) uint64 { return uint64(w.uint32(i)) | uint64(w.uint32(i+2))<<32 }

// text reads words first to last, the first character of each in its upper
// byte (ACS-4 3.4.9); "" when blank.
func (w words) text(first, last int) string {
	swapped := make([]byte, 0, 2*(last-first+1))
	for i := first; i <= last; i++ {
		v := w.at(i)
		swapped = append(swapped, byte(v>>8), byte(v))
	}
	return scsi.Text(swapped)
}

// valid says that a word carries the mark of being filled: 01b in bits 15:14.
func valid(word uint16) bool { return word>>14 == 1 }

// told says that a word is neither of the two that mean "not told".
func told(word uint16) bool { return word != 0 && word != 0xFFFF }

// checksum says whether all 512 bytes add up to zero.
func checksum(b []byte) bool {
	var sum byte
	for _, c := range b[:sectorBytes] {
		sum += c
	}
	return sum == 0
}

func sector(what string, b []byte) error {
	if len(b) < sectorBytes {
		return fmt.Errorf("%s: %w: %d bytes, want %d", what, inventory.ErrMalformed, len(b), sectorBytes)
	}
	return nil
}
