package smbios

// slotWidth names the values of DSP0134 section 7.10.2.
func slotWidth(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "8_bit"
	case 0x04:
		return "16_bit"
	case 0x05:
		return "32_bit"
	case 0x06:
		return "64_bit"
	case 0x07:
		return "128_bit"
	case 0x08:
		return "x1"
	case 0x09:
		return "x2"
	case 0x0A:
		return "x4"
	case 0x0B:
		return "x8"
	case 0x0C:
		return "x12"
	case 0x0D:
		return "x16"
	case 0x0E:
		return "x32"
	}
	return ""
}

// slotUsage names the values of DSP0134 section 7.10.3.
func slotUsage(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "available"
	case 0x04:
		return "in_use"
	case 0x05:
		return "unavailable"
	}
	return ""
}

// slotLength names the values of DSP0134 section 7.10.4.
func slotLength(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "short"
	case 0x04:
		return "long"
	case 0x05:
		return "2_5_inch_drive"
	case 0x06:
		return "3_5_inch_drive"
	}
	return ""
}

// slotHeight names the values of DSP0134 section 7.10.12.
func slotHeight(v uint8) string {
	switch v {
	case 0x00:
		return "not_applicable"
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "full_height"
	case 0x04:
		return "low_profile"
	}
	return ""
}

// slotCharacteristic names the bits of DSP0134 sections 7.10.6 (0 to 7) and
// 7.10.7 (8 to 15).
func slotCharacteristic(bit uint) string {
	switch bit {
	case 0:
		return "unknown"
	case 1:
		return "5_0_v"
	case 2:
		return "3_3_v"
	case 3:
		return "shared_opening"
	case 4:
		return "pc_card_16"
	case 5:
		return "cardbus"
	case 6:
		return "zoom_video"
	case 7:
		return "modem_ring_resume"
	case 8:
		return "pme_signal"
	case 9:
		return "hot_plug"
	case 10:
		return "smbus_signal"
	case 11:
		return "bifurcation"
	case 12:
		return "surprise_removal"
	case 13:
		return "cxl_1_0"
	case 14:
		return "cxl_2_0"
	case 15:
		return "cxl_3_0"
	}
	return ""
}
