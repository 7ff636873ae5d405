package scsi

import (
	"fmt"
)

// A Designator is one name of VPD page 83h (SPC-5 7.7.6).
type Designator struct {
	Type        DesignatorType
	Association Association
	CodeSet     uint8 // 1 binary, 2 ASCII, 3 UTF-8
	Protocol    *Protocol
	Value       []byte
}

// A DesignatorType says what a name is made of.
type DesignatorType uint8

// The designator types.
const (
	DesignatorVendor       DesignatorType = 0x0
	DesignatorT10          DesignatorType = 0x1
	DesignatorEUI64        DesignatorType = 0x2
	DesignatorNAA          DesignatorType = 0x3
	DesignatorRelativePort DesignatorType = 0x4
	DesignatorName         DesignatorType = 0x8
	DesignatorUUID         DesignatorType = 0xA
)

// An Association says what a name is of.
type Association uint8

// The associations.
const (
	OfLogicalUnit  Association = 0
	OfTargetPort   Association = 1
	OfTargetDevice Association = 2
)

// A Protocol is a SCSI transport (SPC-5 table 493).
type Protocol uint8

// The transports bee tells apart.
const (
	ProtocolFC    Protocol = 0x0
	ProtocolISCSI Protocol = 0x5
	ProtocolSAS   Protocol = 0x6
	ProtocolATA   Protocol = 0x8
	ProtocolUAS   Protocol = 0x9
	ProtocolPCIe  Protocol = 0xB
)

// maxDesignators bounds how many names are kept.
const maxDesignators = 64

// A DeviceID is VPD page 83h.
type DeviceID struct {
	Designators []Designator
	Truncated   bool // the page is longer than what was read, or lies about its parts
}

// DecodeDeviceID decodes VPD page 83h. A designator that passes the end of the
// page ends the list.
func DecodeDeviceID(b []byte) (*DeviceID, error) {
	body, err := vpdBody(b, VPDDeviceID, 0)
	if err != nil {
		return nil, err
	}
	id := &DeviceID{Truncated: len(body) < be16(b[2:])}
	for len(body) >= 4 {
		n := 4 + int(body[3])
		if n > len(body) || len(id.Designators) == maxDesignators {
			id.Truncated = true
			break
		}
		d := Designator{
			CodeSet: body[0] & 0xF, Type: DesignatorType(body[1] & 0xF), Association: Association(body[1] >> 4 & 3),
			Value: append([]byte{}, body[4:n]...),
		}
		if body[1]&0x80 != 0 { // PIV
			d.Protocol = new(Protocol(body[0] >> 4))
		}
		id.Designators = append(id.Designators, d)
		body = body[n:]
	}
	return id, nil
}

// WWN returns the logical unit's world-wide name as lower-case hex: its NAA
// name if it has one, else its EUI-64 or UUID; "" when none.
func (id *DeviceID) WWN() string {
	for _, t := range []DesignatorType{DesignatorNAA, DesignatorEUI64, DesignatorUUID} {
		for _, d := range id.Designators {
			if d.Type != t || d.Association != OfLogicalUnit || d.CodeSet != 1 {
				continue
			}
			value := d.Value
			if t == DesignatorUUID && len(value) == 18 {
				value = value[2:]
			}
			if h := Hex(value); h != "" && (len(value) == 8 || len(value) == 12 || len(value) == 16) {
				return h
			}
		}
	}
	return ""
}

// PortAddress returns the SAS address of the port the question came in by, as
// 16 hex digits; "" when it has none.
func (id *DeviceID) PortAddress() string {
	for _, d := range id.Designators {
		if d.Type == DesignatorNAA && d.Association == OfTargetPort && len(d.Value) == 8 {
			return Hex(d.Value)
		}
	}
	return ""
}

// RelativePort returns the number of that port within the device.
func (id *DeviceID) RelativePort() (port uint16, ok bool) {
	for _, d := range id.Designators {
		if d.Type == DesignatorRelativePort && d.Association == OfTargetPort && len(d.Value) == 4 {
			return uint16(be16(d.Value[2:])), true
		}
	}
	return 0, false
}

// Transport returns the protocol named with a port, which is how the drive is
// attached.
func (id *DeviceID) Transport() (p Protocol, ok bool) {
	for _, d := range id.Designators {
		if d.Protocol != nil && d.Association != OfLogicalUnit {
			return *d.Protocol, true
		}
	}
	return 0, false
}

// String names a transport.
func (p Protocol) String() string {
	switch p {
	case ProtocolFC:
		return "fc"
	case ProtocolISCSI:
		return "iscsi"
	case ProtocolSAS:
		return "sas"
	case ProtocolATA:
		return "ata"
	case ProtocolUAS:
		return "uas"
	case ProtocolPCIe:
		return "pcie"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(p))
}
