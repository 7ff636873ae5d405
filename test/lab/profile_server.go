package lab

import (
	"fmt"
	"strings"

	"example.com/bee/test/lab/ipmigen"
	"example.com/bee/test/lab/smbiosgen"
)

const mib = int64(1) << 20

// serverCPU is what /proc/cpuinfo shows in the guest.
const serverCPU = "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz"

// serverProfile is the machine most tests run on. Every device sits at a fixed
// address, so that SMBIOS slots (type 9, 41) name the real ones.
func serverProfile(setting string) (Profile, error) {
	variant := smbiosgen.Whole
	if setting != "" {
		variant = smbiosgen.Variant(setting)
	}
	p := Profile{
		CPU: "max,vendor=GenuineIntel,family=6,model=85,stepping=7,model-id=" + serverCPU,
		SMP: "2,sockets=2,cores=1,threads=1", Memory: "1024", Machine: "q35",
	}
	for node := range 2 {
		p.arg("-object", fmt.Sprintf("memory-backend-ram,id=m%d,size=512M", node),
			"-numa", fmt.Sprintf("node,nodeid=%d,cpus=%d,memdev=m%d", node, node, node))
	}
	if err := p.smbios(serverSMBIOS(), variant); err != nil {
		return Profile{}, err
	}
	p.BMC = &BMC{Config: serverBMC()}
	p.Facts.BMC = p.BMC.Config
	p.serverPCI()
	p.serverNVMe()
	p.serverSATA()
	p.serverSAS()
	p.nic("e1000e", "rp1", "b0:26:28:00:00:01", "0000:01:00.0")
	p.nic("vmxnet3", "rp6", "b0:26:28:00:00:02", "0000:42:00.0")
	return p, nil
}

// serverPCI adds a second host bridge on node 1 and the root ports. QEMU's
// endpoints are 2.5 GT/s x1, so a wider port runs below what it could.
func (p *Profile) serverPCI() {
	// Slots are then named after their numbers, and hot-unplug goes by pciehp.
	p.arg("-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off")
	p.device("pxb-pcie,id=pxb1,bus_nr=64,numa_node=1,bus=pcie.0,addr=0x1")
	ports := []struct {
		bus, addr, speed, address string
		width, node               int
		max                       float64
	}{
		{"pcie.0", "0x2", "2_5", "0000:00:02.0", 1, -1, 2.5},
		{"pcie.0", "0x3", "16", "0000:00:03.0", 4, -1, 16},
		{"pcie.0", "0x4", "2_5", "0000:00:04.0", 1, -1, 2.5},
		{"pcie.0", "0x5", "8", "0000:00:05.0", 8, -1, 8},
		{"pxb1", "0x0", "2_5", "0000:40:00.0", 1, 1, 2.5},
		{"pxb1", "0x1", "2_5", "0000:40:01.0", 1, 1, 2.5},
	}
	for i, port := range ports {
		n := i + 1
		p.device("pcie-root-port,id=rp%d,bus=%s,addr=%s,chassis=%d,slot=%d,x-speed=%s,x-width=%d", n, port.bus, port.addr, n, n, port.speed, port.width)
		l := Link{PCIAddress: port.address, SpeedGTs: 2.5, MaxSpeedGTs: port.max, Width: 1, MaxWidth: port.width, NUMANode: port.node}
		if n == 4 { // Empty: QEMU then shows the port's own maximum.
			l.SpeedGTs, l.Width = port.max, port.width
		}
		p.Facts.Links = append(p.Facts.Links, l)
	}
	for slot, address := range []string{"0000:01:00.0", "0000:02:00.0", "0000:03:00.0", "", "0000:41:00.0", "0000:42:00.0"} {
		if address == "" {
			continue
		}
		node := -1
		if slot >= 4 {
			node = 1
		}
		p.Facts.Links = append(p.Facts.Links, Link{
			PCIAddress: address, SpeedGTs: 2.5, MaxSpeedGTs: 2.5, Width: 1, MaxWidth: 1,
			Slot: fmt.Sprint(slot + 1), NUMANode: node,
		})
	}
}

func (p *Profile) serverNVMe() {
	p.disk("nv0a", 64*mib)
	p.disk("nv0b", 32*mib)
	p.disk("nv1", 64*mib)
	p.device("nvme-subsys,id=ss0,nqn=lab-nvme0")
	p.device("nvme,id=nvme0,subsys=ss0,serial=PHLN123400NV0,bus=rp2")
	p.device("nvme-ns,drive=nv0a,bus=nvme0,nsid=1,eui64=0x5cd2e41122334455")
	p.device("nvme-ns,drive=nv0b,bus=nvme0,nsid=2,logical_block_size=4096,physical_block_size=4096")
	p.device("nvme,id=nvme1,serial=PHLN123400NV1,drive=nv1,bus=rp5")
	p.Facts.Drives = append(p.Facts.Drives,
		Drive{
			Protocol: "nvme", Model: nvmeModel, Serial: "PHLN123400NV0", SizeBytes: 96 * mib, RotationRPM: new(0), PCIAddress: "0000:02:00.0",
			Namespaces: []Namespace{{1, 64 * mib, 512, "5cd2e41122334455"}, {2, 32 * mib, 4096, ""}},
		},
		Drive{
			Protocol: "nvme", Model: nvmeModel, Serial: "PHLN123400NV1", SizeBytes: 64 * mib, RotationRPM: new(0), PCIAddress: "0000:41:00.0",
			Namespaces: []Namespace{{1, 64 * mib, 512, ""}},
		})
}

// nvmeModel is fixed in QEMU.
const nvmeModel = "QEMU NVMe Ctrl"

func (p *Profile) serverSATA() {
	p.sata(0, Drive{Model: "SAMSUNG MZ7LH960", Serial: "S45PNA0M520238", Firmware: "HXT7904Q", RotationRPM: new(0), WWN: "5002538e12345678"})
	p.sata(1, Drive{Model: "ST8000NM0055-1RM112", Serial: "ZC1B8K2A", Firmware: "SN05", RotationRPM: new(7200), WWN: "5000c500a1b2c3d4"})
}

// sata adds a drive to the chipset's AHCI controller.
func (p *Profile) sata(port int, d Drive) {
	id := fmt.Sprintf("sa%d", port)
	p.disk(id, 64*mib)
	p.device("ide-hd,id=sata%d,drive=%s,bus=ide.%d,serial=%s,model=%s,ver=%s,rotation_rate=%d,wwn=0x%s",
		port, id, port, d.Serial, d.Model, d.Firmware, rotationRate(d.RotationRPM), d.WWN)
	d.Protocol, d.SizeBytes, d.PCIAddress = "sata", 64*mib, "0000:00:1f.2"
	d.LogicalBlockBytes, d.PhysicalBlockBytes, d.NodeName = 512, 512, id
	p.Facts.Drives = append(p.Facts.Drives, d)
}

// rotationRate is the ATA and SCSI code: 1 stands for "not rotating".
func rotationRate(rpm *int) int {
	switch {
	case rpm == nil:
		return 0
	case *rpm == 0:
		return 1
	default:
		return *rpm
	}
}

func (p *Profile) serverSAS() {
	p.device("megasas-gen2,id=mr0,bus=rp3,hba_serial=SV12345678,sas_address=0x500605b000000001")
	p.device("mptsas1068,id=mpt0,bus=pcie.0,addr=0x6,sas_address=0x500605b000000100")
	p.Facts.Controllers = append(p.Facts.Controllers,
		Controller{"0000:03:00.0", "megaraid_sas", "SV12345678", "500605b000000001", true},
		Controller{"0000:00:06.0", "mptsas", "", "500605b000000100", false},
		Controller{"0000:00:1f.2", "ahci", "", "", false})
	p.sas("ms0", "mr0", 0, Drive{Vendor: "SEAGATE", Model: "ST600MM0009", Firmware: "CN04", Serial: "W0M0AAAA", WWN: "5000c500aaaa0000", RotationRPM: new(10000), PCIAddress: "0000:03:00.0", BehindRAID: true})
	p.sas("ms1", "mr0", 1, Drive{Vendor: "SEAGATE", Model: "ST600MM0009", Firmware: "CN04", Serial: "W0M0BBBB", WWN: "5000c500bbbb0000", RotationRPM: new(10000), PCIAddress: "0000:03:00.0", BehindRAID: true})
	p.sas("mp0", "mpt0", 0, Drive{Vendor: "HGST", Model: "HUC156060CSS200", Firmware: "A3F0", Serial: "0XG0AAAA", WWN: "5000cca0aaaa0000", RotationRPM: new(15000), PCIAddress: "0000:00:06.0"})
	p.sas("mp1", "mpt0", 1, Drive{Vendor: "SAMSUNG", Model: "MZILT960HAHQ", Firmware: "DSH5", Serial: "S4SGNA0M", WWN: "5002538bbbbb0000", RotationRPM: new(0), PCIAddress: "0000:00:06.0"})
}

// sas adds a drive to a SAS controller.
func (p *Profile) sas(id, controller string, target int, d Drive) {
	p.disk(id, 64*mib)
	port := ""
	if controller == "mr0" {
		port = ",port_index=1"
	}
	p.device("scsi-hd,bus=%s.0,scsi-id=%d,lun=0,drive=%s,vendor=%s,product=%s,ver=%s,serial=%s,device_id=%s,wwn=0x%s,port_wwn=0x%s1%s,rotation_rate=%d",
		controller, target, id, d.Vendor, d.Model, d.Firmware, d.Serial, d.Serial, d.WWN, strings.TrimSuffix(d.WWN, "0"), port, rotationRate(d.RotationRPM))
	d.Protocol, d.SizeBytes, d.LogicalBlockBytes, d.PhysicalBlockBytes, d.NodeName = "sas", 64*mib, 512, 512, id
	p.Facts.Drives = append(p.Facts.Drives, d)
}

// nic adds a network interface that reaches nobody.
func (p *Profile) nic(model, bus, mac, address string) {
	n := len(p.Facts.NICs)
	p.arg("-netdev", fmt.Sprintf("user,id=n%d,restrict=on", n))
	if bus != "" {
		bus = ",bus=" + bus
	}
	p.device("%s,id=nic%d,netdev=n%d%s,mac=%s", model, n, n, bus, mac)
	p.Facts.NICs = append(p.Facts.NICs, NIC{mac, strings.TrimSuffix(model, "-pci"), address})
}

func serverSMBIOS() smbiosgen.Machine {
	m := smbiosgen.Machine{
		BIOS:      smbiosgen.BIOS{Vendor: "Dell Inc.", Version: "2.19.1", ReleaseDate: "06/04/2023", Major: 2, Minor: 19, ROMSizeMiB: 32},
		System:    smbiosgen.System{Manufacturer: "Dell Inc.", ProductName: "PowerEdge R740", SerialNumber: "7F5R2M2", SKUNumber: "SKU=NotProvided;ModelName=PowerEdge R740", Family: "PowerEdge", UUID: "4c4c4544-0046-3510-8052-b4c04f4d3732"},
		Baseboard: smbiosgen.Baseboard{Manufacturer: "Dell Inc.", ProductName: "0WGD1", Version: "A05", SerialNumber: ".7F5R2M2.CNIVC0089F00XX."},
		Chassis:   smbiosgen.Chassis{Manufacturer: "Dell Inc.", SerialNumber: "7F5R2M2", Type: 0x17, HeightU: 2},
		Slots: []smbiosgen.Slot{
			{Designation: "PCIe Slot 1", ID: 1, Type: 0xB1, Width: 0x08, InUse: true, Address: "0000:01:00.0"},
			{Designation: "NVMe Bay 0", ID: 2, Type: 0xB9, Width: 0x0A, InUse: true, Address: "0000:02:00.0"},
			{Designation: "PCIe Slot 3", ID: 3, Type: 0xB3, Width: 0x0B, InUse: true, Address: "0000:03:00.0"},
			{Designation: "PCIe Slot 4", ID: 4, Type: 0xB5, Width: 0x0D, Address: "0000:04:00.0"},
			{Designation: "NVMe Bay 1", ID: 5, Type: 0xB9, Width: 0x0A, InUse: true, Address: "0000:41:00.0"},
		},
		OEMStrings: []string{"Dell System", "5[0000]"},
		Onboard: []smbiosgen.OnboardDevice{
			{Designation: "Integrated NIC 1", Type: 5, Instance: 1, Address: "0000:01:00.0"},
			{Designation: "Integrated NIC 2", Type: 5, Instance: 2, Address: "0000:42:00.0"},
		},
		HasBMC: true, VendorTypes: true,
	}
	for cpu := range 2 {
		m.Processors = append(m.Processors, serverProcessor(cpu))
		m.Arrays = append(m.Arrays, serverMemory(cpu))
		m.Supplies = append(m.Supplies, smbiosgen.PowerSupply{
			Location: fmt.Sprintf("PSU %d bay", cpu+1), Name: fmt.Sprintf("PSU%d", cpu+1), Manufacturer: "DELL",
			SerialNumber: supplySerial(cpu + 1), AssetTag: "N/A", PartNumber: "0PJMDN", Revision: "A02", MaxWatts: 750, Plugged: true,
		})
	}
	return m
}

func serverProcessor(n int) smbiosgen.Processor {
	p := smbiosgen.Processor{
		Socket: fmt.Sprintf("CPU%d", n+1), Manufacturer: "Intel", Version: serverCPU, Signature: 0x00050657,
		Cores: 20, CoresEnabled: 20, Threads: 40, ClockMHz: 100, MaxSpeedMHz: 4000, CurrentMHz: 2100,
	}
	for i, c := range []smbiosgen.Cache{{SizeKiB: 1280, Associativity: 7}, {SizeKiB: 20480, Associativity: 14}, {SizeKiB: 28160, Associativity: 2}} {
		c.Level = uint8(i + 1)
		c.Designation = fmt.Sprintf("L%d Cache", c.Level)
		p.Caches = append(p.Caches, c)
	}
	return p
}

// serverMemory is the array of one socket: three modules and an empty slot.
func serverMemory(cpu int) smbiosgen.MemoryArray {
	a := smbiosgen.MemoryArray{MaxCapacityBytes: 1536 << 30, ECC: 6}
	vendor, part, id := "00CE063200CE", "M393A4K40CB2-CVF", uint16(0xCE80)
	if cpu == 1 {
		vendor, part, id = "00AD063200AD", "HMA84GR7CJR4N-WM", 0xAD80
	}
	for i := range 4 {
		name := fmt.Sprintf("%c%d", 'A'+cpu, i+1)
		if i == 3 {
			a.Devices = append(a.Devices, smbiosgen.MemoryDevice{Locator: name, FormFactor: 9, Type: 2, TypeDetail: 4})
			continue
		}
		slot := 4*cpu + i
		a.Devices = append(a.Devices, smbiosgen.MemoryDevice{
			Locator: name, Manufacturer: vendor, SerialNumber: fmt.Sprintf("36F1A%03X", slot), AssetTag: fmt.Sprintf("0320360%d", slot), PartNumber: part,
			SizeBytes: 32 << 30, SpeedMTs: 2933, ConfiguredMTs: 2933, TotalBits: 72, DataBits: 64, Ranks: 2,
			FormFactor: 9, Type: 0x1A, TypeDetail: 0x2080, ModuleManufacturerID: id,
			MinMillivolts: 1200, MaxMillivolts: 1200, ConfiguredMillivolts: 1200,
		})
	}
	return a
}

func supplySerial(n int) string { return fmt.Sprintf("CNDED0091C20%d", n) }

func serverBMC() ipmigen.BMC {
	supply := func(n uint8) ipmigen.FRU {
		serial := supplySerial(int(n))
		return ipmigen.FRU{
			ID: n, Name: fmt.Sprintf("PSU%d FRU", n), Entity: 0x0A,
			Board:   &ipmigen.BoardArea{Minutes: 12_800_000, Manufacturer: "DELL", ProductName: "PWR SPLY,750WP,RDNT,ARTESYN", SerialNumber: serial, PartNumber: "0PJMDNA02", FileID: "FRU1.0"},
			Product: &ipmigen.ProductArea{Manufacturer: "DELL", Name: "PWR SPLY 750W", PartNumber: "0PJMDN", Version: "A02", SerialNumber: serial},
			Supply:  &ipmigen.SupplyRecord{CapacityWatts: 750, OutputMillivolts: 12000},
		}
	}
	return ipmigen.BMC{
		Name: "LAB BMC", ManufacturerID: 674, ProductID: 0x0100, Major: 4, Minor: 0x22,
		FRUs: []ipmigen.FRU{
			{
				Chassis: &ipmigen.ChassisArea{Type: 23, PartNumber: "0H21J3", SerialNumber: "7F5R2M2"},
				Board:   &ipmigen.BoardArea{Minutes: 13_000_000, Manufacturer: "DELL", ProductName: "PowerEdge R740 MLB", SerialNumber: "CNIVC0089F00XX", PartNumber: "0WGD1A05", FileID: "FRU1.0"},
				Product: &ipmigen.ProductArea{Manufacturer: "DELL", Name: "PowerEdge R740", PartNumber: "R740", Version: "A05", SerialNumber: "7F5R2M2", AssetTag: "ASSET-0042"},
			},
			supply(1), supply(2),
		},
		Sensors: []ipmigen.Sensor{
			{Name: "Inlet Temp", Number: 0x10, Type: 1, Entity: 7, Instance: 1, Unit: 1, Factor: 1, Raw: 24, Limits: &[6]uint8{60, 50, 45, 0, 3, 5}},
			{Name: "Fan1", Number: 0x20, Type: 4, Entity: 0x1D, Instance: 1, Unit: 18, Factor: 60, Raw: 120, Limits: &[6]uint8{255, 254, 253, 0, 5, 7}},
			{Name: "PSU1 Input Power", Number: 0x30, Type: 0x0B, Entity: 0x0A, Instance: 1, Unit: 6, Factor: 4, Raw: 45},
			{Name: "PSU2 Input Power", Number: 0x31, Type: 0x0B, Entity: 0x0A, Instance: 2, Unit: 6, Factor: 4, Raw: 44},
			{Name: "PS1 Status", Number: 0x40, Type: 8, Entity: 0x0A, Instance: 1, Discrete: true, States: []uint8{0}},
			{Name: "PS2 Status", Number: 0x41, Type: 8, Entity: 0x0A, Instance: 2, Discrete: true, States: []uint8{0}},
		},
		Events: []ipmigen.Event{
			{Seconds: 0x65000000, SensorType: 8, Number: 0x41, Data: [3]uint8{3, 0xFF, 0xFF}}, // PSU 2: input lost.
			{Seconds: 0x65000010, SensorType: 0x0C, Number: 0x50, Data: [3]uint8{0xA0, 0, 2}}, // Correctable ECC.
		},
	}
}
