package ioctl_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/ioctl"
)

func TestOpenAndCall(t *testing.T) {
	t.Parallel()
	if _, err := ioctl.Open(filepath.Join(t.TempDir(), "none"), unix.O_RDONLY); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing node: %v", err)
	}
	f, err := ioctl.Open("/dev/null", unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	if is, err := f.IsChar(); !is || err != nil {
		t.Errorf("IsChar: %v %v", is, err)
	}
	if is, err := f.IsBlock(); is || err != nil {
		t.Errorf("IsBlock: %v %v", is, err)
	}
	arg := new([72]byte)
	for _, call := range []func(uint32, unsafe.Pointer) (uintptr, error){f.Call, f.CallRetry} {
		if _, err := call(ioctl.IOWR('N', 0x41, 72), unsafe.Pointer(arg)); !errors.Is(err, errors.ErrUnsupported) || !errors.Is(err, syscall.ENOTTY) {
			t.Errorf("NVMe command to /dev/null: %v", err)
		}
	}
	if f.Path() != "/dev/null" {
		t.Error(f.Path())
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.Call(0, nil); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := f.IsChar(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestErrorIs(t *testing.T) {
	t.Parallel()
	for errno, want := range map[syscall.Errno]error{
		unix.EACCES: fs.ErrPermission, unix.EPERM: fs.ErrPermission,
		unix.ENOENT: fs.ErrNotExist, unix.ENODEV: fs.ErrNotExist, unix.ENXIO: fs.ErrNotExist,
		unix.ENOTTY: errors.ErrUnsupported, unix.EOPNOTSUPP: errors.ErrUnsupported,
		unix.ETIMEDOUT: context.DeadlineExceeded,
	} {
		err := error(&ioctl.Error{Op: "ioctl", Path: "/dev/x", Errno: errno})
		for _, target := range []error{fs.ErrPermission, fs.ErrNotExist, errors.ErrUnsupported, context.DeadlineExceeded} {
			if got := errors.Is(err, target); got != errors.Is(want, target) {
				t.Errorf("%v is %v: %v", err, target, got)
			}
		}
	}
}
