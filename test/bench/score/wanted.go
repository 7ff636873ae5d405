package score

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/test/lab"
)

// Wanted are the facts of an emulated machine: what somebody who takes stock of
// it would write down. Left out is what the emulated hardware cannot show and
// what has no one right spelling, such as the name of a power supply.
func Wanted(f lab.Facts) []Part {
	out := wantedBoard(f)
	for _, d := range f.Drives {
		out = append(out, wantedDrive(d)...)
	}
	for _, c := range f.Controllers {
		p := part("controller", "pci_address", c.PCIAddress, "driver", c.Driver, "serial", c.Serial)
		out = append(out, p)
	}
	for _, n := range f.NICs {
		out = append(out, part("nic", "mac", n.MAC, "driver", n.Driver, "pci_address", n.PCIAddress))
	}
	for _, l := range f.Links {
		out = append(out, part("link", "pci_address", l.PCIAddress, "speed", number(l.SpeedGTs), "max_speed", number(l.MaxSpeedGTs),
			"width", strconv.Itoa(l.Width), "max_width", strconv.Itoa(l.MaxWidth)))
	}
	return append(out, wantedBMC(f)...)
}

func wantedBoard(f lab.Facts) []Part {
	m := f.SMBIOS
	out := []Part{part("board",
		"bios_vendor", m.BIOS.Vendor, "bios_version", m.BIOS.Version, "bios_date", m.BIOS.ReleaseDate,
		"system_manufacturer", m.System.Manufacturer, "system_product", m.System.ProductName, "system_serial", m.System.SerialNumber, "system_uuid", m.System.UUID,
		"board_manufacturer", m.Baseboard.Manufacturer, "board_product", m.Baseboard.ProductName, "board_version", m.Baseboard.Version, "board_serial", m.Baseboard.SerialNumber,
		"chassis_manufacturer", m.Chassis.Manufacturer, "chassis_serial", m.Chassis.SerialNumber)}
	for _, p := range m.Processors {
		out = append(out, part("cpu", "socket", p.Socket, "model", p.Version, "max_mhz", positive(int(p.MaxSpeedMHz))))
	}
	for _, a := range m.Arrays {
		for _, d := range a.Devices {
			p := part("dimm", "slot", d.Locator, "serial", d.SerialNumber, "part", d.PartNumber, "manufacturer", d.Manufacturer, "mts", positive(int(d.SpeedMTs)))
			if d.SizeBytes > 0 {
				p.add("bytes", strconv.FormatUint(d.SizeBytes, 10))
			}
			out = append(out, p)
		}
	}
	for _, s := range m.Slots {
		out = append(out, part("slot", "designation", s.Designation, "pci_address", s.Address))
	}
	return out
}

func wantedDrive(d lab.Drive) []Part {
	p := part("drive", "serial", d.Serial, "model", d.Model, "firmware", d.Firmware, "wwn", d.WWN, "pci_address", d.PCIAddress)
	if len(d.Namespaces) < 2 { // Of several, each has a size.
		p.add("bytes", strconv.FormatInt(d.SizeBytes, 10))
	}
	if d.RotationRPM != nil && d.Protocol != "nvme" {
		p.add("rpm", strconv.Itoa(*d.RotationRPM))
	}
	out := []Part{p}
	for _, n := range d.Namespaces {
		if len(d.Namespaces) < 2 {
			break
		}
		out = append(out, part("namespace", "serial_nsid", fmt.Sprintf("%s/%d", d.Serial, n.NSID), "bytes", strconv.FormatInt(n.SizeBytes, 10),
			"block_bytes", strconv.Itoa(n.BlockBytes), "eui64", n.EUI64))
	}
	return out
}

func wantedBMC(f lab.Facts) []Part {
	var out []Part
	for _, s := range f.SMBIOS.Supplies {
		out = append(out, part("psu", "serial", s.SerialNumber, "part", s.PartNumber, "manufacturer", s.Manufacturer, "watts", positive(int(s.MaxWatts)), "revision", s.Revision))
	}
	for _, u := range f.BMC.FRUs {
		if _, damaged := f.BMC.Damaged[u.ID]; u.Entity != 0 || damaged { // Power supplies: above.
			continue
		}
		p := part("fru")
		if u.Board != nil {
			p.add("board_serial", u.Board.SerialNumber)
			p.add("board_part", u.Board.PartNumber)
		}
		if u.Product != nil {
			p.add("product_serial", u.Product.SerialNumber)
			p.add("asset_tag", u.Product.AssetTag)
		}
		out = append(out, p)
	}
	for _, s := range f.BMC.Sensors {
		p := part("sensor", "name", s.Name)
		if !s.Discrete {
			p.add("value", strconv.Itoa(s.Value()))
		}
		out = append(out, p)
	}
	return out
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// positive is empty for 0, which stands for "not said".
func positive(v int) string {
	if v == 0 {
		return ""
	}
	return strconv.Itoa(v)
}

// address makes "0000:01:00.0" of what may lack the domain.
func address(s string) string {
	if strings.Count(s, ":") == 1 {
		return "0000:" + s
	}
	return s
}
