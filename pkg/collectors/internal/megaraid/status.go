package megaraid

import (
	"errors"
	"fmt"
	"io/fs"
)

// A Status is a frame's cmd_status (enum MFI_STAT).
type Status uint8

// The statuses callers decide by.
const (
	statusOK                  Status = 0x00
	statusInvalidCommand      Status = 0x01
	statusInvalidDCMD         Status = 0x02
	statusInvalidParameter    Status = 0x03
	statusDeviceNotFound      Status = 0x0C
	statusNoHardware          Status = 0x22
	statusNotFound            Status = 0x23
	statusSCSIDoneWithError   Status = 0x2D
	statusSCSIIOFailed        Status = 0x2E
	statusReservationConflict Status = 0x2F
	statusUnset               Status = 0xFF // as the frame was sent
)

// A StatusError is a command the controller refused. It matches
// errors.ErrUnsupported when the controller does not know it, and
// fs.ErrNotExist when what was asked for is not there.
type StatusError Status

// Error implements error.
func (e StatusError) Error() string {
	name := ""
	switch Status(e) {
	case statusInvalidCommand:
		name = "invalid command"
	case statusInvalidDCMD:
		name = "invalid direct command"
	case statusInvalidParameter:
		name = "invalid parameter"
	case statusDeviceNotFound:
		name = "device not found"
	case statusNoHardware:
		name = "no such hardware"
	case statusNotFound:
		name = "not found"
	case statusSCSIDoneWithError:
		name = "scsi command done with error"
	case statusSCSIIOFailed:
		name = "scsi command failed"
	case statusReservationConflict:
		name = "reservation conflict"
	case statusUnset:
		name = "no status"
	default:
		return fmt.Sprintf("firmware status %02xh", uint8(e))
	}
	return fmt.Sprintf("firmware status %02xh (%s)", uint8(e), name)
}

// Is implements the matching described at StatusError.
func (e StatusError) Is(target error) bool {
	switch Status(e) {
	case statusInvalidCommand, statusInvalidDCMD:
		return target == errors.ErrUnsupported
	case statusDeviceNotFound, statusNoHardware, statusNotFound:
		return target == fs.ErrNotExist
	}
	return false
}

// EncodeStatus returns a frame's status followed by sense data, as used in
// device.Response.Status.
func EncodeStatus(s Status, sense []byte) []byte { return append([]byte{byte(s)}, sense...) }
