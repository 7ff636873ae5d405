package smbios

import (
	"encoding/binary"
	"fmt"
)

// pciAddress reads segment group (word), bus, and device and function (a byte
// each) as ssss:bb:dd.f; "" when there is none. By the standard that is said
// with all bits set in each field. Firmware also sets only bus, or only device
// and function, or both; no slot and no onboard device is on bus FFh, or is
// function 7 of device 1Fh.
func (s Structure) pciAddress(offset int) string {
	b, ok := s.field(offset, 4)
	if !ok {
		return ""
	}
	segment := binary.LittleEndian.Uint16(b)
	if segment == 0xFFFF || b[2] == 0xFF || b[3] == 0xFF {
		return ""
	}
	return fmt.Sprintf("%04x:%02x:%02x.%x", segment, b[2], b[3]>>3, b[3]&7)
}

// hostBridge is where every PC has its host bridge, and where firmware that
// left the field zero says that a slot or device is.
const hostBridge = "0000:00:00.0"
