package inventory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// assessPSU judges power supplies by what their sensors, else SMBIOS, say of
// them, and the redundancy sensors that watch them together. An empty bay is
// no fault: whether it should hold a supply is for redundancy, and for a
// policy, to say.
func assessPSU(a *assessment) {
	for i := range a.r.PowerSupplies {
		p := &a.r.PowerSupplies[i]
		a.judgeSupply(p)
		a.judgeDamage(p.ID, "power supply "+name(p.Slot, p.ID), p.Damaged)
	}
	if a.r.BMC == nil {
		return
	}
	for i := range a.r.BMC.Sensors {
		if s := &a.r.BMC.Sensors[i]; watchesPowerRedundancy(s) {
			a.judgePowerRedundancy(s)
		}
	}
}

func (a *assessment) judgeSupply(p *PowerSupply) {
	what := "power supply " + name(p.Slot, p.ID)
	evidence := map[string]string{"status": string(p.Status)}
	if len(p.States) > 0 {
		evidence["states"] = strings.Join(p.States, ", ")
	}
	if p.InputWatts != nil {
		evidence["input_watts"] = decimal(*p.InputWatts)
	}
	if p.SerialNumber != "" {
		evidence["serial_number"] = p.SerialNumber
	}
	noInput := slices.Contains(p.States, "input_lost") || slices.Contains(p.States, "input_lost_or_out_of_range")
	switch {
	case p.Status == PSUStatusFailed && noInput: // no input, no output: the one may be all there is to the other
		a.add(SeverityCritical, "psu.failed", p.ID, what+" reports a failure and has no input: check its cord first", evidence)
	case p.Status == PSUStatusFailed:
		a.add(SeverityCritical, "psu.failed", p.ID, what+" has failed", evidence)
	case p.Status == PSUStatusInputLost && slices.Contains(p.States, "input_out_of_range") && !noInput:
		a.add(SeverityCritical, "psu.input_lost", p.ID, what+" has an input that is out of range", evidence)
	case p.Status == PSUStatusInputLost:
		a.add(SeverityCritical, "psu.input_lost", p.ID, what+" is there and has no input: cord, outlet or feed", evidence)
	case p.Status == PSUStatusPredictiveFailure:
		a.add(SeverityWarning, "psu.predictive_failure", p.ID, what+" says that it will fail", evidence)
	case p.Status == PSUStatusConfigurationError:
		a.add(SeverityWarning, "psu.configuration_error", p.ID, what+" does not fit this machine or the other supplies", evidence)
	}
}

// judgeDamage reports inventory storage whose checksums are wrong.
func (a *assessment) judgeDamage(id, what string, areas []string) {
	if len(areas) > 0 {
		a.add(SeverityInfo, "fru.damaged", id, "part of the inventory stored in "+what+" is damaged and was not used",
			map[string]string{"areas": strings.Join(areas, ", ")})
	}
}

// watchesPowerRedundancy tells a redundancy sensor of power supplies from one
// of fans or memory.
func watchesPowerRedundancy(s *Sensor) bool {
	if !slices.ContainsFunc(s.States, isRedundancyState) {
		return false
	}
	entity, _, _ := strings.Cut(s.Entity, ".")
	switch entity {
	case "power_supply", "power_unit", "power_module", "power_system_board", "power_management_board":
		return true
	}
	return s.Type == "power_supply" || s.Type == "power_unit"
}

// isRedundancyState is IPMI table 42-2, event type 0Bh.
func isRedundancyState(s string) bool {
	return s == "fully_redundant" || strings.HasPrefix(s, "redundancy_") || strings.HasPrefix(s, "non_redundant_")
}

func (a *assessment) judgePowerRedundancy(s *Sensor) {
	severity := SeverityInfo
	for _, state := range s.States {
		switch {
		case state == "non_redundant_insufficient":
			severity = SeverityCritical
		case severity == SeverityCritical, state == "fully_redundant":
		case state == "non_redundant_sufficient_from_insufficient" && a.suppliesPresent() < 2:
			// A machine with one supply came up: it never was redundant.
		case isRedundancyState(state):
			severity = SeverityWarning
		}
	}
	if severity == SeverityInfo {
		return
	}
	message := "the power supplies are no longer redundant"
	if severity == SeverityCritical {
		message = "the power supplies that work are not enough for this machine"
	}
	if why := a.suppliesMissing(); len(why) > 0 {
		message += ": " + strings.Join(why, ", ")
	}
	a.add(severity, "psu.redundancy_lost", s.ID, message, map[string]string{"sensor": s.Name, "states": strings.Join(s.States, ", ")})
}

func (a *assessment) suppliesPresent() int {
	n := 0
	for _, p := range a.r.PowerSupplies {
		if p.Present == nil || *p.Present {
			n++
		}
	}
	return n
}

// suppliesMissing lists the bays that give no power.
func (a *assessment) suppliesMissing() []string {
	var why []string
	for i := range a.r.PowerSupplies {
		p := &a.r.PowerSupplies[i]
		switch {
		case p.Present != nil && !*p.Present:
			why = append(why, name(p.Slot, p.ID)+" is empty")
		case p.Status == PSUStatusFailed:
			why = append(why, name(p.Slot, p.ID)+" has failed")
		case p.Status == PSUStatusInputLost:
			why = append(why, name(p.Slot, p.ID)+" has no input")
		}
	}
	return why
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func quantity(v float64, unit string) string {
	if unit == "" {
		return decimal(v)
	}
	return fmt.Sprintf("%s %s", decimal(v), unit)
}
