package smbios

// supplyType names the values of DSP0134 section 7.40.1, bits 13:10.
func supplyType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "linear"
	case 0x04:
		return "switching"
	case 0x05:
		return "battery"
	case 0x06:
		return "ups"
	case 0x07:
		return "converter"
	case 0x08:
		return "regulator"
	}
	return ""
}

// supplyStatus names the values of DSP0134 section 7.40.1, bits 9:7.
func supplyStatus(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "ok"
	case 0x04:
		return "non_critical"
	case 0x05:
		return "critical"
	}
	return ""
}

// supplyRange names the values of DSP0134 section 7.40.1, bits 6:3.
func supplyRange(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "manual"
	case 0x04:
		return "auto_switch"
	case 0x05:
		return "wide_range"
	case 0x06:
		return "not_applicable"
	}
	return ""
}
