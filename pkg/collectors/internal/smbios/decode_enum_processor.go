package smbios

// processorType names the values of DSP0134 section 7.5.1.
func processorType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "central_processor"
	case 0x04:
		return "math_processor"
	case 0x05:
		return "dsp_processor"
	case 0x06:
		return "video_processor"
	}
	return ""
}

// processorStatus names the CPU status bits of DSP0134 section 7.5, offset
// 18h.
func processorStatus(v uint8) string {
	switch v {
	case 0x00:
		return "unknown"
	case 0x01:
		return "enabled"
	case 0x02:
		return "disabled_by_user"
	case 0x03:
		return "disabled_by_bios"
	case 0x04:
		return "idle"
	case 0x07:
		return "other"
	}
	return ""
}

// processorCharacteristic names the bits of DSP0134 section 7.5.9.
func processorCharacteristic(bit uint) string {
	switch bit {
	case 2:
		return "64_bit_capable"
	case 3:
		return "multi_core"
	case 4:
		return "hardware_thread"
	case 5:
		return "execute_protection"
	case 6:
		return "enhanced_virtualization"
	case 7:
		return "power_performance_control"
	case 8:
		return "128_bit_capable"
	case 9:
		return "arm64_soc_id"
	}
	return ""
}
