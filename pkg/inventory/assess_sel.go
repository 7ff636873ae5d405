package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// assessSEL judges the event log: whether it can take more, and what the last
// entries say has happened to the machine. What sensors can be asked about now
// is not judged by old events.
func assessSEL(a *assessment) {
	b := a.r.BMC
	if b == nil || b.SEL == nil {
		return
	}
	if isFull(b) {
		a.judgeFullLog(b)
	}
	var memory, critical eventGroups
	for i := range b.SEL.Last {
		e := &b.SEL.Last[i]
		switch code := memoryEvent(e); {
		case e.Asserted != nil && !*e.Asserted:
		case code != "":
			memory.add(code+"|"+cmp.Or(e.ComponentID, e.Sensor+"|"+e.Detail+"|"+sensorNumber(e.SensorNumber)), e)
		case isCriticalEvent(e) && !ended(b.SEL.Last[i+1:], e) && !a.contradicted(e):
			critical.add(e.SensorType+"|"+e.Event+"|"+cmp.Or(e.ComponentID, e.Sensor+"|"+sensorNumber(e.SensorNumber)), e)
		}
	}
	memory.each(a.judgeMemoryEvents)
	critical.each(func(all []*SELEntry) {
		last := all[len(all)-1]
		a.add(SeverityCritical, "sel.critical_event", cmp.Or(last.ComponentID, b.ID),
			fmt.Sprintf("the event log has %s: %s%s", strings.ReplaceAll(last.SensorType, "_", " "), strings.ReplaceAll(last.Event, "_", " "), eventSource(last)),
			eventEvidence(all))
	})
}

func sensorNumber(n *uint8) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("0x%02x", *n)
}

// isFull is true for a log that drops events, or will with the next one.
func isFull(b *BMC) bool {
	if b.SEL == nil {
		return false
	}
	const entryBytes = 16
	return b.SEL.Overflow != nil && *b.SEL.Overflow || b.SEL.FreeBytes != nil && *b.SEL.FreeBytes < entryBytes
}

func (a *assessment) judgeFullLog(b *BMC) {
	evidence := map[string]string{}
	if b.SEL.Entries != nil {
		evidence["entries"] = strconv.Itoa(*b.SEL.Entries)
	}
	if b.SEL.FreeBytes != nil {
		evidence["free_bytes"] = strconv.Itoa(*b.SEL.FreeBytes)
	}
	message := "the event log is full: later events are lost, or push out earlier ones"
	if b.SEL.Overflow != nil {
		evidence["overflow"] = strconv.FormatBool(*b.SEL.Overflow)
		if *b.SEL.Overflow {
			message = "the event log has overflowed: events were lost"
		}
	}
	a.add(SeverityWarning, "sel.full", b.ID, message, evidence)
}

// eventGroups keeps events that say the same together, in the order of the
// first of each.
type eventGroups struct {
	keys   []string
	events map[string][]*SELEntry
}

func (g *eventGroups) add(key string, e *SELEntry) {
	if g.events == nil {
		g.events = map[string][]*SELEntry{}
	}
	if g.events[key] == nil {
		g.keys = append(g.keys, key)
	}
	g.events[key] = append(g.events[key], e)
}

func (g *eventGroups) each(f func([]*SELEntry)) {
	for _, k := range g.keys {
		f(g.events[k])
	}
}

// memoryEvent is the code of the finding that a memory error leads to.
func memoryEvent(e *SELEntry) string {
	if e.SensorType != "memory" {
		return ""
	}
	switch e.Event {
	case "uncorrectable_ecc", "parity":
		return "memory.sel_uncorrectable_error"
	case "correctable_ecc", "correctable_ecc_logging_limit_reached":
		return "memory.sel_correctable_errors"
	}
	return ""
}

func (a *assessment) judgeMemoryEvents(all []*SELEntry) {
	last := all[len(all)-1]
	what := "a memory module that it does not name"
	if m := a.module(last.ComponentID); m != nil {
		what = "memory module " + name(m.Slot, m.ID)
	} else if s := eventSource(last); s != "" {
		what = "memory" + s
	}
	code := memoryEvent(last)
	severity, kind := SeverityWarning, "correctable"
	if code == "memory.sel_uncorrectable_error" {
		severity, kind = SeverityCritical, "uncorrectable"
	}
	a.add(severity, code, last.ComponentID, fmt.Sprintf("the event log has %d %s errors of %s", len(all), kind, what), eventEvidence(all))
}

func (a *assessment) module(id string) *MemoryModule {
	if a.r.Memory == nil || id == "" {
		return nil
	}
	i := slices.IndexFunc(a.r.Memory.Modules, func(m MemoryModule) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &a.r.Memory.Modules[i]
}

// eventSource says in words where an event comes from, as far as it is told.
func eventSource(e *SELEntry) string {
	var words []string
	switch {
	case e.Sensor != "":
		words = append(words, "sensor "+e.Sensor)
	case e.SensorNumber != nil:
		words = append(words, "sensor "+sensorNumber(e.SensorNumber))
	}
	if e.Detail != "" {
		words = append(words, e.Detail)
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

func eventEvidence(all []*SELEntry) map[string]string {
	last := all[len(all)-1]
	evidence := map[string]string{
		"event": last.Event, "count": strconv.Itoa(len(all)), "last_record": strconv.Itoa(int(last.RecordID)),
	}
	if last.Sensor != "" {
		evidence["sensor"] = last.Sensor
	}
	if last.At != nil {
		evidence["last_at"] = last.At.UTC().Format(time.RFC3339)
	}
	if last.Detail != "" {
		evidence["detail"] = last.Detail
	}
	return evidence
}

// ended says whether a later entry takes the event back.
func ended(later []SELEntry, e *SELEntry) bool {
	return slices.ContainsFunc(later, func(l SELEntry) bool {
		return l.Asserted != nil && !*l.Asserted && l.SensorType == e.SensorType && l.Event == e.Event &&
			l.Sensor == e.Sensor && sensorNumber(l.SensorNumber) == sensorNumber(e.SensorNumber)
	})
}

// contradicted says that the sensor of a lasting condition reads otherwise
// now: not every controller logs the end of what it logged.
func (a *assessment) contradicted(e *SELEntry) bool {
	switch e.SensorType {
	case "drive_slot", "battery", "slot", "cable", "management_health", "power_unit":
	default:
		return false
	}
	return slices.ContainsFunc(a.r.BMC.Sensors, func(s Sensor) bool {
		return e.Sensor != "" && s.Name == e.Sensor && s.Type == e.SensorType && s.Unavailable == "" && !slices.Contains(s.States, e.Event)
	})
}

// isCriticalEvent lists the events, by sensor type, after which somebody has
// to look at the machine (IPMI table 42-3). Memory errors, power supplies and
// thresholds have findings of their own.
func isCriticalEvent(e *SELEntry) bool {
	switch e.SensorType {
	case "processor":
		return oneOf(e.Event, "ierr", "thermal_trip", "frb1_bist_failure", "frb2_hang_in_post", "frb3_startup_failure",
			"configuration_error", "uncorrectable_cpu_complex_error", "uncorrectable_machine_check")
	case "memory":
		return oneOf(e.Event, "memory_scrub_failed", "configuration_error", "critical_overtemperature")
	case "power_unit":
		return oneOf(e.Event, "soft_power_control_failure", "failure_detected")
	case "critical_interrupt":
		return oneOf(e.Event, "bus_timeout", "io_channel_check_nmi", "pci_perr", "pci_serr", "bus_uncorrectable_error", "fatal_nmi", "bus_fatal_error")
	case "drive_slot":
		return oneOf(e.Event, "drive_fault", "in_critical_array", "in_failed_array", "rebuild_aborted")
	case "chip_set":
		return oneOf(e.Event, "soft_power_control_failure", "thermal_trip")
	case "cable":
		return e.Event == "configuration_error"
	case "slot":
		return e.Event == "fault_status"
	case "battery":
		return e.Event == "battery_failed"
	case "system_event":
		return e.Event == "undetermined_hardware_failure"
	case "system_firmware":
		return oneOf(e.Event, "firmware_error", "firmware_hang")
	case "management_health":
		return oneOf(e.Event, "controller_off_line", "controller_unavailable", "sensor_failure", "fru_failure")
	}
	return false
}

func oneOf(s string, all ...string) bool { return slices.Contains(all, s) }
