package smbios

// arrayLocation names the values of DSP0134 section 7.17.1.
func arrayLocation(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "system_board"
	case 0x04:
		return "isa_add_on_card"
	case 0x05:
		return "eisa_add_on_card"
	case 0x06:
		return "pci_add_on_card"
	case 0x07:
		return "mca_add_on_card"
	case 0x08:
		return "pcmcia_add_on_card"
	case 0x09:
		return "proprietary_add_on_card"
	case 0x0A:
		return "nubus"
	case 0xA0:
		return "pc_98_c20_add_on_card"
	case 0xA1:
		return "pc_98_c24_add_on_card"
	case 0xA2:
		return "pc_98_e_add_on_card"
	case 0xA3:
		return "pc_98_local_bus_add_on_card"
	case 0xA4:
		return "cxl_add_on_card"
	}
	return ""
}

// arrayUse names the values of DSP0134 section 7.17.2.
func arrayUse(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "system_memory"
	case 0x04:
		return "video_memory"
	case 0x05:
		return "flash_memory"
	case 0x06:
		return "non_volatile_ram"
	case 0x07:
		return "cache_memory"
	}
	return ""
}

// arrayECC names the values of DSP0134 section 7.17.3.
func arrayECC(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "none"
	case 0x04:
		return "parity"
	case 0x05:
		return "single_bit_ecc"
	case 0x06:
		return "multi_bit_ecc"
	case 0x07:
		return "crc"
	}
	return ""
}
