package scsi

import "fmt"

// ATA command codes that only read (ACS-4 7).
const (
	ataReadLogExt     = 0x2F
	ataReadLogDMAExt  = 0x47
	ataIdentifyPacket = 0xA1
	ataSMART          = 0xB0
	ataCheckPowerMode = 0xE5
	ataIdentify       = 0xEC
)

// ATA PASS-THROUGH protocols (SAT-4 table 167).
const (
	protocolNonData = 3
	protocolPIOIn   = 4
	protocolDMA     = 6
)

// allowedATA checks an ATA PASS-THROUGH (16) CDB (SAT-4 12.2.2.3) and returns
// how many bytes it brings.
func allowedATA(cdb []byte) (want int, err error) {
	var (
		protocol = cdb[1] >> 1 & 0xF // 0, 1 and 15 are resets and the like
		extend   = cdb[1]&1 != 0
		flags    = cdb[2]
		features = be16(cdb[3:])
		count    = be16(cdb[5:])
		lbaLow   = cdb[8]
		lbaMid   = cdb[10]
		lbaHigh  = cdb[12]
		command  = cdb[14]
	)
	if cdb[1]>>5 != 0 || flags&0xC0 != 0 {
		return 0, fmt.Errorf("multiple count or off-line time set")
	}
	if cdb[7] != 0 || cdb[9] != 0 && !extend || cdb[11] != 0 || features > 0xFF {
		return 0, fmt.Errorf("upper LBA or features set")
	}
	wantProtocol := byte(protocolPIOIn)
	switch command {
	case ataCheckPowerMode:
		wantProtocol = protocolNonData
	case ataIdentify, ataIdentifyPacket:
		if count != 1 {
			return 0, fmt.Errorf("identify of %d blocks", count)
		}
	case ataSMART:
		if lbaMid != 0x4F || lbaHigh != 0xC2 || extend {
			return 0, fmt.Errorf("SMART without its key")
		}
		switch features {
		case 0xD0, 0xD1: // read data, read thresholds
		case 0xD5: // read log
			if !readableLog(lbaLow) {
				return 0, fmt.Errorf("SMART log %02xh is not on the read-only list", lbaLow)
			}
		case 0xDA: // return status
			wantProtocol = protocolNonData
		default:
			return 0, fmt.Errorf("SMART feature %02xh is not on the read-only list", features)
		}
	case ataReadLogExt, ataReadLogDMAExt:
		if command == ataReadLogDMAExt {
			wantProtocol = protocolDMA
		}
		if !extend {
			return 0, fmt.Errorf("READ LOG EXT without EXTEND")
		}
		if features != 0 || lbaHigh != 0 { // features may reset counters
			return 0, fmt.Errorf("log with features %02xh", features)
		}
		if !readableLog(lbaLow) {
			return 0, fmt.Errorf("log %02xh is not on the read-only list", lbaLow)
		}
	default:
		return 0, fmt.Errorf("ATA command %02xh is not on the read-only list", command)
	}
	if protocol != wantProtocol {
		return 0, fmt.Errorf("ATA command %02xh by protocol %d", command, protocol)
	}
	if protocol == protocolNonData {
		if flags&0x1F != 0 {
			return 0, fmt.Errorf("ATA command %02xh without data has a transfer length", command)
		}
		return 0, nil
	}
	const fromDeviceInBlocks = 1<<3 | 1<<2 | 2 // T_DIR, BYT_BLOK, T_LENGTH = count field
	if flags&0x1F != fromDeviceInBlocks {
		return 0, fmt.Errorf("ATA command %02xh with transfer flags %02xh", command, flags)
	}
	if count == 0 || count > 256 {
		return 0, fmt.Errorf("ATA command %02xh of %d blocks", command, count)
	}
	return count * 512, nil
}

// readableLog names the logs whose reading changes nothing (ACS-4 9). 0Fh and
// 10h would end an error state the kernel handles; 24h and 25h capture device
// state; 80h and up are the host's and the vendor's.
func readableLog(address uint8) bool {
	switch address {
	case 0x00, 0x01, 0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x0C, 0x11, 0x13, 0x30, 0xE0:
		return true
	}
	return false
}
