package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// assessStorage judges drives, volumes and controllers.
func assessStorage(a *assessment) {
	silent := a.silentDrives()
	for i := range a.r.Storage {
		d := &a.r.Storage[i]
		for _, r := range d.judge() {
			a.add(r.severity, r.code, d.ID, d.what()+": "+strings.Join(r.texts, "; "), r.evidence)
		}
		if issue := silent[d.ID]; issue != nil {
			a.add(SeverityWarning, "storage.drive_not_answering", d.ID, fmt.Sprintf("%s does not answer: %s", d.what(), issue.Detail),
				map[string]string{"kind": string(issue.Kind), "source": issue.Source})
		}
	}
	for i := range a.r.LogicalDrives {
		a.judgeVolume(&a.r.LogicalDrives[i])
	}
	for i := range a.r.StorageControllers {
		a.judgeController(&a.r.StorageControllers[i])
	}
}

// silentDrives are the drives whose health could not be read because no answer
// came, as opposed to those that may not be asked.
func (a *assessment) silentDrives() map[string]*Issue {
	silent := map[string]*Issue{}
	for i := range a.r.Issues {
		is := &a.r.Issues[i]
		if is.Field != "health" || silent[is.ComponentID] != nil {
			continue
		}
		switch is.Kind {
		case KindTimeout, KindStuck, KindIO:
			silent[is.ComponentID] = is
		}
	}
	return silent
}

// verdict is one thing that speaks against a drive.
type verdict struct {
	severity Severity
	code     string
	texts    []string
	evidence map[string]string
}

// verdicts gathers what speaks against a drive, one verdict a code.
type verdicts struct{ all []*verdict }

func (v *verdicts) add(s Severity, code, text string, evidence ...string) {
	i := slices.IndexFunc(v.all, func(o *verdict) bool { return o.code == code })
	if i < 0 {
		i = len(v.all)
		v.all = append(v.all, &verdict{severity: s, code: code, evidence: map[string]string{}})
	}
	o := v.all[i]
	if severityRank(s) < severityRank(o.severity) {
		o.severity = s
	}
	o.texts = append(o.texts, text)
	for k := 0; k+1 < len(evidence); k += 2 {
		o.evidence[evidence[k]] = evidence[k+1]
	}
}

// Judge sets the drive's Health.Status and Health.Reasons by its readings, as
// [Report.Assess] does for all drives of a report. A drive without health is
// left alone; one that said too little to be called healthy is of unknown
// health.
func (d *Drive) Judge() { d.judge() }

func (d *Drive) judge() []*verdict {
	var v verdicts
	v.raidState(d)
	h := d.Health
	if h == nil {
		return v.all
	}
	v.selfAssessment(d)
	v.wear(h)
	v.mediaErrors(h)
	v.temperature(h)
	v.attributes(h)
	v.selfTests(h)

	h.Status, h.Reasons = HealthUnknown, nil
	if h.SelfAssessment == "passed" || slices.ContainsFunc(h.Attributes, func(s SMARTAttribute) bool { return s.Threshold != nil }) {
		h.Status = HealthOK
	}
	for _, o := range v.all {
		h.Reasons = append(h.Reasons, o.texts...)
		switch {
		case o.severity == SeverityCritical:
			h.Status = HealthCritical
		case o.severity == SeverityWarning && h.Status != HealthCritical:
			h.Status = HealthWarning
		}
	}
	return v.all
}

// raidState is what a RAID controller holds of a drive behind it.
func (v *verdicts) raidState(d *Drive) {
	switch d.State {
	case "failed":
		v.add(SeverityCritical, "storage.drive_failing", "its RAID controller calls it "+d.State, "state", d.State)
	case "unconfigured_bad", "offline":
		v.add(SeverityWarning, "storage.drive_degraded", "its RAID controller calls it "+d.State, "state", d.State)
	}
	if h := d.Health; h != nil && h.PredictiveFailureCount != nil && *h.PredictiveFailureCount > 0 {
		v.add(SeverityCritical, "storage.drive_failing", fmt.Sprintf("its RAID controller counted %d predictions of its failure (limit 0)", *h.PredictiveFailureCount),
			"predictive_failure_count", uintText(h.PredictiveFailureCount))
	}
}

// selfAssessment is the drive's own verdict and the conditions it raised. An
// NVMe drive that is only too warm has not failed.
func (v *verdicts) selfAssessment(d *Drive) {
	h := d.Health
	nvme := d.Protocol == ProtocolNVMe
	for _, w := range h.CriticalWarnings {
		switch {
		case nvme && w == "temperature_out_of_range":
			v.add(SeverityWarning, "storage.temperature", "the drive warns: "+w, "critical_warnings", strings.Join(h.CriticalWarnings, ","))
		case nvme || h.SelfAssessment == "failed":
			v.add(SeverityCritical, "storage.drive_failing", "the drive warns: "+w, "critical_warnings", strings.Join(h.CriticalWarnings, ","))
		default:
			v.add(SeverityWarning, "storage.drive_degraded", "the drive warns: "+w, "critical_warnings", strings.Join(h.CriticalWarnings, ","))
		}
	}
	if h.SelfAssessment == "failed" && len(h.CriticalWarnings) == 0 {
		v.add(SeverityCritical, "storage.drive_failing", "its own verdict is that it fails", "self_assessment", h.SelfAssessment)
	}
}

// wornOut is the percentage of the endurance at which the vendor's promise
// ends.
const wornOut = 100

func (v *verdicts) wear(h *DriveHealth) {
	if p := h.PercentageUsed; p != nil && *p >= wornOut {
		v.add(SeverityWarning, "storage.wear", fmt.Sprintf("%d %% of its endurance is used up (limit %d %%)", *p, wornOut),
			"percentage_used", fmt.Sprint(*p), "limit", strconv.Itoa(wornOut))
	}
	if s, t := h.AvailableSparePercent, h.AvailableSpareThresholdPercent; s != nil && t != nil && *s < *t {
		v.add(SeverityWarning, "storage.wear", fmt.Sprintf("%d %% spare left (threshold %d %%)", *s, *t),
			"available_spare_percent", fmt.Sprint(*s), "available_spare_threshold_percent", fmt.Sprint(*t))
	}
}

// mediaErrors: data that could not be read back, or will not be.
func (v *verdicts) mediaErrors(h *DriveHealth) {
	count := func(n *uint64, code, name, text string) {
		if n != nil && *n > 0 {
			v.add(SeverityWarning, code, fmt.Sprintf("%d %s (limit 0)", *n, text), name, uintText(n))
		}
	}
	count(h.MediaErrors, "storage.media_errors", "media_errors", "media errors")
	count(h.PendingSectors, "storage.media_errors", "pending_sectors", "sectors wait for reallocation")
	count(h.UncorrectableSectors, "storage.media_errors", "uncorrectable_sectors", "sectors could not be corrected")
	for _, direction := range slices.Sorted(maps.Keys(h.ErrorCounters)) {
		count(h.ErrorCounters[direction].Uncorrected, "storage.media_errors", direction+"_uncorrected", "uncorrected "+direction+" errors")
	}
	count(h.ReallocatedSectors, "storage.drive_degraded", "reallocated_sectors", "sectors are reallocated")
	count(h.GrownDefects, "storage.drive_degraded", "grown_defects", "grown defects")
}

func (v *verdicts) temperature(h *DriveHealth) {
	if h.TempCelsius == nil {
		return
	}
	t := *h.TempCelsius
	switch {
	case h.TempCriticalCelsius != nil && *h.TempCriticalCelsius > 0 && t >= *h.TempCriticalCelsius:
		v.add(SeverityCritical, "storage.temperature", fmt.Sprintf("%d C is at or above its critical limit of %d C", t, *h.TempCriticalCelsius),
			"temp_celsius", strconv.Itoa(t), "temp_critical_celsius", strconv.Itoa(*h.TempCriticalCelsius))
	case h.TempWarningCelsius != nil && *h.TempWarningCelsius > 0 && t >= *h.TempWarningCelsius:
		v.add(SeverityWarning, "storage.temperature", fmt.Sprintf("%d C is at or above its limit of %d C", t, *h.TempWarningCelsius),
			"temp_celsius", strconv.Itoa(t), "temp_warning_celsius", strconv.Itoa(*h.TempWarningCelsius))
	}
}

// attributes compares an ATA drive's attributes with the vendor's thresholds.
func (v *verdicts) attributes(h *DriveHealth) {
	for _, s := range h.Attributes {
		if s.Threshold == nil || !s.PreFail {
			continue
		}
		name := fmt.Sprintf("attribute %d", s.ID)
		if s.Name != "" {
			name += " (" + s.Name + ")"
		}
		key, limit := fmt.Sprintf("attribute_%d", s.ID), fmt.Sprintf("attribute_%d_threshold", s.ID)
		switch s.WhenFailed {
		case "now":
			v.add(SeverityCritical, "storage.drive_failing", fmt.Sprintf("%s is %d (threshold %d)", name, s.Value, *s.Threshold),
				key, fmt.Sprint(s.Value), limit, fmt.Sprint(*s.Threshold))
		case "past":
			v.add(SeverityWarning, "storage.drive_degraded", fmt.Sprintf("%s was %d (threshold %d)", name, s.Worst, *s.Threshold),
				key+"_worst", fmt.Sprint(s.Worst), limit, fmt.Sprint(*s.Threshold))
		}
	}
}

// selfTests: the newest finished test counts; an older failure that a later
// test did not find again may be mended.
func (v *verdicts) selfTests(h *DriveHealth) {
	for _, t := range h.SelfTests {
		switch {
		case strings.HasPrefix(t.Result, "failed"), t.Result == "fatal_error":
			text := fmt.Sprintf("its last self-test (%s) ended with %s", t.Type, t.Result)
			if t.PowerOnHours != nil {
				text += fmt.Sprintf(" after %d hours of operation", *t.PowerOnHours)
			}
			v.add(SeverityWarning, "storage.drive_degraded", text, "self_test", t.Result)
			return
		case t.Result == "passed":
			return
		}
	}
}

func (a *assessment) judgeVolume(l *LogicalDrive) {
	evidence := map[string]string{"state": l.State, "level": l.Level, "controller_id": l.ControllerID}
	switch l.State {
	case "degraded", "partially_degraded":
		a.add(SeverityWarning, "storage.logical_drive_degraded", l.ID, fmt.Sprintf("volume %s is %s", name(l.Name, l.ID), l.State), evidence)
	case "offline", "failed":
		a.add(SeverityCritical, "storage.logical_drive_offline", l.ID, fmt.Sprintf("volume %s is %s", name(l.Name, l.ID), l.State), evidence)
	}
}

func (a *assessment) judgeController(c *StorageController) {
	if c.HidesDrives != nil && *c.HidesDrives {
		evidence := map[string]string{"pci_address": c.PCIAddress, "driver": c.Driver}
		for i := range a.r.PCIeDevices {
			if p := &a.r.PCIeDevices[i]; p.Address == c.PCIAddress && p.VendorID != "" {
				evidence["pci_id"] = p.VendorID + ":" + p.DeviceID
			}
		}
		for _, is := range a.r.Issues {
			if is.ComponentID == c.ID && is.Field == "hides_drives" {
				evidence["detail"] = is.Detail
			}
		}
		a.add(SeverityWarning, "storage.hidden_drives", c.ID,
			fmt.Sprintf("controller %s may have drives that could not be listed: the list of drives is not complete", name(c.Model, c.ID)), evidence)
	}
	switch c.BatteryState {
	case "", "optimal", "charging", "learning", "not_applicable":
	case "failed", "missing", "replace":
		a.add(SeverityWarning, "storage.raid_battery", c.ID, fmt.Sprintf("the cache battery of controller %s is %s", name(c.Model, c.ID), c.BatteryState),
			map[string]string{"battery_state": c.BatteryState})
	default:
		a.add(SeverityInfo, "storage.raid_battery", c.ID, fmt.Sprintf("the cache battery of controller %s is %s", name(c.Model, c.ID), c.BatteryState),
			map[string]string{"battery_state": c.BatteryState})
	}
}

// what names the drive as a person would.
func (d *Drive) what() string {
	s := name(d.Model, "drive")
	if d.SerialNumber != "" {
		s += " " + d.SerialNumber
	}
	if d.Device != "" {
		s += " (" + d.Device + ")"
	}
	if d.Enclosure != nil && d.Enclosure.Slot != "" {
		s += " in slot " + d.Enclosure.Slot
	}
	return s
}
