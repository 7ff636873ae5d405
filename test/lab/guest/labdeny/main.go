// Command labdeny takes something away from a program:
//
//	labdeny ioctl PROGRAM [ARG...]    every ioctl is refused with EPERM
//	labdeny admin PROGRAM [ARG...]    no CAP_SYS_ADMIN, no CAP_SYS_RAWIO
//	labdeny root PROGRAM [ARG...]     runs as an ordinary user
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "labdeny:", err)
		os.Exit(126)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want ioctl, admin or root, and a program")
	}
	program, err := exec.LookPath(args[1])
	if err != nil {
		return err
	}
	// It holds for the thread that does it, and for what that becomes.
	runtime.LockOSThread()
	switch args[0] {
	case "ioctl":
		err = refuseIoctl()
	case "admin":
		err = dropCapabilities(unix.CAP_SYS_ADMIN, unix.CAP_SYS_RAWIO)
	case "root":
		const nobody = 65534
		err = errors.Join(syscall.Setgroups(nil), syscall.Setresgid(nobody, nobody, nobody), syscall.Setresuid(nobody, nobody, nobody))
	default:
		err = fmt.Errorf("%q: want ioctl, admin or root", args[0])
	}
	if err != nil {
		return err
	}
	return syscall.Exec(program, args[1:], os.Environ())
}

// dropCapabilities takes them from the bounding set: root gets the others when
// it starts a program.
func dropCapabilities(all ...uintptr) error {
	for _, c := range all {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

func refuseIoctl() error {
	const number = 0 // of struct seccomp_data: the system call
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: number},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_IOCTL, Jt: 0, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0)
}
