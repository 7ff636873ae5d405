//go:build lab

package lab_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// compareHost compares with uname.
func compareHost(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	want := strings.Fields(b.text(t, "uname"))
	if r.Host == nil || len(want) != 2 {
		t.Fatalf("host %+v, uname %q", r.Host, want)
	}
	same(c, "hostname", r.Host.Hostname, want[0])
	same(c, "kernel", r.Host.Kernel, want[1])
}

// compareSMBIOS compares everything with what dmidecode read in the same boot.
func compareSMBIOS(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	all, model := b.dmi(t), witness.Fields(b.text(t, "cpuinfo"))["model name"]
	var whole []witness.DMI
	for _, d := range all {
		if !d.Truncated() {
			whole = append(whole, d)
		}
	}
	c := newChecker(t)
	compareBoard(c, whole, r.Board)
	compareProcessors(c, witness.OfType(whole, 4), r.CPUs, model)
	compareMemory(c, whole, r.Memory)
}

// texts compares string fields by dmidecode's names.
func texts(c *checker, what string, d witness.DMI, got map[string]string) {
	c.t.Helper()
	for key, v := range got {
		want, _ := d.Value(key)
		same(c, what+": "+key, v, want)
	}
}

func compareBoard(c *checker, all []witness.DMI, b *inventory.Board) {
	c.t.Helper()
	one := func(typ int) (witness.DMI, bool) {
		l := witness.OfType(all, typ)
		if len(l) == 0 {
			return witness.DMI{}, false
		}
		return l[0], true
	}
	if b == nil {
		if _, ok := one(1); ok {
			c.t.Error("no board in the report")
		}
		return
	}
	if d, ok := one(0); ok && present(c, "bios", b.BIOS) {
		texts(c, "bios", d, map[string]string{"Vendor": b.BIOS.Vendor, "Version": b.BIOS.Version, "BIOS Revision": b.BIOS.Revision})
		same(c, "bios: release date", b.BIOS.ReleaseDate, isoDate(d))
	}
	if d, ok := one(1); ok && present(c, "system", b.System) {
		s := b.System
		texts(c, "system", d, map[string]string{
			"Manufacturer": s.Manufacturer, "Product Name": s.ProductName, "Version": s.Version, "Serial Number": s.SerialNumber,
			"SKU Number": s.SKUNumber, "Family": s.Family, "UUID": s.UUID,
		})
	}
	for i, d := range witness.OfType(all, 2) {
		if i >= len(b.Baseboards) {
			c.t.Errorf("baseboard %d: missing", i)
			continue
		}
		g := b.Baseboards[i]
		texts(c, "baseboard", d, map[string]string{
			"Manufacturer": g.Manufacturer, "Product Name": g.ProductName, "Version": g.Version, "Serial Number": g.SerialNumber, "Asset Tag": g.AssetTag,
		})
	}
	for i, d := range witness.OfType(all, 3) {
		if i >= len(b.ChassisAll) {
			c.t.Errorf("chassis %d: missing", i)
			continue
		}
		g := b.ChassisAll[i]
		texts(c, "chassis", d, map[string]string{
			"Manufacturer": g.Manufacturer, "Version": g.Version, "Serial Number": g.SerialNumber, "Asset Tag": g.AssetTag,
		})
		typ, _ := d.Value("Type")
		same(c, "chassis: type", strings.ToLower(g.Type), snake(typ))
		height, ok := d.Number("Height")
		said(c, "chassis: height", g.HeightU, height, ok)
	}
	slots := witness.OfType(all, 9)
	same(c, "slots", len(b.Slots), len(slots))
	for i, d := range slots {
		if i < len(b.Slots) {
			texts(c, fmt.Sprint("slot ", i), d, map[string]string{"Designation": b.Slots[i].Designation, "Bus Address": b.Slots[i].PCIAddress})
		}
	}
}

// isoDate is dmidecode's "06/04/2023" as the report writes it.
func isoDate(d witness.DMI) string {
	v, _ := d.Value("Release Date")
	day, err := time.Parse("01/02/2006", v)
	if err != nil {
		return v
	}
	return day.Format(time.DateOnly)
}

// snake spells dmidecode's words as the report's enumerations.
func snake(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_", "/", "_").Replace(strings.ToLower(s))
}

func present[T any](c *checker, what string, v *T) bool {
	c.t.Helper()
	if v == nil {
		c.wrong++
		c.t.Errorf("%s: missing", what)
	}
	return v != nil
}

// compareProcessors wants the kernel's name of the part where the firmware has none.
func compareProcessors(c *checker, want []witness.DMI, got []inventory.CPU, model string) {
	c.t.Helper()
	if len(want) == 0 {
		return // Then they come from /proc/cpuinfo.
	}
	same(c, "processors", len(got), len(want))
	for i, d := range want {
		if i >= len(got) {
			return
		}
		g, what := got[i], fmt.Sprintf("cpu %d", i)
		texts(c, what, d, map[string]string{
			"Socket Designation": g.Socket, "Manufacturer": g.Manufacturer,
			"Serial Number": g.SerialNumber, "Asset Tag": g.AssetTag, "Part Number": g.PartNumber,
		})
		version, _ := d.Value("Version")
		same(c, what+": model", g.Model, firstOf(version, model))
		for key, v := range map[string]*uint32{
			"Max Speed": g.MaxSpeedMHz, "Current Speed": g.CurrentSpeedMHz, "Core Count": g.Cores, "Core Enabled": g.CoresEnabled, "Thread Count": g.Threads,
		} {
			n, ok := d.Number(key)
			said(c, what+": "+key, v, n, ok)
		}
	}
}

func compareMemory(c *checker, all []witness.DMI, m *inventory.Memory) {
	c.t.Helper()
	want := witness.OfType(all, 17)
	if len(want) == 0 {
		return
	}
	if !present(c, "memory", m) {
		return
	}
	same(c, "memory modules", len(m.Modules), len(want))
	populated, total := 0, uint64(0)
	for i, d := range want {
		if n, ok := d.SizeBytes("Size"); ok {
			populated++
			total += n
		}
		if i < len(m.Modules) {
			compareModule(c, fmt.Sprintf("module %d", i), d, m.Modules[i])
		}
	}
	said(c, "memory: slots", m.Slots, len(want), true)
	said(c, "memory: populated", m.Populated, populated, true)
	if present(c, "memory: size", m.SizeBytes) {
		same(c, "memory: size", *m.SizeBytes, total)
	}
	arrays := witness.OfType(all, 16)
	same(c, "memory arrays", len(m.Arrays), len(arrays))
	for i, d := range arrays {
		if i >= len(m.Arrays) {
			return
		}
		ecc, _ := d.Value("Error Correction Type")
		same(c, "array: ecc", m.Arrays[i].ECC, snake(ecc))
		if n, ok := d.SizeBytes("Maximum Capacity"); ok && present(c, "array: capacity", m.Arrays[i].MaxCapacityBytes) {
			same(c, "array: capacity", *m.Arrays[i].MaxCapacityBytes, n)
		}
	}
}

func compareModule(c *checker, what string, d witness.DMI, g inventory.MemoryModule) {
	c.t.Helper()
	texts(c, what, d, map[string]string{
		"Locator": g.Slot, "Bank Locator": g.Bank, "Manufacturer": g.Manufacturer, "Serial Number": g.SerialNumber,
		"Part Number": g.PartNumber, "Asset Tag": g.AssetTag,
	})
	size, there := d.SizeBytes("Size")
	if g.Present == nil {
		c.wrong++
		c.t.Errorf("%s: present is not said", what)
	} else {
		same(c, what+": present", *g.Present, there)
	}
	said(c, what+": size", g.SizeBytes, int(size), there)
	for key, v := range map[string]*uint32{"Speed": g.SpeedMTs, "Configured Memory Speed": g.ConfiguredSpeedMTs} {
		n, ok := d.Number(key)
		said(c, what+": "+key, v, n, ok)
	}
	for key, v := range map[string]*uint16{"Total Width": g.TotalWidthBits, "Data Width": g.DataWidthBits} {
		n, ok := d.Number(key)
		said(c, what+": "+key, v, n, ok)
	}
	rank, ok := d.Number("Rank")
	said(c, what+": ranks", g.Ranks, rank, ok)
	typ, _ := d.Value("Type")
	same(c, what+": type", g.Type, snake(typ))
	form, _ := d.Value("Form Factor")
	same(c, what+": form factor", g.FormFactor, snake(form))
}

// comparePlugged compares with the machine's own description.
func comparePlugged(t *testing.T, f lab.Facts, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	i := 0
	for _, a := range f.SMBIOS.Arrays {
		for _, d := range a.Devices {
			if r.Memory == nil || i >= len(r.Memory.Modules) {
				t.Fatalf("module %s: missing", d.Locator)
			}
			g := r.Memory.Modules[i]
			same(c, "slot", g.Slot, d.Locator)
			same(c, d.Locator+": serial", g.SerialNumber, d.SerialNumber)
			same(c, d.Locator+": part", g.PartNumber, d.PartNumber)
			said(c, d.Locator+": size", g.SizeBytes, int(d.SizeBytes), d.SizeBytes > 0)
			i++
		}
	}
	for i, p := range f.SMBIOS.Processors {
		if i < len(r.CPUs) {
			same(c, "socket", r.CPUs[i].Socket, p.Socket)
			said(c, p.Socket+": cores", r.CPUs[i].Cores, int(p.Cores), true)
		}
	}
	links := map[string]inventory.PCIeDevice{}
	for _, d := range r.PCIeDevices {
		links[d.Address] = d
	}
	for _, l := range f.Links {
		d, ok := links[l.PCIAddress]
		if !ok || d.Link == nil {
			c.wrong++
			t.Errorf("%s: no link", l.PCIAddress)
			continue
		}
		said(c, l.PCIAddress+": width", d.Link.CurrentWidth, l.Width, true)
		said(c, l.PCIAddress+": max width", d.Link.MaxWidth, l.MaxWidth, true)
		said(c, l.PCIAddress+": node", d.NUMANode, l.NUMANode, l.NUMANode >= 0)
		if d.Link.MaxSpeedGTs != nil {
			same(c, l.PCIAddress+": max speed", *d.Link.MaxSpeedGTs, l.MaxSpeedGTs)
		}
	}
}
