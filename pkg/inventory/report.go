package inventory

import (
	"encoding/json"
	"time"
)

// SchemaVersion is the version of the report's form. Minor versions only add.
const SchemaVersion = "1.0"

// Report is everything one run found, and how it came about.
type Report struct {
	SchemaVersion string    `json:"schema_version"` // version of this form, major.minor
	StartedAt     time.Time `json:"started_at"`     // when the run began, UTC
	FinishedAt    time.Time `json:"finished_at"`    // when it ended, UTC
	DurationMS    int64     `json:"duration_ms"`    // how long it took, in milliseconds
	// ClockSynchronized is what the kernel says of its clock; nil: not said.
	ClockSynchronized *bool `json:"clock_synchronized,omitzero"`
	// Tool made the report.
	Tool Tool `json:"tool"`

	Host               *Host               `json:"host,omitzero"`                // running system
	Board              *Board              `json:"board,omitzero"`               // firmware, system, boards and enclosures
	CPUs               []CPU               `json:"cpus,omitzero"`                // processor sockets
	Memory             *Memory             `json:"memory,omitzero"`              // RAM and its slots
	Storage            []Drive             `json:"storage,omitzero"`             // drives
	StorageControllers []StorageController `json:"storage_controllers,omitzero"` // host bus adapters and RAID controllers
	LogicalDrives      []LogicalDrive      `json:"logical_drives,omitzero"`      // RAID volumes
	PCIeDevices        []PCIeDevice        `json:"pcie_devices,omitzero"`        // PCI functions
	PowerSupplies      []PowerSupply       `json:"power_supplies,omitzero"`      // power supply bays
	GPUs               []GPU               `json:"gpus,omitzero"`                // graphics processors and accelerators
	CXLDevices         []CXLDevice         `json:"cxl_devices,omitzero"`         // CXL memory devices
	Network            []NIC               `json:"network,omitzero"`             // network interfaces
	Sensors            []HostSensor        `json:"sensors,omitzero"`             // sensors the kernel reads
	Trust              *Trust              `json:"trust,omitzero"`               // how the system was started, TPMs
	Firmware           []FirmwareResource  `json:"firmware,omitzero"`            // firmware that the system can update
	BMC                *BMC                `json:"bmc,omitzero"`                 // baseboard management controller
	// Topology is made by [Report.Join].
	Topology *Topology `json:"topology,omitzero"`

	// Collectors says how each collector ended, in the report's order.
	Collectors []Outcome `json:"collectors"`
	// Issues are all things that should have been readable and were not.
	Issues []Issue `json:"issues"`
	// Findings are what is wrong with the machine, the worst first.
	Findings []Finding `json:"findings"`
	// Extensions are third parties' parts, by domain-qualified key.
	Extensions map[string]json.RawMessage `json:"extensions,omitzero"`
}

// Tool names the program that made a report.
type Tool struct {
	Name    string `json:"name"`            // name of the program
	Version string `json:"version"`         // version of the program
	Commit  string `json:"commit,omitzero"` // commit it was built from
}

// Status says how one collector ended.
type Status string

// The values of Status.
const (
	StatusOK      Status = "ok"      // everything read
	StatusPartial Status = "partial" // at least one component, and issues
	StatusAbsent  Status = "absent"  // the machine has no such interface
	StatusDenied  Status = "denied"  // nothing, for want of permission
	StatusTimeout Status = "timeout" // nothing in time
	StatusFailed  Status = "failed"  // nothing, for another reason
	StatusNotRun  Status = "not_run" // left out on request
)

// Outcome is how one collector ended.
type Outcome struct {
	Name string `json:"name"` // name of the collector
	// Sections are the report's keys this collector fills.
	Sections   []string `json:"sections"`
	Status     Status   `json:"status"`      // how it ended
	DurationMS int64    `json:"duration_ms"` // how long it took, in milliseconds
	// ReadAt is when its readings were begun.
	ReadAt *time.Time `json:"read_at,omitzero"`
	// Error sums up the issues; empty when there are none.
	Error string `json:"error,omitzero"`
}

// Severity orders findings.
type Severity string

// The values of Severity, the worst first.
const (
	SeverityCritical Severity = "critical"
	SeverityWarning  Severity = "warning"
	SeverityInfo     Severity = "info"
)

// Finding is one thing that is wrong, or that a person should know.
type Finding struct {
	Severity Severity `json:"severity"` // how bad it is
	// Code is stable and documented: memory.uncorrected_errors.
	Code string `json:"code"`
	// ComponentID is the part to look at; empty: the machine.
	ComponentID string `json:"component_id,omitzero"`
	Message     string `json:"message"` // the finding in words
	// Evidence are the readings that led to it, and the limits they crossed.
	Evidence map[string]string `json:"evidence,omitzero"`
}

// Add puts a component where it belongs in the report.
func (r *Report) Add(c Component) { c.addTo(r) }
