package inventory

import (
	"strings"
)

// joinEvents names the part that each entry of the event log is about, where
// its sensor's name fits exactly one: a wrong "pull this module" is worse than
// none. The number that a record may carry instead is the maker's own.
func (r *Report) joinEvents() {
	if r.BMC == nil || r.BMC.SEL == nil {
		return
	}
	for i := range r.BMC.SEL.Last {
		e := &r.BMC.SEL.Last[i]
		e.ComponentID = "" // repeatable: start from nothing
		label := sensorLabel(e.Sensor)
		switch {
		case label == "":
		case e.SensorType == "memory" && r.Memory != nil:
			if m := matchModule(r.Memory.Modules, label); m != nil {
				e.ComponentID = m.ID
			}
		case e.SensorType == "power_supply":
			if p := r.supply(supplyNumber(label)); p != nil {
				e.ComponentID = p.ID
			}
		}
	}
}

// sensorLabel takes the words off a sensor's name that say what it watches
// rather than where.
func sensorLabel(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return c == ' ' || c == '_' })
	n := len(words)
	for n > 0 {
		switch strings.ToLower(words[n-1]) {
		case "status", "state", "presence", "ecc", "err", "error", "errors", "fault", "health", "input", "output", "in", "out", "power":
			n--
			continue
		}
		break
	}
	return strings.Join(words[:n], " ")
}

// supply is the one power supply of that number; nil for "".
func (r *Report) supply(number string) *PowerSupply {
	var hit *PowerSupply
	for i := range r.PowerSupplies {
		if number == "" || supplyNumber(r.PowerSupplies[i].Slot) != number {
			continue
		}
		if hit != nil {
			return nil
		}
		hit = &r.PowerSupplies[i]
	}
	return hit
}

// supplyNumber is the number in the name of a power supply: 1 of "PS1",
// "PSU 01" and "Pwr Supply 1".
func supplyNumber(name string) string {
	digit := func(c rune) bool { return c >= '0' && c <= '9' }
	numbers := strings.FieldsFunc(name, func(c rune) bool { return !digit(c) })
	if len(numbers) != 1 {
		return ""
	}
	switch squash(strings.Map(func(c rune) rune {
		if digit(c) {
			return -1
		}
		return c
	}, name)) {
	case "PS", "PSU", "POWERSUPPLY", "PWRSUPPLY", "PSUBAY", "POWERSUPPLYBAY":
		return strings.TrimLeft(numbers[0], "0")
	}
	return ""
}
