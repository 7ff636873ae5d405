package storage

import "strings"

// bus is what a kernel device hangs on.
type bus string

const (
	busUnknown bus = ""
	busNVMe    bus = "nvme"
	busATA     bus = "ata"
	busSAS     bus = "sas"
	busUSB     bus = "usb"
	busFC      bus = "fc"
	busISCSI   bus = "iscsi"
	busVirtio  bus = "virtio"
	busMMC     bus = "mmc"
	busSCSI    bus = "scsi"    // a SCSI host of another kind
	busVirtual bus = "virtual" // made by software
)

// place is where a device hangs, as the path of its directory below
// /sys/devices tells.
type place struct {
	bus bus
	// pci are the PCI functions from the root to the device, the nearest last.
	pci []string
	// hctl is the SCSI address, 0:0:1:0.
	hctl string
	// scsiHost is host0.
	scsiHost string
	// partition: the device is a part of another block device.
	partition bool
	// sasPort is the port's directory name, port-0:1, and endDevice the SAS
	// device's, end_device-0:1.
	sasPort, endDevice string
	// usbDevice is the directory of the USB device, the bridge.
	usbDevice string
}

// function is the PCI function the device is or hangs on.
func (p place) function() string {
	if len(p.pci) == 0 {
		return ""
	}
	return p.pci[len(p.pci)-1]
}

// decodePlace reads the link of a device in its class directory:
// ../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda.
func decodePlace(link string) place {
	var p place
	_, rest, ok := strings.Cut("/"+link, "/devices/")
	if !ok {
		return p
	}
	block := ""
	note := func(b bus) {
		// The nearest to the device decides: USB is below PCI, and a USB
		// bridge has a SCSI host.
		if b != busSCSI || p.bus == busUnknown {
			p.bus = b
		}
	}
	dir := "/sys/devices"
	for part := range strings.SplitSeq(rest, "/") {
		dir += "/" + part
		p.partition = block != "" && block != "block"
		if block != "" || part == "block" {
			block = part
		}
		switch {
		case part == "virtual" && len(p.pci) == 0:
			note(busVirtual)
		case isPCIAddress(part):
			p.pci = append(p.pci, part)
			p.bus = busUnknown
		case hasNumber(part, "usb"):
			note(busUSB)
		case p.bus == busUSB && isUSBDevice(part):
			p.usbDevice = dir
		case hasNumber(part, "ata") && p.bus != busUSB:
			note(busATA)
		case hasNumber(part, "virtio"):
			note(busVirtio)
		case part == "mmc_host":
			note(busMMC)
		case part == "nvme", part == "nvme-fabrics", part == "nvme-subsystem":
			note(busNVMe)
		case strings.HasPrefix(part, "rport-"):
			note(busFC)
		case hasNumber(part, "session"):
			note(busISCSI)
		case strings.HasPrefix(part, "port-"):
			p.sasPort = part
		case strings.HasPrefix(part, "end_device-"):
			p.endDevice = part
			note(busSAS)
		case hasNumber(part, "host"):
			p.scsiHost = part
			note(busSCSI)
		case isHCTL(part):
			p.hctl = part
		}
	}
	return p
}

// isUSBDevice recognises a USB device's bus and ports, 2-1.4, and not its
// interfaces, 2-1.4:1.0.
func isUSBDevice(s string) bool {
	number, ports, ok := strings.Cut(s, "-")
	return ok && number != "" && ports != "" && allIn(number, "0123456789") && allIn(ports, "0123456789.")
}

// hasNumber says that a name is a word and a number.
func hasNumber(name, word string) bool {
	rest, ok := strings.CutPrefix(name, word)
	return ok && rest != "" && allIn(rest, "0123456789")
}

func allIn(s, set string) bool { return strings.Trim(s, set) == "" }

// isPCIAddress recognises 0000:3b:00.0; domains of Intel VMD have more digits.
func isPCIAddress(s string) bool {
	const hex = "0123456789abcdef"
	domain, rest, ok := strings.Cut(s, ":")
	if !ok || len(domain) < 4 || len(domain) > 8 || !allIn(domain, hex) || len(rest) != len("00:00.0") {
		return false
	}
	return allIn(rest[:2], hex) && rest[2] == ':' && allIn(rest[3:5], hex) && rest[5] == '.' && allIn(rest[6:], "01234567")
}

// isHCTL recognises a SCSI address: host:channel:target:lun.
func isHCTL(s string) bool {
	parts := strings.Split(s, ":")
	if len(parts) != 4 {
		return false
	}
	for _, p := range parts {
		if p == "" || !allIn(p, "0123456789") {
			return false
		}
	}
	return true
}
