package smbios

// memoryFormFactor names the values of DSP0134 section 7.18.1; from 11h on
// those of versions 3.8 and 3.9.
func memoryFormFactor(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "simm"
	case 0x04:
		return "sip"
	case 0x05:
		return "chip"
	case 0x06:
		return "dip"
	case 0x07:
		return "zip"
	case 0x08:
		return "proprietary_card"
	case 0x09:
		return "dimm"
	case 0x0A:
		return "tsop"
	case 0x0B:
		return "row_of_chips"
	case 0x0C:
		return "rimm"
	case 0x0D:
		return "sodimm"
	case 0x0E:
		return "srimm"
	case 0x0F:
		return "fb_dimm"
	case 0x10:
		return "die"
	case 0x11:
		return "camm"
	case 0x12:
		return "cudimm"
	case 0x13:
		return "csodimm"
	}
	return ""
}

// memoryType names the values of DSP0134 section 7.18.2; 25h is of version 3.9.
func memoryType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "dram"
	case 0x04:
		return "edram"
	case 0x05:
		return "vram"
	case 0x06:
		return "sram"
	case 0x07:
		return "ram"
	case 0x08:
		return "rom"
	case 0x09:
		return "flash"
	case 0x0A:
		return "eeprom"
	case 0x0B:
		return "feprom"
	case 0x0C:
		return "eprom"
	case 0x0D:
		return "cdram"
	case 0x0E:
		return "3dram"
	case 0x0F:
		return "sdram"
	case 0x10:
		return "sgram"
	case 0x11:
		return "rdram"
	case 0x12:
		return "ddr"
	case 0x13:
		return "ddr2"
	case 0x14:
		return "ddr2_fb_dimm"
	case 0x18:
		return "ddr3"
	case 0x19:
		return "fbd2"
	case 0x1A:
		return "ddr4"
	case 0x1B:
		return "lpddr"
	case 0x1C:
		return "lpddr2"
	case 0x1D:
		return "lpddr3"
	case 0x1E:
		return "lpddr4"
	case 0x1F:
		return "logical_non_volatile_device"
	case 0x20:
		return "hbm"
	case 0x21:
		return "hbm2"
	case 0x22:
		return "ddr5"
	case 0x23:
		return "lpddr5"
	case 0x24:
		return "hbm3"
	case 0x25:
		return "mrdimm"
	}
	return ""
}

// memoryDetail names the bits of DSP0134 section 7.18.3.
func memoryDetail(bit uint) string {
	switch bit {
	case 1:
		return "other"
	case 2:
		return "unknown"
	case 3:
		return "fast_paged"
	case 4:
		return "static_column"
	case 5:
		return "pseudo_static"
	case 6:
		return "rambus"
	case 7:
		return "synchronous"
	case 8:
		return "cmos"
	case 9:
		return "edo"
	case 10:
		return "window_dram"
	case 11:
		return "cache_dram"
	case 12:
		return "non_volatile"
	case 13:
		return "registered"
	case 14:
		return "unbuffered"
	case 15:
		return "lrdimm"
	}
	return ""
}

// memoryTechnology names the values of DSP0134 section 7.18.6.
func memoryTechnology(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "dram"
	case 0x04:
		return "nvdimm_n"
	case 0x05:
		return "nvdimm_f"
	case 0x06:
		return "nvdimm_p"
	case 0x07:
		return "intel_optane_persistent_memory"
	}
	return ""
}

// memoryMode names the bits of DSP0134 section 7.18.7.
func memoryMode(bit uint) string {
	switch bit {
	case 1:
		return "other"
	case 2:
		return "unknown"
	case 3:
		return "volatile_memory"
	case 4:
		return "byte_accessible_persistent_memory"
	case 5:
		return "block_accessible_persistent_memory"
	}
	return ""
}
