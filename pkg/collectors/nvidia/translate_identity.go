package nvidia

import (
	"fmt"
)

func (t *translator) identity() {
	g := t.gpu
	if r, ok := t.get("pci_address", FnPCIInfo); ok {
		g.PCIAddress = address(r)
	}
	g.UUID = cleanUUID(t.text("uuid", FnUUID))
	g.Name = t.text("name", FnName)
	g.SerialNumber = t.text("serial_number", FnSerial)
	g.PartNumber = t.text("part_number", FnBoardPartNumber)
	g.VBIOS = t.text("vbios", FnVBIOS)
	g.InfoROMVersion = t.text("inforom_version", FnInfoROMImage)
	for object, name := range []string{"oem", "ecc", "power"} {
		if v := t.text("inforom."+name, FnInfoROM, uint32(object)); v != "" {
			if g.InfoROM == nil {
				g.InfoROM = map[string]string{}
			}
			g.InfoROM[name] = v
		}
	}
	g.MinorNumber = t.integer("minor_number", 1<<20, FnMinor)
	if r, ok := t.get("architecture", FnArchitecture); ok {
		g.Architecture = architecture(r)
	}
}

// address is the kernel's name of the PCI function. NVML writes eight digits
// of domain where the kernel writes four, and capital letters; GPUs are
// always function 0. All zero is a host bridge's place: not said.
func address(r Reading) string {
	if len(r.Numbers) < 3 {
		return ""
	}
	domain, bus, device := r.Numbers[0], r.Numbers[1], r.Numbers[2]
	if domain > 0xffffffff || bus > 0xff || device > 0x1f || domain|bus|device == 0 {
		return ""
	}
	return fmt.Sprintf("%04x:%02x:%02x.0", domain, bus, device)
}

// architecture names a code (NVML_DEVICE_ARCH_*).
func architecture(r Reading) string {
	code, ok := r.number(0, 0xfffffffe)
	if !ok {
		return ""
	}
	switch code {
	case 2:
		return "kepler"
	case 3:
		return "maxwell"
	case 4:
		return "pascal"
	case 5:
		return "volta"
	case 6:
		return "turing"
	case 7:
		return "ampere"
	case 8:
		return "ada"
	case 9:
		return "hopper"
	case 10:
		return "blackwell"
	case 13:
		return "rubin"
	default:
		return fmt.Sprintf("unknown_0x%02x", code)
	}
}
