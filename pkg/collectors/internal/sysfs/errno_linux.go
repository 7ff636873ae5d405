package sysfs

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Silent is true for errors by which the kernel says that an attribute exists
// but this device has nothing to say there.
func Silent(err error) bool {
	return errors.Is(err, unix.ENODATA) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENXIO)
}

// NotLink is true for the error of reading a link that is none: captured trees
// have directories in place of links.
func NotLink(err error) bool { return errors.Is(err, unix.EINVAL) }
