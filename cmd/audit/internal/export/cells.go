package export

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// cells are what all kinds of parts have in common, for one table.
type cells struct {
	meta                         inventory.Meta
	location, address            string
	present                      *bool
	manufacturer, model          string
	part, serial, asset, version string
	size                         *uint64
	health                       string
	detail                       string
}

func hostCells(h *inventory.Host) cells {
	return cells{meta: h.Meta, location: h.Hostname, version: h.Kernel, detail: h.OS}
}

func boardCells(b *inventory.Board) cells {
	c := cells{meta: b.Meta}
	if s := b.System; s != nil {
		c.manufacturer, c.model, c.part, c.serial = s.Manufacturer, s.ProductName, s.SKUNumber, s.SerialNumber
	}
	if b.BIOS != nil {
		c.version, c.detail = b.BIOS.Version, words("BIOS", b.BIOS.Vendor, b.BIOS.ReleaseDate)
	}
	return c
}

func baseboardCells(b *inventory.Baseboard) cells {
	return cells{meta: b.Meta, location: b.Location, manufacturer: b.Manufacturer, model: b.ProductName, serial: b.SerialNumber, asset: b.AssetTag, version: b.Version, detail: b.Type}
}

func chassisCells(c *inventory.Chassis) cells {
	return cells{meta: c.Meta, manufacturer: c.Manufacturer, part: c.SKUNumber, serial: c.SerialNumber, asset: c.AssetTag, version: c.Version, detail: words(c.Type, number(c.HeightU, " U"))}
}

func cpuCells(c *inventory.CPU) cells {
	return cells{meta: c.Meta, location: c.Socket, present: c.Present, manufacturer: c.Manufacturer, model: c.Model, part: c.PartNumber, serial: c.SerialNumber, asset: c.AssetTag, version: c.Microcode, detail: words(number(c.Cores, " cores"), number(c.Threads, " threads"), number(c.MaxSpeedMHz, " MHz"))}
}

func moduleCells(m *inventory.MemoryModule) cells {
	return cells{meta: m.Meta, location: words(m.Bank, m.Slot), present: m.Present, manufacturer: m.Manufacturer, model: m.Type, part: m.PartNumber, serial: m.SerialNumber, asset: m.AssetTag, version: m.FirmwareVersion, size: m.SizeBytes, detail: words(number(m.ConfiguredSpeedMTs, " MT/s"), number(m.CorrectedErrors, " corrected"), number(m.UncorrectedErrors, " uncorrected"))}
}

func driveCells(d *inventory.Drive) cells {
	c := cells{meta: d.Meta, location: d.Device, address: d.PCIAddress, manufacturer: d.Vendor, model: d.Model, serial: d.SerialNumber, version: d.Firmware, size: d.SizeBytes, detail: string(d.Protocol)}
	if d.Enclosure != nil {
		c.location = words(d.Device, d.Enclosure.ID, d.Enclosure.Slot)
	}
	if h := d.Health; h != nil {
		c.health, c.detail = string(h.Status), words(c.detail, number(h.TempCelsius, " C"), number(h.PercentageUsed, " % used"))
	}
	return c
}

func controllerCells(s *inventory.StorageController) cells {
	return cells{meta: s.Meta, address: s.PCIAddress, manufacturer: s.Vendor, model: s.Model, serial: s.SerialNumber, version: s.Firmware, health: string(s.Health), detail: words(s.ControllerKind, s.Driver)}
}

func volumeCells(l *inventory.LogicalDrive) cells {
	return cells{meta: l.Meta, location: words(l.Device, l.Name), size: l.SizeBytes, health: string(l.Health), detail: words(l.Level, l.State)}
}

func pcieCells(d *inventory.PCIeDevice) cells {
	c := cells{meta: d.Meta, location: d.Slot, address: d.Address, manufacturer: either(d.Vendor, d.VendorID), model: either(d.Device, d.DeviceID), serial: d.SerialNumber, detail: words(d.Class, d.Driver)}
	if d.VPD != nil {
		c.part, c.serial = d.VPD.PartNumber, either(d.VPD.SerialNumber, c.serial)
	}
	if l := d.Link; l != nil && l.CurrentWidth != nil && l.CurrentSpeedGTs != nil {
		c.detail = words(c.detail, fmt.Sprintf("x%d at %g GT/s", *l.CurrentWidth, *l.CurrentSpeedGTs))
		if l.Degraded != nil && *l.Degraded {
			c.detail += " degraded"
		}
	}
	return c
}

func psuCells(p *inventory.PowerSupply) cells {
	return cells{meta: p.Meta, location: p.Slot, present: p.Present, manufacturer: p.Manufacturer, model: p.Model, part: p.PartNumber, serial: p.SerialNumber, asset: p.AssetTag, version: p.Revision, health: string(p.Health), detail: words(string(p.Status), number(p.CapacityWatts, " W"))}
}

func gpuCells(g *inventory.GPU) cells {
	return cells{meta: g.Meta, location: number(g.Index, ""), address: g.PCIAddress, manufacturer: g.Vendor, model: g.Name, part: g.PartNumber, serial: g.SerialNumber, version: g.VBIOS, size: g.MemoryBytes, health: string(g.Health), detail: words(g.State, number(g.TempCelsius, " C"), number(g.PowerWatts, " W"))}
}

func nicCells(n *inventory.NIC) cells {
	state := ""
	if n.LinkUp != nil {
		state = map[bool]string{true: "up", false: "down"}[*n.LinkUp]
	}
	bond, far := "", ""
	if n.Master != nil {
		bond = "in " + n.Master.Name
	}
	if len(n.LLDP) > 0 {
		far = "leads to " + render.SwitchPort(&n.LLDP[0])
	}
	return cells{meta: n.Meta, location: n.Name, address: either(n.PCIAddress, n.BusAddress), serial: either(n.PermanentMAC, n.MAC), version: n.Firmware, detail: words(n.Driver, state, number(n.SpeedMbps, " Mb/s"), bond, far)}
}

func bmcCells(b *inventory.BMC) cells {
	c := cells{meta: b.Meta, manufacturer: b.Manufacturer, model: b.Product, serial: b.MAC, version: b.Firmware}
	if b.LAN != nil {
		c.location = b.LAN.IP
	}
	return c
}

func sensorCells(s *inventory.Sensor) cells {
	return cells{meta: inventory.Meta{ID: s.ID}, location: s.Name, model: s.Type, health: string(s.Health), detail: words(number(s.Value, " "+s.Unit), strings.Join(s.States, " "))}
}

func fruCells(f *inventory.FRU) cells {
	return cells{
		meta: inventory.Meta{ID: f.ID}, location: f.Name, manufacturer: either(f.ProductManufacturer, f.BoardManufacturer), model: either(f.ProductName, f.BoardProduct),
		part: either(f.ProductPartNumber, f.BoardPartNumber), serial: either(f.ProductSerialNumber, f.BoardSerialNumber), asset: f.ProductAssetTag, version: f.ProductVersion,
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// words joins those that are not empty.
func words(list ...string) string {
	kept := list[:0:0]
	for _, w := range list {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// number is a value with its unit, or nothing when it is not known.
func number[T any](p *T, unit string) string {
	if p == nil {
		return ""
	}
	return fmt.Sprint(*p) + unit
}
