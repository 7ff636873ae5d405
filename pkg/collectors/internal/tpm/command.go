package tpm

import (
	"encoding/binary"
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Numbers of TPM 2.0 Library Part 2.
const (
	tagNoSessions        = 0x8001
	commandGetCapability = 0x0000017A

	capabilityPCRs       = 5
	capabilityProperties = 6

	commandBytes = 22
	// responseLimit is the kernel's own (TPM_BUFSIZE).
	responseLimit = 4096
)

// getCapability encodes the command.
func getCapability(capability, property, count uint32) device.Request {
	b := make([]byte, commandBytes)
	be := binary.BigEndian
	be.PutUint16(b[0:], tagNoSessions)
	be.PutUint32(b[2:], commandBytes)
	be.PutUint32(b[6:], commandGetCapability)
	be.PutUint32(b[10:], capability)
	be.PutUint32(b[14:], property)
	be.PutUint32(b[18:], count)
	return device.Request{Command: b, ReadLen: responseLimit}
}

// Allowed returns nil for the one command that only reads, and an error that
// says why not for every other.
func Allowed(req device.Request) error {
	b := req.Command
	be := binary.BigEndian
	switch {
	case len(b) != commandBytes, be.Uint16(b) != tagNoSessions, be.Uint32(b[2:]) != commandBytes:
		return errors.New("tpm: not a command without sessions of the size it says")
	case be.Uint32(b[6:]) != commandGetCapability:
		return fmt.Errorf("tpm: command %08xh is not on the read-only list", be.Uint32(b[6:]))
	case len(req.Data) != 0, req.ReadLen < 0, req.ReadLen > responseLimit:
		return fmt.Errorf("tpm: %d bytes to the device, buffer of %d", len(req.Data), req.ReadLen)
	}
	switch c := be.Uint32(b[10:]); c {
	case capabilityPCRs, capabilityProperties:
		return nil
	default:
		return fmt.Errorf("tpm: capability %d is not on the read-only list", c)
	}
}
