package pciconf

import "fmt"

// CapabilityName names a standard capability in lower snake case; an id not
// known becomes unknown_0xNN. PCI Code and ID Assignment Specification 1.15,
// section 2.
func CapabilityName(id uint8) string {
	known := [...]string{
		"null", "power_management", "agp", "vpd", "slot_id", "msi", "compact_pci_hot_swap", "pci_x",
		"hypertransport", "vendor_specific", "debug_port", "compact_pci_resource_control", "hot_plug",
		"subsystem_id", "agp_8x", "secure_device", "pci_express", "msi_x", "sata", "advanced_features",
		"enhanced_allocation", "flattening_portal_bridge",
	}
	if int(id) < len(known) {
		return known[id]
	}
	return fmt.Sprintf("unknown_0x%02x", id)
}

// ExtendedCapabilityName names an extended capability in lower snake case; an
// id not known becomes unknown_0xNNNN. The same, section 3.
func ExtendedCapabilityName(id uint16) string {
	known := [...]string{
		"null", "advanced_error_reporting", "virtual_channel", "device_serial_number", "power_budgeting",
		"root_complex_link_declaration", "root_complex_internal_link_control",
		"root_complex_event_collector_endpoint_association", "multi_function_virtual_channel",
		"virtual_channel_with_mfvc", "rcrb_header", "vendor_specific", "configuration_access_correlation",
		"access_control_services", "alternative_routing_id", "address_translation_services", "sr_iov",
		"mr_iov", "multicast", "page_request", "reserved_for_amd", "resizable_bar",
		"dynamic_power_allocation", "tph_requester", "latency_tolerance_reporting", "secondary_pci_express",
		"protocol_multiplexing", "process_address_space_id", "ln_requester", "downstream_port_containment",
		"l1_pm_substates", "precision_time_measurement", "m_pcie", "frs_queueing",
		"readiness_time_reporting", "designated_vendor_specific", "vf_resizable_bar", "data_link_feature",
		"physical_layer_16gt", "lane_margining", "hierarchy_id", "native_pcie_enclosure_management",
		"physical_layer_32gt", "alternate_protocol", "system_firmware_intermediary", "shadow_functions",
		"data_object_exchange", "device_3", "integrity_and_data_encryption", "physical_layer_64gt",
		"flit_logging", "flit_performance_measurement", "flit_error_injection", "streamlined_virtual_channel",
		"mmio_register_block_locator",
	}
	if int(id) < len(known) {
		return known[id]
	}
	return fmt.Sprintf("unknown_0x%04x", id)
}
