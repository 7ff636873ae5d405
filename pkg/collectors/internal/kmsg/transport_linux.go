package kmsg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
)

const (
	maxRecord     = 8 << 10 // CONSOLE_EXT_LOG_MAX in kernel/printk
	maxRecords    = 1 << 20 // of a log that grows while it is read
	maxInterrupts = 16
)

// Open opens the log for reading.
func Open(path string) (device.Device, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFCHR {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("open %s: %w: not a character device", path, errors.ErrUnsupported)
	}
	return &transport{path: path, fd: fd}, nil
}

type transport struct {
	path string
	mu   sync.Mutex
	fd   int
}

// Close implements device.Device. No call on the log blocks for long, so it
// waits for one under way.
func (t *transport) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fd < 0 {
		return fs.ErrClosed
	}
	err := unix.Close(t.fd)
	t.fd = -1
	return err
}

// Exchange implements device.Device: it reads the log from its oldest record
// to its end.
func (t *transport) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := Allowed(req); err != nil {
		return device.Response{}, fmt.Errorf("%s: refused: %w", t.path, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fd < 0 {
		return device.Response{}, fmt.Errorf("%s: %w", t.path, fs.ErrClosed)
	}
	if _, err := unix.Seek(t.fd, 0, unix.SEEK_SET); err != nil {
		return device.Response{}, &fs.PathError{Op: "seek", Path: t.path, Err: err}
	}
	var found []byte
	record := make([]byte, maxRecord)
	interrupts := 0
	for range maxRecords {
		if err := ctx.Err(); err != nil {
			return device.Response{}, err
		}
		n, err := unix.Read(t.fd, record)
		switch {
		case err == unix.EPIPE: // overwritten before it was read; the next read goes on behind it
			continue
		case err == unix.EINTR && interrupts < maxInterrupts:
			interrupts++
			continue
		case err == unix.EAGAIN || err == nil && n == 0:
			return device.Response{Data: found}, nil
		case err != nil:
			return device.Response{}, &fs.PathError{Op: "read", Path: t.path, Err: err}
		}
		if line, ok := matching(record[:n], req.Command); ok {
			found = newest(append(found, line...), req.ReadLen)
		}
	}
	return device.Response{Data: found}, nil
}
