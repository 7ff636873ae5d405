package inventory

import (
	"fmt"
	"strings"
)

// assessCPU judges sockets.
func assessCPU(a *assessment) {
	believed := disabledIsBelieved(a.r.CPUs)
	for i := range a.r.CPUs {
		c := &a.r.CPUs[i]
		if c.Present == nil || !*c.Present {
			continue
		}
		switch {
		case !believed:
		case c.Status == "disabled_by_bios":
			a.add(SeverityCritical, "cpu.disabled_by_bios", c.ID,
				fmt.Sprintf("processor %s was disabled by the firmware, which found it faulty", name(c.Socket, c.ID)),
				map[string]string{"status": c.Status})
		case c.Status == "disabled_by_user":
			a.add(SeverityInfo, "cpu.disabled_by_user", c.ID,
				fmt.Sprintf("processor %s is disabled in the firmware's setup", name(c.Socket, c.ID)),
				map[string]string{"status": c.Status})
		}
		if len(c.OfflineCPUs) > 0 {
			a.add(SeverityInfo, "cpu.threads_offline", c.ID,
				fmt.Sprintf("%d threads of processor %s are offline", len(c.OfflineCPUs), name(c.Socket, c.ID)),
				map[string]string{"offline_cpus": fmt.Sprint(c.OfflineCPUs)})
		}
		a.judgeThrottle(c)
	}
}

// disabledIsBelieved says whether the firmware's word on disabled processors
// means something. Some boards call every processor disabled, though the
// machine runs on them; hypervisors list a hundred sockets and call those
// disabled that this machine was not given. Faults are fewer than what works.
func disabledIsBelieved(all []CPU) bool {
	enabled, disabled := 0, 0
	for i := range all {
		switch c := &all[i]; {
		case c.Present == nil || !*c.Present:
		case strings.HasPrefix(c.Status, "disabled"):
			disabled++
		default:
			enabled++
		}
	}
	return disabled <= enabled
}

// judgeThrottle is a warning where heat slows the processor again and again:
// more than once in an hour since the system was started.
func (a *assessment) judgeThrottle(c *CPU) {
	if c.Throttle == nil {
		return
	}
	var most uint64
	evidence := map[string]string{}
	for name, n := range map[string]*uint64{"package_count": c.Throttle.PackageCount, "core_count": c.Throttle.CoreCount} {
		if n != nil {
			most = max(most, *n)
			evidence[name] = uintText(n)
		}
	}
	if most == 0 {
		return
	}
	severity := SeverityInfo
	if h := a.r.Host; h != nil && h.UptimeSeconds != nil {
		evidence["uptime_seconds"] = uintText(h.UptimeSeconds)
		if most > 1+*h.UptimeSeconds/3600 {
			severity = SeverityWarning
		}
	}
	a.add(severity, "cpu.thermal_throttled", c.ID,
		fmt.Sprintf("processor %s was slowed down by heat %d times since the system was started", name(c.Socket, c.ID), most), evidence)
}

// name is what a person calls a part.
func name(label, id string) string {
	if label != "" {
		return label
	}
	return id
}
