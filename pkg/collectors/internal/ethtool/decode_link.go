package ethtool

import (
	"encoding/binary"
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// Link is what an interface can do and does.
type Link struct {
	Port       string // connector: tp, aui, mii, fibre, bnc, da, none, other; "" unknown
	Autoneg    *bool
	SpeedMbps  *uint32
	Duplex     string
	Supported  []string // link modes as the kernel spells them: "1000baseT/Full"
	Advertised []string
	Partner    []string // nil when the far end said nothing
	// Unknown says that modes are supported that this package has no name for.
	Unknown bool
	// DownReason is why there is no carrier, if the driver knows.
	DownReason string
}

// DecodeLinkInfo decodes a LINKINFO_GET reply into l.
func DecodeLinkInfo(l *Link, b []byte) error {
	const linkInfoPort = 2
	list, err := decodeAttributes(b)
	if err != nil {
		return fmt.Errorf("link info: %w", err)
	}
	for _, a := range list {
		if v, ok := a.uint8(); ok && a.kind == linkInfoPort {
			l.Port = portName(v)
		}
	}
	return nil
}

func portName(v uint8) string {
	switch v {
	case 0x00:
		return "tp"
	case 0x01:
		return "aui"
	case 0x02:
		return "mii"
	case 0x03:
		return "fibre"
	case 0x04:
		return "bnc"
	case 0x05:
		return "da"
	case 0xEF:
		return "none"
	case 0xFF:
		return "other"
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// DecodeLinkModes decodes a LINKMODES_GET reply into l.
func DecodeLinkModes(l *Link, b []byte) error {
	const modesAutoneg, modesOurs, modesPeer, modesSpeed, modesDuplex = 2, 3, 4, 5, 6
	list, err := decodeAttributes(b)
	if err != nil {
		return fmt.Errorf("link modes: %w", err)
	}
	var d Link
	for _, a := range list {
		switch a.kind {
		case modesAutoneg:
			if v, ok := a.uint8(); ok {
				d.Autoneg = autoneg(v)
			}
		case modesSpeed:
			if v, ok := a.uint32(); ok {
				d.SpeedMbps = speed(v)
			}
		case modesDuplex:
			if v, ok := a.uint8(); ok {
				d.Duplex = duplex(v)
			}
		case modesOurs, modesPeer:
			bits, err := decodeBits(a.value)
			if err != nil {
				return fmt.Errorf("link modes: %w", err)
			}
			for _, m := range bits {
				switch {
				case SpeedOf(m.name) == 0: // a connector, pause, FEC
				case a.kind == modesPeer && m.set:
					d.Partner = append(d.Partner, m.name)
				case a.kind == modesOurs:
					d.Supported = append(d.Supported, m.name)
					if m.set {
						d.Advertised = append(d.Advertised, m.name)
					}
				}
			}
		}
	}
	l.Autoneg, l.SpeedMbps, l.Duplex = d.Autoneg, d.SpeedMbps, d.Duplex
	l.Supported, l.Advertised, l.Partner = d.Supported, d.Advertised, d.Partner
	return nil
}

func autoneg(v uint8) *bool {
	if v > 1 {
		return nil
	}
	return new(v == 1)
}

// speed is unknown as zero and as SPEED_UNKNOWN (-1).
func speed(v uint32) *uint32 {
	if v == 0 || v > 1<<31-1 {
		return nil
	}
	return new(v)
}

func duplex(v uint8) string {
	switch v {
	case 0:
		return "half"
	case 1:
		return "full"
	}
	return ""
}

// SpeedOf is the speed of a link mode in Mb/s, from its name: 25000 of
// "25000baseCR/Full"; 0 of what is no mode.
func SpeedOf(mode string) uint32 {
	digits, _, ok := strings.Cut(mode, "base")
	if !ok || digits == "" || len(digits) > 8 {
		return 0
	}
	var n uint32
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + uint32(c-'0')
	}
	return n
}

// DecodeLinkState returns why there is no carrier (enum
// ethtool_link_ext_state), "" when there is one or the driver does not know.
func DecodeLinkState(b []byte) (string, error) {
	const stateExt = 5
	list, err := decodeAttributes(b)
	if err != nil {
		return "", fmt.Errorf("link state: %w", err)
	}
	for _, a := range list {
		if v, ok := a.uint8(); ok && a.kind == stateExt {
			return downReason(v), nil
		}
	}
	return "", nil
}

func downReason(v uint8) string {
	names := [...]string{
		"autoneg", "link_training_failure", "link_logical_mismatch", "bad_signal_integrity", "no_cable",
		"cable_issue", "eeprom_issue", "calibration_failure", "power_budget_exceeded", "overheat", "module",
	}
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// Layout of struct ethtool_link_settings.
const (
	linkSettingsBytes = 48 // without the masks
	linkSettingsWords = 15 // the masks' length, in 32-bit words
	maxModeWords      = 32
)

// DecodeModeWords reads how many words the kernel's masks have: it answers a
// request with none by the negative number.
func DecodeModeWords(b []byte) (int, error) {
	if len(b) != linkSettingsBytes {
		return 0, fmt.Errorf("link settings of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	n := -int(int8(b[linkSettingsWords]))
	if n <= 0 || n > maxModeWords {
		return 0, fmt.Errorf("link settings with masks of %d words: %w", n, inventory.ErrMalformed)
	}
	return n, nil
}

// DecodeLinkSettings decodes struct ethtool_link_settings with its masks:
// supported, advertised, the partner's.
func DecodeLinkSettings(b []byte) (Link, error) {
	if len(b) < linkSettingsBytes {
		return Link{}, fmt.Errorf("link settings of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	words := int(int8(b[linkSettingsWords]))
	if words <= 0 || words > maxModeWords || len(b) != linkSettingsBytes+12*words {
		return Link{}, fmt.Errorf("link settings of %d bytes with masks of %d words: %w", len(b), words, inventory.ErrMalformed)
	}
	l := Link{SpeedMbps: speed(binary.LittleEndian.Uint32(b[4:])), Duplex: duplex(b[8]), Port: portName(b[9]), Autoneg: autoneg(b[11])}
	masks := b[linkSettingsBytes:]
	l.Supported, l.Unknown = modesOf(masks[:4*words])
	l.Advertised, _ = modesOf(masks[4*words : 8*words])
	l.Partner, _ = modesOf(masks[8*words:])
	return l, nil
}

func modesOf(mask []byte) (modes []string, unknown bool) {
	for i := range len(mask) * 8 {
		if mask[i/8]>>(i%8)&1 == 0 {
			continue
		}
		name, known := modeName(i)
		if !known {
			unknown = true
		}
		if SpeedOf(name) != 0 {
			modes = append(modes, name)
		}
	}
	return modes, unknown
}
