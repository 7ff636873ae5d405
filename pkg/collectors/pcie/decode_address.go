package pcie

import (
	"strconv"
	"strings"
)

// address is a function's place: 0000:3b:00.1. Domains of Intel VMD have more
// than four digits.
type address struct {
	device   place
	function uint8
}

// place is a device's address; all functions there share it.
type place struct {
	domain uint32
	bus    uint8
	device uint8
}

// bus is the place's bus, where no device is named.
func (p place) onBus() place { return place{p.domain, p.bus, wholeBus} }

// wholeBus stands for all devices of a bus; real device numbers end at 1Fh.
const wholeBus = 0xFF

// decodeAddress reads domain:bus:device.function as the kernel spells it.
func decodeAddress(s string) (a address, ok bool) {
	head, function, ok := strings.Cut(s, ".")
	if !ok || len(function) != 1 {
		return address{}, false
	}
	f, err := strconv.ParseUint(function, 16, 8)
	if err != nil || f > 7 {
		return address{}, false
	}
	p, ok := decodePlace(head)
	if !ok || p.device == wholeBus {
		return address{}, false
	}
	return address{p, uint8(f)}, true
}

// decodePlace reads domain:bus:device, or domain:bus for the whole bus.
func decodePlace(s string) (p place, ok bool) {
	domain, rest, ok := strings.Cut(s, ":")
	if !ok || len(domain) < 4 {
		return place{}, false
	}
	bus, device, hasDevice := strings.Cut(rest, ":")
	d, err1 := strconv.ParseUint(domain, 16, 32)
	b, err2 := strconv.ParseUint(bus, 16, 8)
	if err1 != nil || err2 != nil || len(bus) != 2 {
		return place{}, false
	}
	p = place{uint32(d), uint8(b), wholeBus}
	if !hasDevice {
		return p, true
	}
	n, err := strconv.ParseUint(device, 16, 8)
	if err != nil || len(device) != 2 || n > 0x1F {
		return place{}, false
	}
	p.device = uint8(n)
	return p, true
}

// decodeParent finds in the link of a function's directory
// (../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0) the function above
// it: the nearest directory above that is named like one. That skips the root
// bus a VMD function has below it.
func decodeParent(link string) string {
	dir, _, ok := cutLastSlash(strings.TrimRight(link, "/"))
	for ok {
		var name string
		dir, name, ok = cutLastSlash(dir)
		if _, isAddress := decodeAddress(name); isAddress {
			return name
		}
		if !ok || name == "devices" {
			break
		}
	}
	return ""
}

func cutLastSlash(s string) (dir, name string, ok bool) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}
