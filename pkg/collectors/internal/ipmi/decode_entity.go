package ipmi

// EntityPowerSupply is the entity id of power supplies.
const EntityPowerSupply = 0x0A

// EntityName names an entity id (IPMI table 43-13); "unknown_0xNN" where the
// table has none.
func EntityName(id uint8) string {
	names := []string{
		"unspecified", "other", "", "processor", "disk", "peripheral_bay", "system_management_module", "system_board",
		"memory_module", "processor_module", "power_supply", "add_in_card", "front_panel_board", "back_panel_board",
		"power_system_board", "drive_backplane", "system_internal_expansion_board", "other_system_board",
		"processor_board", "power_unit", "power_module", "power_management_board", "chassis_back_panel_board",
		"system_chassis", "sub_chassis", "other_chassis_board", "disk_drive_bay", "peripheral_bay", "device_bay",
		"fan", "cooling_unit", "cable", "memory_device", "system_management_software", "system_firmware",
		"operating_system", "system_bus", "group", "remote_management_device", "external_environment", "battery",
		"processing_blade", "connectivity_switch", "processor_memory_module", "io_module", "processor_io_module",
		"management_controller", "ipmi_channel", "pci_bus", "pci_express_bus", "scsi_bus", "sata_bus",
		"processor_front_side_bus", "real_time_clock", "", "air_inlet",
	}
	const airInlet, processor40, baseboard42 = 0x40, 0x41, 0x42
	switch {
	case nameAt(names, id) != "":
		return nameAt(names, id)
	case id == airInlet:
		return "air_inlet"
	case id == processor40:
		return "processor"
	case id == baseboard42:
		return "system_board"
	case id >= 0x90 && id <= 0xAF:
		return "chassis_specific_" + hexByte(id)
	case id >= 0xB0 && id <= 0xCF:
		return "board_set_specific_" + hexByte(id)
	case id >= 0xD0:
		return "oem_" + hexByte(id)
	}
	return "unknown_" + hexByte(id)
}
