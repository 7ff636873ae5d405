package inventory

// PCIeDevice is one PCI function.
type PCIeDevice struct {
	Meta
	// Address is domain:bus:device.function, as the kernel spells it.
	Address string `json:"address"`
	// ClassID is six hex digits: base class, sub-class, interface.
	ClassID string `json:"class_id,omitzero"`
	// Class is the name of the class.
	Class string `json:"class,omitzero"`
	// VendorID, DeviceID and the subsystem ids are four lower-case hex digits.
	VendorID          string `json:"vendor_id,omitzero"`
	DeviceID          string `json:"device_id,omitzero"`           // device id, four hex digits
	SubsystemVendorID string `json:"subsystem_vendor_id,omitzero"` // vendor id of the board, four hex digits
	SubsystemDeviceID string `json:"subsystem_device_id,omitzero"` // device id of the board, four hex digits
	// Vendor, Device and Subsystem are the names in the id table.
	Vendor    string `json:"vendor,omitzero"`
	Device    string `json:"device,omitzero"`    // name of the device
	Subsystem string `json:"subsystem,omitzero"` // name of the board
	// Revision is two hex digits.
	Revision string `json:"revision,omitzero"`
	// Driver is the kernel driver bound to it.
	Driver string `json:"driver,omitzero"`
	// NUMANode is the nearest memory node; nil when the kernel knows none.
	NUMANode *int `json:"numa_node,omitzero"`
	// IOMMUGroup is the isolation group.
	IOMMUGroup *int `json:"iommu_group,omitzero"`
	// Slot is the physical slot's name: SMBIOS designation, else the kernel's
	// slot, else the number in the slot capability of the port above.
	Slot string `json:"slot,omitzero"`
	// Label is the firmware's name of an onboard device.
	Label string `json:"label,omitzero"`
	// Parent is the address of the bridge above it.
	Parent string `json:"parent,omitzero"`
	// SerialNumber is the Device Serial Number capability: 16 hex digits.
	SerialNumber string `json:"serial_number,omitzero"`
	// PortType is the PCI Express type: endpoint, root_port, ...
	PortType string `json:"port_type,omitzero"`
	// PowerState is the kernel's word: D0, D3hot, ...
	PowerState string `json:"power_state,omitzero"`
	// Enabled is false when the kernel has not enabled the function.
	Enabled *bool `json:"enabled,omitzero"`
	// Link is the PCI Express link towards the root.
	Link *PCIeLink `json:"pcie_link,omitzero"`
	// AER are the error counters since boot.
	AER *AER `json:"aer,omitzero"`
	// VPD is the vital product data.
	VPD *VPD `json:"vpd,omitzero"`
	// VFs counts virtual functions; VirtualFunctionOf is set on one.
	VFs               *VirtualFunctions `json:"virtual_functions,omitzero"`
	VirtualFunctionOf string            `json:"virtual_function_of,omitzero"` // address of the physical function
	// UnassignedBARs are the numbers of address windows that got no address.
	UnassignedBARs []int `json:"unassigned_bars,omitzero"`
	// OffBus is true when configuration space reads as all ones: the device
	// no longer answers.
	OffBus *bool `json:"off_bus,omitzero"`
}

// PCIeLink is the state of a link.
type PCIeLink struct {
	// CurrentSpeedGTs and MaxSpeedGTs are in gigatransfers per second.
	CurrentSpeedGTs *float64 `json:"current_speed_gts,omitzero"`
	MaxSpeedGTs     *float64 `json:"max_speed_gts,omitzero"` // highest speed this end can do
	// CurrentWidth and MaxWidth are in lanes.
	CurrentWidth *int `json:"current_width,omitzero"`
	MaxWidth     *int `json:"max_width,omitzero"` // most lanes this end has
	// AttainableSpeedGTs and AttainableWidth are the smaller of both ends'
	// maxima, what this link could do where it is plugged.
	AttainableSpeedGTs *float64 `json:"attainable_speed_gts,omitzero"`
	AttainableWidth    *int     `json:"attainable_width,omitzero"` // lanes both ends have
	// Degraded is true when the link runs narrower or slower than both ends
	// could; nil for bridges with nothing behind and when an end is unknown.
	Degraded *bool `json:"degraded,omitzero"`
}

// AER counts reported PCI Express errors.
type AER struct {
	Correctable *uint64 `json:"correctable,omitzero"` // corrected by hardware
	Nonfatal    *uint64 `json:"nonfatal,omitzero"`    // uncorrectable, link still usable
	Fatal       *uint64 `json:"fatal,omitzero"`       // uncorrectable, link unreliable
	// Kinds are the counters that are not zero, by the kernel's names.
	Kinds map[string]uint64 `json:"kinds,omitzero"`
}

// VPD is vital product data, as far as the device has it.
type VPD struct {
	Name             string `json:"name,omitzero"`              // maker's name of the product
	PartNumber       string `json:"part_number,omitzero"`       // part number
	SerialNumber     string `json:"serial_number,omitzero"`     // serial number; empty when none was filled in
	EngineeringLevel string `json:"engineering_level,omitzero"` // engineering change level
	ManufactureID    string `json:"manufacture_id,omitzero"`    // maker's id
	// Fields are all other keywords.
	Fields map[string]string `json:"fields,omitzero"`
}

// VirtualFunctions is the SR-IOV state of a physical function.
type VirtualFunctions struct {
	Total   *int `json:"total,omitzero"`   // how many it could have
	Enabled *int `json:"enabled,omitzero"` // how many it has
}

// Kind implements [Component].
func (*PCIeDevice) Kind() string { return "pcie_device" }

func (d *PCIeDevice) addTo(r *Report) { r.PCIeDevices = append(r.PCIeDevices, *d) }
