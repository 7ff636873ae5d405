// Package scsi asks SCSI devices about themselves: INQUIRY, capacity, log, mode
// and diagnostic pages, read-only. Requests are built and answers decoded by
// pure functions; the way to the device is a device.Device. ATA drives behind
// a SCSI/ATA translation are asked by package ata through the same way.
//
// Standards cited: SPC-5 (r22), SBC-4 (r22), SAT-4 (r06), SPL-4 (r13), SES-4
// (r06).
package scsi

import (
	"encoding/binary"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
)

// Operation codes (SPC-5 table 31, SBC-4 table 34).
const (
	opTestUnitReady     = 0x00
	opRequestSense      = 0x03
	opInquiry           = 0x12
	opModeSense6        = 0x1A
	opReceiveDiagnostic = 0x1C
	opReadCapacity10    = 0x25
	opReadDefectData10  = 0x37
	opLogSense          = 0x4D
	opModeSense10       = 0x5A
	opATAPassThrough16  = 0x85
	opServiceActionIn16 = 0x9E
	opReportLUNs        = 0xA0
	opReadDefectData12  = 0xB7

	saReadCapacity16 = 0x10
)

// DefaultTimeout is the kernel's own for disk commands (SD_TIMEOUT). When a
// command's time passes, the kernel aborts it and may reset the drive under
// everybody's I/O, so it must be no shorter; the caller's deadline, which only
// leaves the call behind, is the short one.
const DefaultTimeout = 30 * time.Second

// TestUnitReadyRequest asks whether the device would take a medium command
// (SPC-5 6.49).
func TestUnitReadyRequest() device.Request {
	return device.Request{Command: make([]byte, 6)}
}

// RequestSenseRequest asks for sense data in descriptor format when desc is
// set, which a device may ignore (SPC-5 6.37).
func RequestSenseRequest(desc bool) device.Request {
	cdb := []byte{opRequestSense, 0, 0, 0, 252, 0}
	if desc {
		cdb[1] = 1
	}
	return device.Request{Command: cdb, ReadLen: 252}
}

// InquiryRequest asks for n bytes of standard INQUIRY data (SPC-5 6.7.2).
func InquiryRequest(n uint16) device.Request {
	cdb := []byte{opInquiry, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(cdb[3:], n)
	return device.Request{Command: cdb, ReadLen: int(n)}
}

// VPDRequest asks for n bytes of a vital product data page (SPC-5 6.7.3).
func VPDRequest(page uint8, n uint16) device.Request {
	req := InquiryRequest(n)
	req.Command[1], req.Command[2] = 1, page
	return req
}

// ReadCapacity10Request asks for the capacity in 32 bits (SBC-4 5.20).
func ReadCapacity10Request() device.Request {
	return device.Request{Command: []byte{opReadCapacity10, 0, 0, 0, 0, 0, 0, 0, 0, 0}, ReadLen: readCapacity10Bytes}
}

// ReadCapacity16Request asks for the capacity in 64 bits (SBC-4 5.21).
func ReadCapacity16Request() device.Request {
	cdb := make([]byte, 16)
	cdb[0], cdb[1] = opServiceActionIn16, saReadCapacity16
	binary.BigEndian.PutUint32(cdb[10:], readCapacity16Bytes)
	return device.Request{Command: cdb, ReadLen: readCapacity16Bytes}
}

// LogSenseRequest asks for n bytes of the cumulative values of a log page
// (SPC-5 6.9).
func LogSenseRequest(page, subpage uint8, n uint16) device.Request {
	cdb := []byte{opLogSense, 0, 1<<6 | page&0x3F, subpage, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(cdb[7:], n)
	return device.Request{Command: cdb, ReadLen: int(n)}
}

// ModeSense6Request asks for n bytes of the current values of a mode page,
// without block descriptors (SPC-5 6.14).
func ModeSense6Request(page, subpage, n uint8) device.Request {
	return device.Request{Command: []byte{opModeSense6, 1 << 3, page & 0x3F, subpage, n, 0}, ReadLen: int(n)}
}

// ModeSense10Request is ModeSense6Request with a longer answer (SPC-5 6.15).
func ModeSense10Request(page, subpage uint8, n uint16) device.Request {
	cdb := []byte{opModeSense10, 1 << 3, page & 0x3F, subpage, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(cdb[7:], n)
	return device.Request{Command: cdb, ReadLen: int(n)}
}

// ReceiveDiagnosticRequest asks for n bytes of a diagnostic page (SPC-5 6.33);
// enclosures describe themselves in these (SES-4 6).
func ReceiveDiagnosticRequest(page uint8, n uint16) device.Request {
	cdb := []byte{opReceiveDiagnostic, 1, page, 0, 0, 0}
	binary.BigEndian.PutUint16(cdb[3:], n)
	return device.Request{Command: cdb, ReadLen: int(n)}
}

// ReportLUNsRequest asks for n bytes of the logical unit inventory (SPC-5
// 6.35).
func ReportLUNsRequest(n uint32) device.Request {
	cdb := make([]byte, 12)
	cdb[0] = opReportLUNs
	binary.BigEndian.PutUint32(cdb[6:], n)
	return device.Request{Command: cdb, ReadLen: int(n)}
}

// A DefectList chooses which defects are counted.
type DefectList uint8

// The defect lists: those of the factory, and those grown since.
const (
	DefectsPrimary DefectList = 1 << 4
	DefectsGrown   DefectList = 1 << 3
)

// ReadDefectData10Request asks for the header of a defect list in block format
// (SBC-4 5.23): its length tells the count.
func ReadDefectData10Request(list DefectList) device.Request {
	return device.Request{Command: []byte{opReadDefectData10, 0, uint8(list), 0, 0, 0, 0, 0, defectHeader10Bytes, 0}, ReadLen: defectHeader10Bytes}
}

// ReadDefectData12Request is the same with a 32-bit length (SBC-4 5.24).
func ReadDefectData12Request(list DefectList) device.Request {
	return device.Request{Command: []byte{opReadDefectData12, uint8(list), 0, 0, 0, 0, 0, 0, 0, defectHeader12Bytes, 0, 0}, ReadLen: defectHeader12Bytes}
}
