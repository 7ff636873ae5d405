package pciconf

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
	"example.com/bee/pkg/collectors/internal/pciaddr"
)

// Open opens the configuration space of a function,
// /sys/bus/pci/devices/ADDRESS/config, for reading.
func Open(path string) (device.Device, error) {
	dir, name := filepath.Split(path)
	if name != "config" || !pciaddr.Valid(filepath.Base(dir)) {
		return nil, fmt.Errorf("open %s: %w: not a function's config", path, errors.ErrUnsupported)
	}
	f, err := ioctl.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY)
	if err != nil {
		return nil, named("open", path, err)
	}
	size, err := f.Size()
	if err != nil {
		_ = f.Close()
		return nil, named("stat", path, err)
	}
	return New(path, file{f}, size), nil
}

// file has the errors of system calls without the path that its user adds.
type file struct{ *ioctl.File }

// ReadAt implements io.ReaderAt.
func (f file) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(p, at)
	return n, cause(err)
}

// named is an error of a file as all of them are.
func named(op, path string, err error) error {
	return &fs.PathError{Op: op, Path: path, Err: cause(err)}
}

func cause(err error) error {
	if e := (*ioctl.Error)(nil); errors.As(err, &e) {
		return e.Errno
	}
	return err
}
