//go:build !linux

package worker

import "syscall"

// attributes are none: nothing is collected on this system.
func attributes() *syscall.SysProcAttr { return nil }

// inherited is never true: a worker is started on Linux only.
func inherited(int) bool { return false }

func closeOnExec(int) {}
