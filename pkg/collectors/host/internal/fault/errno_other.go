//go:build !linux

package fault

import "syscall"

// number is an errno as Linux counts; 0 for one that nobody asks for.
func number(e syscall.Errno) int {
	switch e {
	case syscall.EPERM:
		return 1
	case syscall.ENOENT:
		return 2
	case syscall.EINTR:
		return 4
	case syscall.EIO:
		return 5
	case syscall.ENXIO:
		return 6
	case syscall.EAGAIN:
		return 11
	case syscall.EACCES:
		return 13
	case syscall.EBUSY:
		return 16
	case syscall.ENODEV:
		return 19
	case syscall.ENOTDIR:
		return 20
	case syscall.EINVAL:
		return 22
	case syscall.ENOTTY:
		return 25
	case syscall.ENOSYS:
		return 38
	case syscall.EOPNOTSUPP:
		return 95
	case syscall.ETIMEDOUT:
		return 110
	default:
		return 0
	}
}

func errno(r recorded) error { return r }
