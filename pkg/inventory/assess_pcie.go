package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// assessPCIe judges links and functions.
func assessPCIe(a *assessment) {
	links := map[string]bool{} // judged, by the port above
	sleepy := a.displaysAndAbove()
	for i := range a.r.PCIeDevices {
		d := &a.r.PCIeDevices[i]
		if d.OffBus != nil && *d.OffBus {
			a.add(SeverityCritical, "pcie.off_bus", d.ID,
				fmt.Sprintf("%s no longer answers on the bus", d.what()), map[string]string{"address": d.Address})
		}
		if d.Link != nil && d.Link.Degraded != nil && *d.Link.Degraded && (d.Parent == "" || !links[d.Parent]) {
			// All functions below one port share its link: the first one
			// stands for them.
			links[d.Parent] = true
			a.judgeLink(d, sleepy[d.Address])
		}
		a.judgeAER(d)
		a.judgeBARs(d)
	}
}

// displaysAndAbove are the addresses of GPUs and accelerators and of all
// bridges above them. These slow down an idle link; on cards that have a
// switch it is the switch's link that becomes slow.
func (a *assessment) displaysAndAbove() map[string]bool {
	parents := make(map[string]string, len(a.r.PCIeDevices))
	for i := range a.r.PCIeDevices {
		parents[a.r.PCIeDevices[i].Address] = a.r.PCIeDevices[i].Parent
	}
	sleepy := map[string]bool{}
	for i := range a.r.PCIeDevices {
		d := &a.r.PCIeDevices[i]
		if !d.isDisplay() {
			continue
		}
		for at := d.Address; at != "" && !sleepy[at]; at = parents[at] {
			sleepy[at] = true
		}
	}
	return sleepy
}

// judgeLink reports a degraded link: lost lanes as a warning. A lower speed
// alone is information where the device saves power that way.
func (a *assessment) judgeLink(d *PCIeDevice, sleepy bool) {
	l := d.Link
	evidence := map[string]string{}
	if d.Slot != "" {
		evidence["slot"] = d.Slot
	}
	if d.Parent != "" {
		evidence["port"] = d.Parent
	}
	narrower, slower := false, false
	if l.CurrentWidth != nil && l.AttainableWidth != nil {
		narrower = *l.CurrentWidth < *l.AttainableWidth
		evidence["current_width"], evidence["attainable_width"] = fmt.Sprint(*l.CurrentWidth), fmt.Sprint(*l.AttainableWidth)
	}
	if l.CurrentSpeedGTs != nil && l.AttainableSpeedGTs != nil {
		slower = *l.CurrentSpeedGTs < *l.AttainableSpeedGTs
		evidence["current_speed_gts"], evidence["attainable_speed_gts"] = fmt.Sprint(*l.CurrentSpeedGTs), fmt.Sprint(*l.AttainableSpeedGTs)
	}
	switch {
	case narrower:
		a.add(SeverityWarning, "pcie.link_width_degraded", d.ID,
			fmt.Sprintf("%s runs on %d of %d lanes", d.what(), *l.CurrentWidth, *l.AttainableWidth), evidence)
	case slower:
		severity := SeverityWarning
		if sleepy {
			severity = SeverityInfo
		}
		a.add(severity, "pcie.link_speed_degraded", d.ID,
			fmt.Sprintf("%s runs at %g of %g GT/s", d.what(), *l.CurrentSpeedGTs, *l.AttainableSpeedGTs), evidence)
	}
}

// judgeBARs reports address windows without an address. That is a warning
// where it explains a device without a driver; chipset parts are left that way
// on purpose.
func (a *assessment) judgeBARs(d *PCIeDevice) {
	if len(d.UnassignedBARs) == 0 {
		return
	}
	severity := SeverityInfo
	if d.Driver == "" && len(d.ClassID) == 6 {
		switch d.ClassID[:2] {
		case "01", "02", "03", "12": // storage, network, display, accelerator
			severity = SeverityWarning
		}
	}
	list := make([]string, len(d.UnassignedBARs))
	for i, n := range d.UnassignedBARs {
		list[i] = fmt.Sprint(n)
	}
	a.add(severity, "pcie.bar_unassigned", d.ID,
		fmt.Sprintf("%s has no address for BAR %s", d.what(), strings.Join(list, ", ")),
		map[string]string{"bars": strings.Join(list, ","), "driver": d.Driver})
}

// judgeAER reports the worst kind of error that was counted since boot.
func (a *assessment) judgeAER(d *PCIeDevice) {
	if d.AER == nil {
		return
	}
	evidence := map[string]string{}
	for name, n := range map[string]*uint64{"fatal": d.AER.Fatal, "nonfatal": d.AER.Nonfatal, "correctable": d.AER.Correctable} {
		if n != nil {
			evidence[name] = uintText(n)
		}
	}
	kinds := make([]string, 0, len(d.AER.Kinds))
	for _, k := range slices.Sorted(maps.Keys(d.AER.Kinds)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", k, d.AER.Kinds[k]))
	}
	if len(kinds) > 0 {
		evidence["kinds"] = strings.Join(kinds, ", ")
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
