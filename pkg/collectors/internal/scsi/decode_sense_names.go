package scsi

// SenseCodeName returns an additional sense code in the standard's words
// (SPC-5 annex F), or nothing for one that reading does not meet.
func SenseCodeName(asc, ascq uint8) string {
	switch uint16(asc)<<8 | uint16(ascq) {
	case 0x0000:
		return "no additional sense information"
	case 0x0016:
		return "operation in progress"
	case 0x001D:
		return "ata pass through information available"
	case 0x0400:
		return "logical unit not ready, cause not reportable"
	case 0x0401:
		return "logical unit is in process of becoming ready"
	case 0x0402:
		return "logical unit not ready, initializing command required"
	case 0x0403:
		return "logical unit not ready, manual intervention required"
	case 0x0404:
		return "logical unit not ready, format in progress"
	case 0x0409:
		return "logical unit not ready, self-test in progress"
	case 0x0411:
		return "logical unit not ready, notify (enable spinup) required"
	case 0x041B:
		return "logical unit not ready, sanitize in progress"
	case 0x0422:
		return "logical unit not ready, power cycle required"
	case 0x0500:
		return "logical unit does not respond to selection"
	case 0x0800:
		return "logical unit communication failure"
	case 0x0B00:
		return "warning"
	case 0x0B01:
		return "warning - specified temperature exceeded"
	case 0x0B02:
		return "warning - enclosure degraded"
	case 0x0B03:
		return "warning - background self-test failed"
	case 0x0B04:
		return "warning - background pre-scan detected medium error"
	case 0x0B05:
		return "warning - background medium scan detected medium error"
	case 0x0B06:
		return "warning - non-volatile cache now volatile"
	case 0x0B07:
		return "warning - degraded power to non-volatile cache"
	case 0x0B08:
		return "warning - power loss expected"
	case 0x0B0A:
		return "warning - high critical temperature limit exceeded"
	case 0x0B0B:
		return "warning - low critical temperature limit exceeded"
	case 0x0B0C:
		return "warning - high operating temperature limit exceeded"
	case 0x0B0D:
		return "warning - low operating temperature limit exceeded"
	case 0x0C00:
		return "write error"
	case 0x1100:
		return "unrecovered read error"
	case 0x1700:
		return "recovered data with no error correction applied"
	case 0x1800:
		return "recovered data with error correction applied"
	case 0x1C00:
		return "defect list not found"
	case 0x1F00:
		return "partial defect list transfer"
	case 0x2000:
		return "invalid command operation code"
	case 0x2100:
		return "logical block address out of range"
	case 0x2400:
		return "invalid field in cdb"
	case 0x2500:
		return "logical unit not supported"
	case 0x2600:
		return "invalid field in parameter list"
	case 0x2700:
		return "write protected"
	case 0x2800:
		return "not ready to ready change, medium may have changed"
	case 0x2900:
		return "power on, reset, or bus device reset occurred"
	case 0x2901:
		return "power on occurred"
	case 0x2A01:
		return "mode parameters changed"
	case 0x2A09:
		return "capacity data has changed"
	case 0x3100:
		return "medium format corrupted"
	case 0x3200:
		return "no defect spare location available"
	case 0x3500:
		return "enclosure services failure"
	case 0x3501:
		return "unsupported enclosure function"
	case 0x3A00:
		return "medium not present"
	case 0x3E03:
		return "logical unit failed self-test"
	case 0x3F01:
		return "microcode has been changed"
	case 0x3F03:
		return "inquiry data has changed"
	case 0x3F0E:
		return "reported luns data has changed"
	case 0x4400:
		return "internal target failure"
	case 0x5D00:
		return "failure prediction threshold exceeded"
	case 0x5DFF:
		return "failure prediction threshold exceeded (false)"
	case 0x5E00:
		return "low power condition on"
	case 0x5E02:
		return "standby condition activated by timer"
	case 0x5E04:
		return "standby condition activated by command"
	}
	if asc == 0x5D {
		return impendingFailure(ascq)
	}
	return ""
}

// impendingFailure names 5Dh/10h to 6Ch: the high digit is the part, the low
// one what is wrong with it.
func impendingFailure(ascq uint8) string {
	parts := [7]string{"", "hardware", "controller", "data channel", "servo", "spindle", "firmware"}
	whats := [13]string{
		"general hard drive failure", "drive error rate too high", "data error rate too high", "seek error rate too high",
		"too many block reassigns", "access times too high", "start unit times too high", "channel parametrics",
		"controller detected", "throughput performance", "seek time performance", "spin-up retry count", "drive calibration retry count",
	}
	switch ascq {
	case 0x01:
		return "media failure prediction threshold exceeded"
	case 0x02:
		return "logical unit failure prediction threshold exceeded"
	case 0x03:
		return "spare area exhaustion prediction threshold exceeded"
	case 0x73:
		return "media impending failure endurance limit met"
	}
	if part, what := int(ascq>>4), int(ascq&0xF); part > 0 && part < len(parts) && what < len(whats) {
		return parts[part] + " impending failure " + whats[what]
	}
	return ""
}
