package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

// verdicts assesses functions and gives "severity code component" each.
func verdicts(devices ...inventory.PCIeDevice) []string {
	r := inventory.Report{PCIeDevices: devices}
	for i := range r.PCIeDevices {
		r.PCIeDevices[i].ID = "pci:" + r.PCIeDevices[i].Address
	}
	r.Assess()
	found := []string{}
	for _, f := range r.Findings {
		found = append(found, string(f.Severity)+" "+f.Code+" "+f.ComponentID)
	}
	return found
}

func degraded(speed, couldSpeed float64, width, couldWidth int) *inventory.PCIeLink {
	return &inventory.PCIeLink{
		CurrentSpeedGTs: &speed, AttainableSpeedGTs: &couldSpeed,
		CurrentWidth: &width, AttainableWidth: &couldWidth,
		Degraded: new(speed < couldSpeed || width < couldWidth),
	}
}

func TestAssessPCIe(t *testing.T) {
	t.Parallel()
	type devices = []inventory.PCIeDevice
	for name, test := range map[string]struct {
		devices devices
		want    []string
	}{
		"healthy":    {devices{{Address: "0000:01:00.0", Link: degraded(8, 8, 8, 8), OffBus: new(false)}}, []string{}},
		"no verdict": {devices{{Address: "0000:01:00.0", Link: &inventory.PCIeLink{CurrentWidth: new(1), MaxWidth: new(16)}}}, []string{}},
		"lanes lost": {
			devices{{Address: "0000:01:00.0", ClassID: "030200", Link: degraded(8, 8, 8, 16)}},
			[]string{"warning pcie.link_width_degraded pci:0000:01:00.0"},
		},
		"speed lost": {
			devices{{Address: "0000:01:00.0", ClassID: "010802", Link: degraded(8, 16, 4, 4)}},
			[]string{"warning pcie.link_speed_degraded pci:0000:01:00.0"},
		},
		"idle GPU": {
			devices{{Address: "0000:01:00.0", ClassID: "030200", Link: degraded(2.5, 16, 16, 16)}},
			[]string{"info pcie.link_speed_degraded pci:0000:01:00.0"},
		},
		"idle accelerator": {
			devices{{Address: "0000:01:00.0", ClassID: "120000", Link: degraded(2.5, 16, 16, 16)}},
			[]string{"info pcie.link_speed_degraded pci:0000:01:00.0"},
		},
		"idle GPU behind the switch on its card": {
			devices{
				{Address: "0000:01:00.0", ClassID: "060400", Parent: "0000:00:01.0", Link: degraded(2.5, 16, 16, 16)},
				{Address: "0000:02:00.0", ClassID: "060400", Parent: "0000:01:00.0"},
				{Address: "0000:03:00.0", ClassID: "030000", Parent: "0000:02:00.0", Link: degraded(16, 16, 16, 16)},
			},
			[]string{"info pcie.link_speed_degraded pci:0000:01:00.0"},
		},
		"card of four functions": {
			devices{
				{Address: "0000:01:00.0", Parent: "0000:00:01.0", Link: degraded(8, 8, 4, 8)},
				{Address: "0000:01:00.1", Parent: "0000:00:01.0", Link: degraded(8, 8, 4, 8)},
				{Address: "0000:02:00.0", Parent: "0000:00:02.0", Link: degraded(8, 8, 4, 8)},
			},
			[]string{"warning pcie.link_width_degraded pci:0000:01:00.0", "warning pcie.link_width_degraded pci:0000:02:00.0"},
		},
		"parents in a circle": {
			devices{
				{Address: "0000:01:00.0", ClassID: "030000", Parent: "0000:02:00.0"},
				{Address: "0000:02:00.0", ClassID: "030000", Parent: "0000:01:00.0"},
			}, []string{},
		},
		"off the bus": {devices{{Address: "0000:01:00.0", OffBus: new(true)}}, []string{"critical pcie.off_bus pci:0000:01:00.0"}},
		"fatal errors": {
			devices{{Address: "0000:01:00.0", AER: &inventory.AER{Fatal: new(uint64(1)), Nonfatal: new(uint64(2))}}},
			[]string{"critical pcie.fatal_errors pci:0000:01:00.0"},
		},
		"uncorrectable errors": {
			devices{{Address: "0000:01:00.0", AER: &inventory.AER{Fatal: new(uint64(0)), Nonfatal: new(uint64(2)), Correctable: new(uint64(9))}}},
			[]string{"warning pcie.nonfatal_errors pci:0000:01:00.0"},
		},
		"corrected errors": {
			devices{{Address: "0000:01:00.0", AER: &inventory.AER{Correctable: new(uint64(9)), Kinds: map[string]uint64{"RxErr": 9}}}},
			[]string{"info pcie.correctable_errors pci:0000:01:00.0"},
		},
		"no errors": {devices{{Address: "0000:01:00.0", AER: &inventory.AER{Correctable: new(uint64(0)), Nonfatal: new(uint64(0))}}}, []string{}},
		"no address, no driver": {
			devices{{Address: "0000:01:00.0", ClassID: "030200", UnassignedBARs: []int{1, 3}}},
			[]string{"warning pcie.bar_unassigned pci:0000:01:00.0"},
		},
		"no address, and a driver": {
			devices{{Address: "0000:01:00.0", ClassID: "030200", Driver: "nvidia", UnassignedBARs: []int{1}}},
			[]string{"info pcie.bar_unassigned pci:0000:01:00.0"},
		},
		"no address, chipset": {
			devices{{Address: "0000:00:1f.2", ClassID: "058000", UnassignedBARs: []int{0}}},
			[]string{"info pcie.bar_unassigned pci:0000:00:1f.2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(test.want, verdicts(test.devices...)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAssessPCIeEvidence(t *testing.T) {
	t.Parallel()
	r := inventory.Report{PCIeDevices: []inventory.PCIeDevice{{
		Meta: inventory.Meta{ID: "pci:0000:01:00.0"}, Address: "0000:01:00.0", Parent: "0000:00:01.0", Device: "X710", Slot: "PCIe Slot 2",
		Link: degraded(2.5, 8, 4, 8), AER: &inventory.AER{Correctable: new(uint64(5)), Kinds: map[string]uint64{"RxErr": 3, "BadTLP": 2}},
	}}}
	r.Assess()
	want := []inventory.Finding{
		{
			Severity: inventory.SeverityWarning, Code: "pcie.link_width_degraded", ComponentID: "pci:0000:01:00.0",
			Message: "X710 at 0000:01:00.0 (slot PCIe Slot 2) runs on 4 of 8 lanes",
			Evidence: map[string]string{
				"slot": "PCIe Slot 2", "port": "0000:00:01.0", "current_width": "4", "attainable_width": "8",
				"current_speed_gts": "2.5", "attainable_speed_gts": "8",
			},
		},
		{
			Severity: inventory.SeverityInfo, Code: "pcie.correctable_errors", ComponentID: "pci:0000:01:00.0",
			Message:  "X710 at 0000:01:00.0 (slot PCIe Slot 2) reported 5 corrected errors",
			Evidence: map[string]string{"correctable": "5", "kinds": "BadTLP 2, RxErr 3"},
		},
	}
	if d := cmp.Diff(want, r.Findings); d != "" {
		t.Error(d)
	}
}
