package smbios

// onboardType names the values of DSP0134 section 7.42.2.
func onboardType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "video"
	case 0x04:
		return "scsi_controller"
	case 0x05:
		return "ethernet"
	case 0x06:
		return "token_ring"
	case 0x07:
		return "sound"
	case 0x08:
		return "pata_controller"
	case 0x09:
		return "sata_controller"
	case 0x0A:
		return "sas_controller"
	case 0x0B:
		return "wireless_lan"
	case 0x0C:
		return "bluetooth"
	case 0x0D:
		return "wwan"
	case 0x0E:
		return "emmc"
	case 0x0F:
		return "nvme_controller"
	case 0x10:
		return "ufs_controller"
	}
	return ""
}
