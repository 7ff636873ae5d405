package sff

import (
	"encoding/binary"
	"math"
)

// Spans of an SFP's memories.
const (
	// SFPBytes of A0h are the identity.
	SFPBytes = 128
	// SFPDiagnosticBytes of A2h are limits, calibration, readings and status.
	// Behind them are flags that may be latched.
	SFPDiagnosticBytes = 112
)

// SFPHasDiagnostics says whether A2h is there to be read: byte 92 bit 6, and
// not the kind that must be switched to first (bit 2).
func SFPHasDiagnostics(a0 []byte) bool {
	return len(a0) == SFPBytes && a0[92]&0x40 != 0 && a0[92]&0x04 == 0
}

// DecodeSFP decodes A0h bytes 0-127 and A2h bytes 0-111 (SFF-8472); a2 is nil
// where there are no diagnostics or they could not be read.
func DecodeSFP(a0, a2 []byte) (*Module, error) {
	if len(a0) != SFPBytes {
		return nil, malformed("sfp a0h", a0, SFPBytes)
	}
	if a2 != nil && len(a2) != SFPDiagnosticBytes {
		return nil, malformed("sfp a2h", a2, SFPDiagnosticBytes)
	}
	m := &Module{
		Type: TypeName(a0[0]), Standard: "sff-8472", Connector: connectorName(a0[2]),
		Vendor: text(a0[20:36]), VendorOUI: oui(a0[37:40]), PartNumber: text(a0[40:56]),
		Revision: text(a0[56:60]), SerialNumber: text(a0[68:84]),
		ChecksumsOK: new(sum(a0[:63]) == a0[63] && sum(a0[64:95]) == a0[95]),
	}
	m.Date, m.Lot = date(a0[84:92])
	m.sfpMedia(a0)
	if a2 != nil {
		m.sfpDiagnostics(a0, a2)
	}
	return m, nil
}

func (m *Module) sfpMedia(a0 []byte) {
	m.Media = mediaBits(a0, []mediaBit{
		{3, 7, "10GBASE-ER"},
		{3, 6, "10GBASE-LRM"},
		{3, 5, "10GBASE-LR"},
		{3, 4, "10GBASE-SR"},
		{6, 7, "BASE-PX"},
		{6, 6, "BASE-BX10"},
		{6, 5, "100BASE-FX"},
		{6, 4, "100BASE-LX10"},
		{6, 3, "1000BASE-T"},
		{6, 2, "1000BASE-CX"},
		{6, 1, "1000BASE-LX"},
		{6, 0, "1000BASE-SX"},
		{8, 3, "active copper"},
		{8, 2, "passive copper"},
	})
	if s := extendedMedia(a0[36], 1); s != "" {
		m.Media = append(m.Media, s)
	}
	megabaud := int(a0[12]) * 100
	if a0[12] == 0xFF {
		megabaud = int(a0[66]) * 250
	}
	const pam4 = 8
	m.MaxSpeedMbps = ethernetSpeed(megabaud, a0[11] == pam4, 1)
	if a0[8]&0x0C != 0 { // bytes 60 and 61 are then about the copper
		if a0[18] != 0 && a0[18] != 0xFF {
			m.LengthMeters = ptr(float64(a0[18]))
		}
	} else if w := u16(a0, 60); w != 0 && w != 0xFFFF {
		m.WavelengthNanometers = ptr(float64(w) + hundredths(a0[62]))
	}
}

// hundredths of a nanometre are in byte 62; in old modules that is unallocated
// and zero, in Fibre Channel ones a speed, which passes 99 only by chance.
func hundredths(b uint8) float64 {
	if b > 99 {
		return 0
	}
	return float64(b) / 100
}

// calibration turns raw readings of an externally calibrated module into real
// ones (SFF-8472 section 9.3).
type calibration struct {
	on                      bool
	temp, volt, bias, txPow [2]float64 // slope, offset
	rx                      [5]float64 // of x^4 first
}

func sfpCalibration(a0, a2 []byte) calibration {
	c := calibration{on: a0[92]&0x10 != 0}
	if !c.on {
		return c
	}
	for i := range c.rx {
		c.rx[i] = float64(math.Float32frombits(binary.BigEndian.Uint32(a2[56+4*i:])))
	}
	for i, p := range []*[2]float64{&c.bias, &c.txPow, &c.temp, &c.volt} {
		at := 76 + 4*i
		p[0], p[1] = float64(u16(a2, at))/256, float64(int16(u16(a2, at+2)))
	}
	return c
}

// linear applies slope and offset to a raw value and then the unit.
func (c calibration) linear(k [2]float64, perUnit float64, signed bool) func(uint16) float64 {
	return func(raw uint16) float64 {
		x := float64(raw)
		if signed {
			x = float64(int16(raw))
		}
		if c.on {
			x = x*k[0] + k[1]
		}
		return x / perUnit
	}
}

// received is the receiver's polynomial. What its coefficients make of a
// module that never had any is no number, or negative.
func (c calibration) received(raw uint16) float64 {
	x := float64(raw)
	if !c.on {
		return x / 10000
	}
	y := 0.0
	for _, k := range c.rx {
		y = y*x + k
	}
	if math.IsNaN(y) || math.IsInf(y, 0) || y > 1e9 {
		return math.NaN()
	}
	return max(y, 0) / 10000
}

func (m *Module) sfpDiagnostics(a0, a2 []byte) {
	c := sfpCalibration(a0, a2)
	temp, volt := c.linear(c.temp, 256, true), c.linear(c.volt, 10000, false)
	bias, power := c.linear(c.bias, 500, false), c.linear(c.txPow, 10000, false)

	m.TempCelsius = ptr(temp(u16(a2, 96)))
	m.VoltageVolts = ptr(volt(u16(a2, 98)))
	lane := Lane{TxBiasMilliamperes: ptr(bias(u16(a2, 100))), TxPowerMilliwatts: ptr(power(u16(a2, 102)))}
	if rx := c.received(u16(a2, 104)); !math.IsNaN(rx) {
		lane.RxPowerMilliwatts = ptr(rx)
		if r := limits(a2, 32, c.received, asIs); r != nil && !math.IsNaN(r.LowWarning+r.HighWarning) {
			m.Limits.RxPowerMilliwatts = r
		}
	}
	m.Lanes = []Lane{lane}
	m.Limits.TempCelsius = limits(a2, 0, temp, asIs)
	m.Limits.VoltageVolts = limits(a2, 8, volt, asIs)
	m.Limits.TxBiasMilliamperes = limits(a2, 16, bias, asIs)
	m.Limits.TxPowerMilliwatts = limits(a2, 24, power, asIs)
	if a0[93]&0x20 != 0 { // TX_FAULT is monitored
		m.TxFault = new(a2[110]&0x04 != 0)
	}
	if a0[93]&0x10 != 0 { // RX_LOS is monitored
		m.RxLOS = new(a2[110]&0x02 != 0)
	}
}
