package ethtool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"example.com/bee/pkg/inventory"
)

// StatusBytes is the length of device.Response.Status: the kernel's errno,
// little-endian, zero for success.
const StatusBytes = 4

// EncodeStatus returns the encoding of an errno.
func EncodeStatus(errno syscall.Errno) []byte {
	return binary.LittleEndian.AppendUint32(nil, uint32(errno))
}

// Linux errnos, by number: recordings are read on other systems, too.
const (
	errnoPerm       = 1
	errnoNoEnt      = 2
	errnoIO         = 5
	errnoNoDevIO    = 6
	errnoAccess     = 13
	errnoNoDev      = 19
	errnoInvalid    = 22
	errnoNoTTY      = 25
	errnoNoSys      = 38
	errnoTime       = 62
	errnoNotSupp    = 95
	errnoTimedOut   = 110
	errnoKernelNotS = 524 // ENOTSUPP, which some drivers let out
)

// A StatusError is a command the kernel or the driver refused. It is
// errors.ErrUnsupported where there is no such command, fs.ErrPermission,
// fs.ErrNotExist where there is no device or module, and
// context.DeadlineExceeded.
type StatusError uint32

// Error implements error.
func (e StatusError) Error() string {
	if e == errnoKernelNotS {
		return "operation not supported"
	}
	return syscall.Errno(e).Error()
}

// Is implements the matching described at StatusError.
func (e StatusError) Is(target error) bool {
	switch e {
	case errnoPerm, errnoAccess:
		return target == fs.ErrPermission
	case errnoNoEnt, errnoNoDevIO, errnoNoDev:
		return target == fs.ErrNotExist
	case errnoNotSupp, errnoNoSys, errnoNoTTY, errnoKernelNotS:
		return target == errors.ErrUnsupported
	case errnoTime, errnoTimedOut:
		return target == context.DeadlineExceeded
	}
	return false
}

// IsInvalid and IsIO tell refusals apart that drivers use for "no module".
func (e StatusError) IsInvalid() bool { return e == errnoInvalid }

// IsIO is true for EIO.
func (e StatusError) IsIO() bool { return e == errnoIO }

func decodeStatus(b []byte) error {
	if len(b) != StatusBytes {
		return fmt.Errorf("ethtool status of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	if n := binary.LittleEndian.Uint32(b); n != 0 {
		return StatusError(n)
	}
	return nil
}
