package ioctl

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxInterrupts bounds how often an interrupted call is made again.
const maxInterrupts = 16

// A File is an open device node. Close while a call is stuck in the kernel
// returns at once; the descriptor itself lives until the call comes back, so
// that its number cannot be taken by another file meanwhile.
type File struct {
	file *os.File
	path string
}

// Open opens a device node with the given open(2) flags; O_CLOEXEC is added.
// O_NONBLOCK holds for the open only (a drive without medium, a busy sg node),
// not for what follows.
func Open(path string, flags int) (*File, error) {
	fd, err := open(path, flags|unix.O_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if flags&unix.O_NONBLOCK != 0 {
		// A non-blocking descriptor would be handed to the runtime's poller,
		// whose Close waits for calls under way.
		if err := unix.SetNonblock(fd, false); err != nil {
			_ = unix.Close(fd)
			return nil, wrap("set blocking", path, err)
		}
	}
	return &File{file: os.NewFile(uintptr(fd), path), path: path}, nil
}

func open(path string, flags int) (int, error) {
	for range maxInterrupts {
		fd, err := unix.Open(path, flags, 0)
		if err != unix.EINTR {
			return fd, wrap("open", path, err)
		}
	}
	return -1, wrap("open", path, unix.EINTR)
}

// IsChar says whether the file is a character device.
func (f *File) IsChar() (bool, error) { return f.isKind(unix.S_IFCHR) }

// IsBlock says whether the file is a block device.
func (f *File) IsBlock() (bool, error) { return f.isKind(unix.S_IFBLK) }

func (f *File) isKind(kind uint32) (is bool, err error) {
	var st unix.Stat_t
	cerr := f.control(func(fd uintptr) { err = unix.Fstat(int(fd), &st) })
	if cerr != nil {
		return false, cerr
	}
	return st.Mode&unix.S_IFMT == kind, wrap("stat", f.path, err)
}

// Path returns the path the file was opened by.
func (f *File) Path() string { return f.path }

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Call makes one ioctl whose argument is at arg and returns its non-negative
// result. An interrupted call is NOT made again: the NVMe driver answers EINTR
// when it cancelled the command because the controller did not answer, and
// asking again would wait for it once more. Memory that arg points to by
// address must be pinned by the caller.
func (f *File) Call(request uint32, arg unsafe.Pointer) (result uintptr, err error) {
	var errno syscall.Errno
	if err := f.control(func(fd uintptr) {
		result, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(arg))
	}); err != nil {
		return 0, err
	}
	runtime.KeepAlive(arg)
	if errno != 0 {
		return 0, wrap("ioctl", f.path, errno)
	}
	return result, nil
}

// CallRetry is Call for drivers whose EINTR means a signal: it asks again, a
// bounded number of times.
func (f *File) CallRetry(request uint32, arg unsafe.Pointer) (result uintptr, err error) {
	for range maxInterrupts {
		result, err = f.Call(request, arg)
		if e, ok := err.(*Error); !ok || e.Errno != unix.EINTR { //nolint:errorlint // Call wraps nothing
			break
		}
	}
	return result, err
}

// control runs fn with the descriptor held open. That it was closed before is
// the only reason not to.
func (f *File) control(fn func(fd uintptr)) error {
	conn, err := f.file.SyscallConn()
	if err == nil {
		err = conn.Control(fn)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, fs.ErrClosed)
	}
	return nil
}

func wrap(op, path string, err error) error {
	if err == nil {
		return nil
	}
	errno, ok := err.(syscall.Errno) //nolint:errorlint // unix calls return bare errnos
	if !ok {
		return err
	}
	return &Error{Op: op, Path: path, Errno: errno}
}
