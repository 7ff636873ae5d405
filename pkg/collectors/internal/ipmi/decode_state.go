package ipmi

import "example.com/bee/pkg/inventory"

// A State is one discrete state of a sensor.
type State struct {
	Offset uint8
	Name   string // lower_snake; "state_N" where the tables have none
	// Health is what the state says of the part: HealthUnknown where that
	// depends on the sensor (a "state asserted" can be good or bad).
	Health inventory.Health
}

const maxStates = 15

// StateOf names a state by the sensor's event/reading type and, for
// sensor-specific ones, its type (IPMI tables 42-2 and 42-3).
func StateOf(event EventType, sensor SensorType, offset uint8) State {
	var names []string
	switch {
	case event == EventTypeThreshold:
		return thresholdEvent(offset)
	case event >= 0x02 && event <= 0x0C:
		names = genericStates(event)
	case event == EventTypeSensorSpecific:
		names = sensorStates(sensor)
		if names == nil {
			names = systemStates(sensor)
		}
	}
	s := State{Offset: offset, Name: "state_" + itoa(offset), Health: inventory.HealthUnknown}
	if int(offset) >= len(names) || names[offset] == "" {
		return s
	}
	s.Name, s.Health = splitHealth(names[offset])
	return s
}

// splitHealth takes the verdict off a table entry: "!" critical, "?" warning,
// "~" depends on the sensor, else ok.
func splitHealth(s string) (string, inventory.Health) {
	switch s[0] {
	case '!':
		return s[1:], inventory.HealthCritical
	case '?':
		return s[1:], inventory.HealthWarning
	case '~':
		return s[1:], inventory.HealthUnknown
	}
	return s, inventory.HealthOK
}

// StatesOf names the states whose bits are set in mask.
func StatesOf(event EventType, sensor SensorType, mask uint16) []State {
	var states []State
	for i := range uint8(maxStates) {
		if mask>>i&1 != 0 {
			states = append(states, StateOf(event, sensor, i))
		}
	}
	return states
}

// worstHealth is the worst verdict of all: critical, warning, unknown, ok.
func worstHealth(states []State) inventory.Health {
	worst := inventory.HealthOK
	for _, s := range states {
		switch s.Health {
		case inventory.HealthCritical:
			return s.Health
		case inventory.HealthWarning:
			worst = s.Health
		case inventory.HealthUnknown:
			if worst == inventory.HealthOK {
				worst = s.Health
			}
		}
	}
	return worst
}

// thresholdEvent names the offsets of threshold events: each threshold can be
// crossed going low and going high.
func thresholdEvent(offset uint8) State {
	if offset >= 2*thresholdCount {
		return State{Offset: offset, Name: "state_" + itoa(offset), Health: inventory.HealthUnknown}
	}
	k := ThresholdKind(offset / 2)
	s := State{Offset: offset, Name: k.String() + "_going_low", Health: k.Health()}
	if offset%2 != 0 {
		s.Name = k.String() + "_going_high"
	}
	return s
}

// genericStates is IPMI table 42-2. See splitHealth for the marks.
func genericStates(event EventType) []string {
	switch event {
	case 0x02:
		return []string{"transition_to_idle", "transition_to_active", "transition_to_busy"}
	case 0x03:
		return []string{"~state_deasserted", "~state_asserted"}
	case 0x04:
		return []string{"predictive_failure_deasserted", "?predictive_failure_asserted"}
	case 0x05:
		return []string{"limit_not_exceeded", "?limit_exceeded"}
	case 0x06:
		return []string{"performance_met", "?performance_lags"}
	case 0x07:
		return []string{
			"transition_to_ok", "?transition_to_non_critical_from_ok", "!transition_to_critical_from_less_severe",
			"!transition_to_non_recoverable_from_less_severe", "?transition_to_non_critical_from_more_severe",
			"!transition_to_critical_from_non_recoverable", "!transition_to_non_recoverable", "monitor", "informational",
		}
	case 0x08:
		return []string{"~device_absent", "device_present"}
	case 0x09:
		return []string{"~device_disabled", "device_enabled"}
	case 0x0A:
		return []string{
			"transition_to_running", "transition_to_in_test", "~transition_to_power_off", "transition_to_on_line",
			"~transition_to_off_line", "~transition_to_off_duty", "?transition_to_degraded",
			"transition_to_power_save", "!install_error",
		}
	case EventTypeRedundancy:
		return []string{
			"fully_redundant", "?redundancy_lost", "?redundancy_degraded",
			"?non_redundant_sufficient_from_redundant", "?non_redundant_sufficient_from_insufficient",
			"!non_redundant_insufficient", "?redundancy_degraded_from_fully_redundant",
			"?redundancy_degraded_from_non_redundant",
		}
	case 0x0C:
		return []string{"d0_power_state", "d1_power_state", "d2_power_state", "d3_power_state"}
	}
	return nil
}

func itoa(v uint8) string {
	if v < 10 {
		return string([]byte{'0' + v})
	}
	return itoa(v/10) + itoa(v%10)
}
