package inventory

// GPU is one graphics processor or accelerator.
type GPU struct {
	Meta
	// Index is the driver's number.
	Index        *int   `json:"index,omitzero"`
	PCIAddress   string `json:"pci_address,omitzero"`   // address of its PCI function
	Name         string `json:"name,omitzero"`          // name of the model
	Vendor       string `json:"vendor,omitzero"`        // maker, as the source spells it
	Architecture string `json:"architecture,omitzero"`  // generation of the chip
	UUID         string `json:"uuid,omitzero"`          // universally unique identifier
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	// PartNumber is the board's.
	PartNumber     string `json:"part_number,omitzero"`
	VBIOS          string `json:"vbios,omitzero"`           // version of the video BIOS
	InfoROMVersion string `json:"inforom_version,omitzero"` // version of the InfoROM image
	// InfoROM are the versions of its objects: oem, ecc, power.
	InfoROM         map[string]string `json:"inforom,omitzero"`
	Driver          string            `json:"driver,omitzero"`            // kernel driver
	DriverVersion   string            `json:"driver_version,omitzero"`    // driver's version
	CUDAVersion     string            `json:"cuda_version,omitzero"`      // newest CUDA the driver speaks
	MinorNumber     *int              `json:"minor_number,omitzero"`      // N of /dev/nvidiaN
	MemoryBytes     *uint64           `json:"memory_bytes,omitzero"`      // memory on the board
	MemoryUsedBytes *uint64           `json:"memory_used_bytes,omitzero"` // memory in use
	TempCelsius     *int              `json:"temp_celsius,omitzero"`      // temperature of the chip
	// TempMemoryCelsius is the hottest memory reading.
	TempMemoryCelsius   *int     `json:"temp_memory_celsius,omitzero"`
	TempSlowdownCelsius *int     `json:"temp_slowdown_celsius,omitzero"` // where it slows down
	TempShutdownCelsius *int     `json:"temp_shutdown_celsius,omitzero"` // where it shuts down
	PowerWatts          *float64 `json:"power_watts,omitzero"`           // power it draws
	PowerLimitWatts     *float64 `json:"power_limit_watts,omitzero"`     // limit in force
	PowerDefaultWatts   *float64 `json:"power_default_watts,omitzero"`   // limit as delivered
	PowerMaxWatts       *float64 `json:"power_max_watts,omitzero"`       // highest limit that can be set
	FanPercent          *int     `json:"fan_percent,omitzero"`           // fan speed, of its maximum
	// Clocks are in MHz: graphics, sm, memory, video; ClocksMax their limits.
	ClocksMHz    map[string]int `json:"clocks_mhz,omitzero"`
	ClocksMaxMHz map[string]int `json:"clocks_max_mhz,omitzero"` // highest clocks
	// ThrottleReasons are the active ones by name.
	ThrottleReasons  []string          `json:"throttle_reasons,omitzero"`
	PerformanceState string            `json:"performance_state,omitzero"` // P0 (fastest) to P15
	PersistenceMode  *bool             `json:"persistence_mode,omitzero"`  // whether the driver stays loaded without users
	ComputeMode      string            `json:"compute_mode,omitzero"`      // default, exclusive_process or prohibited
	ECC              *GPUECC           `json:"ecc,omitzero"`               // error correction
	RetiredPages     *GPURetiredPages  `json:"retired_pages,omitzero"`     // memory pages taken out of use
	RemappedRows     *GPURemappedRows  `json:"remapped_rows,omitzero"`     // memory rows replaced by spares
	Link             *PCIeLink         `json:"pcie_link,omitzero"`         // link as the driver sees it
	PCIeReplays      *uint64           `json:"pcie_replays,omitzero"`      // packets sent again on the link
	NVLinks          []NVLink          `json:"nvlinks,omitzero"`           // links to other GPUs and switches
	MIG              *MIG              `json:"mig,omitzero"`               // multi-instance mode
	LastXid          *Xid              `json:"last_xid,omitzero"`          // last error the driver logged
	Unsupported      map[string]string `json:"unsupported,omitzero"`       // readings the GPU or driver does not have, with the reason
	// State is ok, lost (on the bus but not in the driver), no_driver or
	// foreign_driver.
	State string `json:"state,omitzero"`
	// BusyPercent is how much of the last moment it worked.
	BusyPercent *int `json:"busy_percent,omitzero"`
	// Firmware are the versions of the images its driver loaded or found.
	Firmware map[string]string `json:"firmware,omitzero"`
	// BlockErrors are the error counters of its blocks other than memory:
	// gfx, sdma, xgmi_wafl.
	BlockErrors map[string]GPUBlockErrors `json:"block_errors,omitzero"`
	// NUMANode is the nearest memory node, CPUID its processor, where there is
	// exactly one.
	NUMANode *int   `json:"numa_node,omitzero"`
	CPUID    string `json:"cpu_id,omitzero"`
	Health   Health `json:"health,omitzero"` // verdict
}

// GPUECC is error correction: mode and counters.
type GPUECC struct {
	Enabled *bool `json:"enabled,omitzero"` // whether it is switched on
	// Pending is the mode after the next reboot.
	Pending *bool `json:"pending,omitzero"`
	// Volatile counts since the driver was loaded, Aggregate for life.
	VolatileCorrected    *uint64 `json:"volatile_corrected,omitzero"`
	VolatileUncorrected  *uint64 `json:"volatile_uncorrected,omitzero"`  // since the driver was loaded
	AggregateCorrected   *uint64 `json:"aggregate_corrected,omitzero"`   // for life
	AggregateUncorrected *uint64 `json:"aggregate_uncorrected,omitzero"` // for life
}

// GPUBlockErrors counts errors of one block since the driver was loaded.
type GPUBlockErrors struct {
	Corrected   *uint64 `json:"corrected,omitzero"`
	Uncorrected *uint64 `json:"uncorrected,omitzero"`
}

// GPURetiredPages counts memory pages taken out of use.
type GPURetiredPages struct {
	SingleBit *int  `json:"single_bit,omitzero"` // for single-bit errors
	DoubleBit *int  `json:"double_bit,omitzero"` // for a double-bit error
	Pending   *bool `json:"pending,omitzero"`    // whether pages wait for a reboot to be retired
}

// GPURemappedRows counts memory rows replaced by spares.
type GPURemappedRows struct {
	Correctable   *int  `json:"correctable,omitzero"`   // for correctable errors
	Uncorrectable *int  `json:"uncorrectable,omitzero"` // for uncorrectable errors
	Pending       *bool `json:"pending,omitzero"`       // whether rows wait for a reset to be remapped
	Failure       *bool `json:"failure,omitzero"`       // whether a row could not be remapped
}

// NVLink is one link.
type NVLink struct {
	Link   int   `json:"link"`            // number of the link
	Active *bool `json:"active,omitzero"` // whether it is up
	// Version is the NVLink generation.
	Version          *int              `json:"version,omitzero"`
	RemotePCIAddress string            `json:"remote_pci_address,omitzero"` // what it leads to
	Errors           map[string]uint64 `json:"errors,omitzero"`             // error counters by name
}

// MIG is multi-instance mode.
type MIG struct {
	Enabled   *bool         `json:"enabled,omitzero"`   // whether it is switched on
	Pending   *bool         `json:"pending,omitzero"`   // the state after the next reboot or reset
	Instances []MIGInstance `json:"instances,omitzero"` // slices
}

// MIGInstance is one slice of a GPU.
type MIGInstance struct {
	Index       int     `json:"index"`                 // number
	UUID        string  `json:"uuid,omitzero"`         // slice's UUID
	Name        string  `json:"name,omitzero"`         // slice's profile
	MemoryBytes *uint64 `json:"memory_bytes,omitzero"` // slice's memory
}

// Xid is an error the NVIDIA driver logged.
type Xid struct {
	Code   uint32 `json:"code"`            // NVIDIA's number of the error
	Detail string `json:"detail,omitzero"` // what is said of it
	// BootSeconds is when it was logged, after the kernel's start.
	BootSeconds float64 `json:"boot_seconds"`
	// Logged is how often each number is in the log, for this GPU.
	Logged map[string]int `json:"logged,omitzero"`
}

// Kind implements [Component].
func (*GPU) Kind() string { return "gpu" }

func (g *GPU) addTo(r *Report) { r.GPUs = append(r.GPUs, *g) }
