package firmware

import (
	"fmt"
	"strings"
)

// decodeSwitch reads an EFI variable that is 0 or 1 as efivarfs gives it: four
// bytes of attributes, then the value; nil for anything else.
func decodeSwitch(b []byte) *bool {
	if len(b) != 5 || b[4] > 1 {
		return nil
	}
	return new(b[4] == 1)
}

// decodeGUID is a GUID as text, in lower case; "" for what is none.
func decodeGUID(s string) string {
	s = strings.ToLower(s)
	if len(s) != 36 || s == "00000000-0000-0000-0000-000000000000" {
		return ""
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return ""
			}
		default:
			if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
				return ""
			}
		}
	}
	return s
}

// resourceType names the types of UEFI 2.10 section 23.4
// (ESRT_FW_TYPE_...).
func resourceType(n uint32) string {
	switch n {
	case 0:
		return "unknown"
	case 1:
		return "system_firmware"
	case 2:
		return "device_firmware"
	case 3:
		return "uefi_driver"
	}
	return fmt.Sprintf("unknown_0x%02x", n)
}

// attemptStatus names the results of UEFI 2.10 section 23.4
// (LAST_ATTEMPT_STATUS_...).
func attemptStatus(n uint32) string {
	switch n {
	case 0:
		return "success"
	case 1:
		return "unsuccessful"
	case 2:
		return "insufficient_resources"
	case 3:
		return "incorrect_version"
	case 4:
		return "invalid_format"
	case 5:
		return "authentication_error"
	case 6:
		return "power_ac"
	case 7:
		return "power_battery"
	case 8:
		return "unsatisfied_dependencies"
	}
	return fmt.Sprintf("unknown_0x%02x", n)
}
