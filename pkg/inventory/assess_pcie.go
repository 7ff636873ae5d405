package inventory

import "fmt"

// assessPCIe judges links and functions.
func assessPCIe(a *assessment) {
	for i := range a.r.PCIeDevices {
		d := &a.r.PCIeDevices[i]
		if d.OffBus != nil && *d.OffBus {
			a.add(SeverityCritical, "pcie.off_bus", d.ID,
				fmt.Sprintf("%s no longer answers on the bus", d.what()), map[string]string{"address": d.Address})
		}
		a.judgeLink(d)
		a.judgeAER(d)
	}
}

// judgeLink reports lost lanes as a warning. A lower speed alone is
// information where the device saves power that way, as GPUs do.
func (a *assessment) judgeLink(d *PCIeDevice) {
	l := d.Link
	if l == nil || l.Degraded == nil || !*l.Degraded {
		return
	}
	evidence := map[string]string{"slot": d.Slot}
	narrower := l.CurrentWidth != nil && l.AttainableWidth != nil && *l.CurrentWidth < *l.AttainableWidth
	if l.CurrentWidth != nil && l.AttainableWidth != nil {
		evidence["current_width"], evidence["attainable_width"] = fmt.Sprint(*l.CurrentWidth), fmt.Sprint(*l.AttainableWidth)
	}
	if l.CurrentSpeedGTs != nil && l.AttainableSpeedGTs != nil {
		evidence["current_speed_gts"], evidence["attainable_speed_gts"] = fmt.Sprint(*l.CurrentSpeedGTs), fmt.Sprint(*l.AttainableSpeedGTs)
	}
	switch {
	case narrower:
		a.add(SeverityWarning, "pcie.link_width_degraded", d.ID,
			fmt.Sprintf("%s runs on %d of %d lanes", d.what(), *l.CurrentWidth, *l.AttainableWidth), evidence)
	case l.CurrentSpeedGTs != nil && l.AttainableSpeedGTs != nil:
		severity := SeverityWarning
		if d.isDisplay() {
			severity = SeverityInfo
		}
		a.add(severity, "pcie.link_speed_degraded", d.ID,
			fmt.Sprintf("%s runs at %g of %g GT/s", d.what(), *l.CurrentSpeedGTs, *l.AttainableSpeedGTs), evidence)
	}
}

func (a *assessment) judgeAER(d *PCIeDevice) {
	if d.AER == nil {
		return
	}
	evidence := map[string]string{
		"fatal": uintText(d.AER.Fatal), "nonfatal": uintText(d.AER.Nonfatal), "correctable": uintText(d.AER.Correctable),
	}
	switch {
	case d.AER.Fatal != nil && *d.AER.Fatal > 0:
		a.add(SeverityCritical, "pcie.fatal_errors", d.ID, fmt.Sprintf("%s reported %d fatal errors", d.what(), *d.AER.Fatal), evidence)
	case d.AER.Nonfatal != nil && *d.AER.Nonfatal > 0:
		a.add(SeverityWarning, "pcie.nonfatal_errors", d.ID, fmt.Sprintf("%s reported %d uncorrectable errors", d.what(), *d.AER.Nonfatal), evidence)
	case d.AER.Correctable != nil && *d.AER.Correctable > 0:
		a.add(SeverityInfo, "pcie.correctable_errors", d.ID, fmt.Sprintf("%s reported %d corrected errors", d.what(), *d.AER.Correctable), evidence)
	}
}

// isDisplay is true for GPUs and accelerators, which slow an idle link.
func (d *PCIeDevice) isDisplay() bool {
	return len(d.ClassID) == 6 && (d.ClassID[:2] == "03" || d.ClassID[:2] == "12")
}

// what names the function as a person would.
func (d *PCIeDevice) what() string {
	s := d.Address
	if d.Device != "" {
		s = d.Device + " at " + s
	}
	if d.Slot != "" {
		s += " (slot " + d.Slot + ")"
	}
	return s
}
