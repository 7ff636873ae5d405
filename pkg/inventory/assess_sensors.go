package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// assessSensors judges the sensors the kernel reads and sets their Health.
// Findings come of it only where no BMC's sensors watch the same machine, and
// not for drives and GPUs, which have verdicts of their own.
func assessSensors(a *assessment) {
	watched := a.r.BMC != nil && len(a.r.BMC.Sensors) > 0
	for i := range a.r.Sensors {
		s := &a.r.Sensors[i]
		crossed := s.crossed()
		s.Health = s.verdict(crossed)
		own := strings.HasPrefix(s.ParentID, "drive:") || strings.HasPrefix(s.ParentID, "gpu:")
		if !watched && !own {
			a.findSensor(s, crossed)
		}
	}
}

// crossed is the worst limit the reading has crossed; "" when none.
func (s *HostSensor) crossed() string {
	if s.Value == nil {
		return ""
	}
	for _, name := range []string{"upper_non_recoverable", "upper_critical", "lower_critical", "upper_non_critical", "lower_non_critical"} {
		limit, ok := s.Thresholds[name]
		if !ok {
			continue
		}
		switch {
		case name == "upper_non_critical" && *s.Value > limit, // at its limit is not above it
			name == "lower_non_critical" && *s.Value < limit,
			name == "lower_critical" && *s.Value <= limit,
			(name == "upper_critical" || name == "upper_non_recoverable") && *s.Value >= limit:
			return name
		}
	}
	return ""
}

func (s *HostSensor) verdict(crossed string) Health {
	switch {
	case s.Type == "fan" && slices.Contains(s.Alarms, "fault"):
		return HealthWarning
	case s.Value == nil, slices.Contains(s.Alarms, "fault"), len(s.Thresholds) == 0:
		return HealthUnknown
	case crossed == "":
		return HealthOK
	case s.Type == "temperature" && !strings.HasSuffix(crossed, "non_critical"):
		return HealthCritical
	default:
		// Limits of fans and voltages are often what the chip woke up with.
		return HealthWarning
	}
}

func (a *assessment) findSensor(s *HostSensor, crossed string) {
	evidence := map[string]string{"chip": s.Chip, "channel": s.Channel}
	what := s.Chip + " " + name(s.Name, s.Channel)
	if s.Type == "fan" && slices.Contains(s.Alarms, "fault") {
		a.add(SeverityWarning, "sensor.fan_fault", s.ID, fmt.Sprintf("fan %s reports a fault", what), evidence)
		return
	}
	if s.Health == HealthUnknown || crossed == "" {
		return
	}
	limit := s.Thresholds[crossed]
	evidence["value"], evidence["limit"], evidence["unit"], evidence["crossed"] = fmt.Sprint(*s.Value), fmt.Sprint(limit), s.Unit, crossed
	switch {
	case s.Type == "temperature" && s.Health == HealthCritical:
		a.add(SeverityCritical, "sensor.temperature_critical", s.ID, fmt.Sprintf("%s is at %g of %g degrees Celsius", what, *s.Value, limit), evidence)
	case s.Type == "temperature":
		severity := SeverityWarning
		if s.Chip == "coretemp" || crossed == "lower_non_critical" {
			// Processors under load pass the point where fans should be at
			// full speed; cold is no danger to a server.
			severity = SeverityInfo
		}
		a.add(severity, "sensor.temperature_out_of_range", s.ID, fmt.Sprintf("%s is at %g degrees Celsius, its limit is %g", what, *s.Value, limit), evidence)
	case s.Type == "fan":
		a.add(SeverityWarning, "sensor.fan_out_of_range", s.ID, fmt.Sprintf("fan %s turns at %g per minute, its limit is %g", what, *s.Value, limit), evidence)
	default:
		a.add(SeverityInfo, "sensor.out_of_range", s.ID, fmt.Sprintf("%s reads %g %s, its limit is %g", what, *s.Value, s.Unit, limit), evidence)
	}
}
