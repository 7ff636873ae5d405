package ioctl

import "golang.org/x/sys/unix"

// Write sends one message to a device that takes messages by write(2). A part
// that was taken counts as sent.
func (f *File) Write(p []byte) (n int, err error) {
	return f.transfer("write", p, unix.Write)
}

// Read takes one message from a device that gives messages by read(2).
func (f *File) Read(p []byte) (n int, err error) {
	return f.transfer("read", p, unix.Read)
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
