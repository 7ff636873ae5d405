package smbios

// ipmiInterface names the values of DSP0134 section 7.39.1.
func ipmiInterface(v uint8) string {
	switch v {
	case 0x00:
		return "unknown"
	case 0x01:
		return "kcs"
	case 0x02:
		return "smic"
	case 0x03:
		return "bt"
	case 0x04:
		return "ssif"
	}
	return ""
}

// ipmiSpacing names the values of DSP0134 section 7.39, offset 10h bits 7:6.
func ipmiSpacing(v uint8) string {
	switch v {
	case 0x00:
		return "successive_bytes"
	case 0x01:
		return "32_bit_boundaries"
	case 0x02:
		return "16_byte_boundaries"
	}
	return ""
}
