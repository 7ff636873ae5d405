package inventory

// CXLDevice is one CXL memory device (Type 3).
type CXLDevice struct {
	Meta
	// Device is the kernel name: mem0.
	Device string `json:"device,omitzero"`
	// PCIAddress is the function it is.
	PCIAddress string `json:"pci_address,omitzero"`
	// SerialNumber is that of the device's registers: 16 hex digits.
	SerialNumber string `json:"serial_number,omitzero"`
	// Firmware is the running firmware's revision.
	Firmware string `json:"firmware,omitzero"`
	// VolatileBytes and PersistentBytes are how its capacity is divided.
	VolatileBytes   *uint64 `json:"volatile_bytes,omitzero"`
	PersistentBytes *uint64 `json:"persistent_bytes,omitzero"`
	// LabelStorageBytes is the space for namespace labels.
	LabelStorageBytes *uint64 `json:"label_storage_bytes,omitzero"`
	// SecurityState is the kernel's word: disabled, unlocked, locked, frozen,
	// overwrite, sanitize.
	SecurityState string `json:"security_state,omitzero"`
	// NUMANode is the nearest memory node.
	NUMANode *int `json:"numa_node,omitzero"`
	// CPUID is the processor of that node, where there is exactly one.
	CPUID string `json:"cpu_id,omitzero"`
}

// Kind implements [Component].
func (*CXLDevice) Kind() string { return "cxl_device" }

func (d *CXLDevice) addTo(r *Report) { r.CXLDevices = append(r.CXLDevices, *d) }
