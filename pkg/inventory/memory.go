package inventory

// Memory is the machine's RAM.
type Memory struct {
	Meta
	// SizeBytes is the sum of the modules that are RAM, without the parts of
	// them that are set up as persistent memory; without SMBIOS what the
	// kernel manages, which is less (see Sources).
	SizeBytes *uint64 `json:"size_bytes,omitzero"`
	// UsableBytes is what the kernel manages (MemTotal).
	UsableBytes *uint64 `json:"usable_bytes,omitzero"`
	// Slots is the number of memory slots, Populated how many hold a module.
	Slots     *int `json:"slots,omitzero"`
	Populated *int `json:"populated,omitzero"` // how many slots hold a module
	// MaxCapacityBytes is the most the boards take, over all RAM arrays.
	MaxCapacityBytes *uint64 `json:"max_capacity_bytes,omitzero"`
	// ECC is the arrays' error correction: none, parity, single_bit_ecc,
	// multi_bit_ecc, crc; "mixed" where arrays differ.
	ECC string `json:"ecc,omitzero"`
	// Arrays are the physical memory arrays (SMBIOS type 16), table order.
	Arrays []MemoryArray `json:"arrays,omitzero"`
	// Controllers are the memory controllers the kernel's EDAC drivers watch.
	Controllers []MemoryController `json:"controllers,omitzero"`
	// Modules has one entry per SMBIOS type 17 record in table order, empty
	// slots included.
	Modules []MemoryModule `json:"modules,omitzero"`
	// Nodes are the kernel's memory nodes.
	Nodes []MemoryNode `json:"nodes,omitzero"`
}

// MemoryNode is one memory node (NUMA) of the kernel.
type MemoryNode struct {
	Node int `json:"node"`
	// SizeBytes is what the kernel manages there.
	SizeBytes *uint64 `json:"size_bytes,omitzero"`
	// Distances are the relative costs of each node's memory, in the order of
	// the nodes online.
	Distances []int `json:"distances,omitzero"`
}

// MemoryArray is one physical memory array.
type MemoryArray struct {
	Meta
	// Use is system_memory, video_memory, flash_memory, ...
	Use              string  `json:"use,omitzero"`
	Location         string  `json:"location,omitzero"`           // where it is
	ECC              string  `json:"ecc,omitzero"`                // error correction
	MaxCapacityBytes *uint64 `json:"max_capacity_bytes,omitzero"` // the most it takes
	Slots            *int    `json:"slots,omitzero"`              // how many slots it has
}

// MemoryController is one EDAC memory controller. Errors counted here and not
// joined to a module could not be told apart further.
type MemoryController struct {
	Meta
	Name string `json:"name,omitzero"` // driver's name of the controller
	// SizeBytes is the memory behind it.
	SizeBytes *uint64 `json:"size_bytes,omitzero"`
	// CorrectedErrors and UncorrectedErrors count since the driver was loaded.
	CorrectedErrors   *uint64 `json:"corrected_errors,omitzero"`
	UncorrectedErrors *uint64 `json:"uncorrected_errors,omitzero"` // errors that could not be corrected
	// CorrectedNoInfo and UncorrectedNoInfo could not be told to a module.
	CorrectedNoInfo   *uint64 `json:"corrected_no_info,omitzero"`
	UncorrectedNoInfo *uint64 `json:"uncorrected_no_info,omitzero"` // uncorrected errors that could not be told to a module
	// Modules are the EDAC's own view, also where no SMBIOS slot matches.
	Modules []EDACModule `json:"modules,omitzero"`
}

// EDACModule is a module (or chip-select row) as EDAC sees it.
type EDACModule struct {
	// Name is the sysfs name: dimm0, csrow2/ch1.
	Name string `json:"name"`
	// Label is the slot label the driver or administrator gave.
	Label string `json:"label,omitzero"`
	// Location is the driver's position: "channel 0 slot 1".
	Location          string  `json:"location,omitzero"`
	SizeBytes         *uint64 `json:"size_bytes,omitzero"`         // size of the module or row
	CorrectedErrors   *uint64 `json:"corrected_errors,omitzero"`   // errors that were corrected
	UncorrectedErrors *uint64 `json:"uncorrected_errors,omitzero"` // errors that could not be corrected
	// ModuleID is the memory module it was joined to.
	ModuleID string `json:"module_id,omitzero"`
}

// MemoryModule is one memory slot and what is in it.
type MemoryModule struct {
	Meta
	// Slot is the locator on the board, Bank the bank locator.
	Slot string `json:"slot,omitzero"`
	Bank string `json:"bank,omitzero"` // bank locator on the board
	// Present is false for an empty slot.
	Present *bool `json:"present,omitzero"`
	// SizeBytes is nil for an empty slot and when the firmware does not know.
	SizeBytes *uint64 `json:"size_bytes,omitzero"`
	// Type is the kind of memory: ddr4, ddr5, flash, ...
	Type string `json:"type,omitzero"`
	// Detail lists the type detail bits: registered, synchronous, ...
	Detail []string `json:"detail,omitzero"`
	// FormFactor is dimm, so_dimm, chip, ...
	FormFactor string `json:"form_factor,omitzero"`
	// SpeedMTs is what the module can do, ConfiguredSpeedMTs what it runs at,
	// in million transfers per second.
	SpeedMTs           *uint32 `json:"speed_mts,omitzero"`
	ConfiguredSpeedMTs *uint32 `json:"configured_speed_mts,omitzero"` // speed it runs at
	Manufacturer       string  `json:"manufacturer,omitzero"`         // maker, as the source spells it
	SerialNumber       string  `json:"serial_number,omitzero"`        // serial number; empty when none was filled in
	PartNumber         string  `json:"part_number,omitzero"`          // part number
	AssetTag           string  `json:"asset_tag,omitzero"`            // the owner's tag
	Ranks              *uint8  `json:"ranks,omitzero"`                // number of ranks
	// TotalWidthBits includes the check bits, DataWidthBits does not.
	TotalWidthBits *uint16 `json:"total_width_bits,omitzero"`
	DataWidthBits  *uint16 `json:"data_width_bits,omitzero"` // width without check bits
	// ConfiguredMillivolts is the voltage it runs at.
	ConfiguredMillivolts *uint16 `json:"configured_millivolts,omitzero"`
	// Technology is dram, nvdimm_n, intel_optane_persistent_memory, ...
	Technology string `json:"technology,omitzero"`
	// FirmwareVersion is that of a module which has firmware.
	FirmwareVersion string `json:"firmware_version,omitzero"`
	// CorrectedErrors and UncorrectedErrors are EDAC counters since the
	// driver was loaded.
	CorrectedErrors   *uint64 `json:"corrected_errors,omitzero"`
	UncorrectedErrors *uint64 `json:"uncorrected_errors,omitzero"` // errors that could not be corrected
}

// Kind implements [Component].
func (*Memory) Kind() string { return "memory" }

func (m *Memory) addTo(r *Report) {
	if r.Memory != nil && m.Modules == nil {
		m.Modules = r.Memory.Modules
	}
	r.Memory = m
}
