package samples

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// GPUServer has eight GPUs, of which one is lost, one has spent memory rows
// and one runs on half its lanes.
func GPUServer() *inventory.Report {
	r := base()
	r.Host = &inventory.Host{Meta: meta("host", "/proc"), Hostname: "gpu-01", Kernel: "6.8.0-45-generic", Architecture: "x86_64", OS: "Ubuntu 24.04 LTS", BootMode: inventory.BootUEFI}
	r.Board = &inventory.Board{
		Meta: meta("board", "smbios"), SMBIOSVersion: "3.6.0", System: &inventory.System{Manufacturer: "Example Systems", ProductName: "GPU 8U", SerialNumber: "BEEGPU0001"},
		Chassis: &inventory.Chassis{Meta: meta("chassis:0", "smbios"), Type: "rack_mount_chassis", HeightU: new(uint8(8))},
	}
	for i := range 2 {
		r.CPUs = append(r.CPUs, inventory.CPU{
			Meta: meta(fmt.Sprintf("cpu:P%d", i), "smbios"), Socket: fmt.Sprintf("P%d", i), Present: new(i == 0), Model: map[bool]string{true: "AMD EPYC 9554 64-Core Processor"}[i == 0],
		})
	}
	r.CPUs[0].Cores, r.CPUs[0].Threads, r.CPUs[0].Status = new(uint32(64)), new(uint32(128)), "enabled"
	r.Memory = &inventory.Memory{Meta: meta("memory", "smbios"), SizeBytes: gib(1536), Slots: new(24), Populated: new(24), ECC: "multi_bit_ecc"}
	for i := range 24 {
		r.Memory.Modules = append(r.Memory.Modules, module(fmt.Sprintf("DIMM_%c%d", 'A'+i%12, i/12), fmt.Sprintf("BANK%d", i), 64, "ddr5", 4800, 4800, fmt.Sprintf("GM%05d", i)))
	}
	for i := range 8 {
		gpu(r, i)
	}
	for i := range 6 {
		r.PowerSupplies = append(r.PowerSupplies, inventory.PowerSupply{
			Meta: meta(fmt.Sprintf("psu:%d", i), "ipmi"), Slot: fmt.Sprintf("PSU%d", i), Present: new(i != 5), CapacityWatts: map[bool]*uint32{true: new(uint32(3000))}[i != 5],
			Status: map[bool]inventory.PSUStatus{true: inventory.PSUStatusOK, false: inventory.PSUStatusUnknown}[i != 5],
			Health: map[bool]inventory.Health{true: inventory.HealthOK, false: inventory.HealthUnknown}[i != 5],
		})
	}
	r.Storage, r.Network = []inventory.Drive{}, []inventory.NIC{}
	end(r, "bmc", inventory.StatusTimeout, "bmc: context deadline exceeded")
	r.Issues = append(r.Issues, inventory.Issue{Kind: inventory.KindTimeout, Source: "/dev/ipmi0", Detail: "Get Device ID: context deadline exceeded", Collector: "bmc"})
	return finish(r)
}

func gpu(r *inventory.Report, i int) {
	port, address := fmt.Sprintf("0000:%02x:01.0", 0x10*i+1), fmt.Sprintf("0000:%02x:00.0", 0x10*i+2)
	l := link(32, 16, 32, 16)
	if i == 5 {
		l = link(32, 8, 32, 16)
	}
	d := function(address, port, "030200", "3D controller", "10de:2330", "NVIDIA Corporation", "GH100 [H100 SXM5 80GB]", "nvidia")
	d.Link, d.NUMANode = l, new(0)
	r.PCIeDevices = append(r.PCIeDevices, rootPort(port, "", l), d)
	g := inventory.GPU{
		Meta: inventory.Meta{ID: "gpu:" + address, ParentID: "pci:" + address, Sources: []string{"nvml"}}, Index: new(i), PCIAddress: address, Name: "NVIDIA H100 80GB HBM3", Vendor: "nvidia", Architecture: "hopper",
		UUID: fmt.Sprintf("GPU-00000000-0000-4000-8000-00000000000%d", i), SerialNumber: fmt.Sprintf("16500000%04d", i), PartNumber: "699-2G520-0200-000", VBIOS: "96.00.61.00.01",
		Driver: "nvidia", DriverVersion: "535.309.01", CUDAVersion: "12.2", MemoryBytes: new(uint64(85_520_809_984)), MemoryUsedBytes: new(uint64(4 << 20)), TempCelsius: new(31 + i), PowerWatts: new(68.5 + float64(i)), PowerLimitWatts: new(700.0),
		ECC:          &inventory.GPUECC{Enabled: new(true), VolatileCorrected: new(uint64(0)), VolatileUncorrected: new(uint64(0)), AggregateCorrected: new(uint64(i)), AggregateUncorrected: new(uint64(0))},
		RemappedRows: &inventory.GPURemappedRows{Correctable: new(0), Uncorrectable: new(0), Pending: new(false), Failure: new(false)},
		Link:         l, State: "ok", Health: inventory.HealthOK, PersistenceMode: new(true), PerformanceState: "P0",
	}
	for n := range 18 {
		g.NVLinks = append(g.NVLinks, inventory.NVLink{Link: n, Active: new(true), Version: new(4)})
	}
	switch i {
	case 3:
		g = inventory.GPU{Meta: inventory.Meta{ID: "gpu:" + address, ParentID: "pci:" + address, Sources: []string{"sysfs"}}, PCIAddress: address, Vendor: "nvidia", State: "lost", Health: inventory.HealthUnknown}
	case 6:
		g.RemappedRows = &inventory.GPURemappedRows{Correctable: new(2), Uncorrectable: new(8), Pending: new(false), Failure: new(true)}
		g.Health = inventory.HealthCritical
	}
	r.GPUs = append(r.GPUs, g)
}
