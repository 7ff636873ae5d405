package host

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// protocol is how one command set is opened, and which of its requests may be
// sent.
type protocol struct {
	open    func(name string) (device.Device, error)
	allowed func(device.Request) error
}

// protocols is the list of command sets.
func protocols(p device.Protocol) (protocol, bool) {
	switch p {
	}
	return protocol{}, false
}

// allowed refuses every request that is not known to read only.
func allowed(p device.Protocol, req device.Request) error {
	known, ok := protocols(p)
	if !ok {
		return fmt.Errorf("protocol %s: %w", p, errors.ErrUnsupported)
	}
	return known.allowed(req)
}
