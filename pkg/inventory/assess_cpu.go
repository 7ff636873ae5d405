package inventory

import "fmt"

// assessCPU judges sockets.
func assessCPU(a *assessment) {
	for i := range a.r.CPUs {
		c := &a.r.CPUs[i]
		if c.Present == nil || !*c.Present {
			continue
		}
		switch c.Status {
		case "disabled_by_bios":
			a.add(SeverityCritical, "cpu.disabled_by_bios", c.ID,
				fmt.Sprintf("processor %s was disabled by the firmware, which found it faulty", name(c.Socket, c.ID)),
				map[string]string{"status": c.Status})
		case "disabled_by_user":
			a.add(SeverityInfo, "cpu.disabled_by_user", c.ID,
				fmt.Sprintf("processor %s is disabled in the firmware's setup", name(c.Socket, c.ID)),
				map[string]string{"status": c.Status})
		}
		if len(c.OfflineCPUs) > 0 {
			a.add(SeverityInfo, "cpu.threads_offline", c.ID,
				fmt.Sprintf("%d threads of processor %s are offline", len(c.OfflineCPUs), name(c.Socket, c.ID)),
				map[string]string{"offline_cpus": fmt.Sprint(c.OfflineCPUs)})
		}
	}
}

// name is what a person calls a part.
func name(label, id string) string {
	if label != "" {
		return label
	}
	return id
}
