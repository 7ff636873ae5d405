package fault

import "syscall"

// number is an errno as Linux counts.
func number(e syscall.Errno) int { return int(e) }

// errno is the kernel's own error where its words are those recorded.
func errno(r recorded) error {
	if e := syscall.Errno(r.errno); r.errno > 0 && e.Error() == r.text {
		return e
	}
	return r
}
