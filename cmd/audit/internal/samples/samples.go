// Package samples makes the reports that the forms of output are tested with.
// Every serial number and address in them is invented.
package samples

import (
	"fmt"
	"time"

	"example.com/bee/pkg/inventory"
)

// All are the reports by name.
func All() map[string]*inventory.Report {
	return map[string]*inventory.Report{
		"server":  Server(),
		"desktop": Desktop(),
		"gpu":     GPUServer(),
		"damaged": Damaged(),
	}
}

// base is a report's head and the outcome of its collectors.
func base() *inventory.Report {
	begun := time.Date(2026, 3, 14, 9, 26, 53, 589793000, time.UTC)
	r := &inventory.Report{
		SchemaVersion:     inventory.SchemaVersion,
		StartedAt:         begun,
		FinishedAt:        begun.Add(2718 * time.Millisecond),
		DurationMS:        2718,
		ClockSynchronized: new(true),
		Tool:              inventory.Tool{Name: "bee", Version: "1.0.0", Commit: "0123456789abcdef0123456789abcdef01234567"},
		Issues:            []inventory.Issue{},
	}
	for _, c := range []struct {
		name     string
		sections []string
		ms       int64
	}{
		{"host", []string{"host"}, 3},
		{"board", []string{"board"}, 12},
		{"cpu", []string{"cpus"}, 41},
		{"memory", []string{"memory"}, 7},
		{"storage", []string{"storage", "storage_controllers", "logical_drives"}, 861},
		{"pcie", []string{"pcie_devices"}, 38},
		{"psu", []string{"power_supplies"}, 902},
		{"nvidia", []string{"gpus"}, 5},
		{"network", []string{"network"}, 9},
		{"bmc", []string{"bmc"}, 2651},
	} {
		r.Collectors = append(r.Collectors, inventory.Outcome{Name: c.name, Sections: c.sections, Status: inventory.StatusOK, DurationMS: c.ms, ReadAt: new(begun)})
	}
	return r
}

// end sets how one collector ended.
func end(r *inventory.Report, name string, s inventory.Status, err string) {
	for i := range r.Collectors {
		if r.Collectors[i].Name == name {
			r.Collectors[i].Status, r.Collectors[i].Error = s, err
		}
	}
}

// finish does what a collection does after its collectors.
func finish(r *inventory.Report) *inventory.Report {
	r.Join()
	r.Assess()
	return r
}

func meta(id string, sources ...string) inventory.Meta {
	return inventory.Meta{ID: id, Sources: sources}
}

func gib(n uint64) *uint64 { return new(n << 30) }

func link(speed float64, width int, maxSpeed float64, maxWidth int) *inventory.PCIeLink {
	return &inventory.PCIeLink{
		CurrentSpeedGTs: new(speed), CurrentWidth: new(width),
		MaxSpeedGTs: new(maxSpeed), MaxWidth: new(maxWidth),
		AttainableSpeedGTs: new(maxSpeed), AttainableWidth: new(maxWidth),
		Degraded: new(speed < maxSpeed || width < maxWidth),
	}
}

// function is one PCI function with its names.
func function(address, parent, class, className, ids, vendor, device, driver string) inventory.PCIeDevice {
	d := inventory.PCIeDevice{
		Meta: meta("pci:"+address, "sysfs"), Address: address, Parent: parent, ClassID: class, Class: className,
		VendorID: ids[:4], DeviceID: ids[5:], Vendor: vendor, Device: device, Driver: driver,
	}
	if parent != "" {
		d.ParentID = "pci:" + parent
	}
	return d
}

func rootPort(address, slot string, l *inventory.PCIeLink) inventory.PCIeDevice {
	d := function(address, "", "060400", "PCI bridge", "1b36:000c", "Red Hat, Inc.", "QEMU PCIe Root port", "pcieport")
	d.PortType, d.Slot = "root_port", slot
	bare := *l // the link is judged once, at its lower end
	bare.Degraded, bare.AttainableSpeedGTs, bare.AttainableWidth = nil, nil, nil
	d.Link = &bare
	return d
}

// module is one memory module in a slot.
func module(slot, bank string, sizeGiB uint64, kind string, speed, runs uint32, serial string) inventory.MemoryModule {
	m := inventory.MemoryModule{Meta: meta("dimm:"+bank+"/"+slot, "smbios"), Slot: slot, Bank: bank, Present: new(sizeGiB > 0)}
	if sizeGiB == 0 {
		return m
	}
	m.SizeBytes, m.Type, m.FormFactor = gib(sizeGiB), kind, "dimm"
	m.SpeedMTs, m.ConfiguredSpeedMTs = new(speed), new(runs)
	m.Manufacturer, m.PartNumber, m.SerialNumber = "Example Memory", fmt.Sprintf("EM%dG%dR", sizeGiB, speed), serial
	m.Ranks, m.TotalWidthBits, m.DataWidthBits = new(uint8(2)), new(uint16(72)), new(uint16(64))
	m.Detail, m.Technology = []string{"synchronous", "registered"}, "dram"
	return m
}
