package ioctl_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/ioctl"
)

func TestRegularFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := ioctl.Open(name, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.Size(); n != 10 || err != nil {
		t.Errorf("size %d, %v", n, err)
	}
	b := make([]byte, 4)
	for at, want := range map[int64]string{0: "0123", 3: "3456", 8: "89", 10: "", 1 << 40: ""} {
		n, err := f.ReadAt(b, at)
		if string(b[:n]) != want || (err != nil) != (n < len(b)) || err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("at %d: %q, %v", at, b[:n], err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := f.ReadAt(b, 0); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := f.Size(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	null, err := ioctl.Open("/dev/null", unix.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if _, err := null.Size(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a device: %v", err)
	}
}
