package smbios

// chassisType names the values of DSP0134 section 7.4.1.
func chassisType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "desktop"
	case 0x04:
		return "low_profile_desktop"
	case 0x05:
		return "pizza_box"
	case 0x06:
		return "mini_tower"
	case 0x07:
		return "tower"
	case 0x08:
		return "portable"
	case 0x09:
		return "laptop"
	case 0x0A:
		return "notebook"
	case 0x0B:
		return "hand_held"
	case 0x0C:
		return "docking_station"
	case 0x0D:
		return "all_in_one"
	case 0x0E:
		return "sub_notebook"
	case 0x0F:
		return "space_saving"
	case 0x10:
		return "lunch_box"
	case 0x11:
		return "main_server_chassis"
	case 0x12:
		return "expansion_chassis"
	case 0x13:
		return "sub_chassis"
	case 0x14:
		return "bus_expansion_chassis"
	case 0x15:
		return "peripheral_chassis"
	case 0x16:
		return "raid_chassis"
	case 0x17:
		return "rack_mount_chassis"
	case 0x18:
		return "sealed_case_pc"
	case 0x19:
		return "multi_system"
	case 0x1A:
		return "compact_pci"
	case 0x1B:
		return "advanced_tca"
	case 0x1C:
		return "blade"
	case 0x1D:
		return "blade_enclosing"
	case 0x1E:
		return "tablet"
	case 0x1F:
		return "convertible"
	case 0x20:
		return "detachable"
	case 0x21:
		return "iot_gateway"
	case 0x22:
		return "embedded_pc"
	case 0x23:
		return "mini_pc"
	case 0x24:
		return "stick_pc"
	}
	return ""
}

// chassisState names the values of DSP0134 section 7.4.2.
func chassisState(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "safe"
	case 0x04:
		return "warning"
	case 0x05:
		return "critical"
	case 0x06:
		return "non_recoverable"
	}
	return ""
}

// chassisSecurity names the values of DSP0134 section 7.4.3.
func chassisSecurity(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "none"
	case 0x04:
		return "external_interface_locked_out"
	case 0x05:
		return "external_interface_enabled"
	}
	return ""
}
