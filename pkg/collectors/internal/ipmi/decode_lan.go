package ipmi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// The LAN configuration parameters bee asks for (IPMI table 23-4).
const (
	lanIP            = 3
	lanIPSource      = 4
	lanMAC           = 5
	lanNetmask       = 6
	lanGateway       = 12
	lanGatewayMAC    = 13
	lanBackupGateway = 14
	lanVLANID        = 20
	lanVLANPriority  = 21
)

// LAN is the configuration of one LAN channel. What the controller did not
// give is nil.
type LAN struct {
	Channel  uint8
	IP       *string // nil for 0.0.0.0: no address
	IPSource string  // static, dhcp, bios, other; "" when not said
	MAC      *string // lower-case, colons
	Netmask  *string
	Gateway  *string
	VLANID   *uint16
	VLANOn   *bool
}

// set decodes one parameter, given without the revision byte.
func (l *LAN) set(param uint8, b []byte) error {
	short := false
	switch param {
	case lanIP:
		l.IP, short = ipv4(b)
	case lanNetmask:
		l.Netmask, short = ipv4(b)
	case lanGateway:
		l.Gateway, short = ipv4(b)
	case lanMAC:
		l.MAC, short = mac(b)
	case lanIPSource:
		if short = len(b) < 1; !short {
			l.IPSource = ipSource(b[0] & 0x0F)
		}
	case lanVLANID:
		if short = len(b) < 2; !short {
			v := u16(b)
			l.VLANID, l.VLANOn = some(v&0x0FFF, 0), new(v&0x8000 != 0)
		}
	}
	if short {
		return fmt.Errorf("lan parameter %d: %d bytes: %w", param, len(b), inventory.ErrMalformed)
	}
	return nil
}

func ipv4(b []byte) (text *string, short bool) {
	if len(b) < 4 {
		return nil, true
	}
	if b = b[:4]; allBytes(b, 0) || allBytes(b, 0xFF) {
		return nil, false
	}
	return new(fmt.Sprintf("%d.%d.%d.%d", b[0], b[1], b[2], b[3])), false
}

func mac(b []byte) (text *string, short bool) {
	if len(b) < 6 {
		return nil, true
	}
	if b = b[:6]; allBytes(b, 0) || allBytes(b, 0xFF) {
		return nil, false
	}
	return new(fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5])), false
}

func ipSource(v uint8) string {
	names := []string{"", "static", "dhcp", "bios", "other"}
	if int(v) < len(names) {
		return names[v]
	}
	return "unknown_" + hexByte(v)
}

// ChannelInfo is the answer to Get Channel Info (IPMI section 22.24).
type ChannelInfo struct {
	Number   uint8
	Medium   uint8
	Protocol uint8
}

// The channel media that are networks (IPMI table 6-3).
const (
	MediumLAN8023  = 0x04
	MediumOtherLAN = 0x06
)

// LAN says whether the channel is a network.
func (c ChannelInfo) LAN() bool { return c.Medium == MediumLAN8023 || c.Medium == MediumOtherLAN }

// DecodeChannelInfo decodes the answer to Get Channel Info.
func DecodeChannelInfo(b []byte) (ChannelInfo, error) {
	if len(b) < 3 {
		return ChannelInfo{}, fmt.Errorf("channel info: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return ChannelInfo{Number: b[0] & 0x0F, Medium: b[1] & 0x7F, Protocol: b[2] & 0x1F}, nil
}
