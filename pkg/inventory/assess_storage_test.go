package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

func storageCodes(r inventory.Report) []string {
	r.Assess()
	list := []string{}
	for _, f := range r.Findings {
		list = append(list, string(f.Severity)+" "+f.Code+" "+f.ComponentID)
	}
	return list
}

func TestAssessStorage(t *testing.T) {
	t.Parallel()
	type health = inventory.DriveHealth
	one := func(p inventory.Protocol, h health) inventory.Report {
		return inventory.Report{Storage: []inventory.Drive{{Meta: inventory.Meta{ID: "drive:x"}, Protocol: p, Health: &h}}}
	}
	for name, test := range map[string]struct {
		report inventory.Report
		want   []string
	}{
		"healthy":                        {one("nvme", health{SelfAssessment: "passed", PercentageUsed: new(uint32(99)), MediaErrors: new(uint64(0)), TempCelsius: new(69), TempWarningCelsius: new(70)}), []string{}},
		"wear at the limit":              {one("nvme", health{SelfAssessment: "passed", PercentageUsed: new(uint32(100))}), []string{"warning storage.wear drive:x"}},
		"temperature at the limit":       {one("sas", health{SelfAssessment: "passed", TempCelsius: new(60), TempWarningCelsius: new(60)}), []string{"warning storage.temperature drive:x"}},
		"limit of zero is none":          {one("nvme", health{SelfAssessment: "passed", TempCelsius: new(60), TempWarningCelsius: new(0)}), []string{}},
		"old failure, test passed since": {one("sata", health{SelfAssessment: "passed", SelfTests: []inventory.SelfTest{{Type: "short", Result: "passed"}, {Type: "extended", Result: "failed_read"}}}), []string{}},
		"aborted, then failed":           {one("sata", health{SelfAssessment: "passed", SelfTests: []inventory.SelfTest{{Type: "short", Result: "aborted_by_host"}, {Type: "extended", Result: "failed_read"}}}), []string{"warning storage.drive_degraded drive:x"}},
		"old age attribute":              {one("sata", health{SelfAssessment: "passed", Attributes: []inventory.SMARTAttribute{{ID: 9, Value: 1, Worst: 1, Threshold: new(uint8(5)), WhenFailed: "now"}}}), []string{}},
		"failed in the array":            {inventory.Report{Storage: []inventory.Drive{{Meta: inventory.Meta{ID: "drive:x"}, State: "failed"}}}, []string{"critical storage.drive_failing drive:x"}},
		"silent": {inventory.Report{
			Storage: []inventory.Drive{{Meta: inventory.Meta{ID: "drive:x"}}},
			Issues:  []inventory.Issue{{ComponentID: "drive:x", Field: "health", Kind: inventory.KindStuck}},
		}, []string{"warning storage.drive_not_answering drive:x"}},
		"denied is not silent": {inventory.Report{
			Storage: []inventory.Drive{{Meta: inventory.Meta{ID: "drive:x"}}},
			Issues:  []inventory.Issue{{ComponentID: "drive:x", Field: "health", Kind: inventory.KindDenied}},
		}, []string{}},
		"volumes and battery": {inventory.Report{
			LogicalDrives:      []inventory.LogicalDrive{{Meta: inventory.Meta{ID: "logical_drive:a"}, State: "offline"}, {Meta: inventory.Meta{ID: "logical_drive:b"}, State: "partially_degraded"}},
			StorageControllers: []inventory.StorageController{{Meta: inventory.Meta{ID: "controller:c"}, BatteryState: "missing"}, {Meta: inventory.Meta{ID: "controller:d"}, BatteryState: "learning"}},
		}, []string{"critical storage.logical_drive_offline logical_drive:a", "warning storage.logical_drive_degraded logical_drive:b", "warning storage.raid_battery controller:c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(test.want, storageCodes(test.report)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestJudge: the verdict on a drive, with reasons that name value and limit,
// and the same when it is judged again.
func TestJudge(t *testing.T) {
	t.Parallel()
	d := inventory.Drive{Protocol: "nvme", Health: &inventory.DriveHealth{
		SelfAssessment: "failed", CriticalWarnings: []string{"available_spare_low"},
		AvailableSparePercent: new(uint32(3)), AvailableSpareThresholdPercent: new(uint32(10)),
	}}
	for range 2 {
		d.Judge()
		want := []string{"the drive warns: available_spare_low", "3 % spare left (threshold 10 %)"}
		if diff := cmp.Diff(want, d.Health.Reasons); diff != "" || d.Health.Status != inventory.HealthCritical {
			t.Error(diff, d.Health.Status)
		}
	}
	silent := inventory.Drive{Health: &inventory.DriveHealth{PowerMode: "standby"}}
	if silent.Judge(); silent.Health.Status != inventory.HealthUnknown {
		t.Error(silent.Health.Status)
	}
}

func TestJoinDriveSlots(t *testing.T) {
	t.Parallel()
	r := inventory.Report{
		PCIeDevices: []inventory.PCIeDevice{{Meta: inventory.Meta{ID: "pci:0000:01:00.0"}, Address: "0000:01:00.0", Slot: "Bay 3"}},
		Storage: []inventory.Drive{
			{Meta: inventory.Meta{ID: "drive:a"}, Protocol: "nvme", PCIAddress: "0000:01:00.0", Device: "nvme0"},
			{Meta: inventory.Meta{ID: "drive:b"}, Protocol: "sas", PCIAddress: "0000:01:00.0", Device: "sda"},
		},
	}
	for range 2 {
		r.Join()
		if e := r.Storage[0].Enclosure; e == nil || e.Slot != "Bay 3" || r.Storage[1].Enclosure != nil {
			t.Errorf("%+v", r.Storage)
		}
	}
}
