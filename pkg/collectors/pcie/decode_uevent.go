package pcie

import (
	"bytes"
	"strings"
)

// identity is what a function is, in the report's form: lower-case hex. An
// empty field was not given.
type identity struct {
	class, vendor, device, subVendor, subDevice, driver string
}

// complete says that nothing that every function has is missing.
func (i identity) complete() bool { return i.class != "" && i.vendor != "" && i.device != "" }

// fill takes from another source what is missing.
func (i *identity) fill(from identity) {
	if i.class == "" {
		i.class = from.class
	}
	if i.vendor == "" || i.device == "" {
		i.vendor, i.device = or(i.vendor, from.vendor), or(i.device, from.device)
	}
	if i.subVendor == "" {
		i.subVendor, i.subDevice = from.subVendor, from.subDevice
	}
	if i.driver == "" {
		i.driver = from.driver
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// noSubsystem takes out the numbers by which a function says that it names no
// subsystem.
func (i identity) noSubsystem() identity {
	if i.subVendor == "" || i.subVendor == "0000" || i.subVendor == "ffff" {
		i.subVendor, i.subDevice = "", ""
	}
	return i
}

// decodeUevent reads the attribute uevent: DRIVER=, PCI_CLASS=60000,
// PCI_ID=8086:0D57, PCI_SUBSYS_ID=. Lines that say something else or make no
// sense are passed over. Source: drivers/pci/pci-driver.c, pci_uevent.
func decodeUevent(text []byte) (id identity) {
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok {
			continue
		}
		switch string(key) {
		case "DRIVER":
			id.driver = string(value)
		case "PCI_CLASS":
			id.class = hexDigits(string(value), 6)
		case "PCI_ID":
			id.vendor, id.device = idPair(string(value))
		case "PCI_SUBSYS_ID":
			id.subVendor, id.subDevice = idPair(string(value))
		}
	}
	return id.noSubsystem()
}

func idPair(s string) (first, second string) {
	a, b, _ := strings.Cut(s, ":")
	first, second = hexDigits(a, 4), hexDigits(b, 4)
	if first == "" || second == "" {
		return "", ""
	}
	return first, second
}

// hexDigits makes a hex number of at most n digits one of n digits in lower
// case; anything else is "".
func hexDigits(s string, n int) string {
	if s == "" || len(s) > n {
		return ""
	}
	var buf [8]byte
	out := buf[:n]
	for i := range out {
		out[i] = '0'
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		case 'A' <= c && c <= 'F':
			c += 'a' - 'A'
		default:
			return ""
		}
		out[n-len(s)+i] = c
	}
	return string(out)
}

// decodeModalias reads the attribute modalias:
// pci:v00008086d00000D57sv00000000sd00000000bc06sc00i00. Source:
// drivers/pci/pci-sysfs.c, modalias_show.
func decodeModalias(s string) (id identity) {
	const form = "pci:vVVVVVVVVdDDDDDDDDsvSSSSSSSSsdSSSSSSSSbcBBscSSiII"
	if len(s) != len(form) {
		return identity{}
	}
	for _, p := range [...]struct {
		at   int
		mark string
	}{{0, "pci:v"}, {13, "d"}, {22, "sv"}, {32, "sd"}, {42, "bc"}, {46, "sc"}, {50, "i"}} {
		if s[p.at:p.at+len(p.mark)] != p.mark {
			return identity{}
		}
	}
	word := func(at int) string {
		if s[at:at+4] != "0000" {
			return ""
		}
		return hexDigits(s[at+4:at+8], 4)
	}
	id.vendor, id.device = word(5), word(14)
	id.subVendor, id.subDevice = word(24), word(34)
	id.class = hexDigits(s[44:46]+s[48:50]+s[51:53], 6)
	return id.noSubsystem()
}
