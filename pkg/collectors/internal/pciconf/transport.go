package pciconf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"example.com/bee/pkg/collectors/internal/device"
)

// File is a configuration space to read from.
type File interface {
	io.ReaderAt
	io.Closer
}

// New makes a device of a file. Its size is the most there can be; one that no
// space has is not known.
func New(path string, f File, size int64) device.Device {
	if size < headerSize || size > fullSize {
		size = fullSize
	}
	return &transport{path: path, file: f, size: int(size)}
}

type transport struct {
	path string
	file File
	size int
}

// Close implements device.Device.
func (t *transport) Close() error { return t.file.Close() }

// Exchange implements device.Device.
func (t *transport) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := Allowed(req); err != nil {
		return device.Response{}, fmt.Errorf("%s: refused: %w", t.path, err)
	}
	answer, err := gather(t.size, func(p []byte, at int) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := t.file.ReadAt(p, int64(at))
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return n, err
	})
	if err != nil {
		return device.Response{}, &fs.PathError{Op: "read", Path: t.path, Err: err}
	}
	return device.Response{Data: answer}, nil
}
