package worker

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// inherited says whether a descriptor is a pipe, as a parent gives it.
func inherited(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFIFO
}

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }

// capacity is what a pipe takes before it makes its writer wait.
func capacity(fd int) int {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		return os.Getpagesize()
	}
	return n
}

// readNow reads what a pipe holds; errNothingNow when that is nothing. The
// pipe's deadline counts.
func readNow(f *os.File, p []byte) (n int, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = conn.Read(func(fd uintptr) bool {
		for {
			n, failed = syscall.Read(int(fd), p)
			if failed != syscall.EINTR {
				return true
			}
		}
	})
	if err == nil {
		err = failed
	}
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return 0, errNothingNow
	case err != nil:
		return 0, err
	default:
		return n, nil
	}
}
