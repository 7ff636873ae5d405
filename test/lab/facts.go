package lab

import (
	"example.com/bee/test/lab/ipmigen"
	"example.com/bee/test/lab/smbiosgen"
)

// Facts is what was plugged into the emulated machine. Where a value is zero,
// the machine does not show it.
type Facts struct {
	SMBIOS      smbiosgen.Machine
	BMC         ipmigen.BMC
	Drives      []Drive
	Controllers []Controller
	NICs        []NIC
	Links       []Link
}

// Drive is a drive as the emulated hardware describes itself.
type Drive struct {
	Protocol                              string // nvme, sata, sas, scsi, usb, virtio, mmc.
	Vendor, Model, Serial, Firmware       string
	WWN                                   string // Lower-case hexadecimal digits, no 0x.
	SizeBytes                             int64  // Of the drive or, for NVMe, of all namespaces.
	LogicalBlockBytes, PhysicalBlockBytes int
	RotationRPM                           *int // Nil: not said; 0: not rotating.
	PCIAddress                            string
	BehindRAID                            bool // Not a block device of the kernel.
	Namespaces                            []Namespace
	CriticalWarning                       uint8  // NVMe SMART log byte 0.
	NodeName                              string // Block node, for faults.
}

// Namespace is one NVMe namespace.
type Namespace struct {
	NSID       uint32
	SizeBytes  int64
	BlockBytes int
	EUI64      string
}

// Controller is a storage controller with drives of its own.
type Controller struct {
	PCIAddress, Driver, Serial, SASAddress string
	RAID                                   bool
}

// NIC is a network interface.
type NIC struct {
	MAC, Driver, PCIAddress string
}

// Link is the PCI Express link of a function.
type Link struct {
	PCIAddress            string
	SpeedGTs, MaxSpeedGTs float64
	Width, MaxWidth       int
	Slot                  string // Name below /sys/bus/pci/slots.
	Degraded              bool   // The far end could do more.
	NUMANode              int    // -1: none.
}
