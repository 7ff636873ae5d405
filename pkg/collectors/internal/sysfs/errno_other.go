//go:build !linux

package sysfs

// Silent is true for errors by which the kernel says that an attribute exists
// but this device has nothing to say there.
func Silent(error) bool { return false }

// NotLink is true for the error of reading a link that is none.
func NotLink(error) bool { return false }
