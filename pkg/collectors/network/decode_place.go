package network

import (
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/pciaddr"
)

// place is where a device sits, from its path below /sys/devices.
type place struct {
	pci         string // address, of a device that is on PCI itself or through virtio
	bus         string // another bus's name of it
	above       string // the PCI function it sits in or behind
	device      string // directory of the function or other device
	usb         string // directory of the USB device
	subfunction bool
}

// placeOf reads a path such as
// /sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/net/eth0.
func placeOf(dir string) place {
	dev := path.Dir(path.Dir(dir))
	if !strings.HasPrefix(dev, "/sys/devices/") {
		return place{}
	}
	p := place{device: dev}
	direct := true // nothing but virtio between the interface and here
	for at := dev; at != "/sys/devices"; at = path.Dir(at) {
		switch e := path.Base(at); {
		case pciaddr.Valid(e):
			p.above = e
			if direct {
				p.pci, p.bus, p.device = e, "", at
			}
			return p
		case isSubfunction(e):
			p.subfunction = true
		case isUSBInterface(e):
			p.bus, p.usb, direct = e, path.Dir(at), false
		case strings.HasPrefix(e, "virtio"):
		default:
			if direct && p.bus == "" && at == dev {
				p.bus = e
			}
			direct = false
		}
	}
	return p
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
