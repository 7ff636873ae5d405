package sff

import (
	"encoding/binary"
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// A Module is what a module's memory says. Texts are "" and pointers nil where
// it says nothing.
type Module struct {
	Type     string // SFF-8024 table 4-1; unknown_0xNN
	Standard string // sff-8472, sff-8636, cmis

	Vendor, VendorOUI, PartNumber, Revision, SerialNumber string
	Date                                                  string // YYYY-MM-DD
	Lot                                                   string
	Connector                                             string
	Media                                                 []string

	WavelengthNanometers *float64
	LengthMeters         *float64 // of a cable
	MaxSpeedMbps         *uint32

	TempCelsius, VoltageVolts *float64
	Lanes                     []Lane
	Limits                    Limits
	TxFault, RxLOS            *bool
	State                     string // CMIS only
	ChecksumsOK               *bool
}

// A Lane is one laser and one receiver. No light is 0 mW.
type Lane struct {
	RxPowerMilliwatts, TxPowerMilliwatts, TxBiasMilliamperes *float64
}

// Limits are the module's own, by reading.
type Limits struct {
	TempCelsius, VoltageVolts, TxBiasMilliamperes, TxPowerMilliwatts, RxPowerMilliwatts *Range
}

// A Range is what the maker calls normal, and still bearable.
type Range struct{ LowAlarm, LowWarning, HighWarning, HighAlarm float64 }

// A Kind is the layout of a module's memory.
type Kind uint8

// The kinds.
const (
	KindUnknown Kind = iota
	KindSFP          // SFF-8472
	KindQSFP         // SFF-8636
	KindCMIS
)

// KindOf is the layout that goes with byte 0 of a memory. SFP-DD, DSFP and the
// like have CMIS only in the versions with numbers of their own.
func KindOf(identifier uint8) Kind {
	switch identifier {
	case 0x02, 0x03, 0x0B:
		return KindSFP
	case 0x0C, 0x0D, 0x11:
		return KindQSFP
	case 0x18, 0x19, 0x1B, 0x1E, 0x1F, 0x20, 0x21, 0x22:
		return KindCMIS
	}
	return KindUnknown
}

// TypeName names the form of a module (SFF-8024 table 4-1).
func TypeName(identifier uint8) string {
	switch identifier {
	case 0x02:
		return "soldered"
	case 0x03:
		return "SFP"
	case 0x0B:
		return "DWDM-SFP"
	case 0x0C:
		return "QSFP"
	case 0x0D:
		return "QSFP+"
	case 0x11:
		return "QSFP28"
	case 0x18:
		return "QSFP-DD"
	case 0x19:
		return "OSFP"
	case 0x1A:
		return "SFP-DD"
	case 0x1B:
		return "DSFP"
	case 0x1E:
		return "QSFP+ CMIS"
	case 0x1F:
		return "SFP-DD CMIS"
	case 0x20:
		return "SFP+ CMIS"
	case 0x21:
		return "OSFP-XD"
	case 0x22:
		return "OIF-ELSFP"
	}
	return fmt.Sprintf("unknown_0x%02x", identifier)
}

// connectorName is SFF-8024 table 4-3.
func connectorName(code uint8) string {
	switch code {
	case 0x00:
		return ""
	case 0x01:
		return "SC"
	case 0x07:
		return "LC"
	case 0x08:
		return "MT-RJ"
	case 0x09:
		return "MU"
	case 0x0B:
		return "optical pigtail"
	case 0x0C:
		return "MPO 1x12"
	case 0x0D:
		return "MPO 2x16"
	case 0x20:
		return "HSSDC II"
	case 0x21:
		return "copper pigtail"
	case 0x22:
		return "RJ45"
	case 0x23:
		return "no separable connector"
	case 0x24:
		return "MXC 2x16"
	case 0x25:
		return "CS"
	case 0x26:
		return "SN"
	case 0x27:
		return "MPO 2x12"
	case 0x28:
		return "MPO 1x16"
	}
	return fmt.Sprintf("unknown_0x%02x", code)
}

// text is a padded string; one of zeros or ones only was never written.
func text(b []byte) string {
	s := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7E {
			return '.'
		}
		return r
	}, strings.TrimRight(latin(b), "\x00\u00ff "))
	s = strings.TrimSpace(s)
	if strings.Trim(s, ".") == "" {
		return ""
	}
	return s
}

func latin(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

func oui(b []byte) string {
	if b[0]|b[1]|b[2] == 0 || b[0]&b[1]&b[2] == 0xFF {
		return ""
	}
	return fmt.Sprintf("%02x%02x%02x", b[0], b[1], b[2])
}

// date is YYMMDD, then two characters of the vendor's lot code.
func date(b []byte) (day, lot string) {
	for _, c := range b[:6] {
		if c < '0' || c > '9' {
			return "", ""
		}
	}
	month, dayOf := b[2:4], b[4:6]
	if string(month) < "01" || string(month) > "12" || string(dayOf) < "01" || string(dayOf) > "31" {
		return "", ""
	}
	return fmt.Sprintf("20%s-%s-%s", b[:2], month, dayOf), text(b[6:8])
}

func sum(b []byte) (n uint8) {
	for _, c := range b {
		n += c
	}
	return n
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

// Units of the standards: 1/256 degree, 100 uV, 2 uA, 0.1 uW.
func celsius(raw uint16) float64      { return float64(int16(raw)) / 256 }
func volts(raw uint16) float64        { return float64(raw) / 10000 }
func milliamperes(raw uint16) float64 { return float64(raw) / 500 }
func milliwatts(raw uint16) float64   { return float64(raw) / 10000 }
func asIs(f float64) float64          { return f }
func ptr(f float64) *float64          { return &f }
func scaled(factor float64) func(float64) float64 {
	return func(f float64) float64 { return f * factor }
}

// limits reads the four of one reading, in the standards' order: high alarm,
// low alarm, high warning, low warning. Limits that leave nothing in between
// were never set.
func limits(b []byte, at int, unit func(uint16) float64, then func(float64) float64) *Range {
	if u16(b, at) == u16(b, at+2) {
		return nil
	}
	r := Range{
		HighAlarm: then(unit(u16(b, at))), LowAlarm: then(unit(u16(b, at+2))),
		HighWarning: then(unit(u16(b, at+4))), LowWarning: then(unit(u16(b, at+6))),
	}
	if !(r.HighAlarm > r.LowAlarm) {
		return nil
	}
	if !(r.HighWarning > r.LowWarning) {
		r.HighWarning, r.LowWarning = r.HighAlarm, r.LowAlarm
	}
	return &r
}

// ethernetSpeed is the highest Ethernet speed that a line rate carries, given
// in MBd for one lane.
func ethernetSpeed(megabaud int, pam4 bool, lanes int) *uint32 {
	if pam4 {
		megabaud *= 2
	}
	for _, speed := range []int{100000, 50000, 25000, 10000, 5000, 2500, 1000} {
		if megabaud >= speed {
			return new(uint32(speed * lanes))
		}
	}
	return nil
}

func malformed(what string, b []byte, want int) error {
	return fmt.Errorf("%s: %d bytes, want %d: %w", what, len(b), want, inventory.ErrMalformed)
}
