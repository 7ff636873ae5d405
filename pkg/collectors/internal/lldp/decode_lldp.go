package lldp

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/bee/pkg/inventory"
)

// A Neighbor is what one frame says.
type Neighbor struct {
	ChassisID, ChassisIDType string
	PortID, PortIDType       string
	TTLSeconds               uint16 // 0: the switch takes back what it said

	PortDescription, SystemName, SystemDescription string
	Capabilities                                   []string // those enabled
	ManagementAddresses                            []string

	VLANID        *uint16           // untagged; nil when there is none
	VLANs         map[uint16]string // names
	Aggregated    *bool
	MaxFrameBytes *uint16
}

const (
	addressesBytes = 12
	typeLLDP       = 0x88CC
	typeVLAN       = 0x8100

	maxVLANs     = 4096
	maxAddresses = 16
)

// Decode decodes an Ethernet frame with an LLDP data unit. The three mandatory
// elements (chassis, port, time to live) must come first and in that order; an
// optional one that is malformed is passed over.
func Decode(frame []byte) (*Neighbor, error) {
	b, err := payload(frame)
	if err != nil {
		return nil, err
	}
	n := &Neighbor{}
	for i := 0; len(b) >= 2; i++ {
		head := binary.BigEndian.Uint16(b)
		kind, size := int(head>>9), int(head&0x1FF)
		if 2+size > len(b) {
			return nil, fmt.Errorf("lldp element %d of %d bytes with %d left: %w", kind, size, len(b)-2, inventory.ErrMalformed)
		}
		v := b[2 : 2+size]
		b = b[2+size:]
		const mandatory = 3
		if i < mandatory {
			if kind != i+1 || !n.mandatory(kind, v) {
				return nil, fmt.Errorf("lldp element %d is of type %d, %d bytes: %w", i+1, kind, size, inventory.ErrMalformed)
			}
			continue
		}
		if kind == 0 {
			return n, nil
		}
		n.optional(kind, v)
	}
	if n.PortIDType == "" {
		return nil, fmt.Errorf("lldp frame without its mandatory elements: %w", inventory.ErrMalformed)
	}
	return n, nil
}

func payload(frame []byte) ([]byte, error) {
	b := frame
	if len(b) < addressesBytes {
		return nil, fmt.Errorf("frame of %d bytes: %w", len(frame), inventory.ErrMalformed)
	}
	b = b[addressesBytes:]
	if len(b) >= 4 && binary.BigEndian.Uint16(b) == typeVLAN {
		b = b[4:]
	}
	if len(b) < 2 || binary.BigEndian.Uint16(b) != typeLLDP {
		return nil, fmt.Errorf("frame that is not lldp: %w", inventory.ErrMalformed)
	}
	return b[2:], nil
}

func (n *Neighbor) mandatory(kind int, v []byte) bool {
	switch kind {
	case 1, 2:
		if len(v) < 2 {
			return false
		}
		if kind == 1 {
			n.ChassisID, n.ChassisIDType = identifier(chassisIDType(v[0]), v[1:])
			return true
		}
		n.PortID, n.PortIDType = identifier(portIDType(v[0]), v[1:])
		return true
	default:
		if len(v) < 2 {
			return false
		}
		n.TTLSeconds = binary.BigEndian.Uint16(v)
		return true
	}
}

// chassisIDType is 802.1AB table 8-2.
func chassisIDType(v uint8) string {
	names := [...]string{"", "chassis_component", "interface_alias", "port_component", "mac", "network_address", "interface_name", "local"}
	return nameOr(names[:], v)
}

// portIDType is 802.1AB table 8-3.
func portIDType(v uint8) string {
	names := [...]string{"", "interface_alias", "port_component", "mac", "network_address", "interface_name", "agent_circuit_id", "local"}
	return nameOr(names[:], v)
}

func nameOr(names []string, v uint8) string {
	if v > 0 && int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

func identifier(kind string, v []byte) (id, as string) {
	switch {
	case kind == "mac" && len(v) == 6:
		return colons(v), kind
	case kind == "network_address":
		return address(v), kind
	}
	return printable(v), kind
}

func colons(v []byte) string {
	parts := make([]string, len(v))
	for i, c := range v {
		parts[i] = fmt.Sprintf("%02x", c)
	}
	return strings.Join(parts, ":")
}

// address is an IANA address family number and the address.
func address(v []byte) string {
	switch {
	case len(v) == 5 && v[0] == 1:
		return fmt.Sprintf("%d.%d.%d.%d", v[1], v[2], v[3], v[4])
	case len(v) == 17 && v[0] == 2:
		return ip6(v[1:])
	case len(v) == 7 && v[0] == 6:
		return colons(v[1:])
	}
	return hex.EncodeToString(v)
}

// ip6 is RFC 5952: the longest run of zero groups, the first of equal ones,
// becomes "::".
func ip6(v []byte) string {
	from, length := -1, 1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && binary.BigEndian.Uint16(v[2*j:]) == 0 {
			j++
		}
		if j-i > length {
			from, length = i, j-i
		}
		i = max(i, j-1)
	}
	var s strings.Builder
	for i := 0; i < 8; i++ {
		if i == from {
			s.WriteString("::")
			i += length - 1
			continue
		}
		if i > 0 && i != from+length {
			s.WriteString(":")
		}
		fmt.Fprintf(&s, "%x", binary.BigEndian.Uint16(v[2*i:]))
	}
	return s.String()
}

// printable is text, or digits of what is none. Switches end texts with a NUL
// or a line break.
func printable(v []byte) string {
	s := strings.TrimRight(string(v), "\x00\r\n ")
	if !utf8.ValidString(s) {
		return hex.EncodeToString(v)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return ' '
		case r == '\r':
			return -1
		case !unicode.IsPrint(r):
			return '.'
		}
		return r
	}, s)
}

func (n *Neighbor) optional(kind int, v []byte) {
	switch kind {
	case 4:
		n.PortDescription = printable(v)
	case 5:
		n.SystemName = printable(v)
	case 6:
		n.SystemDescription = printable(v)
	case 7:
		if len(v) == 4 {
			n.Capabilities = capabilities(binary.BigEndian.Uint16(v[2:]))
		}
	case 8:
		if len(v) > 2 && int(v[0]) >= 2 && 1+int(v[0]) <= len(v) && len(n.ManagementAddresses) < maxAddresses {
			n.ManagementAddresses = append(n.ManagementAddresses, address(v[1:1+int(v[0])]))
		}
	case 127:
		if len(v) >= 4 {
			n.organisation(uint32(v[0])<<16|uint32(v[1])<<8|uint32(v[2]), v[3], v[4:])
		}
	}
}

// capabilities is 802.1AB table 8-4.
func capabilities(bits uint16) (names []string) {
	for i, name := range [...]string{
		"other", "repeater", "bridge", "wlan_access_point", "router", "telephone", "docsis", "station", "c_vlan", "s_vlan", "two_port_mac_relay",
	} {
		if bits>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}

// organisation reads the extensions of IEEE 802.1 (annex D) and 802.3 (clause
// 79).
func (n *Neighbor) organisation(oui uint32, subtype uint8, v []byte) {
	const ieee8021, ieee8023 = 0x0080C2, 0x00120F
	switch {
	case oui == ieee8021 && subtype == 1 && len(v) == 2:
		if id := binary.BigEndian.Uint16(v); id > 0 && id < maxVLANs {
			n.VLANID = new(id)
		}
	case oui == ieee8021 && subtype == 3 && len(v) >= 3 && 3+int(v[2]) <= len(v):
		id := binary.BigEndian.Uint16(v)
		if id >= maxVLANs {
			return
		}
		if n.VLANs == nil {
			n.VLANs = map[uint16]string{}
		}
		n.VLANs[id] = printable(v[3 : 3+int(v[2])])
	case (oui == ieee8021 && subtype == 7 || oui == ieee8023 && subtype == 3) && len(v) == 5:
		n.Aggregated = new(v[0]&0x02 != 0)
	case oui == ieee8023 && subtype == 4 && len(v) == 2:
		if size := binary.BigEndian.Uint16(v); size > 0 {
			n.MaxFrameBytes = new(size)
		}
	}
}
