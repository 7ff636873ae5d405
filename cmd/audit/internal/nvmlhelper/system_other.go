//go:build !linux

package nvmlhelper

import "syscall"

// attributes are none: nothing is collected on this system.
func attributes() *syscall.SysProcAttr { return nil }

func killGroup(int) {}
