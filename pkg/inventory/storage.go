package inventory

// Drive is one physical or paravirtual disk. Logical drives of a RAID
// controller are [LogicalDrive]s.
type Drive struct {
	Meta
	// Device is the kernel name: nvme0, sda; empty for a drive that only its
	// RAID controller shows.
	Device string `json:"device,omitzero"`
	// Protocol is the command set.
	Protocol Protocol `json:"protocol,omitzero"`
	Vendor   string   `json:"vendor,omitzero"` // maker, as the source spells it
	Model    string   `json:"model,omitzero"`  // name of the model
	// SerialNumber is the drive's own.
	SerialNumber string `json:"serial_number,omitzero"`
	Firmware     string `json:"firmware,omitzero"` // firmware revision
	// WWN is lower-case hex without 0x.
	WWN string `json:"wwn,omitzero"`
	// SizeBytes is the capacity; for NVMe the total of the controller, else
	// the sum of its namespaces.
	SizeBytes          *uint64 `json:"size_bytes,omitzero"`
	LogicalBlockBytes  *uint32 `json:"logical_block_bytes,omitzero"`  // block size the drive is addressed in
	PhysicalBlockBytes *uint32 `json:"physical_block_bytes,omitzero"` // block size on the medium
	// RotationRPM is the speed of the platters; 0 = not rotating.
	RotationRPM *uint32 `json:"rotation_rpm,omitzero"`
	// FormFactor is 2.5_inch, m.2, ...
	FormFactor string `json:"form_factor,omitzero"`
	// LinkSpeedGbps is the negotiated speed of the SATA or SAS link,
	// MaxLinkSpeedGbps what the drive can do.
	LinkSpeedGbps    *float64 `json:"link_speed_gbps,omitzero"`
	MaxLinkSpeedGbps *float64 `json:"max_link_speed_gbps,omitzero"` // what the drive can do
	// PCIAddress is the function the drive is (NVMe) or hangs on.
	PCIAddress string `json:"pci_address,omitzero"`
	// NUMANode is the memory node nearest to that function, CPUID its
	// processor, where there is exactly one.
	NUMANode *int   `json:"numa_node,omitzero"`
	CPUID    string `json:"cpu_id,omitzero"`
	// ControllerID is the component id of its controller.
	ControllerID string `json:"controller_id,omitzero"`
	// Enclosure is where it sits.
	Enclosure *Enclosure `json:"enclosure,omitzero"`
	// Paths are all kernel devices that lead to this drive.
	Paths []string `json:"paths,omitzero"`
	// Namespaces are an NVMe drive's.
	Namespaces []Namespace `json:"namespaces,omitzero"`
	// SubsystemNQN is the NVMe subsystem's qualified name.
	SubsystemNQN string `json:"subsystem_nqn,omitzero"`
	// Transport is pcie, tcp, rdma, fc for NVMe; sata, sas, usb, ... else.
	Transport string `json:"transport,omitzero"`
	// FirmwareSlots are the images an NVMe drive holds; the key is the slot.
	FirmwareSlots map[string]string `json:"firmware_slots,omitzero"`
	// State is the RAID controller's word for a drive behind it.
	State string `json:"state,omitzero"`
	// Health is the drive's own account of itself.
	Health *DriveHealth `json:"health,omitzero"`
}

// Protocol is a drive's command set.
type Protocol string

// The values of Protocol.
const (
	ProtocolNVMe   Protocol = "nvme"
	ProtocolSATA   Protocol = "sata"
	ProtocolSAS    Protocol = "sas"
	ProtocolSCSI   Protocol = "scsi"
	ProtocolUSB    Protocol = "usb"
	ProtocolVirtio Protocol = "virtio"
	ProtocolMMC    Protocol = "mmc"
)

// Enclosure is a drive's place.
type Enclosure struct {
	ID   string `json:"id,omitzero"`   // enclosure
	Slot string `json:"slot,omitzero"` // bay or slot in it
}

// Namespace is one NVMe namespace.
type Namespace struct {
	NSID       uint32  `json:"nsid"`                 // number of the namespace
	SizeBytes  *uint64 `json:"size_bytes,omitzero"`  // size
	UsedBytes  *uint64 `json:"used_bytes,omitzero"`  // space in use
	BlockBytes *uint32 `json:"block_bytes,omitzero"` // block size
	EUI64      string  `json:"eui64,omitzero"`       // IEEE extended identifier, 16 hex digits
	NGUID      string  `json:"nguid,omitzero"`       // globally unique identifier, 32 hex digits
	UUID       string  `json:"uuid,omitzero"`        // universally unique identifier
	// Device is the kernel's block device: nvme0n1.
	Device string `json:"device,omitzero"`
}

// DriveHealth is SMART and its relatives. Which fields are there depends on
// the protocol and on what the drive implements.
type DriveHealth struct {
	// Status is the verdict; Reasons say what led to it.
	Status  Health   `json:"status"`
	Reasons []string `json:"reasons,omitzero"` // what led to the verdict
	// SelfAssessment is the drive's own overall verdict: passed, failed.
	SelfAssessment string `json:"self_assessment,omitzero"`
	// PowerMode is standby or sleep when the drive was not asked further, so
	// as not to wake it.
	PowerMode   string `json:"power_mode,omitzero"`
	TempCelsius *int   `json:"temp_celsius,omitzero"` // temperature
	// TempWarningCelsius and TempCriticalCelsius are the drive's own limits.
	TempWarningCelsius  *int `json:"temp_warning_celsius,omitzero"`
	TempCriticalCelsius *int `json:"temp_critical_celsius,omitzero"` // drive's own critical limit
	// TempSensorsCelsius are further sensors; the key is the sensor number.
	TempSensorsCelsius map[string]int `json:"temp_sensors_celsius,omitzero"`
	PowerOnHours       *uint64        `json:"power_on_hours,omitzero"` // time under power
	PowerCycles        *uint64        `json:"power_cycles,omitzero"`   // how often it was switched on
	// PercentageUsed is the endurance used up; it may pass 100.
	PercentageUsed                 *uint32 `json:"percentage_used,omitzero"`
	AvailableSparePercent          *uint32 `json:"available_spare_percent,omitzero"`           // spare capacity left
	AvailableSpareThresholdPercent *uint32 `json:"available_spare_threshold_percent,omitzero"` // below which the drive warns
	MediaErrors                    *uint64 `json:"media_errors,omitzero"`                      // errors the drive could not correct
	UnsafeShutdowns                *uint64 `json:"unsafe_shutdowns,omitzero"`                  // power losses without notice
	ErrorLogEntries                *uint64 `json:"error_log_entries,omitzero"`                 // errors the controller logged over its life
	BytesRead                      Decimal `json:"bytes_read,omitzero"`                        // read by the host
	BytesWritten                   Decimal `json:"bytes_written,omitzero"`                     // written by the host
	// CriticalWarnings are the bits an NVMe drive raised, by name.
	CriticalWarnings       []string `json:"critical_warnings,omitzero"`
	WarningTempMinutes     *uint64  `json:"warning_temp_minutes,omitzero"`     // time above the warning limit
	CriticalTempMinutes    *uint64  `json:"critical_temp_minutes,omitzero"`    // time above the critical limit
	ReallocatedSectors     *uint64  `json:"reallocated_sectors,omitzero"`      // sectors replaced by spares
	PendingSectors         *uint64  `json:"pending_sectors,omitzero"`          // sectors that wait to be replaced
	UncorrectableSectors   *uint64  `json:"uncorrectable_sectors,omitzero"`    // sectors that could not be read off line
	InterfaceCRCErrors     *uint64  `json:"interface_crc_errors,omitzero"`     // transfer errors on the cable
	GrownDefects           *uint64  `json:"grown_defects,omitzero"`            // defects since it was made
	NonMediumErrors        *uint64  `json:"non_medium_errors,omitzero"`        // errors not of the medium
	PredictiveFailureCount *uint64  `json:"predictive_failure_count,omitzero"` // failure predictions a RAID controller counted
	// ErrorCounters are SCSI's, by direction: read, write, verify.
	ErrorCounters map[string]ErrorCounter `json:"error_counters,omitzero"`
	// BackgroundScan is the state of the media scan.
	BackgroundScan *BackgroundScan `json:"background_scan,omitzero"`
	// SelfTests are the latest results, newest first.
	SelfTests []SelfTest `json:"self_tests,omitzero"`
	// Attributes are an ATA drive's.
	Attributes []SMARTAttribute `json:"attributes,omitzero"`
	// Statistics are ATA device statistics by name.
	Statistics map[string]Decimal `json:"statistics,omitzero"`
}

// ErrorCounter is one SCSI error counter log page.
type ErrorCounter struct {
	CorrectedFast    *uint64 `json:"corrected_fast,omitzero"`    // corrected without delay
	CorrectedDelayed *uint64 `json:"corrected_delayed,omitzero"` // corrected with delay
	Retries          *uint64 `json:"retries,omitzero"`           // rereads and rewrites
	TotalCorrected   *uint64 `json:"total_corrected,omitzero"`   // corrected in all
	Uncorrected      *uint64 `json:"uncorrected,omitzero"`       // not corrected
	BytesProcessed   Decimal `json:"bytes_processed,omitzero"`   // bytes processed
}

// BackgroundScan is SCSI's background media scan.
type BackgroundScan struct {
	Status          string   `json:"status,omitzero"`           // state of the scan
	ScansPerformed  *uint32  `json:"scans_performed,omitzero"`  // scans since it was made
	ProgressPercent *float64 `json:"progress_percent,omitzero"` // progress of the current scan
	MediumErrors    *uint32  `json:"medium_errors,omitzero"`    // errors found
}

// SelfTest is one result of a device self-test.
type SelfTest struct {
	Type   string `json:"type"`   // short, extended, ...
	Result string `json:"result"` // how it ended
	// PowerOnHours is when it ended.
	PowerOnHours *uint64 `json:"power_on_hours,omitzero"`
	// FailingLBA is where it stopped.
	FailingLBA Decimal `json:"failing_lba,omitzero"`
}

// SMARTAttribute is one ATA attribute as the drive gives it.
type SMARTAttribute struct {
	ID   uint8  `json:"id"`            // number of the attribute
	Name string `json:"name,omitzero"` // attribute's usual name
	// Value and Worst are normalised by the vendor, 1 to 253, higher is better.
	Value uint8 `json:"value"`
	Worst uint8 `json:"worst"` // lowest value so far
	// Threshold is where the vendor sees failure; nil when not given.
	Threshold *uint8 `json:"threshold,omitzero"`
	// Raw is the 48-bit vendor value, never interpreted here.
	Raw Decimal `json:"raw"`
	// PreFail is true for an attribute that foretells failure.
	PreFail bool `json:"pre_fail"`
	// WhenFailed is now, past or absent.
	WhenFailed string `json:"when_failed,omitzero"`
}

// StorageController is a host bus adapter or RAID controller.
type StorageController struct {
	Meta
	PCIAddress   string `json:"pci_address,omitzero"`   // address of its PCI function
	Driver       string `json:"driver,omitzero"`        // kernel driver
	Vendor       string `json:"vendor,omitzero"`        // maker, as the source spells it
	Model        string `json:"model,omitzero"`         // name of the model
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	Firmware     string `json:"firmware,omitzero"`      // firmware revision
	BIOS         string `json:"bios,omitzero"`          // BIOS revision
	// Kind is nvme, ahci, hba, raid, virtio, usb.
	ControllerKind string `json:"controller_kind,omitzero"`
	// Hosts are the kernel's SCSI host numbers.
	Hosts []string `json:"hosts,omitzero"`
	// SASAddress is that of the controller.
	SASAddress string `json:"sas_address,omitzero"`
	// HidesDrives is true when physical drives may exist behind it that could
	// not be listed.
	HidesDrives *bool `json:"hides_drives,omitzero"`
	// BatteryState is the cache protection's: optimal, failed, missing, ...
	BatteryState string  `json:"battery_state,omitzero"`
	CacheBytes   *uint64 `json:"cache_bytes,omitzero"` // size of its cache
	// Health is the verdict; unknown when the controller does not say.
	Health Health `json:"health,omitzero"`
}

// LogicalDrive is a volume a RAID controller presents.
type LogicalDrive struct {
	Meta
	ControllerID string `json:"controller_id,omitzero"` // component id of its controller
	Name         string `json:"name,omitzero"`          // name of the volume
	// Level is raid0, raid1, raid5, raid6, raid10, raid50, raid60, ...
	Level     string  `json:"level,omitzero"`
	SizeBytes *uint64 `json:"size_bytes,omitzero"` // size
	// State is optimal, degraded, partially_degraded, offline, unknown_0xNN.
	State      string   `json:"state,omitzero"`
	Device     string   `json:"device,omitzero"`      // kernel's block device
	StripBytes *uint32  `json:"strip_bytes,omitzero"` // data on one drive before the next
	MemberIDs  []string `json:"member_ids,omitzero"`  // component ids of its drives
	Health     Health   `json:"health,omitzero"`      // verdict
}

// Kind implements [Component].
func (*Drive) Kind() string { return "drive" }

func (d *Drive) addTo(r *Report) { r.Storage = append(r.Storage, *d) }

// Kind implements [Component].
func (*StorageController) Kind() string { return "storage_controller" }

func (c *StorageController) addTo(r *Report) { r.StorageControllers = append(r.StorageControllers, *c) }

// Kind implements [Component].
func (*LogicalDrive) Kind() string { return "logical_drive" }

func (l *LogicalDrive) addTo(r *Report) { r.LogicalDrives = append(r.LogicalDrives, *l) }
