package inventory

import (
	"encoding/json"
	"time"
)

// SchemaVersion is the version of the report's form. Minor versions only add.
const SchemaVersion = "1.0"

// Report is everything one run found, and how it came about.
type Report struct {
	SchemaVersion string    `json:"schema_version"`
	StartedAt     time.Time `json:"started_at"`
	FinishedAt    time.Time `json:"finished_at"`
	DurationMS    int64     `json:"duration_ms"`
	// ClockSynchronized is what the kernel says of its clock; nil: not said.
	ClockSynchronized *bool `json:"clock_synchronized,omitzero"`
	// Tool made the report.
	Tool Tool `json:"tool"`

	Host               *Host               `json:"host,omitzero"`
	Board              *Board              `json:"board,omitzero"`
	CPUs               []CPU               `json:"cpus,omitzero"`
	Memory             *Memory             `json:"memory,omitzero"`
	Storage            []Drive             `json:"storage,omitzero"`
	StorageControllers []StorageController `json:"storage_controllers,omitzero"`
	LogicalDrives      []LogicalDrive      `json:"logical_drives,omitzero"`
	PCIeDevices        []PCIeDevice        `json:"pcie_devices,omitzero"`
	PowerSupplies      []PowerSupply       `json:"power_supplies,omitzero"`
	GPUs               []GPU               `json:"gpus,omitzero"`
	Network            []NIC               `json:"network,omitzero"`
	BMC                *BMC                `json:"bmc,omitzero"`

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
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitzero"`
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
	Name string `json:"name"`
	// Sections are the report's keys this collector fills.
	Sections   []string `json:"sections"`
	Status     Status   `json:"status"`
	DurationMS int64    `json:"duration_ms"`
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
	Severity Severity `json:"severity"`
	// Code is stable and documented: memory.uncorrected_errors.
	Code string `json:"code"`
	// ComponentID is the part to look at; empty: the machine.
	ComponentID string `json:"component_id,omitzero"`
	Message     string `json:"message"`
	// Evidence are the readings that led to it, and the limits they crossed.
	Evidence map[string]string `json:"evidence,omitzero"`
}

// Add puts a component where it belongs in the report.
func (r *Report) Add(c Component) { c.addTo(r) }
