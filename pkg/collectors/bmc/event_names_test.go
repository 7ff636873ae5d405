package bmc_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// TestEventNames goes through every event that the tables call critical: the
// rules know each by the decoder's name for it, but for those pinned here.
func TestEventNames(t *testing.T) {
	t.Parallel()
	var silent []string
	for typ := range ipmi.SensorType(0x30) {
		for offset := range uint8(15) {
			s := ipmi.StateOf(ipmi.EventTypeSensorSpecific, typ, offset)
			if s.Health != inventory.HealthCritical {
				continue
			}
			r := &inventory.Report{BMC: &inventory.BMC{SEL: &inventory.SEL{Last: []inventory.SELEntry{
				{SensorType: typ.String(), Event: s.Name, Asserted: new(true)},
			}}}}
			r.Assess()
			if !slices.ContainsFunc(r.Findings, func(f inventory.Finding) bool { return f.Severity == inventory.SeverityCritical }) {
				silent = append(silent, typ.String()+" "+s.Name)
			}
		}
	}
	want := []string{
		// Judged by the supply's own sensor, now.
		"power_supply failure_detected", "power_supply input_lost", "power_supply input_lost_or_out_of_range",
		"power_supply input_out_of_range", "power_supply configuration_error",
		// Power was switched, or failed outside: the machine is up again.
		"power_unit 240va_power_down", "power_unit interlock_power_down", "power_unit ac_lost",
		// Software, and people, did it.
		"watchdog_1 bios_watchdog_reset", "watchdog_1 os_watchdog_reset", "watchdog_1 os_watchdog_shutdown",
		"watchdog_1 os_watchdog_power_down", "watchdog_1 os_watchdog_power_cycle", "watchdog_1 os_watchdog_nmi",
		"critical_interrupt front_panel_nmi", "critical_interrupt software_nmi", "critical_interrupt eisa_fail_safe_timeout",
		"os_stop critical_stop_during_load", "os_stop run_time_critical_stop",
		"watchdog_2 hard_reset", "watchdog_2 power_down", "watchdog_2 power_cycle",
	}
	if diff := cmp.Diff(want, silent); diff != "" {
		t.Error(diff)
	}
}
