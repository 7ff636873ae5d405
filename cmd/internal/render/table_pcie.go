package render

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

func (p *page) pcie(list []inventory.PCIeDevice) {
	if list == nil {
		return
	}
	var rows [][]string
	rest := 0
	for i := range list {
		d := &list[i]
		if !p.All && !Interesting(d) {
			rest++
			continue
		}
		name := join(" ", d.Vendor, d.Device)
		if name == "" {
			name = join(":", d.VendorID, d.DeviceID)
		}
		rows = append(rows, []string{d.Address, join(" ", d.Class), name, d.Driver, d.Slot, LinkText(d.Link)})
	}
	p.heading("PCI functions (%d)", len(list))
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "ADDRESS"},
			{Title: "CLASS", Min: 10},
			{Title: "DEVICE", Min: 16},
			{Title: "DRIVER", Min: 6},
			{Title: "SLOT", Min: 4},
			{Title: "LINK"},
		}, rows)
	}
	if rest > 0 {
		p.note(2, "%s of chipset and processor not shown; -v shows all", plural(rest, "function"))
	}
}

// Interesting leaves out what every board has: bridges, system peripherals,
// memory and signal processing functions, serial bus controllers, unless
// something about them is wrong.
func Interesting(d *inventory.PCIeDevice) bool {
	if d.OffBus != nil && *d.OffBus || d.Link != nil && d.Link.Degraded != nil && *d.Link.Degraded || len(d.UnassignedBARs) > 0 {
		return true
	}
	if d.AER != nil && (positive(d.AER.Fatal) || positive(d.AER.Nonfatal)) {
		return true
	}
	if d.VirtualFunctionOf != "" || len(d.ClassID) < 2 {
		return false
	}
	switch d.ClassID[:2] {
	case "05", "06", "07", "08", "09", "0a", "0b", "0c", "10", "11", "13":
		return false
	}
	return true
}

func positive(n *uint64) bool { return n != nil && *n > 0 }

// LinkText is current speed and width, with what the link could do where that
// is more.
func LinkText(l *inventory.PCIeLink) string {
	if l == nil || l.CurrentWidth == nil && l.CurrentSpeedGTs == nil {
		return ""
	}
	s := join(" ", opt(l.CurrentSpeedGTs, "GT/s"), strings.TrimPrefix("x"+opt(l.CurrentWidth, ""), "x-"))
	if l.Degraded != nil && *l.Degraded {
		s += fmt.Sprintf(" of %s", join(" ", opt(l.AttainableSpeedGTs, "GT/s"), strings.TrimPrefix("x"+opt(l.AttainableWidth, ""), "x-")))
	}
	return s
}
