package tpm

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
)

// Open opens a TPM behind the kernel's resource manager, /dev/tpmrmN, which
// several programs may hold at a time. It is opened for writing because that
// is how a question is asked.
func Open(path string) (device.Device, error) {
	if !strings.HasPrefix(filepath.Base(path), "tpmrm") {
		return nil, fmt.Errorf("open %s: %w: not named tpmrm", path, errors.ErrUnsupported)
	}
	f, err := ioctl.Open(path, unix.O_RDWR)
	if err != nil {
		return nil, err
	}
	is, err := f.IsChar()
	if err == nil && !is {
		err = fmt.Errorf("open %s: %w: not a character device", path, errors.ErrUnsupported)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &transport{file: f}, nil
}

type transport struct {
	file *ioctl.File
	// mu keeps question and answer together.
	mu sync.Mutex
}

// Close implements device.Device.
func (t *transport) Close() error { return t.file.Close() }

// Exchange implements device.Device. The write comes back when the TPM has
// answered.
func (t *transport) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := ctx.Err(); err != nil {
		return device.Response{}, err
	}
	if err := Allowed(req); err != nil {
		return device.Response{}, fmt.Errorf("%s: refused: %w", t.file.Path(), err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.file.Write(req.Command); err != nil {
		return device.Response{}, err
	}
	// One answer is read whole or lost.
	b := make([]byte, responseLimit)
	n, err := t.file.Read(b)
	if err != nil {
		return device.Response{}, err
	}
	return device.Response{Data: b[:min(n, req.ReadLen)]}, nil
}
