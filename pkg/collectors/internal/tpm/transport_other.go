//go:build !linux

package tpm

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Open always fails with errors.ErrUnsupported: only Linux is spoken to.
func Open(path string) (device.Device, error) {
	return nil, fmt.Errorf("open %s: %w", path, errors.ErrUnsupported)
}
