package bmc

import (
	"encoding/hex"
	"fmt"
	"strconv"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// causeOf is the sensor that sent an event, nil where the repository does not
// know it. Controllers number their own sensors.
func (r *reader) causeOf(e ipmi.SELEntry) *ipmi.Sensor {
	if e.Event == nil {
		return nil
	}
	owner := uint8(e.Event.GeneratorID)
	for i := range r.listed {
		s := &r.listed[i].Sensor
		if s.OwnerID == owner && s.Number == e.Event.Sensor && s.Type == e.Event.SensorType && (e.Event.Software || s.LUN == e.Event.LUN) {
			return s
		}
	}
	return nil
}

// eventOf describes a log entry that sensor caused, which may be nil.
func eventOf(e ipmi.SELEntry, sensor *ipmi.Sensor) inventory.SELEntry {
	v := inventory.SELEntry{RecordID: e.ID, At: e.Time, TimestampRaw: e.TimestampRaw, Raw: hex.EncodeToString(e.Raw[:])}
	switch {
	case e.Event != nil:
		ev := e.Event
		v.SensorType = ev.SensorType.String()
		v.SensorNumber = &ev.Sensor
		v.Event = ev.State.Name
		v.Asserted = &ev.Asserted
		v.Detail = detail(ev, sensor)
		if sensor != nil {
			v.Sensor = sensor.Name
		}
	case e.OEM != nil:
		v.Event = fmt.Sprintf("oem_0x%02x", e.Type)
	}
	return v
}

// detail says in words what the event data bytes add.
func detail(ev *ipmi.SELEvent, sensor *ipmi.Sensor) string {
	switch {
	case ev.MemoryModule != nil:
		return fmt.Sprintf("module %d", *ev.MemoryModule)
	case ev.EventType == ipmi.EventTypeThreshold:
		return crossing(ev, sensor)
	case ev.SensorType == ipmi.SensorPowerSupply && ev.State.Name == "configuration_error" && ev.Data3Use == ipmi.DataExtension:
		return configurationError(ev.Data[2] & 0x0F)
	}
	return ""
}

// crossing is the reading that crossed a threshold, and the threshold.
func crossing(ev *ipmi.SELEvent, sensor *ipmi.Sensor) string {
	if sensor == nil || !sensor.HasAnalog || sensor.Analog.NonLinear() {
		return ""
	}
	text := ""
	for _, part := range []struct {
		name string
		raw  *uint8
	}{{"reading", ev.TriggerRaw}, {"threshold", ev.ThresholdRaw}} {
		if part.raw == nil {
			continue
		}
		v, ok := sensor.Analog.Convert(*part.raw)
		if !ok {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += part.name + " " + strconv.FormatFloat(v, 'f', -1, 64) + " " + sensor.Analog.Unit.String()
	}
	return text
}

// configurationError is IPMI table 42-3, sensor type 08h, offset 06h.
func configurationError(code uint8) string {
	names := []string{"vendor mismatch", "revision mismatch", "processor missing", "power supply rating mismatch", "voltage rating mismatch"}
	if int(code) < len(names) {
		return names[code]
	}
	return ""
}
