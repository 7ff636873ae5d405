//go:build lab

package lab_test

import (
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab/witness"
)

// comparePCI compares every function with lspci's in the same boot.
func comparePCI(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	want := b.pci(t)
	same(c, "functions", len(r.PCIeDevices), len(want))
	got := map[string]inventory.PCIeDevice{}
	for _, d := range r.PCIeDevices {
		got[d.Address] = d
	}
	designations := map[string]string{}
	if _, err := b.Job("dmidecode"); err == nil {
		for _, d := range witness.OfType(b.dmi(t), 9) {
			address, _ := d.Value("Bus Address")
			designations[address], _ = d.Value("Designation")
		}
	}
	parents := map[string]string{}
	for _, w := range want {
		if w.Secondary != "" {
			parents[w.Address[:5]+w.Secondary] = w.Address
		}
	}
	for _, w := range want {
		g, ok := got[w.Address]
		if !ok {
			c.wrong++
			t.Errorf("%s: missing", w.Address)
			continue
		}
		compareFunction(c, w, g)
		same(c, w.Address+": parent", g.Parent, parents[w.Address[:7]])
		// The firmware's name for the slot comes before the kernel's.
		if slot := firstOf(designations[w.Address], w.PhysicalSlot); slot != "" {
			same(c, w.Address+": slot", g.Slot, slot)
		}
	}
}

func compareFunction(c *checker, w witness.PCI, g inventory.PCIeDevice) {
	c.t.Helper()
	for what, pair := range map[string][2]string{
		"class":     {g.ClassID, w.ClassID + firstOf(w.ProgIf, "00")},
		"vendor":    {g.VendorID, w.VendorID},
		"device":    {g.DeviceID, w.DeviceID},
		"subvendor": {g.SubsystemVendorID, w.SubVendorID},
		"subdevice": {g.SubsystemDeviceID, w.SubDeviceID},
		"revision":  {firstOf(g.Revision, "00"), firstOf(w.Revision, "00")},
		"driver":    {g.Driver, w.Driver},
		"serial":    {strings.ReplaceAll(g.SerialNumber, "-", ""), strings.ReplaceAll(w.SerialNumber, "-", "")},
		"label":     {g.Label, w.DeviceName},
	} {
		same(c, w.Address+": "+what, pair[0], pair[1])
	}
	said(c, w.Address+": numa node", g.NUMANode, w.NUMANode, w.NUMANode >= 0)
	group, err := strconv.Atoi(w.IOMMUGroup)
	said(c, w.Address+": iommu group", g.IOMMUGroup, group, err == nil)
	if w.Link == nil {
		return
	}
	if !present(c, w.Address+": link", g.Link) {
		return
	}
	said(c, w.Address+": width", g.Link.CurrentWidth, w.Link.Width, w.Link.Width > 0)
	said(c, w.Address+": max width", g.Link.MaxWidth, w.Link.MaxWidth, w.Link.MaxWidth > 0)
	for what, pair := range map[string]struct {
		got  *float64
		want float64
	}{"speed": {g.Link.CurrentSpeedGTs, w.Link.Speed}, "max speed": {g.Link.MaxSpeedGTs, w.Link.MaxSpeed}} {
		if pair.want > 0 && present(c, w.Address+": "+what, pair.got) {
			same(c, w.Address+": "+what, *pair.got, pair.want)
		}
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
