package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// assessGPU judges GPUs, each by itself and against others of its kind, and
// sets their Health.
func assessGPU(a *assessment) {
	links := mostLinks(a.r.GPUs)
	for i := range a.r.GPUs {
		g := &a.r.GPUs[i]
		from := len(a.findings)
		a.judgeGPUState(g)
		a.judgeGPUErrors(g)
		a.judgeXid(g)
		a.judgeGPUMemory(g)
		a.judgeGPULink(g)
		a.judgeGPULimits(g)
		a.judgeNVLinks(g, links[g.Name])
		g.Health = gpuHealth(g, a.findings[from:])
	}
}

// gpuHealth is the worst finding; without NVML nothing is known.
func gpuHealth(g *GPU, findings []Finding) Health {
	health := HealthUnknown
	if g.State == "ok" {
		health = HealthOK
	}
	for _, f := range findings {
		switch {
		case f.Severity == SeverityCritical:
			return HealthCritical
		case f.Severity == SeverityWarning && g.State == "ok":
			health = HealthWarning
		}
	}
	return health
}

func (a *assessment) judgeGPUState(g *GPU) {
	evidence := map[string]string{"pci_address": g.PCIAddress, "driver": g.Driver}
	switch {
	case g.State == "lost":
		a.add(SeverityCritical, "gpu.lost", g.ID, fmt.Sprintf("%s has fallen off the bus or could not be set up by its driver", g.what()), evidence)
	case g.State == "foreign_driver":
		severity := SeverityWarning
		if g.Driver == "vfio-pci" { // given to a virtual machine on purpose
			severity = SeverityInfo
		}
		a.add(severity, "gpu.foreign_driver", g.ID, fmt.Sprintf("%s is held by the driver %s: its health cannot be read", g.what(), g.Driver), evidence)
	case g.State == "no_driver" && g.DriverVersion != "":
		evidence["driver_version"] = g.DriverVersion
		a.add(SeverityWarning, "gpu.unknown_to_driver", g.ID, fmt.Sprintf("driver %s is loaded but does not take %s", g.DriverVersion, g.what()), evidence)
	case g.State == "no_driver":
		severity := SeverityWarning
		if g.Vendor != "NVIDIA" && a.isVGA(g.ParentID) { // a screen nobody looks at
			severity = SeverityInfo
		}
		a.add(severity, "gpu.no_driver", g.ID, fmt.Sprintf("%s has no driver: its health cannot be read", g.what()), evidence)
	}
}

// isVGA is true for a function whose class says that it makes a picture.
func (a *assessment) isVGA(id string) bool {
	return slices.ContainsFunc(a.r.PCIeDevices, func(d PCIeDevice) bool {
		return d.ID == id && len(d.ClassID) == 6 && d.ClassID[:4] == "0300"
	})
}

// judgeBlockErrors judges the errors of blocks other than memory.
func (a *assessment) judgeBlockErrors(g *GPU) {
	evidence := map[string]string{}
	var corrected, uncorrected uint64
	for _, block := range slices.Sorted(maps.Keys(g.BlockErrors)) {
		e := g.BlockErrors[block]
		if e.Corrected != nil && *e.Corrected > 0 {
			corrected += *e.Corrected
			evidence[block+".corrected"] = uintText(e.Corrected)
		}
		if e.Uncorrected != nil && *e.Uncorrected > 0 {
			uncorrected += *e.Uncorrected
			evidence[block+".uncorrected"] = uintText(e.Uncorrected)
		}
	}
	switch {
	case uncorrected > 0:
		a.add(SeverityCritical, "gpu.block_errors", g.ID, fmt.Sprintf("%s had %d uncorrected errors outside its memory since its driver was loaded", g.what(), uncorrected), evidence)
	case corrected > 0:
		a.add(SeverityInfo, "gpu.block_errors", g.ID, fmt.Sprintf("%s had %d corrected errors outside its memory since its driver was loaded", g.what(), corrected), evidence)
	}
}

// judgeXid judges the errors the driver logged by the worst of them. Many are a
// program's fault.
func (a *assessment) judgeXid(g *GPU) {
	x := g.LastXid
	if x == nil {
		return
	}
	worst, evidence := x.Code, map[string]string{
		"last": strconv.FormatUint(uint64(x.Code), 10), "detail": x.Detail, "boot_seconds": strconv.FormatFloat(x.BootSeconds, 'f', 0, 64),
	}
	for _, text := range slices.Sorted(maps.Keys(x.Logged)) {
		evidence["xid_"+text] = strconv.Itoa(x.Logged[text])
		code, err := strconv.ParseUint(text, 10, 32)
		if err == nil && severityRank(xidSeverity(uint32(code))) < severityRank(xidSeverity(worst)) {
			worst = uint32(code)
		}
	}
	a.add(xidSeverity(worst), "gpu.xid", g.ID, fmt.Sprintf("the driver of %s logged Xid %d", g.what(), worst), evidence)
}

// xidSeverity goes by what NVIDIA says is to be done (Xid Errors, "Xid
// Catalog"): replace or examine the board, reset it, or look at the program.
func xidSeverity(code uint32) Severity {
	switch code {
	case 48, // double-bit memory error
		64,  // a page could not be retired, or a row remapped
		79,  // fallen off the bus
		95,  // uncontained memory error
		140: // unrecovered memory error
		return SeverityCritical
	case 46, // does not come back
		54,     // auxiliary power not connected
		61, 62, // its microcontroller stopped
		63,      // a page was retired, or a row is to be remapped
		74, 149, // NVLink
		92,       // many corrected memory errors
		94,       // contained memory error
		110,      // security fault
		119, 120, // its system processor (GSP) does not answer
		136, 143, // initialisation
		154: // recovery is called for
		return SeverityWarning
	}
	return SeverityInfo
}

func (a *assessment) judgeGPUErrors(g *GPU) {
	a.judgeBlockErrors(g)
	e := g.ECC
	if e == nil {
		return
	}
	evidence := map[string]string{
		"volatile_uncorrected": uintText(e.VolatileUncorrected), "aggregate_uncorrected": uintText(e.AggregateUncorrected),
	}
	switch {
	case e.VolatileUncorrected != nil && *e.VolatileUncorrected > 0:
		a.add(SeverityCritical, "gpu.uncorrected_errors", g.ID,
			fmt.Sprintf("%s had %d uncorrected memory errors since its driver was loaded", g.what(), *e.VolatileUncorrected), evidence)
	case e.AggregateUncorrected != nil && *e.AggregateUncorrected > 0:
		a.add(SeverityWarning, "gpu.uncorrected_errors_lifetime", g.ID,
			fmt.Sprintf("%s had %d uncorrected memory errors in its life", g.what(), *e.AggregateUncorrected), evidence)
	}
	if e.Enabled != nil && e.Pending != nil && *e.Enabled != *e.Pending {
		a.add(SeverityInfo, "gpu.ecc_mode_pending", g.ID, fmt.Sprintf("%s changes its ECC mode with the next reboot", g.what()),
			map[string]string{"enabled": strconv.FormatBool(*e.Enabled), "pending": strconv.FormatBool(*e.Pending)})
	} else if e.Enabled != nil && !*e.Enabled {
		a.add(SeverityInfo, "gpu.ecc_off", g.ID, fmt.Sprintf("%s has ECC switched off", g.what()), nil)
	}
}

// retiredPagesLimit is where the vendor takes a board back; with 64 pages the
// table is full.
const retiredPagesLimit = 60

func (a *assessment) judgeGPUMemory(g *GPU) {
	if p := g.RetiredPages; p != nil {
		single, double := intOr0(p.SingleBit), intOr0(p.DoubleBit)
		evidence := map[string]string{"single_bit": strconv.Itoa(single), "double_bit": strconv.Itoa(double)}
		switch {
		case single+double >= retiredPagesLimit:
			evidence["limit"] = strconv.Itoa(retiredPagesLimit)
			a.add(SeverityCritical, "gpu.retired_pages_limit", g.ID, fmt.Sprintf("%s has retired %d memory pages", g.what(), single+double), evidence)
		case single+double > 0:
			a.add(SeverityInfo, "gpu.retired_pages", g.ID, fmt.Sprintf("%s has retired %d memory pages", g.what(), single+double), evidence)
		}
		if p.Pending != nil && *p.Pending {
			a.add(SeverityWarning, "gpu.page_retirement_pending", g.ID, fmt.Sprintf("%s retires memory pages with the next reboot", g.what()), evidence)
		}
	}
	if r := g.RemappedRows; r != nil {
		rows := intOr0(r.Correctable) + intOr0(r.Uncorrectable)
		evidence := map[string]string{"correctable": strconv.Itoa(intOr0(r.Correctable)), "uncorrectable": strconv.Itoa(intOr0(r.Uncorrectable))}
		switch {
		case r.Failure != nil && *r.Failure:
			a.add(SeverityCritical, "gpu.row_remap_failure", g.ID, fmt.Sprintf("%s could not remap a faulty memory row", g.what()), evidence)
		case r.Pending != nil && *r.Pending:
			a.add(SeverityWarning, "gpu.row_remap_pending", g.ID, fmt.Sprintf("%s needs a reset to remap a faulty memory row", g.what()), evidence)
		case rows > 0:
			a.add(SeverityInfo, "gpu.rows_remapped", g.ID, fmt.Sprintf("%s has remapped %d memory rows", g.what(), rows), evidence)
		}
	}
}

// judgeGPULink leaves the verdict on the link to the PCI function where both
// of its ends are known. NVML's own maximum is often that of the GPU alone, so
// without such a verdict a narrow link is only something to know.
func (a *assessment) judgeGPULink(g *GPU) {
	l := g.Link
	if l == nil || l.CurrentWidth == nil || l.AttainableWidth == nil || *l.CurrentWidth >= *l.AttainableWidth {
		return
	}
	if slices.ContainsFunc(a.r.PCIeDevices, func(d PCIeDevice) bool {
		return d.ID == g.ParentID && d.Link != nil && d.Link.Degraded != nil
	}) {
		return
	}
	a.add(SeverityInfo, "gpu.link_narrow", g.ID,
		fmt.Sprintf("%s runs on %d of %d lanes", g.what(), *l.CurrentWidth, *l.AttainableWidth),
		map[string]string{"current_width": strconv.Itoa(*l.CurrentWidth), "max_width": strconv.Itoa(*l.AttainableWidth)})
}

func (a *assessment) judgeGPULimits(g *GPU) {
	for _, reason := range g.ThrottleReasons {
		switch reason {
		case "hw_thermal_slowdown", "hw_power_brake_slowdown":
		case "hw_slowdown": // the general bit: only alone does it say something
			if slices.Contains(g.ThrottleReasons, "hw_thermal_slowdown") || slices.Contains(g.ThrottleReasons, "hw_power_brake_slowdown") {
				continue
			}
		default:
			continue
		}
		evidence := map[string]string{"reason": reason}
		if g.TempCelsius != nil {
			evidence["temp_celsius"] = strconv.Itoa(*g.TempCelsius)
		}
		a.add(SeverityWarning, "gpu.throttled", g.ID, fmt.Sprintf("%s is slowed down by its hardware: %s", g.what(), reason), evidence)
	}
	if g.PowerLimitWatts != nil && g.PowerDefaultWatts != nil && *g.PowerLimitWatts < *g.PowerDefaultWatts {
		a.add(SeverityInfo, "gpu.power_limited", g.ID,
			fmt.Sprintf("%s is limited to %g of %g W", g.what(), *g.PowerLimitWatts, *g.PowerDefaultWatts),
			map[string]string{"power_limit_watts": fmt.Sprint(*g.PowerLimitWatts), "power_default_watts": fmt.Sprint(*g.PowerDefaultWatts)})
	}
}

// judgeNVLinks compares with the best linked GPU of the same name: how many
// links there should be depends on the board the GPUs sit on.
func (a *assessment) judgeNVLinks(g *GPU, most int) {
	if active := activeLinks(g); len(g.NVLinks) > 0 && active < most {
		a.add(SeverityWarning, "gpu.nvlink_down", g.ID,
			fmt.Sprintf("%s has %d NVLinks up, another of its kind here has %d", g.what(), active, most),
			map[string]string{"active": strconv.Itoa(active), "expected": strconv.Itoa(most)})
	}
	sums := map[string]uint64{}
	for _, l := range g.NVLinks {
		for name, n := range l.Errors {
			if n > 0 {
				sums[name] += n
			}
		}
	}
	if len(sums) == 0 {
		return
	}
	severity := SeverityInfo
	if sums["recovery"] > 0 {
		severity = SeverityWarning
	}
	evidence := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		evidence[name] = strconv.FormatUint(sums[name], 10)
	}
	a.add(severity, "gpu.nvlink_errors", g.ID, fmt.Sprintf("%s counted errors on its NVLinks", g.what()), evidence)
}

func mostLinks(gpus []GPU) map[string]int {
	most := map[string]int{}
	for i := range gpus {
		most[gpus[i].Name] = max(most[gpus[i].Name], activeLinks(&gpus[i]))
	}
	return most
}

func activeLinks(g *GPU) int {
	n := 0
	for _, l := range g.NVLinks {
		if l.Active != nil && *l.Active {
			n++
		}
	}
	return n
}

// what names the GPU as a person would.
func (g *GPU) what() string {
	name := g.Name
	if name == "" {
		name = "GPU"
	}
	if g.PCIAddress != "" {
		name += " at " + g.PCIAddress
	}
	return name
}

func intOr0(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
