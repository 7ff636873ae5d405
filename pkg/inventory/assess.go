package inventory

import (
	"cmp"
	"slices"
	"strconv"
)

// Assess replaces the report's findings by what the rules of this version say.
// It needs nothing but the report, so stored reports can be judged again.
func (r *Report) Assess() {
	a := &assessment{r: r}
	for _, rule := range []func(*assessment){
		assessIdentity,
		assessCPU,
		assessMemory,
		assessStorage,
		assessPCIe,
		assessPSU,
		assessGPU,
		assessNetwork,
		assessBMC,
		assessSEL,
		assessSensors,
		assessTrust,
	} {
		rule(a)
	}
	slices.SortStableFunc(a.findings, func(x, y Finding) int {
		return cmp.Or(
			cmp.Compare(severityRank(x.Severity), severityRank(y.Severity)),
			cmp.Compare(x.Code, y.Code),
			CompareNatural(x.ComponentID, y.ComponentID),
		)
	})
	r.Findings = orEmpty(a.findings)
}

// Verdict is the worst of the findings: critical, warning or ok. It is unknown
// for a report without a single collector that worked.
func (r *Report) Verdict() Health {
	verdict := HealthUnknown
	for _, c := range r.Collectors {
		if c.Status == StatusOK || c.Status == StatusPartial {
			verdict = HealthOK
		}
	}
	for _, f := range r.Findings {
		switch f.Severity {
		case SeverityCritical:
			return HealthCritical
		case SeverityWarning:
			verdict = HealthWarning
		case SeverityInfo:
		}
	}
	return verdict
}

func severityRank(s Severity) int {
	switch s {
	case SeverityCritical:
		return 0
	case SeverityWarning:
		return 1
	default:
		return 2
	}
}

// assessment gathers the findings of one pass.
type assessment struct {
	r        *Report
	findings []Finding
}

func (a *assessment) add(s Severity, code, component, message string, evidence map[string]string) {
	a.findings = append(a.findings, Finding{Severity: s, Code: code, ComponentID: component, Message: message, Evidence: evidence})
}

func uintText(n *uint64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatUint(*n, 10)
}
