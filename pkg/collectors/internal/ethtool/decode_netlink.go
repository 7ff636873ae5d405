package ethtool

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Layout of a netlink message: struct nlmsghdr (length, type, flags, sequence
// number, port), for the generic families struct genlmsghdr (command,
// version), then attributes.
const (
	messageHeader = 16
	genericHeader = 4

	messageError = 2 // NLMSG_ERROR
	messageDone  = 3 // NLMSG_DONE
	flagRequest  = 1 // NLM_F_REQUEST
)

// generic encodes a request to a generic netlink family.
func generic(family uint16, command uint8, version uint8, sequence uint32, attributes []byte) []byte {
	n := messageHeader + genericHeader + len(attributes)
	b := binary.LittleEndian.AppendUint32(make([]byte, 0, n), uint32(n))
	b = binary.LittleEndian.AppendUint16(b, family)
	b = binary.LittleEndian.AppendUint16(b, flagRequest)
	b = binary.LittleEndian.AppendUint32(b, sequence)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = append(b, command, version, 0, 0)
	return append(b, attributes...)
}

// header is the attribute every ethtool request begins with: which interface.
func header(index uint32) []byte {
	const requestHeader, headerIndex = 1, 1
	return appendAttribute(nil, requestHeader|nestedFlag, appendUint32(nil, headerIndex, index))
}

// decodeGeneric finds the answer to a request in what was received: the
// attributes, or the errno. found is false when no message is the answer.
func decodeGeneric(b []byte, family uint16, sequence uint32) (attributes []byte, errno uint32, found bool, err error) {
	for len(b) >= messageHeader {
		n := int(binary.LittleEndian.Uint32(b))
		if n < messageHeader || n > len(b) {
			return nil, 0, false, fmt.Errorf("netlink message of %d bytes with %d left: %w", n, len(b), inventory.ErrMalformed)
		}
		body := b[messageHeader:n]
		kind := binary.LittleEndian.Uint16(b[4:])
		if binary.LittleEndian.Uint32(b[8:]) == sequence {
			switch {
			case kind == messageError && len(body) >= 4:
				return nil, -binary.LittleEndian.Uint32(body), true, nil
			case kind == family && len(body) >= genericHeader:
				return body[genericHeader:], 0, true, nil
			case kind == messageDone:
				return nil, 0, true, nil
			default:
				return nil, 0, false, fmt.Errorf("netlink message of type %d: %w", kind, inventory.ErrMalformed)
			}
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return nil, 0, false, nil
}

// decodeFamily reads the number of a family from the controller's answer.
func decodeFamily(attributes []byte) (uint16, error) {
	const familyID = 1 // CTRL_ATTR_FAMILY_ID
	list, err := decodeAttributes(attributes)
	if err != nil {
		return 0, err
	}
	for _, a := range list {
		if a.kind == familyID && len(a.value) == 2 {
			return binary.LittleEndian.Uint16(a.value), nil
		}
	}
	return 0, fmt.Errorf("generic netlink family without number: %w", inventory.ErrMalformed)
}
