package inventory

import "fmt"

// assessMemory judges modules by their error counters. Any uncorrected error
// since boot has destroyed data; corrected ones are a module's warning.
func assessMemory(a *assessment) {
	m := a.r.Memory
	if m == nil {
		return
	}
	for i := range m.Modules {
		mod := &m.Modules[i]
		judgeErrors(a, mod.ID, "memory module "+name(mod.Slot, mod.ID), mod.CorrectedErrors, mod.UncorrectedErrors)
	}
	for i := range m.Controllers {
		c := &m.Controllers[i]
		for j := range c.Modules {
			e := &c.Modules[j]
			if e.ModuleID == "" {
				judgeErrors(a, c.ID, fmt.Sprintf("memory at %s %s, whose slot is not known", c.Name, name(e.Label, e.Name)), e.CorrectedErrors, e.UncorrectedErrors)
			}
		}
		judgeErrors(a, c.ID, "memory controller "+name(c.Name, c.ID)+", module not told", c.CorrectedNoInfo, c.UncorrectedNoInfo)
	}
}

func judgeErrors(a *assessment, id, what string, corrected, uncorrected *uint64) {
	evidence := map[string]string{}
	if corrected != nil {
		evidence["corrected_errors"] = uintText(corrected)
	}
	if uncorrected != nil {
		evidence["uncorrected_errors"] = uintText(uncorrected)
	}
	switch {
	case uncorrected != nil && *uncorrected > 0:
		a.add(SeverityCritical, "memory.uncorrected_errors", id,
			fmt.Sprintf("%s: %d uncorrected errors", what, *uncorrected), evidence)
	case corrected != nil && *corrected > 0:
		a.add(SeverityWarning, "memory.corrected_errors", id,
			fmt.Sprintf("%s: %d corrected errors", what, *corrected), evidence)
	}
}
