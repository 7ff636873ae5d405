package lldp

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// The one command: wait for the next frame on any of the interfaces named in
// the request's data, one a line. The answer's status is the name of the one
// that received it; empty when the time was over.
const commandListen = 1

const (
	// maxFrame is an Ethernet frame with a VLAN tag.
	maxFrame = 1518 + 4
	// maxInterfaces bounds the sockets.
	maxInterfaces = 256
	maxName       = 15 // IFNAMSIZ without its NUL
)

func listen(names []string, wait time.Duration) device.Request {
	return device.Request{Command: []byte{commandListen}, Data: []byte(strings.Join(names, "\n")), ReadLen: maxFrame, Timeout: wait}
}

func parseNames(data []byte) ([]string, error) {
	if len(data) == 0 || len(data) > maxInterfaces*(maxName+1) {
		return nil, fmt.Errorf("lldp: %d bytes of names: %w", len(data), inventory.ErrMalformed)
	}
	names := strings.Split(string(data), "\n")
	for _, n := range names {
		if n == "" || len(n) > maxName || strings.HasPrefix(n, ".") || strings.Contains(n, "/") {
			return nil, fmt.Errorf("lldp: interface %q: %w", n, inventory.ErrMalformed)
		}
	}
	return names, nil
}

// Allowed returns nil for a request to listen: there is no other.
func Allowed(req device.Request) error {
	if !bytes.Equal(req.Command, []byte{commandListen}) || req.ReadLen != maxFrame {
		return fmt.Errorf("lldp command % x is not on the read-only list", req.Command)
	}
	_, err := parseNames(req.Data)
	return err
}

// Next waits for the next frame on any of the interfaces; name is "" when
// there was none within wait.
func Next(ctx context.Context, dev device.Device, names []string, wait time.Duration) (name string, frame []byte, err error) {
	resp, err := dev.Exchange(ctx, listen(names, wait))
	if err != nil {
		return "", nil, err
	}
	return string(resp.Status), resp.Data, nil
}
