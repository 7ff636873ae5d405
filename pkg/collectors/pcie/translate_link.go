package pcie

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// translateLink takes each value from its attribute and, where that does not
// say, from configuration space. A function without a link of its own gets
// none: a virtual one, and one inside the root complex.
func (f *function) translateLink(a *sysfs.Attrs) {
	if f.isVirtual() {
		return
	}
	l := inventory.PCIeLink{
		CurrentSpeedGTs: f.speed(a, "current_link_speed"),
		MaxSpeedGTs:     f.speed(a, "max_link_speed"),
		CurrentWidth:    f.width(a, "current_link_width"),
		MaxWidth:        f.width(a, "max_link_width"),
	}
	if f.conf != nil && f.conf.Express != nil {
		if f.conf.Express.Link == nil {
			return
		}
		own := f.conf.Express.Link
		l.CurrentSpeedGTs = first(l.CurrentSpeedGTs, own.CurrentSpeedGTs)
		l.MaxSpeedGTs = first(l.MaxSpeedGTs, own.MaxSpeedGTs)
		l.CurrentWidth = first(l.CurrentWidth, own.CurrentWidth)
		l.MaxWidth = first(l.MaxWidth, own.MaxWidth)
	}
	if l.MaxSpeedGTs == nil && l.MaxWidth == nil && (l.CurrentWidth == nil || *l.CurrentWidth == 0) {
		return
	}
	f.dev.Link = &l
}

func first[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func (f *function) speed(a *sysfs.Attrs, name string) *float64 {
	s := a.Text(name, "pcie_link")
	if s == "" || strings.HasPrefix(s, "Unknown") {
		return nil
	}
	gts, ok := pciconf.ParseSpeed(s)
	if !ok {
		a.Fail(name, "pcie_link", fmt.Errorf("%.64q: %w", s, inventory.ErrMalformed))
		return nil
	}
	return &gts
}

// width is in lanes; 0 is a link that is down. A number of lanes that does not
// exist is how the kernel says that it does not know.
func (f *function) width(a *sysfs.Attrs, name string) *int {
	s := a.Text(name, "pcie_link")
	if s == "" {
		return nil
	}
	if _, err := strconv.ParseUint(s, 10, 8); err != nil {
		a.Fail(name, "pcie_link", fmt.Errorf("%.64q: %w", s, inventory.ErrMalformed))
		return nil
	}
	if s == "0" && name == "current_link_width" {
		return new(0)
	}
	if lanes, ok := pciconf.ParseWidth(s); ok {
		return &lanes
	}
	return nil
}

// isThunderbolt says whether a bridge is part of a Thunderbolt controller, by
// the vendor-specific capability its maker puts there (kernel: PCI_VSEC_ID_INTEL_TBT).
func isThunderbolt(c *pciconf.Config) bool {
	const intel, tunnel = 0x8086, 0x1234
	return c.VendorID != nil && *c.VendorID == intel && slices.Contains(c.VendorSpecificIDs, tunnel)
}
