package samples

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Desktop is a healthy small machine with no BMC, seen by a user who is not
// root.
func Desktop() *inventory.Report {
	r := base()
	r.ClockSynchronized = nil
	r.Host = &inventory.Host{Meta: meta("host", "/proc"), Hostname: "desk", Kernel: "6.12.9-amd64", Architecture: "x86_64", OS: "Debian GNU/Linux 13 (trixie)", BootMode: inventory.BootUEFI, SecureBoot: new(true)}
	r.Board = &inventory.Board{
		Meta: meta("board", "smbios"), SMBIOSVersion: "3.5.0", BIOS: &inventory.BIOS{Vendor: "Example Firmware", Version: "F21", ReleaseDate: "2024-05-02"},
		System: &inventory.System{Manufacturer: "Example Systems", ProductName: "Desk® Mini"},
	}
	r.CPUs = []inventory.CPU{{
		Meta: meta("cpu:AM5", "smbios"), Socket: "AM5", Present: new(true), Status: "enabled", Manufacturer: "Advanced Micro Devices, Inc.", Model: "AMD Ryzen 7 7700 8-Core Processor",
		Cores: new(uint32(8)), CoresEnabled: new(uint32(8)), Threads: new(uint32(16)), MaxSpeedMHz: new(uint32(5350)), Microcode: "0xa601206",
	}}
	r.Memory = &inventory.Memory{Meta: meta("memory", "smbios"), SizeBytes: gib(32), UsableBytes: new(uint64(32_900_000_000)), Slots: new(4), Populated: new(2), MaxCapacityBytes: gib(128), ECC: "none"}
	for i := range 4 {
		r.Memory.Modules = append(r.Memory.Modules, module(fmt.Sprintf("DIMM %d", i%2), fmt.Sprintf("P0 CHANNEL %c", 'A'+i/2), uint64(16*(i%2)), "ddr5", 5600, 5200, fmt.Sprintf("D5-%03d", i)))
	}
	vga := function("0000:03:00.0", "0000:00:01.1", "030000", "VGA compatible controller", "1002:743f", "Advanced Micro Devices, Inc. [AMD/ATI]", "Navi 24 [Radeon RX 6400/6500 XT]", "amdgpu")
	vga.Link = link(2.5, 4, 16, 4)
	nvme := function("0000:04:00.0", "0000:00:02.1", "010802", "Non-Volatile memory controller", "15b7:5030", "Sandisk Corp", "WD Black SN850X NVMe SSD", "nvme")
	nvme.Link = link(16, 4, 16, 4)
	nic := function("0000:05:00.0", "0000:00:02.2", "020000", "Ethernet controller", "10ec:8125", "Realtek Semiconductor Co., Ltd.", "RTL8125 2.5GbE Controller", "r8169")
	nic.Link = link(5, 1, 5, 1)
	r.PCIeDevices = []inventory.PCIeDevice{
		rootPort("0000:00:01.1", "", link(2.5, 4, 16, 4)), rootPort("0000:00:02.1", "M2_1", link(16, 4, 16, 4)), rootPort("0000:00:02.2", "", link(5, 1, 5, 1)),
		vga, nvme, nic,
	}
	r.Storage = []inventory.Drive{{
		Meta: inventory.Meta{ID: "drive:00BEE0DE5K", ParentID: "pci:0000:04:00.0"}, Device: "nvme0", Protocol: inventory.ProtocolNVMe, Model: "WD_BLACK SN850X 2000GB", SerialNumber: "00BEE0DE5K", Firmware: "620361WD",
		SizeBytes: new(uint64(2_000_398_934_016)), RotationRPM: new(uint32(0)), PCIAddress: "0000:04:00.0",
	}}
	r.Network = []inventory.NIC{{Meta: inventory.Meta{ID: "nic:0000:05:00.0", ParentID: "pci:0000:05:00.0"}, Name: "enp5s0", MAC: "02:00:5e:00:53:aa", Driver: "r8169", PCIAddress: "0000:05:00.0", LinkUp: new(true), SpeedMbps: new(uint32(1000)), Duplex: "full"}}
	end(r, "storage", inventory.StatusPartial, "nvme0: permission denied")
	for _, absent := range []string{"psu", "nvidia", "bmc"} {
		end(r, absent, inventory.StatusAbsent, "")
	}
	r.Issues = append(r.Issues, inventory.Issue{ComponentID: "drive:00BEE0DE5K", Field: "health", Kind: inventory.KindDenied, Source: "/dev/nvme0", Detail: "open /dev/nvme0: permission denied", Collector: "storage"})
	return finish(r)
}
