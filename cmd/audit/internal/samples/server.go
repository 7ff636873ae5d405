package samples

import (
	"fmt"
	"time"

	"example.com/bee/pkg/inventory"
)

// Server is a storage server with two sockets and several faults.
func Server() *inventory.Report {
	r := base()
	serverIdentity(r)
	for i := range 2 {
		r.CPUs = append(r.CPUs, inventory.CPU{
			Meta: meta(fmt.Sprintf("cpu:CPU%d", i+1), "smbios", "sysfs"), Socket: fmt.Sprintf("CPU%d", i+1), Present: new(true), Status: "enabled",
			Manufacturer: "Intel(R) Corporation", Model: "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", Family: "xeon",
			Cores: new(uint32(32)), CoresEnabled: new(uint32(32 - 4*i)), Threads: new(uint32(64)), MaxSpeedMHz: new(uint32(4000)), CurrentSpeedMHz: new(uint32(2000)),
			CPUFamily: new(uint32(6)), CPUModel: new(uint32(106)), Stepping: new(uint32(6)), Microcode: "0xd0003b9",
			PackageID: new(i), NUMANodes: []int{i}, OnlineThreads: new(uint32(64)), Upgrade: "socket_lga4189",
			Caches: []inventory.Cache{{Level: 1, Type: "data", SizeBytes: 48 << 10, Count: new(uint32(32))}, {Level: 3, Type: "unified", SizeBytes: 48 << 20, Count: new(uint32(1))}},
		})
	}
	serverMemory(r)
	serverPCIe(r)
	serverStorage(r)
	serverPower(r)
	serverKernel(r)
	end(r, "nvidia", inventory.StatusAbsent, "")
	end(r, "storage", inventory.StatusPartial, "sdc: log page 2fh: input/output error")
	r.Issues = append(r.Issues, inventory.Issue{
		ComponentID: "drive:5000c500ee000003", Field: "health", Kind: inventory.KindIO,
		Source: "sdc: LOG SENSE 2fh", Detail: "input/output error", Collector: "storage",
	})
	return finish(r)
}

func serverIdentity(r *inventory.Report) {
	usable := func(v string) inventory.IdentityKey { return inventory.IdentityKey{Value: v, Usable: true} }
	r.Host = &inventory.Host{
		Meta: meta("host", "/proc", "/sys"), Hostname: "storage-7", Kernel: "6.12.13-0-lts", Architecture: "x86_64",
		OS: "Alpine Linux v3.21", BootMode: inventory.BootUEFI, SecureBoot: new(false), UptimeSeconds: new(uint64(93)),
		Identity: inventory.Identity{
			SystemUUID: usable("6f1a2b3c-0d4e-4f50-8a61-7b2c3d4e5f60"), SystemSerial: usable("BEE0000123"),
			BaseboardSerial: inventory.IdentityKey{Value: "0123456789", Reason: "placeholder"},
			BMCMAC:          usable("02:00:5e:00:53:01"), MachineID: inventory.IdentityKey{Reason: "not_available"}, BootID: usable("1f0c9f0a-6c1e-4b5f-9d3e-2a7b8c9d0e1f"),
		},
	}
	board := inventory.Baseboard{Meta: meta("board:0", "smbios"), Manufacturer: "Example Systems", ProductName: "X12-DUAL", Version: "1.02", SerialNumber: "0123456789", Type: "motherboard"}
	chassis := inventory.Chassis{Meta: meta("chassis:0", "smbios"), Manufacturer: "Example Systems", Type: "rack_mount_chassis", SerialNumber: "C-BEE-0123", AssetTag: "RACK-7/U21", HeightU: new(uint8(2)), PowerCords: new(uint8(2))}
	r.Board = &inventory.Board{
		Meta: meta("board", "smbios"), SMBIOSVersion: "3.3.0",
		BIOS:      &inventory.BIOS{Vendor: "Example Firmware", Version: "1.4b", ReleaseDate: "2023-11-30", Revision: "5.22", ROMSizeBytes: new(uint64(32 << 20))},
		System:    &inventory.System{Manufacturer: "Example Systems", ProductName: "Storage 2U", Version: "A", SerialNumber: "BEE0000123", UUID: "6f1a2b3c-0d4e-4f50-8a61-7b2c3d4e5f60", SKUNumber: "ST-2U-12", Family: "Storage"},
		Baseboard: &board, Chassis: &chassis, Baseboards: []inventory.Baseboard{board}, ChassisAll: []inventory.Chassis{chassis},
		OEMStrings: []string{"built to order"},
		Slots: []inventory.Slot{
			{Designation: "SLOT1 PCIe 4.0 x16", Type: "pci_express_gen_4_x16", Width: "x16", Usage: "in_use", SlotID: new(uint16(1)), PCIAddress: "0000:17:00.0"},
			{Designation: "SLOT2 PCIe 4.0 x8", Type: "pci_express_gen_4_x8", Width: "x8", Usage: "available", SlotID: new(uint16(2))},
		},
	}
}

func serverMemory(r *inventory.Report) {
	m := &inventory.Memory{
		Meta: meta("memory", "smbios", "edac"), SizeBytes: gib(384), UsableBytes: new(uint64(403_700_000_000)), Slots: new(16), Populated: new(12),
		MaxCapacityBytes: gib(4096), ECC: "multi_bit_ecc",
		Arrays:      []inventory.MemoryArray{{Meta: meta("memory_array:0", "smbios"), Use: "system_memory", Location: "system_board", ECC: "multi_bit_ecc", MaxCapacityBytes: gib(4096), Slots: new(16)}},
		Controllers: []inventory.MemoryController{{Meta: meta("edac:mc0", "edac"), Name: "mc0", SizeBytes: gib(192), CorrectedErrors: new(uint64(12)), UncorrectedErrors: new(uint64(1))}},
	}
	for i := range 16 {
		size := uint64(32)
		if i%8 > 5 {
			size = 0
		}
		runs := uint32(3200)
		if i == 12 {
			runs = 2933
		}
		m.Modules = append(m.Modules, module(fmt.Sprintf("P%d-DIMM%c%d", i/8+1, 'A'+i%8/2, i%2+1), fmt.Sprintf("P%d_NODE%d", i/8, i%8/4), size, "ddr4", 3200, runs, fmt.Sprintf("EM%06d", 100+i)))
	}
	for i, x := range m.Modules {
		if !*x.Present {
			continue
		}
		e := inventory.EDACModule{Name: fmt.Sprintf("dimm%d", i), Label: x.Slot, SizeBytes: x.SizeBytes, CorrectedErrors: new(uint64(0)), UncorrectedErrors: new(uint64(0))}
		switch i {
		case 2:
			e.CorrectedErrors = new(uint64(12))
		case 9:
			e.UncorrectedErrors = new(uint64(1))
		}
		m.Controllers[0].Modules = append(m.Controllers[0].Modules, e)
	}
	r.Memory = m
}

func serverPCIe(r *inventory.Report) {
	nvme := func(address, parent, slot string, l *inventory.PCIeLink) inventory.PCIeDevice {
		d := function(address, parent, "010802", "Non-Volatile memory controller", "144d:a80a", "Samsung Electronics Co Ltd", "NVMe SSD Controller PM9A1", "nvme")
		d.Link, d.Slot, d.PortType, d.NUMANode = l, slot, "endpoint", new(0)
		return d
	}
	sw := function("0000:17:00.0", "0000:16:02.0", "060400", "PCI bridge", "10b5:8764", "PLX Technology, Inc.", "PEX 8764 switch", "pcieport")
	sw.PortType, sw.Link = "upstream_port", link(8, 16, 16, 16)
	down := func(address string) inventory.PCIeDevice {
		d := function(address, "0000:17:00.0", "060400", "PCI bridge", "10b5:8764", "PLX Technology, Inc.", "PEX 8764 switch", "pcieport")
		d.PortType, d.Link = "downstream_port", link(16, 4, 16, 4)
		d.Link.Degraded = nil
		return d
	}
	hba := function("0000:31:00.0", "0000:30:02.0", "010700", "Serial Attached SCSI controller", "1000:00e6", "Broadcom / LSI", "SAS3816 Tri-Mode HBA", "mpt3sas")
	hba.Link, hba.Slot, hba.AER = link(16, 4, 16, 8), "SLOT3", &inventory.AER{Correctable: new(uint64(7)), Nonfatal: new(uint64(0)), Fatal: new(uint64(0)), Kinds: map[string]uint64{"RxErr": 7}}
	hba.VPD = &inventory.VPD{Name: "HBA 9500-8i", PartNumber: "05-50077-03", SerialNumber: "SPB0000042"}
	var nics []inventory.PCIeDevice
	for i := range 2 {
		d := function(fmt.Sprintf("0000:4b:00.%d", i), "0000:4a:02.0", "020000", "Ethernet controller", "8086:159b", "Intel Corporation", "Ethernet Controller E810-XXV for SFP", "ice")
		d.Link, d.SerialNumber, d.NUMANode = link(16, 8, 16, 8), "0200feff5e005310", new(1)
		nics = append(nics, d)
	}
	isa := function("0000:00:1f.0", "", "060100", "ISA bridge", "8086:a1c1", "Intel Corporation", "C621 Series Chipset LPC/eSPI", "lpc_ich")
	r.PCIeDevices = append([]inventory.PCIeDevice{
		isa,
		rootPort("0000:16:02.0", "SLOT1 PCIe 4.0 x16", link(8, 16, 16, 16)), sw, down("0000:18:00.0"),
		nvme("0000:19:00.0", "0000:18:00.0", "BAY0", link(16, 4, 16, 4)), down("0000:18:04.0"),
		nvme("0000:1a:00.0", "0000:18:04.0", "BAY1", link(16, 2, 16, 4)),
		rootPort("0000:30:02.0", "SLOT3", link(16, 4, 16, 8)), hba,
		rootPort("0000:4a:02.0", "OCP", link(16, 8, 16, 8)),
	}, nics...)
	for i := range 2 {
		r.Network = append(r.Network, inventory.NIC{
			Meta: inventory.Meta{ID: fmt.Sprintf("nic:0000:4b:00.%d", i), ParentID: fmt.Sprintf("pci:0000:4b:00.%d", i), Sources: []string{"sysfs", "ethtool"}},
			Name: fmt.Sprintf("eth%d", i), MAC: fmt.Sprintf("02:00:5e:00:53:1%d", i), PermanentMAC: fmt.Sprintf("02:00:5e:00:53:1%d", i),
			Driver: "ice", Firmware: "4.40 0x8001c967 1.3534.0", PCIAddress: fmt.Sprintf("0000:4b:00.%d", i), LinkUp: new(i == 0), MTU: new(uint32(1500)), NUMANode: new(1),
		})
	}
	r.Network[0].SpeedMbps, r.Network[0].Duplex = new(uint32(25000)), "full"
}

func serverPower(r *inventory.Report) {
	for i := range 2 {
		p := inventory.PowerSupply{
			Meta: meta(fmt.Sprintf("psu:%d", i+1), "smbios", "ipmi"), Slot: fmt.Sprintf("PSU%d", i+1), Present: new(true),
			Manufacturer: "Example Power", Model: "EP-1200-T", PartNumber: "EP1200T", SerialNumber: fmt.Sprintf("PS-%04d", 77+i), Revision: "1.1",
			CapacityWatts: new(uint32(1200)), Status: inventory.PSUStatusOK, InputWatts: new(312.0), OutputWatts: new(288.5), HotPluggable: new(true), Health: inventory.HealthOK,
		}
		if i == 1 {
			p.Status, p.Health, p.InputWatts, p.OutputWatts = inventory.PSUStatusInputLost, inventory.HealthCritical, new(0.0), new(0.0)
		}
		r.PowerSupplies = append(r.PowerSupplies, p)
	}
	at := time.Date(2026, 3, 13, 23, 1, 2, 0, time.UTC)
	sensor := func(name, kind, unit string, value float64, h inventory.Health) inventory.Sensor {
		return inventory.Sensor{ID: "sensor:" + name, Name: name, Type: kind, Value: new(value), Unit: unit, Health: h, Thresholds: map[string]float64{"upper_critical": 95}}
	}
	r.BMC = &inventory.BMC{
		Meta: meta("bmc", "ipmi"), Firmware: "1.74", Manufacturer: "Example Systems", ManufacturerID: new(uint32(64999)), Product: "BMC 2600", ProductID: new(uint16(2600)), IPMIVersion: "2.0", MAC: "02:00:5e:00:53:01", SelfTest: "passed",
		LAN:        &inventory.BMCLAN{Channel: new(uint8(1)), IP: "192.0.2.17", IPSource: "dhcp", Netmask: "255.255.255.0", Gateway: "192.0.2.1", MAC: "02:00:5e:00:53:01"},
		Chassis:    &inventory.ChassisStatus{PowerOn: new(true), RestorePolicy: "previous"},
		PowerWatts: new(uint32(312)),
		SEL: &inventory.SEL{Entries: new(2), FreeBytes: new(9000), Overflow: new(false), Last: []inventory.SELEntry{
			{RecordID: 1, At: &at, SensorType: "memory", Event: "uncorrectable_ecc", Asserted: new(true), Detail: "P2-DIMMA2", ComponentID: "dimm:P1_NODE0/P2-DIMMA2"},
			{RecordID: 2, At: &at, SensorType: "power_supply", Sensor: "PSU2", Event: "input_lost", Asserted: new(true)},
		}},
		Sensors: []inventory.Sensor{
			sensor("CPU1 Temp", "temperature", "degrees_c", 51, inventory.HealthOK), sensor("CPU2 Temp", "temperature", "degrees_c", 96, inventory.HealthCritical),
			sensor("FAN1", "fan", "rpm", 5600, inventory.HealthOK), sensor("12V", "voltage", "volts", 12.06, inventory.HealthOK),
			{ID: "sensor:PSU2 Status", Name: "PSU2 Status", Type: "power_supply", States: []string{"presence_detected", "input_lost"}, Health: inventory.HealthCritical},
		},
		FRUs: []inventory.FRU{{ID: "fru:0", DeviceID: 0, Name: "Builtin FRU Device", BoardManufacturer: "Example Systems", BoardProduct: "X12-DUAL", BoardSerialNumber: "BB-0042", ProductName: "Storage 2U"}},
	}
}
