package ethtool

import (
	"encoding/binary"
	"fmt"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// A Way is how a command reaches the kernel.
type Way uint8

// The ways.
const (
	Netlink Way = 1 // the generic netlink family "ethtool"
	Ioctl   Way = 2 // SIOCETHTOOL
)

// Commands by netlink (ETHTOOL_MSG_*_GET).
const (
	nlLinkInfo     = 2
	nlLinkModes    = 4
	nlLinkState    = 6
	nlFEC          = 29
	nlModuleEEPROM = 31
)

// Commands by ioctl (ETHTOOL_G*).
const (
	ioDriverInfo   = 0x03
	ioPermAddr     = 0x20
	ioModuleInfo   = 0x42
	ioModuleEEPROM = 0x43
	ioLinkSettings = 0x4C
	ioFECParam     = 0x50
)

// A Command is what a request asks for.
type Command struct {
	Way  Way
	Code uint32
}

// commandBytes is the length of a command's encoding: the way, then the code,
// little-endian.
const commandBytes = 5

// Bytes is the encoding used as device.Request.Command.
func (c Command) Bytes() []byte {
	return binary.LittleEndian.AppendUint32([]byte{byte(c.Way)}, c.Code)
}

// ParseCommand is the inverse of Bytes.
func ParseCommand(b []byte) (Command, error) {
	if len(b) != commandBytes {
		return Command{}, fmt.Errorf("ethtool command of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return Command{Way(b[0]), binary.LittleEndian.Uint32(b[1:])}, nil
}

// timeout is what one command may take. Most answer in microseconds; a
// module's memory of 128 bytes takes about 20 ms on its bus, more when the
// adapter's firmware is busy.
const timeout = 3 * time.Second

// maxReply bounds a reply by netlink: the link modes by name are the longest,
// about 5 KiB.
const maxReply = 32 << 10

// netlinkRequest asks by netlink. Data are the attributes beside the header,
// which the transport adds.
func netlinkRequest(code uint32, attributes []byte) device.Request {
	return device.Request{Command: Command{Netlink, code}.Bytes(), Data: attributes, ReadLen: maxReply, Timeout: timeout}
}

// ioctlRequest asks by ioctl. Data are the bytes of the structure behind its
// command word; size is the structure's length with what is read into it.
func ioctlRequest(code uint32, data []byte, size int) device.Request {
	return device.Request{Command: Command{Ioctl, code}.Bytes(), Data: data, ReadLen: size, Timeout: timeout}
}
