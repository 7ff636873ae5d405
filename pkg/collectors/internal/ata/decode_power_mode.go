package ata

import "fmt"

// A PowerMode is what CHECK POWER MODE leaves in the count register (ACS-4
// table 65).
type PowerMode uint8

// Sleeping says that reading the medium or SMART would spin the drive up.
func (m PowerMode) Sleeping() bool { return m == 0x00 || m == 0x01 || m == 0x40 }

// String returns the mode in lower_snake.
func (m PowerMode) String() string {
	switch m {
	case 0x00:
		return "standby"
	case 0x01:
		return "standby_y"
	case 0x40:
		return "active_nv_cache_spun_down"
	case 0x41:
		return "active_nv_cache_spun_up"
	case 0x80:
		return "idle"
	case 0x81:
		return "idle_a"
	case 0x82:
		return "idle_b"
	case 0x83:
		return "idle_c"
	case 0xFF:
		return "active"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(m))
}
