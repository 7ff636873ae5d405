package render

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

func (p *page) identity(r *inventory.Report) {
	if r.Host == nil && r.Board == nil {
		return
	}
	p.heading("Machine")
	if b := r.Board; b != nil {
		if s := b.System; s != nil {
			p.pair("System", join(" ", s.Manufacturer, s.ProductName, s.Version))
			p.pair("Serial", s.SerialNumber)
			p.pair("UUID", s.UUID)
		}
		if b.Chassis != nil {
			p.pair("Asset tag", b.Chassis.AssetTag)
		}
	}
	h := r.Host
	if h == nil {
		return
	}
	p.pair("Host name", h.Hostname)
	p.pair("System runs", join(", ", h.OS, join(" ", h.Kernel, h.Architecture)))
	boot := string(h.BootMode)
	if h.SecureBoot != nil {
		boot = join(", ", boot, "secure boot "+map[bool]string{true: "on", false: "off"}[*h.SecureBoot])
	}
	p.pair("Boot", boot)
	p.pair("Release", h.BeeRelease)
	for _, k := range []struct {
		name string
		key  inventory.IdentityKey
	}{
		{"system serial", h.Identity.SystemSerial},
		{"system UUID", h.Identity.SystemUUID},
		{"baseboard serial", h.Identity.BaseboardSerial},
	} {
		if !k.key.Usable && k.key.Value != "" {
			p.pair("Not usable", fmt.Sprintf("%s %q: %s", k.name, Text(k.key.Value), k.key.Reason))
		}
	}
}

// parts counts what there is.
func (p *page) parts(r *inventory.Report) {
	if r.CPUs == nil && r.Memory == nil && r.Storage == nil && r.PCIeDevices == nil &&
		r.PowerSupplies == nil && r.GPUs == nil && r.Network == nil && r.BMC == nil {
		return
	}
	p.heading("Parts")
	if r.CPUs != nil {
		p.pair("CPUs", countOf(r.CPUs, func(c inventory.CPU) bool { return present(c.Present) }))
	}
	if m := r.Memory; m != nil {
		text := MemorySize(m.SizeBytes)
		if m.Modules != nil {
			text = join(" in ", text, countOf(m.Modules, func(m inventory.MemoryModule) bool { return present(m.Present) })+" modules")
		}
		p.pair("Memory", text)
	}
	if r.Storage != nil {
		p.pair("Drives", fmt.Sprint(len(r.Storage)))
	}
	if r.PCIeDevices != nil {
		p.pair("PCI functions", fmt.Sprint(len(r.PCIeDevices)))
	}
	if r.PowerSupplies != nil {
		p.pair("Power", countOf(r.PowerSupplies, func(s inventory.PowerSupply) bool { return present(s.Present) })+" supplies")
	}
	if r.GPUs != nil {
		p.pair("GPUs", fmt.Sprint(len(r.GPUs)))
	}
	if r.Network != nil {
		p.pair("Network", fmt.Sprint(len(r.Network)))
	}
	if r.BMC != nil {
		p.pair("BMC", join(" ", "firmware", r.BMC.Firmware, r.BMC.MAC))
	}
}

// countOf is the number of parts there, of how many places when some are
// empty.
func countOf[T any](list []T, there func(T) bool) string {
	n := 0
	for _, v := range list {
		if there(v) {
			n++
		}
	}
	if n < len(list) {
		return fmt.Sprintf("%d of %d", n, len(list))
	}
	return fmt.Sprint(n)
}
