package inventory

// GPU is one graphics processor or accelerator.
type GPU struct {
	Meta
	// Index is the driver's number.
	Index        *int   `json:"index,omitzero"`
	PCIAddress   string `json:"pci_address,omitzero"`
	Name         string `json:"name,omitzero"`
	Vendor       string `json:"vendor,omitzero"`
	Architecture string `json:"architecture,omitzero"`
	UUID         string `json:"uuid,omitzero"`
	SerialNumber string `json:"serial_number,omitzero"`
	// PartNumber is the board's.
	PartNumber     string `json:"part_number,omitzero"`
	VBIOS          string `json:"vbios,omitzero"`
	InfoROMVersion string `json:"inforom_version,omitzero"`
	// InfoROM are the versions of its objects: oem, ecc, power.
	InfoROM         map[string]string `json:"inforom,omitzero"`
	Driver          string            `json:"driver,omitzero"`
	DriverVersion   string            `json:"driver_version,omitzero"`
	CUDAVersion     string            `json:"cuda_version,omitzero"`
	MinorNumber     *int              `json:"minor_number,omitzero"`
	MemoryBytes     *uint64           `json:"memory_bytes,omitzero"`
	MemoryUsedBytes *uint64           `json:"memory_used_bytes,omitzero"`
	TempCelsius     *int              `json:"temp_celsius,omitzero"`
	// TempMemoryCelsius is the hottest memory reading.
	TempMemoryCelsius   *int     `json:"temp_memory_celsius,omitzero"`
	TempSlowdownCelsius *int     `json:"temp_slowdown_celsius,omitzero"`
	TempShutdownCelsius *int     `json:"temp_shutdown_celsius,omitzero"`
	PowerWatts          *float64 `json:"power_watts,omitzero"`
	PowerLimitWatts     *float64 `json:"power_limit_watts,omitzero"`
	PowerDefaultWatts   *float64 `json:"power_default_watts,omitzero"`
	PowerMaxWatts       *float64 `json:"power_max_watts,omitzero"`
	FanPercent          *int     `json:"fan_percent,omitzero"`
	// Clocks are in MHz: graphics, sm, memory, video; ClocksMax their limits.
	ClocksMHz    map[string]int `json:"clocks_mhz,omitzero"`
	ClocksMaxMHz map[string]int `json:"clocks_max_mhz,omitzero"`
	// ThrottleReasons are the active ones by name.
	ThrottleReasons  []string          `json:"throttle_reasons,omitzero"`
	PerformanceState string            `json:"performance_state,omitzero"`
	PersistenceMode  *bool             `json:"persistence_mode,omitzero"`
	ComputeMode      string            `json:"compute_mode,omitzero"`
	ECC              *GPUECC           `json:"ecc,omitzero"`
	RetiredPages     *GPURetiredPages  `json:"retired_pages,omitzero"`
	RemappedRows     *GPURemappedRows  `json:"remapped_rows,omitzero"`
	Link             *PCIeLink         `json:"pcie_link,omitzero"`
	PCIeReplays      *uint64           `json:"pcie_replays,omitzero"`
	NVLinks          []NVLink          `json:"nvlinks,omitzero"`
	MIG              *MIG              `json:"mig,omitzero"`
	LastXid          *Xid              `json:"last_xid,omitzero"`
	Unsupported      map[string]string `json:"unsupported,omitzero"`
	// State is ok, lost (on the bus but not in the driver), no_driver or
	// foreign_driver.
	State  string `json:"state,omitzero"`
	Health Health `json:"health,omitzero"`
}

// GPUECC is error correction: mode and counters.
type GPUECC struct {
	Enabled *bool `json:"enabled,omitzero"`
	// Pending is the mode after the next reboot.
	Pending *bool `json:"pending,omitzero"`
	// Volatile counts since the driver was loaded, Aggregate for life.
	VolatileCorrected    *uint64 `json:"volatile_corrected,omitzero"`
	VolatileUncorrected  *uint64 `json:"volatile_uncorrected,omitzero"`
	AggregateCorrected   *uint64 `json:"aggregate_corrected,omitzero"`
	AggregateUncorrected *uint64 `json:"aggregate_uncorrected,omitzero"`
}

// GPURetiredPages counts memory pages taken out of use.
type GPURetiredPages struct {
	SingleBit *int  `json:"single_bit,omitzero"`
	DoubleBit *int  `json:"double_bit,omitzero"`
	Pending   *bool `json:"pending,omitzero"`
}

// GPURemappedRows counts memory rows replaced by spares.
type GPURemappedRows struct {
	Correctable   *int  `json:"correctable,omitzero"`
	Uncorrectable *int  `json:"uncorrectable,omitzero"`
	Pending       *bool `json:"pending,omitzero"`
	Failure       *bool `json:"failure,omitzero"`
}

// NVLink is one link.
type NVLink struct {
	Link   int   `json:"link"`
	Active *bool `json:"active,omitzero"`
	// Version is the NVLink generation.
	Version          *int              `json:"version,omitzero"`
	RemotePCIAddress string            `json:"remote_pci_address,omitzero"`
	Errors           map[string]uint64 `json:"errors,omitzero"`
}

// MIG is multi-instance mode.
type MIG struct {
	Enabled   *bool         `json:"enabled,omitzero"`
	Pending   *bool         `json:"pending,omitzero"`
	Instances []MIGInstance `json:"instances,omitzero"`
}

// MIGInstance is one slice of a GPU.
type MIGInstance struct {
	Index       int     `json:"index"`
	UUID        string  `json:"uuid,omitzero"`
	Name        string  `json:"name,omitzero"`
	MemoryBytes *uint64 `json:"memory_bytes,omitzero"`
}

// Xid is an error the NVIDIA driver logged.
type Xid struct {
	Code   uint32 `json:"code"`
	Detail string `json:"detail,omitzero"`
}

// Kind implements [Component].
func (*GPU) Kind() string { return "gpu" }

func (g *GPU) addTo(r *Report) { r.GPUs = append(r.GPUs, *g) }
