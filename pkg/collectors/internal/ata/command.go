// Package ata asks ATA drives about themselves: IDENTIFY, SMART and logs,
// read-only. Its commands travel inside SCSI's ATA PASS-THROUGH (16); the
// drive's registers come back in sense data (SAT-4 12.2).
//
// Standards cited: ACS-4 (r21), SAT-4 (r06).
package ata

import (
	"encoding/binary"

	"example.com/bee/pkg/collectors/internal/device"
)

// Command codes (ACS-4 7) and SMART subcommands (ACS-3 7.50).
const (
	cmdReadLogExt     = 0x2F
	cmdIdentifyPacket = 0xA1
	cmdSMART          = 0xB0
	cmdCheckPowerMode = 0xE5
	cmdIdentify       = 0xEC

	smartReadData       = 0xD0
	smartReadThresholds = 0xD1
	smartReadLog        = 0xD5
	smartReturnStatus   = 0xDA

	smartLBAMid  = 0x4F
	smartLBAHigh = 0xC2
)

// Protocols and flags of ATA PASS-THROUGH (16) (SAT-4 table 167).
const (
	opPassThrough16 = 0x85
	protocolNonData = 3 << 1
	protocolPIOIn   = 4 << 1
	extend          = 1
	checkCondition  = 1 << 5          // CK_COND: return the registers
	fromDevice      = 1<<3 | 1<<2 | 2 // T_DIR, BYT_BLOK, length in the count field
	sectorBytes     = 512             // of every log page and data structure
	maxLogPages     = 256             // of one request
	lbaLow          = 8               // byte of the CDB
	lbaMid          = 10              // byte of the CDB
	lbaHigh         = 12              // byte of the CDB
	commandByte     = 14              // byte of the CDB
	featuresByte    = 4               // byte of the CDB
	countByte       = 5               // two bytes of the CDB
)

func dataIn(command, features byte, count int) device.Request {
	cdb := make([]byte, 16)
	cdb[0], cdb[1], cdb[2] = opPassThrough16, protocolPIOIn, fromDevice
	cdb[featuresByte], cdb[commandByte] = features, command
	binary.BigEndian.PutUint16(cdb[countByte:], uint16(count))
	return device.Request{Command: cdb, ReadLen: count * sectorBytes}
}

func nonData(command, features byte) device.Request {
	cdb := make([]byte, 16)
	cdb[0], cdb[1], cdb[2] = opPassThrough16, protocolNonData, checkCondition
	cdb[featuresByte], cdb[commandByte] = features, command
	return device.Request{Command: cdb}
}

// smart sets the key without which SMART commands are refused.
func smart(req device.Request) device.Request {
	req.Command[lbaMid], req.Command[lbaHigh] = smartLBAMid, smartLBAHigh
	return req
}

// IdentifyRequest asks an ATA drive what it is (ACS-4 7.13).
func IdentifyRequest() device.Request { return dataIn(cmdIdentify, 0, 1) }

// IdentifyPacketRequest asks an ATAPI device likewise.
func IdentifyPacketRequest() device.Request { return dataIn(cmdIdentifyPacket, 0, 1) }

// CheckPowerModeRequest asks for the power mode, which does not change it
// (ACS-4 7.3).
func CheckPowerModeRequest() device.Request { return nonData(cmdCheckPowerMode, 0) }

// SMARTDataRequest asks for attributes and self-test state (ACS-3 7.50.6).
func SMARTDataRequest() device.Request { return smart(dataIn(cmdSMART, smartReadData, 1)) }

// SMARTThresholdsRequest asks for the attributes' thresholds (ATA-3 to ATA-5;
// obsolete and answered everywhere).
func SMARTThresholdsRequest() device.Request {
	return smart(dataIn(cmdSMART, smartReadThresholds, 1))
}

// SMARTStatusRequest asks for the drive's own verdict (ACS-3 7.50.8).
func SMARTStatusRequest() device.Request { return smart(nonData(cmdSMART, smartReturnStatus)) }

// SMARTLogRequest asks for pages of a SMART log (ACS-3 7.50.7).
func SMARTLogRequest(address uint8, pages int) device.Request {
	req := smart(dataIn(cmdSMART, smartReadLog, bounded(pages)))
	req.Command[lbaLow] = address
	return req
}

// LogRequest asks for pages of a general purpose log (ACS-4 7.23).
func LogRequest(address uint8, first uint16, pages int) device.Request {
	req := dataIn(cmdReadLogExt, 0, bounded(pages))
	req.Command[1] |= extend
	req.Command[lbaLow] = address
	req.Command[lbaMid-1], req.Command[lbaMid] = byte(first>>8), byte(first)
	return req
}

func bounded(pages int) int { return min(max(pages, 1), maxLogPages) }
