package witness_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/test/lab/witness"
)

const dmi = `# dmidecode 3.4
Getting SMBIOS data from sysfs.
SMBIOS 3.3 present.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: Lab
	Characteristics:
		PCI is supported
		UEFI is supported
	BIOS Revision: 2.19

Handle 0x1100, DMI type 17, 92 bytes
Memory Device
	Size: 32 GB
	Locator: A1
	Bank Locator: Not Specified
	Speed: 2933 MT/s

Handle 0x1103, DMI type 17, 92 bytes
Memory Device
	Size: No Module Installed
	Locator: A4

Handle 0x1104, DMI type 17, 92 bytes
	<TRUNCATED>

Wrong DMI structures count: 38 announced, only 17 decoded.
`

func TestDMIDecode(t *testing.T) {
	t.Parallel()
	all := witness.DMIDecode(dmi)
	if len(all) != 4 {
		t.Fatalf("%d structures, want 4", len(all))
	}
	if diff := cmp.Diff([]string{"PCI is supported", "UEFI is supported"}, all[0].Lists["Characteristics"]); diff != "" {
		t.Error(diff)
	}
	dimms := witness.OfType(all, 17)
	if dimms[0].Handle != 0x1100 || dimms[0].Bytes != 92 || dimms[0].Title != "Memory Device" {
		t.Errorf("head %+v", dimms[0])
	}
	if v, ok := dimms[0].SizeBytes("Size"); v != 32<<30 || !ok {
		t.Errorf("size %d %t", v, ok)
	}
	if v, ok := dimms[0].Number("Speed"); v != 2933 || !ok {
		t.Errorf("speed %d %t", v, ok)
	}
	if v, ok := dimms[0].Value("Bank Locator"); ok {
		t.Errorf("bank %q, want none", v)
	}
	if _, ok := dimms[1].SizeBytes("Size"); ok {
		t.Error("an empty slot has a size")
	}
	if dimms[0].Truncated() || !dimms[2].Truncated() {
		t.Error("truncated structures are not told apart")
	}
}

const lspciMachine = `Slot:	0000:00:03.0
Class:	PCI bridge [0604]
Vendor:	Red Hat, Inc. [1b36]
Device:	QEMU PCIe Root port [000c]
Driver:	pcieport

Slot:	0000:02:00.0
Class:	Non-Volatile memory controller [0108]
Vendor:	Red Hat, Inc. [1b36]
Device:	Odd [name] [0010]
SVendor:	Red Hat, Inc. [1af4]
SDevice:	Device [1100]
PhySlot:	2
Rev:	02
ProgIf:	02
Driver:	nvme
NUMANode:	1
`

const lspciVerbose = `0000:00:03.0 PCI bridge: Red Hat, Inc. QEMU PCIe Root port (prog-if 00 [Normal decode])
	Bus: primary=00, secondary=02, subordinate=02, sec-latency=0
	Capabilities: [54] Express (v2) Root Port (Slot+), MSI 00
		LnkCap:	Port #0, Speed 16GT/s, Width x4, ASPM L0s, Exit Latency L0s <64ns
		LnkSta:	Speed 2.5GT/s (downgraded), Width x1 (downgraded)
	Capabilities: [100 v2] Advanced Error Reporting

0000:02:00.0 Non-Volatile memory controller: Red Hat, Inc. QEMU NVM Express Controller (rev 02)
	DeviceName: Drive 0
	Physical Slot: 2
	NUMA node: 1
	IOMMU group: 7
	Capabilities: [150 v1] Device Serial Number 48-b0-2d-5e-6f-00-00-01
		LnkSta2: Current De-emphasis Level: -6dB
`

func TestLspci(t *testing.T) {
	t.Parallel()
	want := []witness.PCI{
		{
			Address: "0000:00:03.0", ClassID: "0604", VendorID: "1b36", DeviceID: "000c", Class: "PCI bridge", Vendor: "Red Hat, Inc.",
			Device: "QEMU PCIe Root port", Driver: "pcieport", NUMANode: -1, HasAER: true, Secondary: "02",
			Link: &witness.PCILink{Speed: 2.5, MaxSpeed: 16, Width: 1, MaxWidth: 4},
		},
		{
			Address: "0000:02:00.0", ClassID: "0108", ProgIf: "02", VendorID: "1b36", DeviceID: "0010", SubVendorID: "1af4", SubDeviceID: "1100",
			Class: "Non-Volatile memory controller", Vendor: "Red Hat, Inc.", Device: "Odd [name]", Revision: "02", Driver: "nvme", NUMANode: 1,
			IOMMUGroup: "7", PhysicalSlot: "2", DeviceName: "Drive 0", SerialNumber: "48-b0-2d-5e-6f-00-00-01",
		},
	}
	if diff := cmp.Diff(want, witness.Lspci(lspciMachine, lspciVerbose)); diff != "" {
		t.Error(diff)
	}
}

func TestSmartctl(t *testing.T) {
	t.Parallel()
	s, err := witness.ParseSmartctl([]byte(`{"model_name":"M","wwn":{"naa":5,"oui":9528,"id":60434962040},"rotation_rate":0}`))
	if err != nil || s.WWN() != "5002538e12345678" || s.Model() != "M" || s.RotationRate == nil || s.Temperature != nil {
		t.Errorf("%+v, wwn %s, %v", s, s.WWN(), err)
	}
	s, err = witness.ParseSmartctl([]byte(`{"scsi_vendor":"HGST","scsi_product":"HUC","scsi_revision":"A3F0","scsi_model_name":"HGST HUC","logical_unit_id":"0x5000cca0aaaa0000"}`))
	if err != nil || s.WWN() != "5000cca0aaaa0000" || s.Model() != "HUC" || s.FirmwareRevision() != "A3F0" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := witness.ParseSmartctl([]byte("no")); err == nil {
		t.Error("text was taken for JSON")
	}
}

func TestNVMeAndLsblk(t *testing.T) {
	t.Parallel()
	ns, err := witness.ParseJSON[witness.NVMeNamespace]([]byte(`{"nsze":8192,"flbas":1,"lbafs":[{"ms":0,"ds":9},{"ms":0,"ds":12}]}`))
	if err != nil || ns.BlockBytes() != 4096 {
		t.Errorf("%+v, %v", ns, err)
	}
	log, err := witness.ParseJSON[witness.NVMeSmartLog]([]byte(`{"temperature":323,"power_cycles":"18446744073709551616","media_errors":3}`))
	if err != nil || log.PowerCycles != "18446744073709551616" || log.MediaErrors != "3" {
		t.Errorf("%+v, %v", log, err)
	}
	listed, err := witness.ParseNVMeList([]byte(`{"Devices":[{"NameSpace":2,"DevicePath":"/dev/nvme0n2","SectorSize":4096}]}`))
	if err != nil || len(listed) != 1 || listed[0].BlockBytes != 4096 {
		t.Errorf("%+v, %v", listed, err)
	}
	blocks, err := witness.ParseLsblk([]byte(`{"blockdevices":[{"name":"sda","maj:min":"8:0","log-sec":512,"serial":null,"size":67108864,"rota":true}]}`))
	if err != nil || len(blocks) != 1 || blocks[0].Logical != 512 || blocks[0].Serial != "" || !blocks[0].Rotational {
		t.Errorf("%+v, %v", blocks, err)
	}
}

func TestIPMI(t *testing.T) {
	t.Parallel()
	frus := witness.IpmitoolFRU(`FRU Device Description : Builtin FRU Device (ID 0)
 Board Serial          : S1
 Board Extra           : a
 Board Extra           : b

FRU Device Description : PSU1 FRU (ID 1)
 Unknown FRU header version 0x00
`)
	want := []witness.FRU{
		{Description: "Builtin FRU Device", Fields: map[string]string{"Board Serial": "S1", "Board Extra": "a", "Board Extra 2": "b"}},
		{Description: "PSU1 FRU", ID: 1, Fields: map[string]string{}, Problems: []string{"Unknown FRU header version 0x00"}},
	}
	if diff := cmp.Diff(want, frus); diff != "" {
		t.Error(diff)
	}
	sensors := witness.IpmitoolSDR("PS1 Status       | 40h | ok  | 10.1 | Presence detected\nnoise\n")
	if diff := cmp.Diff([]witness.Sensor{{Name: "PS1 Status", Number: 0x40, State: "ok", Entity: "10.1", Reading: "Presence detected"}}, sensors); diff != "" {
		t.Error(diff)
	}
	events := witness.IpmitoolSEL("   2 |  Pre-Init  |0000002226| Memory #0x50 | Correctable ECC (Correctable ECC | Card A DIMM2) | Asserted\n")
	if len(events) != 1 || events[0].Description != "Correctable ECC (Correctable ECC | Card A DIMM2)" || events[0].State != "Asserted" {
		t.Errorf("%+v", events)
	}
	readings := witness.IpmitoolSensor("Inlet Temp       | 24.000     | degrees C  | ok    | 0.000     | 3.000     | 5.000     | 45.000    | 50.000    | na        \n")
	if len(readings) != 1 || readings[0].Value == nil || *readings[0].Value != 24 || *readings[0].Thresholds[4] != 50 || readings[0].Thresholds[5] != nil {
		t.Errorf("%+v", readings)
	}
	if f := witness.Fields("IP Address Source       : Static\n                        : more\nIP Address : 10.0.0.1\n"); f["IP Address"] != "10.0.0.1" || len(f) != 2 {
		t.Errorf("%v", f)
	}
}
