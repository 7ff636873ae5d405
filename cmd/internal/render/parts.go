package render

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// Section is one section of the report with all that it says.
type Section struct {
	Key   string // as in the report; "report" is its head
	Parts []Part
}

// Part is one component with every field it has.
type Part struct {
	ID    string
	Title string
	Facts []Fact
}

// Parts are all components of a report, sections in the report's order. Of
// what holds components, these are left out where they follow by themselves.
// Findings, issues and extensions are not among them.
func Parts(r *inventory.Report) []Section {
	var all []Section
	add := func(key string, parts ...Part) {
		kept := parts[:0]
		for _, p := range parts {
			if len(p.Facts) > 0 {
				kept = append(kept, p)
			}
		}
		if len(kept) > 0 {
			all = append(all, Section{key, kept})
		}
	}
	add("report", Part{"", "Report", head(r)})
	if r.Host != nil {
		add("host", Part{r.Host.ID, join(" ", "Host", r.Host.Hostname), Facts(r.Host)})
	}
	add("board", boardParts(r.Board)...)
	add("cpus", parts(r.CPUs, func(c *inventory.CPU) (string, string) { return c.ID, join(", ", c.Socket, c.Model) })...)
	add("memory", memoryParts(r.Memory)...)
	add("storage", parts(r.Storage, func(d *inventory.Drive) (string, string) {
		return d.ID, join(", ", d.Device, join(" ", d.Vendor, d.Model), d.SerialNumber)
	})...)
	add("storage_controllers", parts(r.StorageControllers, func(c *inventory.StorageController) (string, string) {
		return c.ID, join(", ", c.PCIAddress, join(" ", c.Vendor, c.Model))
	})...)
	add("logical_drives", parts(r.LogicalDrives, func(l *inventory.LogicalDrive) (string, string) {
		return l.ID, join(", ", l.Device, l.Name, l.Level)
	})...)
	add("pcie_devices", parts(r.PCIeDevices, func(d *inventory.PCIeDevice) (string, string) {
		return d.ID, join(", ", d.Address, join(" ", d.Vendor, d.Device))
	})...)
	add("power_supplies", parts(r.PowerSupplies, func(s *inventory.PowerSupply) (string, string) {
		return s.ID, join(", ", s.Slot, join(" ", s.Manufacturer, s.Model))
	})...)
	add("gpus", parts(r.GPUs, func(g *inventory.GPU) (string, string) {
		return g.ID, join(", ", g.Name, g.PCIAddress, g.SerialNumber)
	})...)
	add("cxl_devices", parts(r.CXLDevices, func(d *inventory.CXLDevice) (string, string) { return d.ID, join(", ", d.Device, d.PCIAddress) })...)
	add("network", parts(r.Network, func(n *inventory.NIC) (string, string) { return n.ID, join(", ", n.Name, n.PermanentMAC) })...)
	add("sensors", parts(r.Sensors, func(s *inventory.HostSensor) (string, string) { return s.ID, join(", ", s.Chip, s.Name) })...)
	if t := r.Trust; t != nil {
		add("trust", append([]Part{{t.ID, "System", Facts(t, "tpms")}},
			parts(t.TPMs, func(x *inventory.TPM) (string, string) {
				return x.ID, join(", ", x.Device, join(" ", "TPM", x.Version))
			})...)...)
	}
	add("firmware", parts(r.Firmware, func(f *inventory.FirmwareResource) (string, string) { return f.ID, join(", ", f.Type, f.GUID) })...)
	add("bmc", bmcParts(r.BMC)...)
	if r.Topology != nil {
		add("topology", Part{"", "What is near to what", Facts(r.Topology)})
	}
	add("collectors", parts(r.Collectors, func(c *inventory.Outcome) (string, string) {
		return "", join(", ", c.Name, string(c.Status))
	})...)
	return all
}

// parts makes one of each component; name gives its id and title.
func parts[T any](list []T, name func(*T) (id, title string)) []Part {
	all := make([]Part, len(list))
	for i := range list {
		id, title := name(&list[i])
		if title == "" {
			title = id
		}
		if title == "" {
			title = fmt.Sprintf("Number %d", i+1)
		}
		all[i] = Part{id, title, Facts(&list[i])}
	}
	return all
}

// head are the fields of the report itself.
func head(r *inventory.Report) []Fact {
	return Facts(r, "host", "board", "cpus", "memory", "storage", "storage_controllers", "logical_drives", "pcie_devices", "power_supplies",
		"gpus", "cxl_devices", "network", "sensors", "trust", "firmware", "bmc", "topology", "collectors", "issues", "findings", "extensions")
}

func boardParts(b *inventory.Board) []Part {
	if b == nil {
		return nil
	}
	all := []Part{{b.ID, "Board", Facts(b, "baseboard", "chassis", "baseboards", "chassis_all")}}
	primary := func(p *inventory.Baseboard) []inventory.Baseboard {
		if p == nil || len(b.Baseboards) > 0 && contains(b.Baseboards, p.ID, func(x inventory.Baseboard) string { return x.ID }) {
			return b.Baseboards
		}
		return append([]inventory.Baseboard{*p}, b.Baseboards...)
	}
	enclosures := b.ChassisAll
	if c := b.Chassis; c != nil && !contains(enclosures, c.ID, func(x inventory.Chassis) string { return x.ID }) {
		enclosures = append([]inventory.Chassis{*c}, enclosures...)
	}
	all = append(all, parts(primary(b.Baseboard), func(x *inventory.Baseboard) (string, string) {
		return x.ID, join(" ", "Board:", x.Manufacturer, x.ProductName)
	})...)
	return append(all, parts(enclosures, func(x *inventory.Chassis) (string, string) {
		return x.ID, join(" ", "Enclosure:", x.Manufacturer, strings.ReplaceAll(x.Type, "_", " "))
	})...)
}

func contains[T any](list []T, id string, of func(T) string) bool {
	for _, x := range list {
		if of(x) == id {
			return true
		}
	}
	return false
}

func memoryParts(m *inventory.Memory) []Part {
	if m == nil {
		return nil
	}
	all := []Part{{m.ID, "Memory", Facts(m, "arrays", "controllers", "modules")}}
	all = append(all, parts(m.Modules, func(x *inventory.MemoryModule) (string, string) {
		return x.ID, join(", ", join(" ", "Slot", x.Bank, x.Slot), MemorySize(x.SizeBytes))
	})...)
	all = append(all, parts(m.Arrays, func(x *inventory.MemoryArray) (string, string) { return x.ID, join(" ", "Array", x.ID) })...)
	return append(all, parts(m.Controllers, func(x *inventory.MemoryController) (string, string) {
		return x.ID, join(" ", "Controller", x.Name, x.ID)
	})...)
}

func bmcParts(b *inventory.BMC) []Part {
	if b == nil {
		return nil
	}
	all := []Part{{b.ID, join(" ", "BMC", b.Manufacturer, b.Product), Facts(b, "sensors", "frus")}}
	all = append(all, parts(b.FRUs, func(f *inventory.FRU) (string, string) { return f.ID, join(" ", "FRU", f.Name) })...)
	return append(all, parts(b.Sensors, func(s *inventory.Sensor) (string, string) { return s.ID, join(" ", "Sensor", s.Name) })...)
}
