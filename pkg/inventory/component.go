package inventory

// Meta is what every component of the machine carries.
type Meta struct {
	// ID names the component, stable across boots and positional:
	// "dimm:P1/DIMM_A1", "pci:0000:01:00.0", "drive:5000c500a1b2c3d4". When two
	// would be equal, later ones end in "#2", "#3", and a finding says so.
	ID string `json:"id"`
	// ParentID is the component this one sits in or behind.
	ParentID string `json:"parent_id,omitzero"`
	// Sources are the interfaces the data came from.
	Sources []string `json:"sources,omitzero"`
	// Provenance explains fields on which sources disagreed.
	Provenance map[string]Provenance `json:"provenance,omitzero"`
}

// Provenance tells where a disputed value came from and what else was said.
type Provenance struct {
	// Source is the interface whose value the report carries.
	Source string `json:"source"`
	// Rejected maps the other interfaces to the values they gave.
	Rejected map[string]string `json:"rejected,omitzero"`
}

// A Component is one part of the machine, or the whole of a section that has
// only one. The set is closed: a type decides which section it belongs to.
// Third parties put theirs into an [Extension].
type Component interface {
	// Kind is the type's name in a stream of components.
	Kind() string
	addTo(r *Report)
}

// Health is the verdict on one part, the same enum everywhere.
type Health string

// The values of Health.
const (
	HealthOK       Health = "ok"
	HealthWarning  Health = "warning"
	HealthCritical Health = "critical"
	HealthUnknown  Health = "unknown" // not said, or not readable
)

// Decimal is a non-negative whole number that may pass 2^53, where JSON
// readers lose digits; it is written as a string of digits.
type Decimal string
