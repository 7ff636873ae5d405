package inventory

import "strings"

// joinMemoryErrors carries EDAC error counters to the memory module whose slot
// they name. A label is trusted only when it fits exactly one module: a wrong
// "pull this DIMM" is worse than none.
func (r *Report) joinMemoryErrors() {
	m := r.Memory
	if m == nil {
		return
	}
	for i := range m.Modules { // repeatable: start from nothing
		m.Modules[i].CorrectedErrors, m.Modules[i].UncorrectedErrors = nil, nil
	}
	for c := range m.Controllers {
		for e := range m.Controllers[c].Modules {
			em := &m.Controllers[c].Modules[e]
			em.ModuleID = ""
			mod := matchModule(m.Modules, em.Label)
			if mod == nil {
				continue
			}
			em.ModuleID = mod.ID
			mod.CorrectedErrors = addCount(mod.CorrectedErrors, em.CorrectedErrors)
			mod.UncorrectedErrors = addCount(mod.UncorrectedErrors, em.UncorrectedErrors)
		}
	}
}

func addCount(sum, n *uint64) *uint64 {
	if n == nil {
		return sum
	}
	if sum == nil {
		return new(*n)
	}
	return new(*sum + *n)
}

// matchModule finds the one module a label means. Labels come in the forms
// drivers and administrators write: the locator alone ("DIMM_A1"), bank and
// locator in either order ("P0 CHANNEL A DIMM 0"), or the EDAC default
// ("CPU_SrcID#0_MC#0_Chan#0_DIMM#0"), which names no slot and matches none.
func matchModule(modules []MemoryModule, label string) *MemoryModule {
	want := squash(label)
	if want == "" {
		return nil
	}
	for _, form := range []func(*MemoryModule) []string{
		func(m *MemoryModule) []string { return []string{squash(m.Slot)} },
		func(m *MemoryModule) []string {
			return []string{squash(m.Bank + m.Slot), squash(m.Slot + m.Bank)}
		},
	} {
		var hit *MemoryModule
		hits := 0
		for i := range modules {
			for _, s := range form(&modules[i]) {
				if s == want {
					hit = &modules[i]
					hits++
					break
				}
			}
		}
		if hits == 1 {
			return hit
		}
	}
	return nil
}

// squash reduces a label to its letters and digits, upper case.
func squash(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			return c
		}
		return -1
	}, s)
}
