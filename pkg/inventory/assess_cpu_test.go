package inventory_test

import (
	"testing"

	"example.com/bee/pkg/inventory"
)

// TestDisabledProcessors: a processor that the firmware disabled is a fault
// among those that work; where more are disabled than not it is the way the
// board or the hypervisor fills the field.
func TestDisabledProcessors(t *testing.T) {
	t.Parallel()
	const e, d, u, empty = "enabled", "disabled_by_bios", "disabled_by_user", ""
	for _, tt := range []struct {
		status             []string
		critical, byChoice int
	}{
		{[]string{e, e}, 0, 0},
		{[]string{e, d}, 1, 0},
		{[]string{e, d, u, e}, 1, 1},
		{[]string{e, u}, 0, 1},
		{[]string{d}, 0, 0},
		{[]string{d, d, d, d}, 0, 0},
		{[]string{d, empty}, 0, 0},
		{[]string{e, empty, d}, 1, 0},
		{[]string{e, e, d, d, d, d, d, d}, 0, 0},
	} {
		r := &inventory.Report{}
		for _, s := range tt.status {
			r.CPUs = append(r.CPUs, inventory.CPU{Status: s, Present: new(s != empty)})
		}
		got := map[string]int{}
		r.Assess()
		for _, f := range r.Findings {
			got[f.Code]++
		}
		if got["cpu.disabled_by_bios"] != tt.critical || got["cpu.disabled_by_user"] != tt.byChoice {
			t.Errorf("%v: %v", tt.status, got)
		}
	}
}
