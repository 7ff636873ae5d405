// Package samples makes the reports that the forms of output are tested with:
// those of emulated machines (the test with the tag lab writes them to
// testdata/reports) and two that no machine gives, one of hostile strings and
// one with every field set.
package samples

import (
	"time"

	"example.com/bee/pkg/inventory"
)

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

func link(speed float64, width int, maxSpeed float64, maxWidth int) *inventory.PCIeLink {
	return &inventory.PCIeLink{
		CurrentSpeedGTs: new(speed), CurrentWidth: new(width),
		MaxSpeedGTs: new(maxSpeed), MaxWidth: new(maxWidth),
		AttainableSpeedGTs: new(maxSpeed), AttainableWidth: new(maxWidth),
		Degraded: new(speed < maxSpeed || width < maxWidth),
	}
}
