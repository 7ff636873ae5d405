package inventory

// CPU is one processor socket: one per SMBIOS type 4 central processor, in
// table order; without SMBIOS one per physical package the kernel knows.
type CPU struct {
	Meta
	// Socket is the designation on the board.
	Socket string `json:"socket,omitzero"`
	// Present is true when the socket holds a processor; nil: not said.
	Present *bool `json:"present,omitzero"`
	// Status is the firmware's word: enabled, disabled_by_user,
	// disabled_by_bios, idle, other, unknown. One that the firmware calls
	// disabled and the kernel runs on is enabled.
	Status string `json:"status,omitzero"`
	// Manufacturer is as the firmware spells it.
	Manufacturer string `json:"manufacturer,omitzero"`
	// Model is the name of the part.
	Model string `json:"model,omitzero"`
	// Family is the SMBIOS processor family.
	Family       string `json:"family,omitzero"`
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	PartNumber   string `json:"part_number,omitzero"`   // part number
	AssetTag     string `json:"asset_tag,omitzero"`     // the owner's tag
	// Cores is the number of cores on the part.
	Cores *uint32 `json:"cores,omitzero"`
	// CoresEnabled is the number of cores the firmware enabled.
	CoresEnabled *uint32 `json:"cores_enabled,omitzero"`
	// Threads is the number of hardware threads.
	Threads *uint32 `json:"threads,omitzero"`
	// MaxSpeedMHz is the fastest the socket supports, as the firmware says.
	MaxSpeedMHz *uint32 `json:"max_speed_mhz,omitzero"`
	// CurrentSpeedMHz is the speed at boot, as the firmware says.
	CurrentSpeedMHz *uint32 `json:"current_speed_mhz,omitzero"`
	// CPUFamily, CPUModel and Stepping are the numbers of CPUID (x86), as
	// /proc/cpuinfo gives them.
	CPUFamily *uint32 `json:"cpu_family,omitzero"`
	CPUModel  *uint32 `json:"cpu_model,omitzero"` // model number of CPUID
	Stepping  *uint32 `json:"stepping,omitzero"`  // stepping of CPUID
	// Microcode is the revision in use: 0x5003604.
	Microcode string `json:"microcode,omitzero"`
	// PackageID is the kernel's physical package number.
	PackageID *int `json:"package_id,omitzero"`
	// NUMANodes are the memory nodes its threads belong to.
	NUMANodes []int `json:"numa_nodes,omitzero"`
	// OnlineThreads counts the threads the kernel uses.
	OnlineThreads *uint32 `json:"online_threads,omitzero"`
	// OfflineCPUs are kernel CPU numbers of this package that are offline.
	OfflineCPUs []int `json:"offline_cpus,omitzero"`
	// Caches sum up the package's caches by level and type.
	Caches []Cache `json:"caches,omitzero"`
	// Vulnerabilities maps the kernel's names to its verdicts.
	Vulnerabilities map[string]string `json:"vulnerabilities,omitzero"`
	// Throttle counts thermal throttling since boot.
	Throttle *Throttle `json:"throttle,omitzero"`
	// VoltageMillivolts is the operating voltage the firmware reports.
	VoltageMillivolts *uint32 `json:"voltage_millivolts,omitzero"`
	// Upgrade is the kind of socket: socket_lga3647.
	Upgrade string `json:"upgrade,omitzero"`
}

// Cache is all caches of one level and type in one package.
type Cache struct {
	Level uint8 `json:"level"` // 1 is nearest to the core
	// Type is data, instruction or unified.
	Type string `json:"type,omitzero"`
	// SizeBytes is the size of one instance.
	SizeBytes uint64 `json:"size_bytes"`
	// Count is the number of instances in the package; nil when only the
	// firmware's total is known.
	Count *uint32 `json:"count,omitzero"`
	// Associativity is the number of ways; 0xFFFFFFFF stands for fully.
	Ways *uint32 `json:"ways,omitzero"`
	// LineBytes is the line size.
	LineBytes *uint32 `json:"line_bytes,omitzero"`
	// ErrorCorrection is the firmware's word: none, parity, single_bit_ecc.
	ErrorCorrection string `json:"error_correction,omitzero"`
}

// Throttle counts how often heat slowed a package.
type Throttle struct {
	// PackageCount is the highest package counter of its threads.
	PackageCount *uint64 `json:"package_count,omitzero"`
	// CoreCount is the sum over its cores.
	CoreCount *uint64 `json:"core_count,omitzero"`
}

// Kind implements [Component].
func (*CPU) Kind() string { return "cpu" }

func (c *CPU) addTo(r *Report) { r.CPUs = append(r.CPUs, *c) }
