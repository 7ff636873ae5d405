package ioctl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// An Error is a system call the kernel refused. It unwraps to its errno and
// matches the portable errors callers ask for: fs.ErrPermission (EPERM,
// EACCES), fs.ErrNotExist (ENOENT, ENODEV, ENXIO: no such device, or no
// longer), errors.ErrUnsupported (ENOTTY, ENOSYS, EOPNOTSUPP: not a device of
// this kind) and context.DeadlineExceeded (ETIMEDOUT, ETIME).
type Error struct {
	Op    string // "open", "ioctl", ...
	Path  string
	Errno syscall.Errno
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Path, e.Errno) }

// Unwrap returns the errno.
func (e *Error) Unwrap() error { return e.Errno }

// Is implements the matching described at Error. What it does not know is
// left to the errno's own Is.
func (e *Error) Is(target error) bool {
	switch e.Errno {
	case syscall.ENODEV, syscall.ENXIO:
		return target == fs.ErrNotExist
	case syscall.ENOTTY:
		return target == errors.ErrUnsupported
	case syscall.ETIMEDOUT, syscall.ETIME:
		return target == context.DeadlineExceeded
	}
	return false
}
