package worker

import "syscall"

// attributes put a process into a group of its own, and have the kernel end it
// with the thread that started it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// inherited says whether a descriptor is a pipe, as a parent gives it.
func inherited(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFIFO
}

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }
