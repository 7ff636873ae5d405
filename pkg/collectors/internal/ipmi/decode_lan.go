package ipmi

import (
	"fmt"
	"net/netip"

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
	lanIPv6Support   = 50
	lanIPv6Enables   = 51
	lanIPv6Status    = 55
	lanIPv6Static    = 56
	lanIPv6Dynamic   = 59
)

// LAN is the configuration of one LAN channel. What the controller did not
// give is nil.
type LAN struct {
	Channel    uint8
	IP         *netip.Addr // nil for 0.0.0.0: no address
	IPSource   string      // static, dhcp, bios, other; "" when not said
	MAC        *string     // lower-case, colons
	Netmask    *netip.Addr
	Gateway    *netip.Addr
	GatewayMAC *string
	VLANID     *uint16
	VLANOn     *bool
	IPv6       []netip.Prefix
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
	case lanGatewayMAC:
		l.GatewayMAC, short = mac(b)
	case lanIPSource:
		if short = len(b) < 1; !short {
			l.IPSource = ipSource(b[0] & 0x0F)
		}
	case lanVLANID:
		if short = len(b) < 2; !short {
			v := u16(b)
			l.VLANID, l.VLANOn = some(v&0x0FFF, 0), new(v&0x8000 != 0)
		}
	case lanIPv6Static, lanIPv6Dynamic:
		short = len(b) < 19
		if p, ok := ipv6(b); ok {
			l.IPv6 = append(l.IPv6, p)
		}
	}
	if short {
		return fmt.Errorf("lan parameter %d: %d bytes: %w", param, len(b), inventory.ErrMalformed)
	}
	return nil
}

func ipv4(b []byte) (addr *netip.Addr, short bool) {
	if len(b) < 4 {
		return nil, true
	}
	a := netip.AddrFrom4([4]byte(b[:4]))
	if a.IsUnspecified() || allBytes(b[:4], 0xFF) {
		return nil, false
	}
	return &a, false
}

// ipv6 decodes one address entry: set selector, source and enable bit,
// address, prefix length, status.
func ipv6(b []byte) (netip.Prefix, bool) {
	if len(b) < 19 {
		return netip.Prefix{}, false
	}
	a := netip.AddrFrom16([16]byte(b[2:18]))
	p := netip.PrefixFrom(a, int(b[18]))
	if a.IsUnspecified() || !p.IsValid() {
		return netip.Prefix{}, false
	}
	return p, true
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
	names := [...]string{"", "static", "dhcp", "bios", "other"}
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
