//go:build !linux

package megaraid

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// NodeName is the name of the node all controllers share on Linux.
const NodeName = "megaraid_sas_ioctl_node"

// Open always fails with errors.ErrUnsupported: only Linux is spoken to.
func Open(path string) (device.Device, error) {
	return nil, fmt.Errorf("open %s: %w", path, errors.ErrUnsupported)
}
