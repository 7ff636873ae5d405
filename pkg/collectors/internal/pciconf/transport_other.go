//go:build !linux

package pciconf

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Open is for Linux alone.
func Open(path string) (device.Device, error) {
	return nil, fmt.Errorf("open %s: %w", path, errors.ErrUnsupported)
}
