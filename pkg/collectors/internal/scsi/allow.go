package scsi

import (
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Allowed returns nil for a request that only reads, and an error that says
// why not for every other. It is a list of what is known to be harmless: an
// operation code, page or option it does not name is refused. The buffer must
// hold what the CDB lets the device send.
func Allowed(req device.Request) error {
	if len(req.Data) != 0 {
		return fmt.Errorf("scsi: %d bytes to the device", len(req.Data))
	}
	return AllowedCDB(req.Command, req.ReadLen)
}

// AllowedCDB is Allowed for a CDB that travels inside another command, with
// the length of the buffer its data goes to.
func AllowedCDB(cdb []byte, readLen int) error {
	if len(cdb) == 0 || len(cdb) != cdbBytes(cdb[0]) {
		return fmt.Errorf("scsi: cdb of %d bytes", len(cdb))
	}
	op := cdb[0]
	var err error
	want := readLen // of a command whose CDB does not say how much comes back
	switch op {
	case opTestUnitReady:
		want, err = 0, onlyZero(cdb[1:])
	case opReadCapacity10:
		want, err = readCapacity10Bytes, onlyZero(cdb[1:])
	case opRequestSense:
		want, err = int(cdb[4]), only(cdb, 1, 0x01)
	case opInquiry:
		want, err = allowedInquiry(cdb)
	case opModeSense6:
		want, err = int(cdb[4]), only(cdb, 1, 0x08)
	case opModeSense10:
		want, err = be16(cdb[7:]), only(cdb, 1, 0x18)
	case opLogSense: // not SP: it would save the counters
		want, err = be16(cdb[7:]), only(cdb, 1, 0)
	case opReceiveDiagnostic:
		want, err = allowedDiagnostic(cdb)
	case opReadDefectData10:
		want, err = be16(cdb[7:]), only(cdb, 1, 0)
	case opReadDefectData12:
		want, err = be32(cdb[6:]), only(cdb, 1, 0x1F)
	case opReportLUNs:
		want, err = be32(cdb[6:]), only(cdb, 1, 0)
	case opServiceActionIn16:
		want = be32(cdb[10:])
		if cdb[1] != saReadCapacity16 {
			err = fmt.Errorf("service action %02xh is not on the read-only list", cdb[1])
		}
	case opATAPassThrough16:
		want, err = allowedATA(cdb)
	default:
		// ATA PASS-THROUGH (12) is left out on purpose: its code, A1h, is BLANK
		// to an optical drive.
		err = fmt.Errorf("not on the read-only list")
	}
	if err == nil && (readLen < 0 || want != readLen) {
		err = fmt.Errorf("%d bytes into a buffer of %d", want, readLen)
	}
	if err == nil && cdb[len(cdb)-1] != 0 {
		err = fmt.Errorf("control byte %02xh", cdb[len(cdb)-1])
	}
	if err != nil {
		return fmt.Errorf("scsi opcode %02xh: %w", op, err)
	}
	return nil
}

// cdbBytes returns the length the group code in bits 7:5 of an operation code
// stands for (SPC-5 table 26), or zero.
func cdbBytes(op uint8) int {
	switch op >> 5 {
	case 0:
		return 6
	case 1, 2:
		return 10
	case 4:
		return 16
	case 5:
		return 12
	}
	return 0
}

func allowedInquiry(cdb []byte) (want int, err error) {
	if cdb[1]&1 == 0 && cdb[2] != 0 {
		return 0, fmt.Errorf("page %02xh without EVPD", cdb[2])
	}
	return be16(cdb[3:]), only(cdb, 1, 1)
}

func allowedDiagnostic(cdb []byte) (want int, err error) {
	if cdb[1] != 1 { // without PCV it would be the result of a SEND DIAGNOSTIC
		return 0, fmt.Errorf("without a page code")
	}
	switch cdb[2] {
	case 0x00, sesConfiguration, sesStatus, sesThreshold, sesElementDescriptor, sesAdditionalStatus:
		return be16(cdb[3:]), nil
	}
	return 0, fmt.Errorf("diagnostic page %02xh is not on the read-only list", cdb[2])
}

// only refuses a byte with other bits than those of mask.
func only(cdb []byte, at int, mask byte) error {
	if cdb[at]&^mask != 0 {
		return fmt.Errorf("byte %d is %02xh", at, cdb[at])
	}
	return nil
}

func onlyZero(b []byte) error {
	for i, v := range b {
		if v != 0 {
			return fmt.Errorf("byte %d is %02xh", i+1, v)
		}
	}
	return nil
}
