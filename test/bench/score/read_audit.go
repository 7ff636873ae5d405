package score

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"example.com/bee/pkg/inventory"
)

// Audit reads the audit's report.
func Audit(text []byte) ([]Part, error) {
	var r inventory.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	out := auditBoard(&r)
	for _, d := range r.Storage {
		out = append(out, auditDrive(d)...)
	}
	for _, c := range r.StorageControllers {
		out = append(out, part("controller", "pci_address", c.PCIAddress, "driver", c.Driver, "serial", c.SerialNumber))
	}
	for _, n := range r.Network {
		p := part("nic", "mac", n.MAC, "driver", n.Driver, "pci_address", n.PCIAddress)
		p.add("mac", n.PermanentMAC)
		out = append(out, p)
	}
	for _, d := range r.PCIeDevices {
		if strings.HasPrefix(d.ClassID, "02") { // Without the network section the function still has a driver.
			out = append(out, part("nic", "driver", d.Driver, "pci_address", d.Address))
		}
		if l := d.Link; l != nil {
			p := part("link", "pci_address", d.Address)
			addNumber(p, "speed", l.CurrentSpeedGTs)
			addNumber(p, "max_speed", l.MaxSpeedGTs)
			addNumber(p, "width", l.CurrentWidth)
			addNumber(p, "max_width", l.MaxWidth)
			out = append(out, p)
		}
	}
	return append(out, auditBMC(&r)...), nil
}

func auditBoard(r *inventory.Report) []Part {
	var out []Part
	if b := r.Board; b != nil {
		p := part("board")
		if v := b.BIOS; v != nil {
			p.add("bios_vendor", v.Vendor)
			p.add("bios_version", v.Version)
			p.add("bios_date", americanDate(v.ReleaseDate))
		}
		if v := b.System; v != nil {
			p.add("system_manufacturer", v.Manufacturer)
			p.add("system_product", v.ProductName)
			p.add("system_serial", v.SerialNumber)
			p.add("system_uuid", v.UUID)
		}
		if v := b.Baseboard; v != nil {
			p.add("board_manufacturer", v.Manufacturer)
			p.add("board_product", v.ProductName)
			p.add("board_version", v.Version)
			p.add("board_serial", v.SerialNumber)
		}
		if v := b.Chassis; v != nil {
			p.add("chassis_manufacturer", v.Manufacturer)
			p.add("chassis_serial", v.SerialNumber)
		}
		out = append(out, p)
		for _, s := range b.Slots {
			out = append(out, part("slot", "designation", s.Designation, "pci_address", s.PCIAddress))
		}
	}
	for _, c := range r.CPUs {
		p := part("cpu", "socket", c.Socket, "model", c.Model)
		addNumber(p, "max_mhz", c.MaxSpeedMHz)
		out = append(out, p)
	}
	if r.Memory != nil {
		for _, m := range r.Memory.Modules {
			p := part("dimm", "slot", m.Slot, "serial", m.SerialNumber, "part", m.PartNumber, "manufacturer", m.Manufacturer)
			addNumber(p, "mts", m.SpeedMTs)
			addNumber(p, "bytes", m.SizeBytes)
			out = append(out, p)
		}
	}
	return out
}

func auditDrive(d inventory.Drive) []Part {
	p := part("drive", "serial", d.SerialNumber, "model", d.Model, "firmware", d.Firmware, "wwn", d.WWN, "pci_address", d.PCIAddress)
	addNumber(p, "bytes", d.SizeBytes)
	addNumber(p, "rpm", d.RotationRPM)
	out := []Part{p}
	for _, n := range d.Namespaces {
		s := part("namespace", "serial_nsid", fmt.Sprintf("%s/%d", d.SerialNumber, n.NSID), "eui64", n.EUI64)
		addNumber(s, "bytes", n.SizeBytes)
		addNumber(s, "block_bytes", n.BlockBytes)
		out = append(out, s)
	}
	return out
}

func auditBMC(r *inventory.Report) []Part {
	var out []Part
	for _, s := range r.PowerSupplies {
		p := part("psu", "serial", s.SerialNumber, "part", s.PartNumber, "manufacturer", s.Manufacturer, "revision", s.Revision, "slot", s.Slot)
		addNumber(p, "watts", s.CapacityWatts)
		out = append(out, p)
	}
	if r.BMC == nil {
		return out
	}
	for _, f := range r.BMC.FRUs {
		out = append(out, part("fru", "board_serial", f.BoardSerialNumber, "board_part", f.BoardPartNumber, "product_serial", f.ProductSerialNumber, "asset_tag", f.ProductAssetTag))
	}
	for _, s := range r.BMC.Sensors {
		p := part("sensor", "name", s.Name)
		addNumber(p, "value", s.Value)
		out = append(out, p)
	}
	return out
}

// americanDate turns 2023-06-04 into the spelling of SMBIOS.
func americanDate(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("01/02/2006")
}

func addNumber[T int | int64 | uint8 | uint16 | uint32 | uint64 | float64](p Part, field string, v *T) {
	if v != nil {
		p.add(field, strconv.FormatFloat(float64(*v), 'f', -1, 64))
	}
}
