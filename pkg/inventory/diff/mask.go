package diff

// Class says how a masked value is treated.
type Class string

// The classes. Everything that is in none of them is a difference.
const (
	// ClassReading moves by itself.
	ClassReading Class = "reading"
	// ClassRun tells of the run and not of the machine.
	ClassRun Class = "run"
	// ClassCounter counts what should not happen; it is shown as growth.
	ClassCounter Class = "counter"
	// ClassLevel is a count that may also fall; it is shown as growth.
	ClassLevel Class = "level"
	// ClassUsage counts what is normal; it is growth too.
	ClassUsage Class = "usage"
	// ClassRecord is a log; new entries are shown as growth.
	ClassRecord Class = "record"
	// ClassDerived repeats what another place of the report says, and is left
	// out where both reports have that place.
	ClassDerived Class = "derived"
	// ClassReference names another part; it follows that part when its name
	// changes.
	ClassReference Class = "reference"
)

// MaskEntry is one row of the mask.
type MaskEntry struct {
	// Pattern is a JSON path; [] is any entry of a list, * any key, ** at the
	// beginning any path. It holds for everything below, too.
	Pattern string
	Class   Class
	Reason  string
	// From is what a derived value is derived from.
	From string
	// Only limits the row: "gpu" means parts whose PCI class is display or
	// accelerator.
	Only string

	split path
}

// Mask is the table of values that are no differences, the first row that
// covers a path decides. docs/diff.md shows it.
func Mask() []MaskEntry {
	return []MaskEntry{
		// The run.
		{Pattern: "schema_version", Class: ClassRun, Reason: "the form of the report"},
		{Pattern: "started_at", Class: ClassRun, Reason: "when the report was made"},
		{Pattern: "finished_at", Class: ClassRun, Reason: "when the report was made"},
		{Pattern: "duration_ms", Class: ClassRun, Reason: "how long it took"},
		{Pattern: "tool", Class: ClassRun, Reason: "the program, not the machine"},
		{Pattern: "collectors", Class: ClassRun, Reason: "a collector that did not end well shows as not comparable"},
		{Pattern: "issues", Class: ClassRun, Reason: "an issue of one report shows as not comparable"},
		{Pattern: "topology", Class: ClassRun, Reason: "put together from the parts, which are compared themselves"},
		{Pattern: "**.sources", Class: ClassRun, Reason: "where a value was read"},
		{Pattern: "**.provenance", Class: ClassRun, Reason: "which of several sources was believed"},
		{Pattern: "**.unsupported", Class: ClassRun, Reason: "which questions the driver did not answer"},
		{Pattern: "**.read_at", Class: ClassRun, Reason: "when it was read"},
		{Pattern: "findings[].message", Class: ClassReading, Reason: "repeats readings; a finding is known by its code and part"},
		{Pattern: "findings[].evidence", Class: ClassReading, Reason: "repeats readings"},

		// Said twice.
		{Pattern: "board.baseboard", Class: ClassDerived, From: "board.baseboards", Reason: "the primary one of the list"},
		{Pattern: "board.chassis", Class: ClassDerived, From: "board.chassis_all", Reason: "the primary one of the list"},
		{Pattern: "board.slots[].usage", Class: ClassDerived, From: "pcie_devices", Reason: "the functions are compared themselves"},
		{Pattern: "host.identity.system_uuid", Class: ClassDerived, From: "board.system", Reason: "system.uuid"},
		{Pattern: "host.identity.system_serial", Class: ClassDerived, From: "board.system", Reason: "system.serial_number"},
		{Pattern: "host.identity.baseboard_serial", Class: ClassDerived, From: "board.baseboards", Reason: "baseboards[].serial_number"},
		{Pattern: "host.identity.bmc_mac", Class: ClassDerived, From: "bmc", Reason: "bmc.mac"},
		{Pattern: "memory.size_bytes", Class: ClassDerived, From: "memory.modules", Reason: "the sum of the modules"},
		{Pattern: "memory.populated", Class: ClassDerived, From: "memory.modules", Reason: "the number of modules"},
		{Pattern: "memory.controllers[].size_bytes", Class: ClassDerived, From: "memory.modules", Reason: "the sum of the modules"},
		{Pattern: "gpus[].pcie_link.degraded", Class: ClassReading, Reason: "an idle GPU slows its link; lost lanes show as width"},
		{Pattern: "**.pcie_link.degraded", Class: ClassDerived, From: "pcie_devices", Reason: "follows from the link's speeds and widths"},
		{Pattern: "**.pcie_link.attainable_width", Class: ClassDerived, From: "pcie_devices", Reason: "follows from both ends' max_width"},
		{Pattern: "**.pcie_link.attainable_speed_gts", Class: ClassDerived, From: "pcie_devices", Reason: "follows from both ends' max_speed_gts"},

		// Names other parts are known by.
		{Pattern: "**.id", Class: ClassReference, Reason: "names the part; it changes with the place"},
		{Pattern: "**.parent_id", Class: ClassReference, Reason: "names the part above"},
		{Pattern: "**.controller_id", Class: ClassReference, Reason: "names the controller"},
		{Pattern: "**.cpu_id", Class: ClassReference, Reason: "names the processor"},
		{Pattern: "**.module_id", Class: ClassReference, Reason: "names the memory module"},
		{Pattern: "**.member_ids", Class: ClassReference, Reason: "names the drives of a volume"},
		{Pattern: "**.component_id", Class: ClassReference, Reason: "names a part"},
		{Pattern: "board.slots[].pci_address", Class: ClassDerived, From: "pcie_devices", Reason: "the functions are compared themselves"},
		{Pattern: "**.pci_address", Class: ClassReference, Reason: "bus numbers change when a card is added elsewhere"},
		{Pattern: "**.remote_pci_address", Class: ClassReference, Reason: "as pci_address"},
		{Pattern: "pcie_devices[].address", Class: ClassReference, Reason: "as pci_address; a part on the same way from the root was not moved"},
		{Pattern: "pcie_devices[].parent", Class: ClassReference, Reason: "as pci_address"},
		{Pattern: "pcie_devices[].virtual_function_of", Class: ClassReference, Reason: "as pci_address"},

		// Host, clock.
		{Pattern: "clock_synchronized", Class: ClassReading, Reason: "some minutes after boot"},
		{Pattern: "host.uptime_seconds", Class: ClassReading, Reason: "time since boot"},
		{Pattern: "host.identity.boot_id", Class: ClassReading, Reason: "new with each boot"},

		// CPU and memory.
		{Pattern: "cpus[].current_speed_mhz", Class: ClassReading, Reason: "a clock"},
		{Pattern: "cpus[].voltage_millivolts", Class: ClassReading, Reason: "may be measured"},
		{Pattern: "cpus[].throttle", Class: ClassCounter, Reason: "since boot"},
		{Pattern: "memory.nodes[].size_bytes", Class: ClassReading, Reason: "what the kernel manages differs from boot to boot"},
		{Pattern: "memory.usable_bytes", Class: ClassReading, Reason: "what the kernel leaves differs from boot to boot"},
		{Pattern: "memory.modules[].corrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.modules[].uncorrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].corrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].uncorrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].corrected_no_info", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].uncorrected_no_info", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].modules[].corrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "memory.controllers[].modules[].uncorrected_errors", Class: ClassCounter, Reason: "since the driver was loaded"},

		// Drives.
		{Pattern: "storage[].device", Class: ClassReading, Reason: "kernel names are given in the order of discovery"},
		{Pattern: "storage[].paths", Class: ClassReading, Reason: "kernel names"},
		{Pattern: "storage[].namespaces[].device", Class: ClassReading, Reason: "kernel names"},
		{Pattern: "storage[].namespaces[].used_bytes", Class: ClassReading, Reason: "space in use"},
		{Pattern: "storage_controllers[].hosts", Class: ClassReading, Reason: "kernel numbers"},
		{Pattern: "logical_drives[].device", Class: ClassReading, Reason: "kernel names"},
		{Pattern: "storage[].health.temp_celsius", Class: ClassReading, Reason: "temperature"},
		{Pattern: "storage[].health.temp_sensors_celsius", Class: ClassReading, Reason: "temperature"},
		{Pattern: "storage[].health.power_mode", Class: ClassReading, Reason: "idle drives sleep"},
		{Pattern: "storage[].health.reasons", Class: ClassReading, Reason: "words on the readings; the status itself is compared"},
		{Pattern: "storage[].health.available_spare_percent", Class: ClassReading, Reason: "wear; the status is compared"},
		{Pattern: "storage[].health.percentage_used", Class: ClassUsage, Reason: "wear"},
		{Pattern: "storage[].health.power_on_hours", Class: ClassUsage, Reason: "hours"},
		{Pattern: "storage[].health.power_cycles", Class: ClassUsage, Reason: "use"},
		{Pattern: "storage[].health.bytes_read", Class: ClassUsage, Reason: "use"},
		{Pattern: "storage[].health.bytes_written", Class: ClassUsage, Reason: "use"},
		{Pattern: "storage[].health.unsafe_shutdowns", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.media_errors", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.error_log_entries", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.warning_temp_minutes", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.critical_temp_minutes", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.reallocated_sectors", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.pending_sectors", Class: ClassLevel, Reason: "falls when sectors are written again"},
		{Pattern: "storage[].health.uncorrectable_sectors", Class: ClassLevel, Reason: "falls when sectors are written again"},
		{Pattern: "storage[].health.interface_crc_errors", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.grown_defects", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.non_medium_errors", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.predictive_failure_count", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.error_counters.*.uncorrected", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.error_counters", Class: ClassUsage, Reason: "normal on spinning drives"},
		{Pattern: "storage[].health.background_scan.medium_errors", Class: ClassCounter, Reason: "life of the drive"},
		{Pattern: "storage[].health.background_scan", Class: ClassReading, Reason: "goes on by itself"},
		{Pattern: "storage[].health.self_tests", Class: ClassRecord, Reason: "a log of the latest tests"},
		{Pattern: "storage[].health.attributes[].value", Class: ClassReading, Reason: "vendors count hours and temperatures here; when_failed is compared"},
		{Pattern: "storage[].health.attributes[].worst", Class: ClassReading, Reason: "as value"},
		{Pattern: "storage[].health.attributes[].raw", Class: ClassReading, Reason: "the vendor's own"},
		{Pattern: "storage[].health.statistics", Class: ClassUsage, Reason: "use"},

		// PCI.
		{Pattern: "pcie_devices[].power_state", Class: ClassReading, Reason: "idle devices sleep"},
		{Pattern: "pcie_devices[].iommu_group", Class: ClassReading, Reason: "kernel numbers"},
		{Pattern: "pcie_devices[].aer", Class: ClassCounter, Reason: "since boot"},
		{Pattern: "pcie_devices[].virtual_functions.enabled", Class: ClassReading, Reason: "made and removed by software"},
		{Pattern: "pcie_devices[].pcie_link.current_speed_gts", Class: ClassReading, Only: "gpu", Reason: "an idle GPU slows its link"},

		// Power.
		{Pattern: "power_supplies[].input_watts", Class: ClassReading, Reason: "power"},
		{Pattern: "power_supplies[].output_watts", Class: ClassReading, Reason: "power"},

		// GPUs.
		{Pattern: "gpus[].index", Class: ClassReading, Reason: "driver numbers"},
		{Pattern: "gpus[].minor_number", Class: ClassReading, Reason: "driver numbers"},
		{Pattern: "gpus[].memory_used_bytes", Class: ClassReading, Reason: "used memory"},
		{Pattern: "gpus[].temp_celsius", Class: ClassReading, Reason: "temperature"},
		{Pattern: "gpus[].temp_memory_celsius", Class: ClassReading, Reason: "temperature"},
		{Pattern: "gpus[].power_watts", Class: ClassReading, Reason: "power"},
		{Pattern: "gpus[].fan_percent", Class: ClassReading, Reason: "follows the temperature"},
		{Pattern: "gpus[].clocks_mhz", Class: ClassReading, Reason: "clocks follow the load"},
		{Pattern: "gpus[].throttle_reasons", Class: ClassReading, Reason: "follow the load; lasting ones are findings"},
		{Pattern: "gpus[].busy_percent", Class: ClassReading, Reason: "load"},
		{Pattern: "gpus[].performance_state", Class: ClassReading, Reason: "follows the load"},
		{Pattern: "gpus[].pcie_link.current_speed_gts", Class: ClassReading, Reason: "an idle GPU slows its link"},
		{Pattern: "gpus[].ecc.volatile_corrected", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "gpus[].ecc.volatile_uncorrected", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "gpus[].ecc.aggregate_corrected", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].ecc.aggregate_uncorrected", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].block_errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "gpus[].retired_pages.single_bit", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].retired_pages.double_bit", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].remapped_rows.correctable", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].remapped_rows.uncorrectable", Class: ClassCounter, Reason: "life of the board"},
		{Pattern: "gpus[].pcie_replays", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "gpus[].nvlinks[].errors", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "gpus[].last_xid", Class: ClassRecord, Reason: "the last error of a log"},

		// Network.
		{Pattern: "network[].counters.rx_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].counters.tx_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].counters.rx_bytes", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].counters.tx_bytes", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].counters", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "network[].carrier_changes", Class: ClassCounter, Reason: "since boot"},
		{Pattern: "network[].master.link_failures", Class: ClassCounter, Reason: "since the bond was made"},
		{Pattern: "network[].master.aggregator_id", Class: ClassReading, Reason: "a number of this boot"},
		{Pattern: "network[].module.temp_celsius", Class: ClassReading, Reason: "a reading of the module"},
		{Pattern: "network[].module.voltage_volts", Class: ClassReading, Reason: "a reading of the module"},
		{Pattern: "network[].module.lanes", Class: ClassReading, Reason: "a reading of the module"},
		{Pattern: "network[].rdma[].counters.port_xmit_data", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.port_rcv_data", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.port_xmit_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.port_rcv_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.unicast_xmit_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.unicast_rcv_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.multicast_xmit_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters.multicast_rcv_packets", Class: ClassUsage, Reason: "use"},
		{Pattern: "network[].rdma[].counters", Class: ClassCounter, Reason: "since the driver was loaded"},
		{Pattern: "network[].rdma[].lid", Class: ClassReading, Reason: "given by the subnet manager"},
		{Pattern: "network[].rdma[].sm_lid", Class: ClassReading, Reason: "given by the subnet manager"},
		{Pattern: "network[].lldp[].ttl_seconds", Class: ClassReading, Reason: "a time"},

		// Sensors of the board, trust, CXL.
		{Pattern: "sensors[].value", Class: ClassReading, Reason: "a sensor; its health is compared"},
		{Pattern: "sensors[].unavailable", Class: ClassReading, Reason: "why a sensor gave no value at that time"},
		{Pattern: "sensors[].device", Class: ClassReading, Reason: "kernel names"},
		{Pattern: "trust.kernel_taint_mask", Class: ClassDerived, From: "trust.kernel_taint", Reason: "the same as a number"},
		{Pattern: "trust.tpms[].lockout_count", Class: ClassLevel, Reason: "falls with time"},
		{Pattern: "trust.tpms[].device", Class: ClassReading, Reason: "kernel names"},
		{Pattern: "cxl_devices[].device", Class: ClassReading, Reason: "kernel names"},

		// BMC.
		{Pattern: "bmc.power_watts", Class: ClassReading, Reason: "power"},
		{Pattern: "bmc.sensors[].value", Class: ClassReading, Reason: "a sensor; its health is compared"},
		{Pattern: "bmc.sensors[].unavailable", Class: ClassReading, Reason: "why a sensor gave no value at that time"},
		{Pattern: "bmc.sel.entries", Class: ClassLevel, Reason: "a log that can be cleared"},
		{Pattern: "bmc.sel.free_bytes", Class: ClassReading, Reason: "follows the entries"},
		{Pattern: "bmc.sel.last_add_at", Class: ClassReading, Reason: "a time"},
		{Pattern: "bmc.sel.last_erase_at", Class: ClassReading, Reason: "a time"},
		{Pattern: "bmc.sel.last", Class: ClassRecord, Reason: "the end of a log"},
	}
}

// mask is the table made ready for look-ups.
type mask []MaskEntry

func newMask() mask {
	m := mask(Mask())
	for i := range m {
		m[i].split = splitPattern(m[i].Pattern)
	}
	return m
}

// find is the row that covers a value, nil when it is not masked.
func (m mask) find(p path, gpu bool) *MaskEntry {
	for i := range m {
		if p.coveredBy(m[i].split) && (m[i].Only == "" || gpu) {
			return &m[i]
		}
	}
	return nil
}
