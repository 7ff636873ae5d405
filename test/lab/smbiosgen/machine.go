// Package smbiosgen encodes the SMBIOS tables of an imagined machine.
//
// The values of a [Machine] are what the emulated machine is made of; tests
// compare reports against them. Layouts follow DMTF DSP0134 3.3; no decoder of
// the project is used, so that the two sides stay independent.
package smbiosgen

// Machine is everything the tables say about a machine.
type Machine struct {
	BIOS        BIOS
	System      System
	Baseboard   Baseboard
	Chassis     Chassis
	Processors  []Processor
	Arrays      []MemoryArray
	Slots       []Slot
	OEMStrings  []string
	Supplies    []PowerSupply
	Onboard     []OnboardDevice
	HasBMC      bool // Type 38: KCS at I/O port 0xCA2.
	VendorTypes bool // Types 208 and 221, as real vendors add them.
}

// BIOS is type 0.
type BIOS struct {
	Vendor, Version, ReleaseDate string
	Major, Minor                 uint8 // BIOS release.
	ROMSizeMiB                   uint16
}

// System is type 1.
type System struct {
	Manufacturer, ProductName, Version, SerialNumber, SKUNumber, Family string
	UUID                                                                string // Canonical text, lower case.
}

// Baseboard is type 2.
type Baseboard struct {
	Manufacturer, ProductName, Version, SerialNumber, AssetTag string
}

// Chassis is type 3.
type Chassis struct {
	Manufacturer, Version, SerialNumber, AssetTag string
	Type                                          uint8
	HeightU                                       uint8
}

// Processor is type 4, with its caches (type 7).
type Processor struct {
	Socket, Manufacturer, Version, SerialNumber, AssetTag, PartNumber string

	Signature                         uint32 // CPUID leaf 1 EAX.
	Cores, CoresEnabled, Threads      uint16
	MaxSpeedMHz, CurrentMHz, ClockMHz uint16
	Caches                            []Cache
}

// Cache is type 7.
type Cache struct {
	Designation   string
	Level         uint8 // 1 for L1.
	SizeKiB       uint16
	Associativity uint8 // DSP0134 7.8.5.
}

// MemoryArray is type 16 with its slots (type 17).
type MemoryArray struct {
	MaxCapacityBytes uint64
	ECC              uint8 // DSP0134 7.17.3: 3 none, 6 multi-bit.
	Devices          []MemoryDevice
}

// MemoryDevice is type 17. SizeBytes 0 is an empty slot.
type MemoryDevice struct {
	Locator, Bank                                      string
	Manufacturer, SerialNumber, AssetTag, PartNumber   string
	SizeBytes                                          uint64
	SpeedMTs, ConfiguredMTs, TotalBits, DataBits       uint16
	Ranks                                              uint8
	Type, FormFactor                                   uint8 // DSP0134 7.18.2 and 7.18.1.
	TypeDetail                                         uint16
	ModuleManufacturerID                               uint16
	MinMillivolts, MaxMillivolts, ConfiguredMillivolts uint16
}

// Slot is type 9. Address is a PCI address like "0000:02:00.0".
type Slot struct {
	Designation string
	ID          uint16
	Type        uint8 // DSP0134 7.10.1.
	Width       uint8 // DSP0134 7.10.2.
	InUse       bool
	Address     string
}

// PowerSupply is type 39. MaxWatts 0 means that the table does not say.
type PowerSupply struct {
	Location, Name, Manufacturer, SerialNumber, AssetTag, PartNumber, Revision string

	MaxWatts uint16
	Plugged  bool // "Unplugged" bit of the characteristics when false.
}

// OnboardDevice is type 41.
type OnboardDevice struct {
	Designation string
	Type        uint8 // DSP0134 7.42.2: 5 Ethernet.
	Instance    uint8
	Address     string
}
