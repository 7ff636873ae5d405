package witness

import (
	"regexp"
	"strconv"
	"strings"
)

// PCI is one function as lspci shows it. Ids are lower-case hexadecimal.
type PCI struct {
	Address                                      string
	ClassID                                      string // Four digits.
	ProgIf                                       string
	VendorID, DeviceID, SubVendorID, SubDeviceID string
	Class, Vendor, Device                        string
	Revision                                     string // Empty is 00.
	Driver                                       string
	NUMANode                                     int // -1: none.
	IOMMUGroup                                   string
	PhysicalSlot                                 string
	DeviceName                                   string // Label of SMBIOS type 41.
	SerialNumber                                 string
	HasAER                                       bool
	Link                                         *PCILink
	Secondary                                    string // Bus behind a bridge, two digits.
}

// PCILink is what LnkCap and LnkSta say. Speed and width are 0 when unknown.
type PCILink struct {
	Speed, MaxSpeed float64
	Width, MaxWidth int
}

// Lspci reads `lspci -Dnnvmmk` and adds what `lspci -Dvvv` knows; the second
// text may be empty.
func Lspci(machine, verbose string) []PCI {
	details := lspciVerbose(verbose)
	var out []PCI
	for block := range strings.SplitSeq(strings.TrimSpace(machine), "\n\n") {
		p := PCI{NUMANode: -1}
		for line := range strings.Lines(block) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			p.set(key, strings.TrimSpace(value))
		}
		if p.Address == "" {
			continue
		}
		if d, ok := details[p.Address]; ok {
			p.IOMMUGroup, p.PhysicalSlot, p.DeviceName, p.SerialNumber = d.IOMMUGroup, d.PhysicalSlot, d.DeviceName, d.SerialNumber
			p.HasAER, p.Link, p.Secondary = d.HasAER, d.Link, d.Secondary
			if d.NUMANode >= 0 {
				p.NUMANode = d.NUMANode
			}
		}
		out = append(out, p)
	}
	return out
}

func (p *PCI) set(key, value string) {
	name, id := nameAndID(value)
	switch key {
	case "Slot":
		p.Address = value
	case "Class":
		p.Class, p.ClassID = name, id
	case "Vendor":
		p.Vendor, p.VendorID = name, id
	case "Device":
		p.Device, p.DeviceID = name, id
	case "SVendor":
		p.SubVendorID = id
	case "SDevice":
		p.SubDeviceID = id
	case "Rev":
		p.Revision = value
	case "ProgIf":
		p.ProgIf = value
	case "PhySlot":
		p.PhysicalSlot = value
	case "Driver":
		p.Driver = value
	case "NUMANode":
		p.NUMANode, _ = strconv.Atoi(value)
	case "IOMMUGroup":
		p.IOMMUGroup = value
	}
}

// nameAndID splits "Name [1af4]"; the name may hold brackets itself.
func nameAndID(s string) (name, id string) {
	i := strings.LastIndexByte(s, '[')
	if i < 0 || !strings.HasSuffix(s, "]") {
		return s, ""
	}
	return strings.TrimSpace(s[:i]), s[i+1 : len(s)-1]
}

func lspciVerbose(text string) map[string]PCI {
	head := regexp.MustCompile(`^([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) `)
	secondary := regexp.MustCompile(`secondary=([0-9a-f]{2})`)
	serial := regexp.MustCompile(`Device Serial Number ([0-9a-f-]+)`)
	out := map[string]PCI{}
	p := PCI{NUMANode: -1}
	for line := range strings.Lines(text) {
		if m := head.FindStringSubmatch(line); m != nil {
			p = PCI{Address: m[1], NUMANode: -1}
		}
		line = strings.TrimSpace(line)
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "DeviceName":
			p.DeviceName = value
		case "Physical Slot":
			p.PhysicalSlot = value
		case "NUMA node":
			p.NUMANode, _ = strconv.Atoi(value)
		case "IOMMU group":
			p.IOMMUGroup = value
		case "Bus":
			if m := secondary.FindStringSubmatch(value); m != nil {
				p.Secondary = m[1]
			}
		case "LnkCap":
			p.Link = &PCILink{}
			p.Link.MaxSpeed, p.Link.MaxWidth = linkWords(value)
		case "LnkSta":
			if p.Link != nil {
				p.Link.Speed, p.Link.Width = linkWords(value)
			}
		case "Capabilities":
			p.HasAER = p.HasAER || strings.Contains(value, "Advanced Error Reporting")
			if m := serial.FindStringSubmatch(value); m != nil {
				p.SerialNumber = m[1]
			}
		}
		if p.Address != "" {
			out[p.Address] = p
		}
	}
	return out
}

// linkWords reads "Speed 16GT/s, Width x4"; "unknown" gives 0.
func linkWords(s string) (speed float64, width int) {
	m := regexp.MustCompile(`Speed ([0-9.]+)GT/s`).FindStringSubmatch(s)
	if m != nil {
		speed, _ = strconv.ParseFloat(m[1], 64)
	}
	if m = regexp.MustCompile(`Width x([0-9]+)`).FindStringSubmatch(s); m != nil {
		width, _ = strconv.Atoi(m[1])
	}
	return speed, width
}
