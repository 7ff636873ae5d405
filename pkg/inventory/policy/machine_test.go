package policy_test

import (
	"fmt"
	"time"

	"example.com/bee/pkg/inventory"
)

// machine is what both servers have in common.
func machine(product string, psus int) *inventory.Report {
	r := &inventory.Report{
		SchemaVersion: inventory.SchemaVersion, StartedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Tool: inventory.Tool{Name: "bee", Version: "1.0"},
		Board: &inventory.Board{
			Meta: inventory.Meta{ID: "board"}, BIOS: &inventory.BIOS{Vendor: "Acme", Version: "2.10"},
			System:     &inventory.System{Manufacturer: "Acme", ProductName: product, SerialNumber: "SYS1"},
			Baseboards: []inventory.Baseboard{{Meta: inventory.Meta{ID: "baseboard:0"}, SerialNumber: "BB1"}},
		},
		BMC:    &inventory.BMC{Meta: inventory.Meta{ID: "bmc"}, Firmware: "1.10"},
		Memory: &inventory.Memory{Meta: inventory.Meta{ID: "memory"}, ECC: "multi_bit_ecc"},
		Issues: []inventory.Issue{}, Findings: []inventory.Finding{},
	}
	for i := 1; i <= 2; i++ {
		r.CPUs = append(r.CPUs, inventory.CPU{
			Meta: inventory.Meta{ID: fmt.Sprintf("cpu:CPU%d", i)}, Present: new(true), Status: "enabled",
			Model: "Intel(R) Xeon(R) Platinum 8480+", Cores: new(uint32(56)), Microcode: "0x2b000461",
		})
	}
	for i := range psus {
		r.PowerSupplies = append(r.PowerSupplies, inventory.PowerSupply{
			Meta: inventory.Meta{ID: fmt.Sprintf("psu:PSU%d", i+1)}, Present: new(true), Manufacturer: "Delta", Model: "DPS-3000",
			SerialNumber: fmt.Sprintf("P%d", i), CapacityWatts: new(uint32(3000)), Status: inventory.PSUStatusOK,
		})
	}
	for _, s := range [][]string{
		{"board", "board"},
		{"cpu", "cpus"},
		{"memory", "memory"},
		{"storage", "storage", "storage_controllers"},
		{"pcie", "pcie_devices"},
		{"psu", "power_supplies"},
		{"nvidia", "gpus"},
		{"bmc", "bmc"},
	} {
		r.Collectors = append(r.Collectors, inventory.Outcome{Name: s[0], Sections: s[1:], Status: inventory.StatusOK})
	}
	return r
}

func dimms(r *inventory.Report, n, empty int, each uint64) {
	for i := range n + empty {
		m := inventory.MemoryModule{Meta: inventory.Meta{ID: fmt.Sprintf("dimm:A%d", i)}, Slot: fmt.Sprintf("A%d", i), Present: new(i < n)}
		if i < n {
			m.SizeBytes, m.Manufacturer, m.PartNumber, m.SerialNumber = new(each), "Samsung", "M321R8GA0BB0", fmt.Sprintf("D%d", i)
			m.Type, m.ConfiguredSpeedMTs = "ddr5", new(uint32(4800))
		}
		r.Memory.Modules = append(r.Memory.Modules, m)
	}
	r.Memory.SizeBytes = new(uint64(n) * each)
}

func function(i int, vendor, device, class string) inventory.PCIeDevice {
	a := fmt.Sprintf("0000:%02x:00.0", i)
	return inventory.PCIeDevice{
		Meta: inventory.Meta{ID: "pci:" + a}, Address: a, VendorID: vendor, DeviceID: device, ClassID: class,
		Link: &inventory.PCIeLink{CurrentWidth: new(16), CurrentSpeedGTs: new(32.0), Degraded: new(false)},
	}
}

func gpuServer() *inventory.Report {
	r := machine("G8", 6)
	dimms(r, 32, 0, 64<<30)
	for i := range 8 {
		p := function(0x10+i, "10de", "2330", "030200")
		r.PCIeDevices = append(r.PCIeDevices, p, function(0x30+i, "15b3", "1021", "020700"))
		g := inventory.GPU{
			Meta: inventory.Meta{ID: "gpu:" + p.Address}, PCIAddress: p.Address, Name: "NVIDIA H100 80GB HBM3", UUID: fmt.Sprintf("GPU-%d", i),
			MemoryBytes: new(uint64(85_520_809_984)), VBIOS: "96.00.74.00.01", State: "ok", ECC: &inventory.GPUECC{Enabled: new(true)},
			RemappedRows: &inventory.GPURemappedRows{Failure: new(false)}, Link: &inventory.PCIeLink{CurrentWidth: new(16)},
		}
		for l := range 18 {
			g.NVLinks = append(g.NVLinks, inventory.NVLink{Link: l, Active: new(true)})
		}
		r.GPUs = append(r.GPUs, g)
	}
	for i := range 4 {
		r.Storage = append(r.Storage, inventory.Drive{
			Meta: inventory.Meta{ID: fmt.Sprintf("drive:N%d", i)}, Protocol: inventory.ProtocolNVMe, Model: "PM1733", SerialNumber: fmt.Sprintf("N%d", i),
			Firmware: "EPK9CB5Q", SizeBytes: new(uint64(3_840_755_982_336)),
			Health: &inventory.DriveHealth{Status: inventory.HealthOK, PercentageUsed: new(uint32(3))},
		})
	}
	return r
}

func storageServer() *inventory.Report {
	r := machine("S24", 2)
	dimms(r, 8, 8, 32<<30)
	r.GPUs = []inventory.GPU{}
	for i := range 24 {
		r.Storage = append(r.Storage, inventory.Drive{
			Meta: inventory.Meta{ID: fmt.Sprintf("drive:S%d", i)}, Protocol: inventory.ProtocolSAS, Vendor: "SEAGATE", Model: "ST16000NM004J", SerialNumber: fmt.Sprintf("S%d", i),
			Firmware: "E004", SizeBytes: new(uint64(16_000_900_661_248)), LinkSpeedGbps: new(12.0),
			Health: &inventory.DriveHealth{Status: inventory.HealthOK, GrownDefects: new(uint64(0))},
		})
	}
	for i := range 2 {
		r.Storage = append(r.Storage, inventory.Drive{
			Meta: inventory.Meta{ID: fmt.Sprintf("drive:M%d", i)}, Protocol: inventory.ProtocolNVMe, Model: "PM9A3", SerialNumber: fmt.Sprintf("M%d", i),
			Firmware: "GDC7302Q", SizeBytes: new(uint64(480_103_981_056)), Health: &inventory.DriveHealth{Status: inventory.HealthOK},
		})
	}
	hba := function(0x41, "1000", "00e6", "010700")
	hba.Link.CurrentWidth = new(8)
	r.PCIeDevices = []inventory.PCIeDevice{hba}
	r.StorageControllers = []inventory.StorageController{{Meta: inventory.Meta{ID: "controller:0"}, ControllerKind: "hba", Model: "SAS3816", Firmware: "24.00.01.00"}}
	return r
}
