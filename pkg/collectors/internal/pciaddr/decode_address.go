// Package pciaddr finds PCI addresses in the targets of sysfs links.
package pciaddr

import "strings"

// Last is the address of the PCI function a device hangs on: the last element
// of the link's target that is an address. It is "" where there is none.
func Last(target string) string {
	for target != "" {
		i := strings.LastIndexByte(target, '/')
		if Valid(target[i+1:]) {
			return target[i+1:]
		}
		target = target[:max(i, 0)]
	}
	return ""
}

// Valid says whether s is domain:bus:device.function as the kernel spells it,
// the domain of four to eight digits.
func Valid(s string) bool {
	n := len(s) - len(":00:00.0")
	if n < 4 || n > 8 {
		return false
	}
	for i := range len(s) {
		switch i - n {
		case 0, 3:
			if s[i] != ':' {
				return false
			}
		case 6:
			if s[i] != '.' {
				return false
			}
		case 7:
			if s[i] < '0' || s[i] > '7' {
				return false
			}
		default:
			if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
				return false
			}
		}
	}
	return true
}
