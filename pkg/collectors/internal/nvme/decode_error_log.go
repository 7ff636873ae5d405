package nvme

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// An ErrorEntry is one entry of the Error Information log (figure 206).
type ErrorEntry struct {
	Count     uint64 // the how-many-eth error of the controller's life this is
	QueueID   uint16
	CommandID uint16
	Status    Status
	LBA       uint64
	NSID      uint32
}

// DecodeErrorLog decodes log page 01h: entries of 64 bytes, newest first, an
// unused one having a count of zero. Only whole, used entries are returned;
// none is an empty, non-nil slice.
func DecodeErrorLog(b []byte) ([]ErrorEntry, error) {
	if len(b) < errorEntryBytes {
		return nil, fmt.Errorf("log page 01h: %w: %d bytes, want at least %d", inventory.ErrMalformed, len(b), errorEntryBytes)
	}
	le := binary.LittleEndian
	entries := []ErrorEntry{}
	for ; len(b) >= errorEntryBytes && len(entries) < maxErrorEntries; b = b[errorEntryBytes:] {
		if count := le.Uint64(b); count != 0 {
			entries = append(entries, ErrorEntry{
				Count:     count,
				QueueID:   le.Uint16(b[8:]),
				CommandID: le.Uint16(b[10:]),
				Status:    Status(le.Uint16(b[12:]) >> 1), // bit 0 is the phase tag
				LBA:       le.Uint64(b[16:]),
				NSID:      le.Uint32(b[24:]),
			})
		}
	}
	return entries, nil
}
