package diff_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/diff"
)

// server is a machine with one of everything, joined and assessed.
func server() *inventory.Report {
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	r := &inventory.Report{
		SchemaVersion: inventory.SchemaVersion, StartedAt: at, FinishedAt: at.Add(time.Second), DurationMS: 1000,
		Tool: inventory.Tool{Name: "bee", Version: "1.0"},
		Host: &inventory.Host{Meta: inventory.Meta{ID: "host"}, Hostname: "n1", Kernel: "6.12.1", UptimeSeconds: new(uint64(1000))},
		Board: &inventory.Board{
			Meta: inventory.Meta{ID: "board"},
			BIOS: &inventory.BIOS{Vendor: "Acme", Version: "2.1", ReleaseDate: "2024-01-01"},
			System: &inventory.System{
				Manufacturer: "Acme", ProductName: "S1", SerialNumber: "SYS1",
			},
			Baseboards: []inventory.Baseboard{{Meta: inventory.Meta{ID: "baseboard:0"}, ProductName: "B1", SerialNumber: "BB1"}},
		},
		CPUs:   []inventory.CPU{cpu("CPU1"), cpu("CPU2")},
		Memory: &inventory.Memory{Meta: inventory.Meta{ID: "memory"}, SizeBytes: new(uint64(96 << 30)), Slots: new(4), Populated: new(3)},
		BMC: &inventory.BMC{
			Meta: inventory.Meta{ID: "bmc"}, Firmware: "1.10",
			Sensors: []inventory.Sensor{{ID: "sensor:1", Name: "Inlet", Value: new(21.0), Unit: "celsius", Health: inventory.HealthOK}},
			SEL:     &inventory.SEL{Entries: new(2), Last: []inventory.SELEntry{{RecordID: 1, Event: "a"}, {RecordID: 2, Event: "b"}}},
		},
		Issues: []inventory.Issue{}, Findings: []inventory.Finding{},
	}
	r.Board.Baseboard = &r.Board.Baseboards[0]
	for i := 1; i <= 4; i++ {
		m := inventory.MemoryModule{Meta: inventory.Meta{ID: fmt.Sprintf("dimm:A%d", i)}, Slot: fmt.Sprintf("A%d", i), Present: new(i < 4)}
		if i < 4 {
			m.SizeBytes, m.Manufacturer, m.PartNumber = new(uint64(32<<30)), "Samsung", "M393A4K40"
			m.SerialNumber, m.CorrectedErrors = fmt.Sprintf("D%d", i), new(uint64(0))
		}
		r.Memory.Modules = append(r.Memory.Modules, m)
	}
	// Two root ports with a drive and a GPU each behind them.
	for i, f := range []inventory.PCIeDevice{
		function("0000:00:01.0", "", "060400", "1001"), function("0000:00:02.0", "", "060400", "1001"),
		function("0000:00:03.0", "", "060400", "1001"), function("0000:00:04.0", "", "060400", "1001"),
		function("0000:01:00.0", "0000:00:01.0", "010802", "2001"), function("0000:02:00.0", "0000:00:02.0", "010802", "2001"),
		function("0000:03:00.0", "0000:00:03.0", "030200", "3001"), function("0000:04:00.0", "0000:00:04.0", "030200", "3001"),
	} {
		if i < 4 {
			f.Link.MaxSpeedGTs = new(32.0)
		} else {
			f.Slot = fmt.Sprint(i - 3)
		}
		r.PCIeDevices = append(r.PCIeDevices, f)
	}
	r.Storage = []inventory.Drive{drive("S1", "0000:01:00.0"), drive("S2", "0000:02:00.0")}
	r.GPUs = []inventory.GPU{gpu("U1", "0000:03:00.0"), gpu("U2", "0000:04:00.0")}
	r.PowerSupplies = []inventory.PowerSupply{psu("PSU1", "P1")}
	for _, s := range [][]string{
		{"host", "host"},
		{"board", "board"},
		{"cpu", "cpus"},
		{"memory", "memory"},
		{"storage", "storage"},
		{"pcie", "pcie_devices"},
		{"psu", "power_supplies"},
		{"nvidia", "gpus"},
		{"network", "network"},
		{"bmc", "bmc"},
	} {
		status := inventory.StatusOK
		if s[0] == "network" {
			r.Network = []inventory.NIC{}
		}
		r.Collectors = append(r.Collectors, inventory.Outcome{Name: s[0], Sections: s[1:], Status: status})
	}
	return r
}

func cpu(socket string) inventory.CPU {
	return inventory.CPU{
		Meta: inventory.Meta{ID: "cpu:" + socket}, Socket: socket, Present: new(true), Model: "Xeon 6430", Cores: new(uint32(32)),
		Microcode: "0x1", CurrentSpeedMHz: new(uint32(2100)), Caches: []inventory.Cache{{Level: 1, SizeBytes: 32768}, {Level: 3, SizeBytes: 60 << 20}},
		Throttle: &inventory.Throttle{PackageCount: new(uint64(0))},
	}
}

func function(address, parent, class, device string) inventory.PCIeDevice {
	d := inventory.PCIeDevice{
		Meta: inventory.Meta{ID: "pci:" + address}, Address: address, Parent: parent, ClassID: class, VendorID: "1234", DeviceID: device,
		Link: &inventory.PCIeLink{CurrentWidth: new(16), MaxWidth: new(16), CurrentSpeedGTs: new(16.0), MaxSpeedGTs: new(16.0), AttainableWidth: new(16), Degraded: new(false)},
	}
	if parent != "" {
		d.ParentID = "pci:" + parent
	}
	return d
}

func drive(serial, address string) inventory.Drive {
	return inventory.Drive{
		Meta: inventory.Meta{ID: "drive:" + serial}, Device: "nvme" + serial[1:], Protocol: inventory.ProtocolNVMe, Model: "PM1733",
		SerialNumber: serial, Firmware: "EPK9", SizeBytes: new(uint64(3_840_755_982_336)), PCIAddress: address,
		Enclosure: &inventory.Enclosure{Slot: map[string]string{"0000:01:00.0": "3", "0000:02:00.0": "7"}[address]},
		Health: &inventory.DriveHealth{
			Status: inventory.HealthOK, TempCelsius: new(40), PowerOnHours: new(uint64(100)), MediaErrors: new(uint64(0)),
			BytesWritten: "123456789012345678901",
		},
	}
}

func gpu(uuid, address string) inventory.GPU {
	return inventory.GPU{
		Meta: inventory.Meta{ID: "gpu:" + address, ParentID: "pci:" + address}, PCIAddress: address, Name: "H100", UUID: uuid, SerialNumber: "SN" + uuid,
		TempCelsius: new(50), VBIOS: "96.00", State: "ok",
		Link: &inventory.PCIeLink{CurrentWidth: new(16), MaxWidth: new(16), CurrentSpeedGTs: new(16.0)},
	}
}

func psu(slot, serial string) inventory.PowerSupply {
	return inventory.PowerSupply{
		Meta: inventory.Meta{ID: "psu:" + slot}, Slot: slot, Present: new(true), Manufacturer: "Delta", Model: "DPS-1600",
		SerialNumber: serial, CapacityWatts: new(uint32(1600)), Status: inventory.PSUStatusOK, InputWatts: new(300.0),
	}
}

// changed is the machine after f.
func changed(f func(*inventory.Report)) *inventory.Report {
	r := server()
	f(r)
	return r
}

func reports(t testing.TB, o, n *inventory.Report) *diff.Result {
	t.Helper()
	r, err := diff.Reports(o, n)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func document(t testing.TB, r *inventory.Report) map[string]any {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func lines(r *diff.Result) string { return strings.Join(r.Lines(false), "\n") }
