package psu

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// place tells bays apart. Entity instances from 60h on are numbered by each
// controller for itself (IPMI section 39.1).
type place struct {
	owner    uint8 // of device-relative instances, else 0
	instance uint8
}

func placeOf(e ipmi.Entity, owner uint8) place {
	const deviceRelative = 0x60
	if e.Instance < deviceRelative {
		owner = 0
	}
	return place{owner, e.Instance}
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.owner, q.owner), cmp.Compare(p.instance, q.instance))
}

// bay is what the BMC says of one power supply.
type bay struct {
	place
	id   string // once all bays are known
	slot string // from the FRU locator, else from a sensor
	// located: a FRU locator names it.
	located bool
	fru     *ipmi.FRU
	fruID   *uint8
	// fruErr says why there is no inventory, or not all of it.
	fruErr error
	// told: a sensor of the supply's state could be read. silent: it would say
	// presence_detected and does not.
	told, silent bool
	states       []ipmi.State
	input        *float64
	output       *float64
}

// name is the bay's name, or one made of its number.
func (b *bay) name() string {
	if b.slot != "" {
		return b.slot
	}
	return fmt.Sprintf("PSU %d", b.instance)
}

func (b *bay) baseID() string {
	if b.slot != "" {
		return inventory.IDOf("psu", b.slot)
	}
	return fmt.Sprintf("psu:%d", b.instance)
}

// inventoried says that the bay's FRU was read and is sound at its head.
func (b *bay) inventoried() bool { return b.fru != nil && b.fruErr == nil }

// present decides by what sensors say; without any, a FRU that could be read
// is in its bay, and one the BMC does not find is not.
func (b *bay) present() *bool {
	fault := false
	for _, s := range b.states {
		switch s.Name {
		case "presence_detected", "entity_present", "device_present":
			return new(true)
		case "entity_absent", "device_absent":
			return new(false)
		case "configuration_error", "predictive_failure_deasserted", "transition_to_ok":
		default:
			fault = fault || s.Health == inventory.HealthCritical || s.Health == inventory.HealthWarning
		}
	}
	switch {
	case b.inventoried(), fault: // what is not there has no fault
		return new(true)
	case b.silent, errors.Is(b.fruErr, fs.ErrNotExist):
		return new(false)
	}
	return nil
}

// status is the worst of the states (IPMI table 42-3, sensor type 08h, and
// table 42-2 for sensors with generic states).
func (b *bay) status() inventory.PSUStatus {
	has := map[string]bool{}
	known := b.told && !b.silent
	for _, s := range b.states {
		has[s.Name] = true
		known = known || s.Name == "presence_detected"
	}
	switch {
	case has["failure_detected"], has["transition_to_critical_from_less_severe"], has["transition_to_non_recoverable"],
		has["transition_to_non_recoverable_from_less_severe"], has["transition_to_critical_from_non_recoverable"]:
		return inventory.PSUStatusFailed
	case has["input_lost"], has["input_lost_or_out_of_range"], has["input_out_of_range"]:
		return inventory.PSUStatusInputLost
	case has["predictive_failure"], has["predictive_failure_asserted"]:
		return inventory.PSUStatusPredictiveFailure
	case has["configuration_error"]:
		return inventory.PSUStatusConfigurationError
	case known:
		return inventory.PSUStatusOK
	}
	// No sensor, or one that does not even see the supply that is there.
	return inventory.PSUStatusUnknown
}

// slotName takes the words off a name that say what the record is rather than
// which supply. A name without a number tells no supply from another.
func slotName(name string) string {
	fields := strings.FieldsFunc(name, func(c rune) bool { return c == ' ' || c == '_' })
	n := len(fields)
	for n > 0 && isLabel(fields[n-1]) {
		n--
	}
	s := strings.Join(fields[:n], " ")
	if !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	return s
}

// isLabel is true for the words of records that many makers put behind a
// supply's name.
func isLabel(word string) bool {
	switch strings.ToLower(word) {
	case "fru", "status", "state", "presence", "present", "input", "output", "in", "out", "pin", "pout", "power", "pwr", "watts", "health":
		return true
	}
	return false
}

// direction tells input from output by the words of a sensor's name; "" when
// it does not say.
func direction(name string) string {
	for w := range strings.FieldsFuncSeq(strings.ToLower(name), func(c rune) bool { return c < 'a' || c > 'z' }) {
		switch w {
		case "in", "input", "pin":
			return "input"
		case "out", "output", "pout":
			return "output"
		}
	}
	return ""
}
