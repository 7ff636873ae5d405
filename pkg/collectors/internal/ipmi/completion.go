package ipmi

import (
	"errors"
	"fmt"
	"io/fs"
)

// A CompletionCode is the first byte of every answer (IPMI table 5-2).
type CompletionCode uint8

// The completion codes that decide what happens next.
const (
	CompletionOK              CompletionCode = 0x00
	CompletionNodeBusy        CompletionCode = 0xC0
	CompletionInvalidCommand  CompletionCode = 0xC1
	CompletionInvalidForLUN   CompletionCode = 0xC2
	CompletionTimeout         CompletionCode = 0xC3
	CompletionOutOfSpace      CompletionCode = 0xC4
	CompletionReservationLost CompletionCode = 0xC5
	CompletionTruncated       CompletionCode = 0xC6
	CompletionLengthInvalid   CompletionCode = 0xC7
	CompletionLengthExceeded  CompletionCode = 0xC8
	CompletionOutOfRange      CompletionCode = 0xC9
	CompletionCannotReturn    CompletionCode = 0xCA
	CompletionNotPresent      CompletionCode = 0xCB
	CompletionInvalidField    CompletionCode = 0xCC
	CompletionIllegal         CompletionCode = 0xCD
	CompletionNoResponse      CompletionCode = 0xCE
	CompletionDuplicate       CompletionCode = 0xCF
	CompletionSDRUpdate       CompletionCode = 0xD0
	CompletionFirmwareUpdate  CompletionCode = 0xD1
	CompletionInitializing    CompletionCode = 0xD2
	CompletionDestination     CompletionCode = 0xD3
	CompletionPrivilege       CompletionCode = 0xD4
	CompletionNotInState      CompletionCode = 0xD5
	CompletionDisabled        CompletionCode = 0xD6
	CompletionUnspecified     CompletionCode = 0xFF
)

// String says what the code means, with the code.
func (c CompletionCode) String() string {
	if s := completionText(c); s != "" {
		return fmt.Sprintf("%s (%02xh)", s, uint8(c))
	}
	return fmt.Sprintf("completion code %02xh", uint8(c))
}

func completionText(c CompletionCode) string {
	switch c {
	case CompletionOK:
		return "completed"
	case CompletionNodeBusy:
		return "node busy"
	case CompletionInvalidCommand:
		return "invalid command"
	case CompletionInvalidForLUN:
		return "invalid command for this unit"
	case CompletionTimeout:
		return "timeout while processing"
	case CompletionOutOfSpace:
		return "out of space"
	case CompletionReservationLost:
		return "reservation lost"
	case CompletionTruncated:
		return "request truncated"
	case CompletionLengthInvalid:
		return "request length invalid"
	case CompletionLengthExceeded:
		return "request length limit exceeded"
	case CompletionOutOfRange:
		return "parameter out of range"
	case CompletionCannotReturn:
		return "cannot return that many bytes"
	case CompletionNotPresent:
		return "sensor, data or record not present"
	case CompletionInvalidField:
		return "invalid field in request"
	case CompletionIllegal:
		return "command illegal for this sensor or record"
	case CompletionNoResponse:
		return "response could not be provided"
	case CompletionDuplicate:
		return "duplicated request"
	case CompletionSDRUpdate:
		return "repository is being updated"
	case CompletionFirmwareUpdate:
		return "firmware is being updated"
	case CompletionInitializing:
		return "controller is initializing"
	case CompletionDestination:
		return "destination unavailable"
	case CompletionPrivilege:
		return "insufficient privilege"
	case CompletionNotInState:
		return "not supported in present state"
	case CompletionDisabled:
		return "function disabled"
	case CompletionUnspecified:
		return "unspecified error"
	default:
		return ""
	}
}

// A CompletionError is a controller's "no". It matches errors.ErrUnsupported
// where the controller does not have the command, fs.ErrNotExist where it has
// not got what was asked for, and fs.ErrPermission where it may not say.
type CompletionError struct {
	Code CompletionCode
}

func (e *CompletionError) Error() string { return e.Code.String() }

// Is implements the matching described at CompletionError.
func (e *CompletionError) Is(target error) bool {
	switch e.Code {
	case CompletionInvalidCommand, CompletionInvalidForLUN, CompletionIllegal, CompletionDisabled:
		return target == errors.ErrUnsupported
	case CompletionNotPresent, CompletionDestination:
		return target == fs.ErrNotExist
	case CompletionPrivilege:
		return target == fs.ErrPermission
	}
	return false
}

// codeOf returns the completion code an error carries.
func codeOf(err error) (CompletionCode, bool) {
	var ce *CompletionError
	if !errors.As(err, &ce) {
		return 0, false
	}
	return ce.Code, true
}

// worthRetrying says whether the same request may succeed a moment later.
func (c CompletionCode) worthRetrying() bool {
	switch c {
	case CompletionNodeBusy, CompletionTimeout, CompletionOutOfSpace, CompletionDuplicate,
		CompletionSDRUpdate, CompletionInitializing:
		return true
	}
	return false
}

// refusesSize says whether a smaller read may succeed. Controllers disagree
// on the code they refuse a size with.
func (c CompletionCode) refusesSize() bool {
	switch c {
	case CompletionLengthInvalid, CompletionLengthExceeded, CompletionOutOfRange, CompletionCannotReturn,
		CompletionInvalidField, CompletionNoResponse, CompletionOutOfSpace, CompletionTruncated, CompletionUnspecified:
		return true
	}
	return false
}
