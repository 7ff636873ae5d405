package pciconf

import (
	"bytes"
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// The one command: read of the space what Decode looks at.
const commandRead = 1

// Allowed returns nil for reading: there is no other request.
func Allowed(req device.Request) error {
	if !bytes.Equal(req.Command, []byte{commandRead}) || len(req.Data) > 0 || req.ReadLen != maxAnswer {
		return fmt.Errorf("configuration space: command % x with %d bytes, buffer of %d, is not on the read-only list", req.Command, len(req.Data), req.ReadLen)
	}
	return nil
}

// Read reads the configuration space of a function as far as [DecodeAnswer]
// needs it: the header, of the capability lists (PCI Local Bus 3.0, 6.7; PCI
// Express 6.0, 7.6) the entries, and the capabilities that are decoded. Of an
// empty file the answer is empty.
func Read(ctx context.Context, dev device.Device) (answer []byte, err error) {
	resp, err := dev.Exchange(ctx, device.Request{Command: []byte{commandRead}, ReadLen: maxAnswer})
	if err != nil {
		return nil, err
	}
	return resp.Data, nil
}
