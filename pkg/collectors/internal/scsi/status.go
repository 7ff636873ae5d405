package scsi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// SCSI status codes (SAM-6 5.3.1).
const (
	statusGood                = 0x00
	statusCheckCondition      = 0x02
	statusBusy                = 0x08
	statusReservationConflict = 0x18
	statusTaskSetFull         = 0x28
	statusTaskAborted         = 0x40
)

// EncodeStatus returns a status byte followed by sense data, as used in
// device.Response.Status.
func EncodeStatus(status uint8, sense []byte) []byte {
	return append([]byte{status}, sense...)
}

// A StatusError is a command the device refused. It matches
// errors.ErrUnsupported when the device does not know the command, a field of
// it or the logical unit.
type StatusError struct {
	Status uint8
	Sense  *Sense // nil when there was none
}

// Error implements error.
func (e *StatusError) Error() string {
	name := ""
	switch e.Status {
	case statusCheckCondition:
		name = "check condition"
	case statusBusy:
		name = "busy"
	case statusReservationConflict:
		name = "reservation conflict"
	case statusTaskSetFull:
		name = "task set full"
	case statusTaskAborted:
		name = "task aborted"
	}
	switch {
	case e.Sense != nil:
		return e.Sense.String()
	case name != "":
		return name
	}
	return fmt.Sprintf("status %02xh", e.Status)
}

// Is implements the matching described at StatusError.
func (e *StatusError) Is(target error) bool {
	if e.Sense == nil || e.Sense.Key != KeyIllegalRequest {
		return false
	}
	switch e.Sense.ASC {
	case 0x20, 0x24, 0x25, 0x26:
		return target == errors.ErrUnsupported
	}
	return false
}

// A HostError is a command that did not reach the device or whose answer did
// not come back: the adapter's status as the kernel gives it (include/scsi/
// scsi_status.h, DID_*). It matches context.DeadlineExceeded for a timeout and
// fs.ErrNotExist when nothing is connected any more.
type HostError uint16

// Error implements error.
func (e HostError) Error() string {
	names := [...]string{
		1: "no connect", 2: "bus busy", 3: "timed out", 4: "bad target", 5: "aborted", 6: "parity error", 7: "adapter error", 8: "reset",
		9: "unexpected interrupt", 10: "passthrough", 11: "soft error", 12: "retry", 13: "requeue", 14: "transport disrupted",
		15: "transport failed fast", 16: "target failure", 17: "nexus failure", 18: "allocation failure", 19: "medium error", 20: "transport marginal",
	}
	if int(e) < len(names) && names[e] != "" {
		return fmt.Sprintf("host status %02xh (%s)", uint16(e), names[e])
	}
	return fmt.Sprintf("host status %02xh", uint16(e))
}

// Is implements the matching described at HostError.
func (e HostError) Is(target error) bool {
	switch e {
	case 1, 4:
		return target == fs.ErrNotExist
	case 3:
		return target == context.DeadlineExceeded
	}
	return false
}

// A Result is what a command brought that did not fail.
type Result struct {
	Data []byte
	// Sense is what came along: a recovered error, or an ATA drive's registers.
	Sense *Sense
}

// result judges a response: good, or a recovered error, or nil sense is a
// Result; everything else an error.
func result(resp device.Response) (Result, error) {
	if len(resp.Status) == 0 {
		return Result{}, fmt.Errorf("%w: no status", inventory.ErrMalformed)
	}
	status := resp.Status[0] & 0x7E
	var sense *Sense
	if len(resp.Status) > 1 {
		sense, _ = DecodeSense(resp.Status[1:]) // what cannot be read is as good as none
	}
	switch {
	case status == statusGood:
		return Result{Data: resp.Data, Sense: sense}, nil
	case status == statusCheckCondition && sense != nil && !sense.Deferred && (sense.Key == KeyNoSense || sense.Key == KeyRecovered):
		return Result{Data: resp.Data, Sense: sense}, nil
	}
	return Result{}, &StatusError{Status: status, Sense: sense}
}
