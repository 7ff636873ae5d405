package inventory_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
)

func supply(slot string, status inventory.PSUStatus, states ...string) inventory.PowerSupply {
	p := inventory.PowerSupply{Slot: slot, Present: new(true), Status: status, States: states}
	p.ID = "psu:" + slot
	return p
}

func emptyBay(slot string) inventory.PowerSupply {
	p := inventory.PowerSupply{Slot: slot, Present: new(false)}
	p.ID = "psu:" + slot
	return p
}

func redundancy(typ, entity string, states ...string) inventory.Sensor {
	return inventory.Sensor{ID: "sensor:PS Redundancy/" + entity, Name: "PS Redundancy", Type: typ, Entity: entity, States: states, Health: inventory.HealthWarning}
}

// found renders findings as "severity code component".
func found(r *inventory.Report) []string {
	r.Join()
	r.Assess()
	var all []string
	for _, f := range r.Findings {
		all = append(all, string(f.Severity)+" "+f.Code+" "+f.ComponentID)
	}
	return all
}

func TestAssessPSU(t *testing.T) {
	t.Parallel()
	ok := supply("PS1", inventory.PSUStatusOK, "presence_detected")
	lost := supply("PS2", inventory.PSUStatusInputLost, "presence_detected", "input_lost")
	damaged := supply("PS2", inventory.PSUStatusOK)
	damaged.Damaged = []string{"multirecord: record data checksum is wrong"}
	for name, c := range map[string]struct {
		supplies []inventory.PowerSupply
		sensors  []inventory.Sensor
		want     []string
		message  string // part of the first finding's
	}{
		"sound":         {supplies: []inventory.PowerSupply{ok, supply("PS2", inventory.PSUStatusOK)}},
		"nothing known": {supplies: []inventory.PowerSupply{{}}},
		"empty bay":     {supplies: []inventory.PowerSupply{ok, emptyBay("PS2")}},
		"input lost":    {supplies: []inventory.PowerSupply{ok, lost}, want: []string{"critical psu.input_lost psu:PS2"}, message: "no input"},
		"out of range": {
			supplies: []inventory.PowerSupply{supply("PS1", inventory.PSUStatusInputLost, "input_out_of_range")},
			want:     []string{"critical psu.input_lost psu:PS1"}, message: "out of range",
		},
		"failed": {
			supplies: []inventory.PowerSupply{ok, supply("PS2", inventory.PSUStatusFailed, "failure_detected")},
			want:     []string{"critical psu.failed psu:PS2"}, message: "has failed",
		},
		"failed for want of input": {
			supplies: []inventory.PowerSupply{ok, supply("PS2", inventory.PSUStatusFailed, "failure_detected", "input_lost")},
			want:     []string{"critical psu.failed psu:PS2"}, message: "check its cord",
		},
		"will fail":     {supplies: []inventory.PowerSupply{supply("PS1", inventory.PSUStatusPredictiveFailure)}, want: []string{"warning psu.predictive_failure psu:PS1"}},
		"configuration": {supplies: []inventory.PowerSupply{supply("PS1", inventory.PSUStatusConfigurationError)}, want: []string{"warning psu.configuration_error psu:PS1"}},
		"damaged":       {supplies: []inventory.PowerSupply{ok, damaged}, want: []string{"info fru.damaged psu:PS2"}},
		"redundant":     {supplies: []inventory.PowerSupply{ok, ok}, sensors: []inventory.Sensor{redundancy("power_unit", "power_unit.1", "fully_redundant")}},
		"Dell's redundancy lost": {
			supplies: []inventory.PowerSupply{ok, lost}, sensors: []inventory.Sensor{redundancy("power_supply", "system_board.1", "redundancy_lost")},
			want: []string{"critical psu.input_lost psu:PS2", "warning psu.redundancy_lost sensor:PS Redundancy/system_board.1"},
		},
		"pulled": {
			supplies: []inventory.PowerSupply{ok, emptyBay("PS2")}, sensors: []inventory.Sensor{redundancy("power_unit", "power_unit.1", "redundancy_lost", "non_redundant_sufficient_from_redundant")},
			want: []string{"warning psu.redundancy_lost sensor:PS Redundancy/power_unit.1"}, message: "PS2 is empty",
		},
		"one supply from the start": {
			supplies: []inventory.PowerSupply{ok, emptyBay("PS2")}, sensors: []inventory.Sensor{redundancy("power_unit", "power_unit.1", "non_redundant_sufficient_from_insufficient")},
		},
		"two supplies, one came back": {
			supplies: []inventory.PowerSupply{ok, lost}, sensors: []inventory.Sensor{redundancy("power_unit", "power_unit.1", "non_redundant_sufficient_from_insufficient")},
			want: []string{"critical psu.input_lost psu:PS2", "warning psu.redundancy_lost sensor:PS Redundancy/power_unit.1"},
		},
		"not enough power": {
			supplies: []inventory.PowerSupply{ok}, sensors: []inventory.Sensor{redundancy("power_unit", "power_unit.1", "redundancy_lost", "non_redundant_insufficient")},
			want: []string{"critical psu.redundancy_lost sensor:PS Redundancy/power_unit.1"}, message: "not enough",
		},
		"fans": {
			sensors: []inventory.Sensor{redundancy("fan", "system_board.1", "redundancy_lost")},
			want:    []string{"warning sensor.warning sensor:PS Redundancy/system_board.1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &inventory.Report{PowerSupplies: slices.Clone(c.supplies)}
			for i := range r.PowerSupplies {
				if i > 0 && r.PowerSupplies[i].Slot == r.PowerSupplies[0].Slot {
					r.PowerSupplies[i].Slot, r.PowerSupplies[i].ID = "PS9", "psu:PS9"
				}
			}
			if c.sensors != nil {
				r.BMC = &inventory.BMC{Sensors: c.sensors}
			}
			if got := found(r); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.message != "" && !strings.Contains(r.Findings[0].Message, c.message) {
				t.Errorf("message %q, want %q in it", r.Findings[0].Message, c.message)
			}
		})
	}
}
