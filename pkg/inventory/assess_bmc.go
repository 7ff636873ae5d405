package inventory

import (
	"slices"
	"strings"
)

// assessBMC judges the controller itself, the sensors it reads and the parts
// whose inventory it keeps. Its log is assessSEL's.
func assessBMC(a *assessment) {
	b := a.r.BMC
	if b == nil {
		return
	}
	a.judgeSelfTest(b)
	a.judgeChassis(b)
	for i := range b.Sensors {
		if s := &b.Sensors[i]; !a.saidOtherwise(s) {
			a.judgeSensor(s)
		}
	}
	for i := range b.FRUs {
		f := &b.FRUs[i]
		a.judgeDamage(f.ID, name(f.Name, f.ID), f.Damaged)
	}
}

func (a *assessment) judgeSelfTest(b *BMC) {
	result, _, _ := strings.Cut(b.SelfTest, ":")
	severity := SeverityWarning
	switch result {
	case "", "passed", "not_implemented":
		return
	case "fatal_hardware_error":
		severity = SeverityCritical
	}
	a.add(severity, "bmc.self_test_failed", b.ID, "the management controller's self test found: "+b.SelfTest, map[string]string{"self_test": b.SelfTest})
}

// chassisIntrusion is a fault of the chassis that a sensor may tell, too.
const chassisIntrusion = "chassis_intrusion"

func (a *assessment) judgeChassis(b *BMC) {
	if b.Chassis == nil {
		return
	}
	for _, fault := range b.Chassis.Faults {
		severity := SeverityCritical
		switch fault {
		case "front_panel_lockout":
			continue // somebody's choice
		case chassisIntrusion, "power_interlock":
			severity = SeverityWarning
		}
		a.add(severity, "bmc.chassis_fault", b.ID, "the management controller reports a "+strings.ReplaceAll(fault, "_", " "), map[string]string{"fault": fault})
	}
}

// saidOtherwise is true for sensors whose fault another finding tells better.
func (a *assessment) saidOtherwise(s *Sensor) bool {
	switch {
	case watchesPowerRedundancy(s):
		return true
	case s.Type == "physical_security" && a.r.BMC.Chassis != nil:
		return slices.Contains(a.r.BMC.Chassis.Faults, chassisIntrusion)
	case s.Type == "event_logging":
		return isFull(a.r.BMC) && slices.Contains(s.States, "log_full")
	}
	instance, ok := strings.CutPrefix(s.Entity, "power_supply.")
	if !ok || len(a.r.PowerSupplies) == 0 {
		return false
	}
	if s.Type == "power_supply" {
		return true
	}
	// Without input there are no volts, watts or turning fans.
	p := a.r.supply(instance)
	return p != nil && (p.Status == PSUStatusFailed || p.Status == PSUStatusInputLost)
}

func (a *assessment) judgeSensor(s *Sensor) {
	severity, code := SeverityCritical, "sensor.critical"
	switch s.Health {
	case HealthCritical:
	case HealthWarning:
		severity, code = SeverityWarning, "sensor.warning"
	default:
		return
	}
	evidence := map[string]string{"sensor": s.Name, "entity": s.Entity, "states": strings.Join(s.States, ", ")}
	message := "sensor " + name(s.Name, s.ID) + " reports " + strings.Join(s.States, ", ")
	if s.Value != nil {
		message = "sensor " + name(s.Name, s.ID) + " reads " + quantity(*s.Value, s.Unit) + ", beyond " + strings.Join(s.States, ", ")
		evidence["value"] = quantity(*s.Value, s.Unit)
		for _, state := range s.States {
			if limit, ok := s.Thresholds[state]; ok {
				evidence[state] = quantity(limit, s.Unit)
			}
		}
	}
	a.add(severity, code, s.ID, message, evidence)
}
