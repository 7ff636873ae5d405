package nvme

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A FirmwareLog is the Firmware Slot Information log page (figure 209).
type FirmwareLog struct {
	ActiveSlot int // 1 to 7; 0 when the controller does not say
	NextSlot   int // becomes active at the next reset; 0 = as it is
	// Revisions are the slots' firmware, index 0 being slot 1; "" = empty.
	Revisions [7]string
}

// DecodeFirmwareLog decodes log page 03h, 512 bytes.
func DecodeFirmwareLog(b []byte) (*FirmwareLog, error) {
	if len(b) < firmwareLogBytes {
		return nil, fmt.Errorf("log page 03h: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), firmwareLogBytes)
	}
	f := &FirmwareLog{ActiveSlot: int(b[0] & 7), NextSlot: int(b[0] >> 4 & 7)}
	for i := range f.Revisions {
		f.Revisions[i] = text(b[8+8*i : 16+8*i])
	}
	return f, nil
}
