package smbios

// cacheMode names the operational modes of DSP0134 section 7.8, offset 05h bits 9:8.
func cacheMode(v uint8) string {
	switch v {
	case 0x00:
		return "write_through"
	case 0x01:
		return "write_back"
	case 0x02:
		return "varies_with_memory_address"
	case 0x03:
		return "unknown"
	}
	return ""
}

// cacheLocation names the locations of DSP0134 section 7.8, offset 05h bits 6:5.
func cacheLocation(v uint8) string {
	switch v {
	case 0x00:
		return "internal"
	case 0x01:
		return "external"
	case 0x03:
		return "unknown"
	}
	return ""
}

// cacheSRAM names the bits of DSP0134 section 7.8.2.
func cacheSRAM(bit uint) string {
	switch bit {
	case 0:
		return "other"
	case 1:
		return "unknown"
	case 2:
		return "non_burst"
	case 3:
		return "burst"
	case 4:
		return "pipeline_burst"
	case 5:
		return "synchronous"
	case 6:
		return "asynchronous"
	}
	return ""
}

// cacheECC names the values of DSP0134 section 7.8.3.
func cacheECC(v uint8) string {
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
	}
	return ""
}

// cacheType names the values of DSP0134 section 7.8.4.
func cacheType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "instruction"
	case 0x04:
		return "data"
	case 0x05:
		return "unified"
	}
	return ""
}

// cacheAssociativity names the values of DSP0134 section 7.8.5.
func cacheAssociativity(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "direct_mapped"
	case 0x04:
		return "2_way_set_associative"
	case 0x05:
		return "4_way_set_associative"
	case 0x06:
		return "fully_associative"
	case 0x07:
		return "8_way_set_associative"
	case 0x08:
		return "16_way_set_associative"
	case 0x09:
		return "12_way_set_associative"
	case 0x0A:
		return "24_way_set_associative"
	case 0x0B:
		return "32_way_set_associative"
	case 0x0C:
		return "48_way_set_associative"
	case 0x0D:
		return "64_way_set_associative"
	case 0x0E:
		return "20_way_set_associative"
	}
	return ""
}
