package main

import (
	"golang.org/x/sys/unix"
)

// restrict gives up, for the main thread and every process NVML may start
// from it, the right to load kernel modules and to make device nodes; and it
// keeps a crash from leaving a core file. What is refused is refused silently:
// a container may have taken these rights away already.
//
// No-new-privileges keeps setuid programs (nvidia-modprobe) from getting the
// rights back, and a program run by root from regaining them at exec.
func restrict() {
	_ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	drop := []uint{unix.CAP_SYS_MODULE, unix.CAP_MKNOD}
	for _, c := range drop {
		_ = unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(c), 0, 0, 0)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if unix.Capget(&header, &data[0]) == nil {
		for _, c := range drop {
			word, bit := c/32, uint32(1)<<(c%32)
			data[word].Effective &^= bit
			data[word].Permitted &^= bit
			data[word].Inheritable &^= bit
		}
		_ = unix.Capset(&header, &data[0])
	}
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}

// writable reports whether something that takes the protocol is open there: a
// descriptor that was not passed may by now belong to the Go runtime.
func writable(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE == unix.O_RDONLY {
		return false
	}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return false
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFIFO, unix.S_IFSOCK, unix.S_IFREG, unix.S_IFCHR:
		return true
	default:
		return false
	}
}
