package ioctl

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// Write sends one message to a device that takes messages by write(2). A part
// that was taken counts as sent.
func (f *File) Write(p []byte) (n int, err error) {
	return f.transfer("write", p, unix.Write)
}

// Read takes one message from a device that gives messages by read(2).
func (f *File) Read(p []byte) (n int, err error) {
	return f.transfer("read", p, unix.Read)
}

// ReadAt implements [io.ReaderAt] by one pread(2), for regular files: what it
// gives less than asked for is taken for the end.
func (f *File) ReadAt(p []byte, at int64) (n int, err error) {
	n, err = f.transfer("read", p, func(fd int, p []byte) (int, error) { return unix.Pread(fd, p, at) })
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Size is that of a regular file; of anything else it is
// errors.ErrUnsupported.
func (f *File) Size() (size int64, err error) {
	var st unix.Stat_t
	if cerr := f.control(func(fd uintptr) { err = unix.Fstat(int(fd), &st) }); cerr != nil {
		return 0, cerr
	}
	if err == nil && st.Mode&unix.S_IFMT != unix.S_IFREG {
		return 0, fmt.Errorf("%s: not a regular file: %w", f.path, errors.ErrUnsupported)
	}
	return st.Size, wrap("stat", f.path, err)
}

func (f *File) transfer(op string, p []byte, call func(int, []byte) (int, error)) (n int, err error) {
	for range maxInterrupts {
		var errno error
		if err := f.control(func(fd uintptr) { n, errno = call(int(fd), p) }); err != nil {
			return 0, err
		}
		if errno == nil {
			return n, nil
		}
		err = wrap(op, f.path, errno)
		if errno != unix.EINTR { //nolint:errorlint // straight from the system call
			break
		}
	}
	return 0, err
}
