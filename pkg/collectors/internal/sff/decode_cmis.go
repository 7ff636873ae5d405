package sff

import "fmt"

// CMIS are the spans of a CMIS module's memory that are decoded (OIF-CMIS
// 5.2). Bytes 8 to 13 and those before the monitors of page 11h are latched
// flags.
type CMIS struct {
	Head    []byte // bytes 0-3
	Lower   []byte // bytes 14-127
	Page00  []byte // bytes 128-255
	Page01  []byte // what it can do; nil when not there
	Page02  []byte // limits; nil when not there
	Monitor []byte // page 11h bytes 154-201 of bank 0; nil when not there
}

// Lengths of the spans.
const (
	CMISHeadBytes    = 4
	CMISLowerStart   = 14
	CMISLowerBytes   = 114
	CMISMonitorStart = 154
	CMISMonitorBytes = 48
)

// CMISHasPages says whether there is more than page 00h: byte 2 bit 7.
func CMISHasPages(head []byte) bool { return len(head) == CMISHeadBytes && head[2]&0x80 == 0 }

// DecodeCMIS decodes a CMIS module. The media are not named: which of the
// applications it offers is in use is the host's choice.
func DecodeCMIS(c CMIS) (*Module, error) {
	for _, s := range []struct {
		name string
		b    []byte
		want int
		may  bool
	}{
		{"cmis bytes 0-3", c.Head, CMISHeadBytes, false},
		{"cmis bytes 14-127", c.Lower, CMISLowerBytes, false},
		{"cmis page 00h", c.Page00, PageBytes, false},
		{"cmis page 01h", c.Page01, PageBytes, true},
		{"cmis page 02h", c.Page02, PageBytes, true},
		{"cmis page 11h", c.Monitor, CMISMonitorBytes, true},
	} {
		if len(s.b) != s.want && (!s.may || s.b != nil) {
			return nil, malformed(s.name, s.b, s.want)
		}
	}
	p := func(from, to int) []byte { return c.Page00[from-PageBytes : to-PageBytes+1] }
	at := func(i int) uint8 { return c.Page00[i-PageBytes] }
	m := &Module{
		Type: TypeName(c.Head[0]), Standard: "cmis", Connector: connectorName(at(203)),
		Vendor: text(p(129, 144)), VendorOUI: oui(p(145, 147)), PartNumber: text(p(148, 163)),
		Revision: text(p(164, 165)), SerialNumber: text(p(166, 181)),
		State:       cmisState(c.Head[3] >> 1 & 7),
		ChecksumsOK: new(sum(p(128, 221)) == at(222)),
	}
	m.Date, m.Lot = date(p(182, 189))
	if n := at(202); n&0x3F != 0 && n != 0xFF {
		m.LengthMeters = ptr(float64(n&0x3F) * [...]float64{0.1, 1, 10, 100}[n>>6])
	}
	const copper = 10
	if c.Page01 != nil && at(212) < copper {
		if w := u16(c.Page01, 138-PageBytes); w != 0 && w != 0xFFFF {
			m.WavelengthNanometers = ptr(float64(w) / 20)
		}
	}
	m.cmisReadings(c)
	return m, nil
}

// cmisState is the module's state machine (table 8-6).
func cmisState(v uint8) string {
	names := [...]string{"", "low_power", "power_up", "ready", "power_down", "fault"}
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// cmisReadings takes what page 01h says is measured (bytes 159 and 160).
func (m *Module) cmisReadings(c CMIS) {
	if c.Page01 == nil {
		return
	}
	module, lane := c.Page01[159-PageBytes], c.Page01[160-PageBytes]
	raw := func(i int) uint16 { return u16(c.Lower, i-CMISLowerStart) }
	limit := func(at int, unit func(uint16) float64, then func(float64) float64) *Range {
		if c.Page02 == nil {
			return nil
		}
		return limits(c.Page02, at-PageBytes, unit, then)
	}
	if module&1 != 0 {
		m.TempCelsius = ptr(celsius(raw(14)))
		m.Limits.TempCelsius = limit(128, celsius, asIs)
	}
	if module&2 != 0 {
		m.VoltageVolts = ptr(volts(raw(16)))
		m.Limits.VoltageVolts = limit(136, volts, asIs)
	}
	// The bias is in units of 2, 4 or 8 uA; 3 is reserved.
	scale := scaled(float64(int(1) << (lane >> 3 & 3)))
	hasBias, hasTx, hasRx := lane&1 != 0 && lane>>3&3 != 3, lane&2 != 0, lane&4 != 0
	if hasBias {
		m.Limits.TxBiasMilliamperes = limit(184, milliamperes, scale)
	}
	if hasTx {
		m.Limits.TxPowerMilliwatts = limit(176, milliwatts, asIs)
	}
	if hasRx {
		m.Limits.RxPowerMilliwatts = limit(192, milliwatts, asIs)
	}
	if c.Monitor == nil || !hasBias && !hasTx && !hasRx {
		return
	}
	// The first application says how many lanes the media side has.
	lanes := int(c.Lower[88-CMISLowerStart] & 0x0F)
	if lanes == 0 || lanes > 8 {
		lanes = 8
	}
	m.Lanes = make([]Lane, lanes)
	for i := range m.Lanes {
		l := &m.Lanes[i]
		if hasTx {
			l.TxPowerMilliwatts = ptr(milliwatts(u16(c.Monitor, 2*i)))
		}
		if hasBias {
			l.TxBiasMilliamperes = ptr(scale(milliamperes(u16(c.Monitor, 16+2*i))))
		}
		if hasRx {
			l.RxPowerMilliwatts = ptr(milliwatts(u16(c.Monitor, 32+2*i)))
		}
	}
}
