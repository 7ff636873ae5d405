package nvidia

import (
	"errors"
	"fmt"
	"io/fs"

	"example.com/bee/pkg/inventory"
)

// A Return is the code an NVML function returned (nvmlReturn_t in nvml.h).
// Codes this package does not know are kept.
type Return uint32

// The codes that decide how a reading is taken. There are more.
const (
	Success            Return = 0
	Uninitialized      Return = 1
	InvalidArgument    Return = 2
	NotSupported       Return = 3
	NoPermission       Return = 4
	NotFound           Return = 6
	InsufficientSize   Return = 7
	DriverNotLoaded    Return = 9
	Timeout            Return = 10
	LibraryNotFound    Return = 12
	FunctionNotFound   Return = 13 // also: the library has no such symbol
	CorruptedInfoROM   Return = 14
	GPUIsLost          Return = 15 // fallen off the bus
	ResetRequired      Return = 16
	LibraryMismatch    Return = 18 // library and kernel driver differ in version
	ArgumentVersion    Return = 25
	Deprecated         Return = 26
	GPUNotFound        Return = 28
	UnknownReturn      Return = 999
	operatingSystem    Return = 17 // the device node is blocked, as by a cgroup
	insufficientPower  Return = 8
	irqIssue           Return = 11
	inUse              Return = 19
	memoryReturn       Return = 20
	noData             Return = 21
	insufficientResour Return = 23
	notReady           Return = 27
	invalidState       Return = 29
)

// String names the code in words.
func (r Return) String() string {
	switch r {
	case Success:
		return "success"
	case Uninitialized:
		return "library not initialized"
	case InvalidArgument:
		return "invalid argument"
	case NotSupported:
		return "not supported"
	case NoPermission:
		return "no permission"
	case NotFound:
		return "not found"
	case InsufficientSize:
		return "insufficient size"
	case insufficientPower:
		return "external power cables not attached"
	case DriverNotLoaded:
		return "driver not loaded"
	case Timeout:
		return "timeout"
	case irqIssue:
		return "interrupt problem"
	case LibraryNotFound:
		return "library not found"
	case FunctionNotFound:
		return "function not in this driver"
	case CorruptedInfoROM:
		return "inforom is corrupted"
	case GPUIsLost:
		return "GPU is lost"
	case ResetRequired:
		return "GPU requires a reset"
	case operatingSystem:
		return "device blocked by the operating system"
	case LibraryMismatch:
		return "library and kernel driver differ in version"
	case inUse:
		return "GPU in use"
	case memoryReturn:
		return "out of memory"
	case noData:
		return "no data"
	case insufficientResour:
		return "out of resources"
	case ArgumentVersion:
		return "structure version not known to the library"
	case Deprecated:
		return "deprecated"
	case notReady:
		return "not ready"
	case GPUNotFound:
		return "no GPU found"
	case invalidState:
		return "invalid state"
	case UnknownReturn:
		return "unknown error"
	default:
		return fmt.Sprintf("return code %d", uint32(r))
	}
}

// Silent reports whether the code says that the device has no such value:
// nothing is missing then, and nothing went wrong.
func (r Return) Silent() bool {
	switch r {
	case NotSupported, FunctionNotFound, InvalidArgument, NotFound, noData, Deprecated, ArgumentVersion:
		return true
	default:
		return false
	}
}

// Err is nil for [Success] and an [*Error] for everything else.
func (r Return) Err(q Query) error {
	if r == Success {
		return nil
	}
	return &Error{Query: q, Return: r}
}

// An Error is an NVML function that did not answer with a value.
type Error struct {
	Query  Query
	Return Return
}

func (e *Error) Error() string { return e.Query.String() + ": " + e.Return.String() }

// Is makes [fs.ErrPermission], [errors.ErrUnsupported] and
// [inventory.ErrMalformed] match the codes that mean them.
func (e *Error) Is(target error) bool {
	switch target {
	case fs.ErrPermission:
		return e.Return == NoPermission || e.Return == operatingSystem
	case errors.ErrUnsupported:
		return e.Return.Silent()
	case inventory.ErrMalformed:
		return e.Return == CorruptedInfoROM
	default:
		return false
	}
}
