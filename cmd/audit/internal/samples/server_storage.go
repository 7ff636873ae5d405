package samples

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

func serverStorage(r *inventory.Report) {
	for i := range 2 {
		address := []string{"0000:19:00.0", "0000:1a:00.0"}[i]
		r.Storage = append(r.Storage, inventory.Drive{
			Meta:   inventory.Meta{ID: fmt.Sprintf("drive:S00BEE000000%02d", i+1), ParentID: "pci:" + address, Sources: []string{"sysfs", "nvme"}},
			Device: fmt.Sprintf("nvme%d", i), Protocol: inventory.ProtocolNVMe, Model: "SAMSUNG MZQL23T8HCLS-00A07", SerialNumber: fmt.Sprintf("S00BEE000000%02d", i+1), Firmware: "GDC5602Q",
			SizeBytes: new(uint64(3_840_755_982_336)), LogicalBlockBytes: new(uint32(512)), RotationRPM: new(uint32(0)), PCIAddress: address, Transport: "pcie",
			Enclosure:  &inventory.Enclosure{Slot: fmt.Sprint(i)},
			Namespaces: []inventory.Namespace{{NSID: 1, SizeBytes: new(uint64(3_840_755_982_336)), BlockBytes: new(uint32(512)), Device: fmt.Sprintf("nvme%dn1", i)}},
			Health: &inventory.DriveHealth{
				Status: inventory.HealthOK, SelfAssessment: "passed", TempCelsius: new(34 + i), PowerOnHours: new(uint64(8123)), PowerCycles: new(uint64(21)), PercentageUsed: new(uint32(3)),
				AvailableSparePercent: new(uint32(100)), AvailableSpareThresholdPercent: new(uint32(10)), MediaErrors: new(uint64(0)), UnsafeShutdowns: new(uint64(4)),
				BytesRead: "1234567890123456789", BytesWritten: "9876543210",
			},
		})
	}
	worn := r.Storage[1].Health
	worn.Status, worn.PercentageUsed, worn.Reasons = inventory.HealthWarning, new(uint32(101)), []string{"endurance used up: 101 %"}
	r.StorageControllers = []inventory.StorageController{{
		Meta: inventory.Meta{ID: "controller:0000:31:00.0", ParentID: "pci:0000:31:00.0", Sources: []string{"sysfs"}}, PCIAddress: "0000:31:00.0", Driver: "mpt3sas",
		Vendor: "Broadcom", Model: "HBA 9500-8i", SerialNumber: "SPB0000042", Firmware: "24.00.00.00", ControllerKind: "hba", Hosts: []string{"host0"}, HidesDrives: new(false), Health: inventory.HealthOK,
	}, {
		Meta: meta("controller:raid", "megaraid"), PCIAddress: "0000:32:00.0", Driver: "megaraid_sas",
		Vendor: "Broadcom", Model: "MegaRAID 9560", SerialNumber: "SKB0000007", Firmware: "5.170.00", ControllerKind: "raid", BatteryState: "failed", Health: inventory.HealthWarning,
	}}
	var members []string
	for i := range 4 {
		wwn := fmt.Sprintf("5000c500ee00000%d", i+1)
		members = append(members, "drive:"+wwn)
		d := inventory.Drive{
			Meta:   inventory.Meta{ID: "drive:" + wwn, ParentID: "controller:0000:31:00.0", Sources: []string{"sysfs", "scsi"}},
			Device: "sd" + string(rune('a'+i)), Protocol: inventory.ProtocolSAS, Vendor: "SEAGATE", Model: "ST16000NM002G", SerialNumber: fmt.Sprintf("ZL2BEE%02d", i+1), Firmware: "E004", WWN: wwn,
			SizeBytes: new(uint64(16_000_900_661_248)), LogicalBlockBytes: new(uint32(512)), PhysicalBlockBytes: new(uint32(4096)), RotationRPM: new(uint32(7200)), FormFactor: "3.5_inch",
			LinkSpeedGbps: new(12.0), MaxLinkSpeedGbps: new(12.0), ControllerID: "controller:0000:31:00.0", Enclosure: &inventory.Enclosure{ID: "enclosure:500304801f000000", Slot: fmt.Sprint(i + 4)},
			Health: &inventory.DriveHealth{
				Status: inventory.HealthOK, SelfAssessment: "passed", TempCelsius: new(38), PowerOnHours: new(uint64(31000)), GrownDefects: new(uint64(0)),
				ErrorCounters: map[string]inventory.ErrorCounter{"read": {TotalCorrected: new(uint64(12)), Uncorrected: new(uint64(0)), BytesProcessed: "18000000000000000000"}},
			},
		}
		if i == 2 {
			d.Health.Status, d.Health.SelfAssessment, d.Health.GrownDefects = inventory.HealthCritical, "failed", new(uint64(412))
			d.Health.Reasons = []string{"the drive predicts its own failure", "412 grown defects"}
		}
		r.Storage = append(r.Storage, d)
	}
	r.LogicalDrives = []inventory.LogicalDrive{{
		Meta: meta("volume:0", "megaraid"), ControllerID: "controller:raid", Name: "data", Level: "raid5", SizeBytes: new(uint64(48_002_701_983_744)),
		State: "degraded", Device: "sde", StripBytes: new(uint32(262144)), MemberIDs: members, Health: inventory.HealthWarning,
	}}
}
