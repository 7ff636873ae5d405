package export

import "example.com/bee/pkg/inventory"

func (m *metrics) report(r *inventory.Report) {
	m.info("bee_report_info", "The report and the program that made it.",
		label{"schema_version", r.SchemaVersion}, label{"tool", r.Tool.Name}, label{"version", r.Tool.Version}, label{"commit", r.Tool.Commit})
	m.gauge("bee_report_start_timestamp_seconds", "When the collection began, by the machine's clock.", float64(r.StartedAt.UnixMilli())/1000)
	m.gauge("bee_report_duration_seconds", "How long the collection took.", float64(r.DurationMS)/1000)
	flag(m, "bee_clock_synchronized", "1 when the kernel says that the clock is synchronized.", r.ClockSynchronized)
	m.states("bee_verdict", "The verdict on the machine, 1 for the state it is in.", string(r.Verdict()))
	bySeverity := map[inventory.Severity]int{}
	for _, f := range r.Findings {
		bySeverity[f.Severity]++
	}
	for _, s := range []inventory.Severity{inventory.SeverityCritical, inventory.SeverityWarning, inventory.SeverityInfo} {
		m.gauge("bee_findings", "Number of findings of a severity.", float64(bySeverity[s]), label{"severity", string(s)})
	}
	for _, f := range r.Findings {
		m.info("bee_finding_info", "One finding about one part.", label{"severity", string(f.Severity)}, label{"code", f.Code}, component1(f.ComponentID))
	}
	for _, c := range r.Collectors {
		name := label{"collector", c.Name}
		m.info("bee_collector_info", "How a collector ended.", name, label{"status", string(c.Status)})
		good := c.Status == inventory.StatusOK || c.Status == inventory.StatusAbsent
		if c.Status != inventory.StatusNotRun {
			m.gauge("bee_collector_success", "1 when a collector read all there was to read.", truth(good), name)
			m.gauge("bee_collector_duration_seconds", "How long a collector took.", float64(c.DurationMS)/1000, name)
		}
	}
	m.gauge("bee_issues", "Number of readings that should have been possible and were not.", float64(len(r.Issues)))
}

func (m *metrics) machine(r *inventory.Report) {
	if h := r.Host; h != nil {
		m.info("bee_host_info", "The running system.", label{"hostname", h.Hostname}, label{"kernel", h.Kernel}, label{"architecture", h.Architecture}, label{"os", h.OS}, label{"boot_mode", string(h.BootMode)})
		flag(m, "bee_host_secure_boot", "1 when the firmware says that secure boot is on.", h.SecureBoot)
		opt(m, "bee_host_uptime_seconds", "Time since boot.", h.UptimeSeconds)
	}
	b := r.Board
	if b == nil {
		return
	}
	if s := b.System; s != nil {
		m.info("bee_system_info", "The product.", label{"manufacturer", s.Manufacturer}, label{"product", s.ProductName}, label{"version", s.Version}, label{"serial", s.SerialNumber}, label{"uuid", s.UUID}, label{"sku", s.SKUNumber})
	}
	if x := b.BIOS; x != nil {
		m.info("bee_bios_info", "The system firmware.", label{"vendor", x.Vendor}, label{"version", x.Version}, label{"release_date", x.ReleaseDate})
	}
	if x := b.Baseboard; x != nil {
		m.info("bee_baseboard_info", "The primary board.", label{"manufacturer", x.Manufacturer}, label{"product", x.ProductName}, label{"version", x.Version}, label{"serial", x.SerialNumber})
	}
	if x := b.Chassis; x != nil {
		m.info("bee_chassis_info", "The primary enclosure.", label{"manufacturer", x.Manufacturer}, label{"type", x.Type}, label{"serial", x.SerialNumber}, label{"asset_tag", x.AssetTag})
	}
}

func (m *metrics) cpus(list []inventory.CPU) {
	for i := range list {
		c := &list[i]
		id := component1(c.ID)
		m.info("bee_cpu_info", "One processor socket.", id, label{"socket", c.Socket}, label{"model", c.Model}, label{"microcode", c.Microcode}, label{"status", c.Status})
		flag(m, "bee_cpu_present", "1 when the socket holds a processor.", c.Present, id)
		opt(m, "bee_cpu_cores", "Cores on the part.", c.Cores, id)
		opt(m, "bee_cpu_enabled_cores", "Cores the firmware enabled.", c.CoresEnabled, id)
		opt(m, "bee_cpu_threads", "Hardware threads on the part.", c.Threads, id)
		if c.MaxSpeedMHz != nil {
			m.gauge("bee_cpu_max_frequency_hertz", "The fastest the firmware says.", float64(*c.MaxSpeedMHz)*1e6, id)
		}
		if t := c.Throttle; t != nil {
			count(m, "bee_cpu_package_throttles_total", "How often heat slowed the package since boot.", t.PackageCount, id)
			count(m, "bee_cpu_core_throttles_total", "How often heat slowed its cores since boot.", t.CoreCount, id)
		}
	}
}

func (m *metrics) memory(x *inventory.Memory) {
	if x == nil {
		return
	}
	opt(m, "bee_memory_size_bytes", "Memory installed.", x.SizeBytes)
	opt(m, "bee_memory_usable_bytes", "Memory the kernel manages.", x.UsableBytes)
	opt(m, "bee_memory_max_capacity_bytes", "The most memory the boards take.", x.MaxCapacityBytes)
	opt(m, "bee_memory_slots", "Memory slots.", x.Slots)
	opt(m, "bee_memory_populated_slots", "Memory slots that hold a module.", x.Populated)
	for i := range x.Controllers {
		c := &x.Controllers[i]
		id := component1(c.ID)
		count(m, "bee_memory_controller_corrected_errors_total", "Errors corrected since the driver was loaded.", c.CorrectedErrors, id)
		count(m, "bee_memory_controller_uncorrected_errors_total", "Errors not corrected since the driver was loaded.", c.UncorrectedErrors, id)
	}
	for i := range x.Modules {
		d := &x.Modules[i]
		id := component1(d.ID)
		m.info("bee_memory_module_info", "One memory slot and what is in it.", id, label{"slot", d.Slot}, label{"bank", d.Bank}, label{"type", d.Type}, label{"manufacturer", d.Manufacturer}, label{"part", d.PartNumber}, label{"serial", d.SerialNumber})
		flag(m, "bee_memory_module_present", "1 when the slot holds a module.", d.Present, id)
		opt(m, "bee_memory_module_size_bytes", "Size of the module.", d.SizeBytes, id)
		if d.ConfiguredSpeedMTs != nil {
			m.gauge("bee_memory_module_transfers_per_second", "Transfers per second the module runs at.", float64(*d.ConfiguredSpeedMTs)*1e6, id)
		}
		count(m, "bee_memory_module_corrected_errors_total", "Errors corrected since the driver was loaded.", d.CorrectedErrors, id)
		count(m, "bee_memory_module_uncorrected_errors_total", "Errors not corrected since the driver was loaded.", d.UncorrectedErrors, id)
	}
}
