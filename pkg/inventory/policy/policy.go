package policy

// Policy is what a machine should be.
type Policy struct {
	// Name is for people.
	Name string
	// Collectors must have ended ok.
	Collectors []string
	// Health bounds the findings; nil: they do not matter.
	Health *HealthRule
	// Rules are about parts.
	Rules []Rule

	collectorsLine int
}

// HealthRule bounds the findings.
type HealthRule struct {
	// No are the severities that must not be there.
	No []string
	// Except are codes of findings that do not matter.
	Except []string

	line int
}

// Rule is about the parts of one list, or about one object.
type Rule struct {
	Name string
	// Parts is the JSON path without brackets: memory.modules, board.bios.
	Parts string
	// Where chooses among them. Empty slots are left out unless it speaks of
	// "present".
	Where []Condition
	// Count bounds how many there are. Without any, there must be one at least
	// when Each is given.
	Count *Count
	// Each holds for every one of them.
	Each []Condition
	// Exactly is the bill of materials: every part fits a line, and every line
	// has its number of parts. Nil: not given.
	Exactly []Line

	line int
}

// Count bounds a number; nil: unbounded.
type Count struct{ AtLeast, AtMost *int }

// Line is one line of a bill of materials.
type Line struct {
	Count  int
	Fields []Condition
}

// Status is the answer of one rule.
type Status string

// The answers.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Unknown Status = "unknown" // not readable, so nobody can tell
)

// worse is the worse of two answers.
func worse(a, b Status) Status {
	switch {
	case a == Fail || b == Fail:
		return Fail
	case a == Unknown || b == Unknown:
		return Unknown
	}
	return Pass
}

// Verdict is the answer of a policy.
type Verdict struct {
	Policy  string   `json:"policy,omitzero"`
	Status  Status   `json:"status"`
	Passed  int      `json:"passed"`
	Failed  int      `json:"failed"`
	Unknown int      `json:"unknown"`
	Results []Result `json:"results"`
}

// Result is the answer of one rule.
type Result struct {
	Rule string `json:"rule"`
	// Line is where the rule stands in the policy.
	Line     int    `json:"line"`
	Status   Status `json:"status"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
	// Parts are those the rule looked at.
	Parts []PartResult `json:"parts,omitzero"`
}

// PartResult is the answer for one part.
type PartResult struct {
	ComponentID string `json:"component_id"`
	Status      Status `json:"status"`
	Found       string `json:"found,omitzero"`
}
