package diff

// Result is how two reports differ. Lists are in the report's order.
type Result struct {
	Old Side `json:"old"`
	New Side `json:"new"`
	// Same is true without differences and without anything that could not be
	// compared; growth and readings do not count.
	Same bool `json:"same"`
	// Differences has one entry per part, and one more where its link changed.
	Differences []Difference `json:"differences"`
	// NotComparable is what one of the reports could not read.
	NotComparable []Gap `json:"not_comparable"`
	// Growth are the counters that moved.
	Growth []Growth `json:"growth"`
	// Volatile are the masked values that are not counters.
	Volatile []Reading `json:"volatile"`
}

// Side names one of the two reports.
type Side struct {
	SchemaVersion string `json:"schema_version"`
	StartedAt     string `json:"started_at,omitzero"`
	ToolVersion   string `json:"tool_version,omitzero"`
	Hostname      string `json:"hostname,omitzero"`
	SystemSerial  string `json:"system_serial,omitzero"`
}

// Kind says what happened to a part.
type Kind string

// The values of Kind.
const (
	Added    Kind = "added"
	Removed  Kind = "removed"
	Moved    Kind = "moved"    // the same part in another place
	Replaced Kind = "replaced" // another part in the same place
	Changed  Kind = "changed"  // the same part with other values
)

// Difference is one line for a technician.
type Difference struct {
	Kind Kind `json:"kind"`
	// Section is the report's key.
	Section string `json:"section"`
	// Text is the whole of it in words.
	Text string `json:"text"`
	// Old and New are the part in either report; both, unless it was added or
	// removed.
	Old *Part `json:"old,omitzero"`
	New *Part `json:"new,omitzero"`
	// Fields are the values that changed, for Moved and Changed.
	Fields []Field `json:"fields,omitzero"`
	// Also are differences that follow from this one: the PCI function of a
	// drive that was moved.
	Also []Difference `json:"also,omitzero"`

	trace trace
}

// Part names a part.
type Part struct {
	ID          string `json:"id,omitzero"`
	Place       string `json:"place,omitzero"`
	Description string `json:"description,omitzero"`
}

// Field is one value in both reports; null: the device did not say.
type Field struct {
	Path string `json:"path"`
	Old  any    `json:"old"`
	New  any    `json:"new"`

	abs, rel path // the same, within the report and within the part
}

// Gap is something that cannot be compared.
type Gap struct {
	Section     string `json:"section,omitzero"`
	ComponentID string `json:"component_id,omitzero"`
	Field       string `json:"field,omitzero"`
	Text        string `json:"text"`
}

// Growth is a counter that moved.
type Growth struct {
	ComponentID string `json:"component_id,omitzero"`
	Path        string `json:"path"`
	Old         any    `json:"old"`
	New         any    `json:"new"`
	// Usage is true for what grows with use: hours, bytes written.
	Usage bool `json:"usage"`
	// Reset is true when a counter that cannot fall did.
	Reset bool   `json:"reset"`
	Text  string `json:"text"`
}

// Reading is a masked value that is not the same in both reports.
type Reading struct {
	ComponentID string `json:"component_id,omitzero"`
	Field
	Text string `json:"text"`
}

// Lines is the result as text, one line each. All adds readings, usage and
// the differences that follow from others.
func (r *Result) Lines(all bool) []string {
	var lines []string
	for _, d := range r.Differences {
		lines = append(lines, d.Text)
		if all {
			lines = appendAlso(lines, d.Also, "  ")
		}
	}
	for _, g := range r.NotComparable {
		lines = append(lines, "not comparable: "+g.Text)
	}
	for _, g := range r.Growth {
		if all || !g.Usage {
			lines = append(lines, "counter: "+g.Text)
		}
	}
	if all {
		for _, v := range r.Volatile {
			lines = append(lines, "reading: "+v.Text)
		}
	}
	return lines
}

func appendAlso(lines []string, also []Difference, indent string) []string {
	for _, d := range also {
		lines = append(lines, indent+"with it: "+d.Text)
		lines = appendAlso(lines, d.Also, indent+"  ")
	}
	return lines
}
