package ethtool

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Allowed returns nil for requests that only read, with exactly the data and
// the buffer their command has. Not on the list although they read: the
// wake-on-LAN settings, which hold a password, and register dumps, which
// clear counters on some adapters.
func Allowed(req device.Request) error {
	c, err := ParseCommand(req.Command)
	if err != nil {
		return err
	}
	ok := false
	switch c.Way {
	case Netlink:
		ok = req.ReadLen == maxReply && allowedNetlink(c.Code, req.Data)
	case Ioctl:
		ok = allowedIoctl(c.Code, req.Data, req.ReadLen)
	}
	if !ok {
		return fmt.Errorf("ethtool command %d/%02xh with %d bytes is not on the read-only list", c.Way, c.Code, len(req.Data))
	}
	return nil
}

func allowedNetlink(code uint32, data []byte) bool {
	switch code {
	case nlLinkInfo, nlLinkModes, nlLinkState, nlFEC:
		return len(data) == 0
	case nlModuleEEPROM:
		p, err := decodePage(data)
		return err == nil && p.valid()
	}
	return false
}

func allowedIoctl(code uint32, data []byte, size int) bool {
	switch code {
	case ioDriverInfo:
		return len(data) == 0 && size == driverInfoBytes
	case ioPermAddr:
		return len(data) == 4 && binary.LittleEndian.Uint32(data) == maxAddress && size == 8+maxAddress
	case ioFECParam:
		return len(data) == 0 && size == fecParamBytes
	case ioModuleInfo:
		return len(data) == 0 && size == moduleInfoBytes
	case ioModuleEEPROM:
		if len(data) != 12 || binary.LittleEndian.Uint32(data) != 0 {
			return false
		}
		offset, n := binary.LittleEndian.Uint32(data[4:]), binary.LittleEndian.Uint32(data[8:])
		return n > 0 && n <= pageBytes && offset <= maxModuleMemory-n && size == eepromHeader+int(n)
	case ioLinkSettings:
		if len(data) == 0 {
			return size == linkSettingsBytes
		}
		if len(data) != linkSettingsBytes-4 {
			return false
		}
		for i, b := range data {
			if b != 0 && i != linkSettingsWords-4 {
				return false
			}
		}
		words := int(data[linkSettingsWords-4])
		return words > 0 && words <= maxModeWords && size == linkSettingsBytes+12*words
	}
	return false
}
