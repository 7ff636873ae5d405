// Package sffgen writes the memory of pluggable modules, byte by byte from the
// standards (SFF-8472 rev 12.4, SFF-8636 rev 2.10a, OIF-CMIS 5.2), for tests.
// It knows nothing of the project's decoders.
package sffgen

import (
	"encoding/binary"
	"math"
)

// Module is what a module is to say.
type Module struct {
	Identifier, Connector                            uint8
	Vendor, PartNumber, Revision, SerialNumber, Date string // Date: YYMMDDLL.
	OUI                                              [3]uint8
	WavelengthNM                                     float64
	Temp, Volts                                      Reading
	Bias, TxPower, RxPower                           Reading   // Limits.
	LaneBias, LaneTxPower, LaneRxPower               []float64 // mA, mW.
	Media                                            uint8     // SFP: byte 3; QSFP: byte 131.
	Extended                                         uint8     // SFF-8024 table 4-4.
	NominalMBd                                       int
	CopperMeters                                     uint8 // Not 0: a passive copper cable.
	TxFault, RxLOS                                   bool
	State                                            uint8 // CMIS.
	BiasScale                                        uint8 // CMIS: the unit of the bias is 2 uA times 1, 2 or 4; 0 is 1.
	NoDiagnostics                                    bool
	BadChecksum                                      bool
	// External is SFF-8472's external calibration.
	External *Calibration
}

// Reading is a value and its limits.
type Reading struct{ Value, LowAlarm, LowWarning, HighWarning, HighAlarm float64 }

// Calibration is the set of constants an externally calibrated SFP has.
type Calibration struct {
	Rx                    [5]float32 // Of x^4 first.
	Bias, Tx, Temp, Volts [2]float64 // Slope, offset (raw units).
}

func put(b []byte, at int, text string, size int) {
	for i := range size {
		b[at+i] = ' '
	}
	copy(b[at:at+size], text)
}

func put16(b []byte, at int, v float64) {
	binary.BigEndian.PutUint16(b[at:], uint16(int32(math.Round(v))))
}

// limits in the standards' order, in units of 1/scale.
func limits(b []byte, at int, r Reading, scale float64) {
	for i, v := range []float64{r.HighAlarm, r.LowAlarm, r.HighWarning, r.LowWarning} {
		put16(b, at+2*i, v*scale)
	}
}

// Scales: raw units of a degree, a volt, a milliampere, a milliwatt.
const (
	perDegree, perVolt, perMilliampere, perMilliwatt = 256, 10000, 500, 10000
)

func checksum(b []byte, from, to int, bad bool) {
	var n uint8
	for _, c := range b[from : to+1] {
		n += c
	}
	if bad {
		n++
	}
	b[to+1] = n
}

// SFP writes A0h and A2h, 256 bytes each.
func SFP(m Module) []byte {
	b := make([]byte, 512)
	b[0], b[1], b[2], b[3] = m.Identifier, 4, m.Connector, m.Media
	b[11] = 6 // 64B/66B
	rate(b, m.NominalMBd, 12, 66)
	put(b, 20, m.Vendor, 16)
	b[36] = m.Extended
	copy(b[37:], m.OUI[:])
	put(b, 40, m.PartNumber, 16)
	put(b, 56, m.Revision, 4)
	if m.CopperMeters > 0 {
		b[8], b[18] = 1<<2, m.CopperMeters
	} else {
		put16(b, 60, m.WavelengthNM)
	}
	put(b, 68, m.SerialNumber, 16)
	put(b, 84, m.Date, 8)
	if !m.NoDiagnostics {
		b[92] = 1<<6 | 1<<5 | 1<<3 // Implemented, internally calibrated, average power.
		b[93] = 1<<7 | 1<<5 | 1<<4 // Alarms, TX_FAULT, RX_LOS.
		b[94] = 8
		if m.External != nil {
			b[92] = 1<<6 | 1<<4 | 1<<3
		}
	}
	checksum(b, 0, 62, m.BadChecksum)
	checksum(b, 64, 94, false)
	if m.NoDiagnostics {
		return b
	}
	d := b[256:]
	limits(d, 0, m.Temp, perDegree)
	limits(d, 8, m.Volts, perVolt)
	limits(d, 16, m.Bias, perMilliampere)
	limits(d, 24, m.TxPower, perMilliwatt)
	limits(d, 32, m.RxPower, perMilliwatt)
	for i, f := range []float32{0, 0, 0, 1, 0} { // What an internally calibrated module has.
		if m.External != nil {
			f = m.External.Rx[i]
		}
		binary.BigEndian.PutUint32(d[56+4*i:], math.Float32bits(f))
	}
	for i := range 4 {
		k := [2]float64{1, 0}
		if m.External != nil {
			k = [][2]float64{m.External.Bias, m.External.Tx, m.External.Temp, m.External.Volts}[i]
		}
		put16(d, 76+4*i, k[0]*256)
		put16(d, 78+4*i, k[1])
	}
	put16(d, 96, m.Temp.Value*perDegree)
	put16(d, 98, m.Volts.Value*perVolt)
	put16(d, 100, m.LaneBias[0]*perMilliampere)
	put16(d, 102, m.LaneTxPower[0]*perMilliwatt)
	put16(d, 104, m.LaneRxPower[0]*perMilliwatt)
	if m.TxFault {
		d[110] |= 1 << 2
	}
	if m.RxLOS {
		d[110] |= 1 << 1
	}
	return b
}

// rate is in units of 100 MBd, above 25.4 GBd in another byte and units of
// 250.
func rate(b []byte, megabaud, at, extended int) {
	if megabaud > 25400 {
		b[at], b[extended] = 0xFF, uint8(megabaud/250)
		return
	}
	b[at] = uint8(megabaud / 100)
}

// Pages are the size of a paged memory up to page 11h: the lower half, then
// page after page.
const Pages = 128 + 128*0x12

// page is where byte i (128-255) of a page lies.
func page(p, i int) int { return 128*p + i }

// QSFP writes a memory of SFF-8636.
func QSFP(m Module) []byte {
	b := make([]byte, Pages)
	b[0], b[1] = m.Identifier, 8
	for i := 3; i < 22; i++ {
		b[i] = 0xAA // Latched flags: nobody should read them.
	}
	id := b[:256]
	id[128], id[130], id[131] = m.Identifier, m.Connector, m.Media
	id[139] = 5 // 64B/66B
	rate(id, m.NominalMBd, 140, 222)
	put(id, 148, m.Vendor, 16)
	copy(id[165:], m.OUI[:])
	put(id, 168, m.PartNumber, 16)
	put(id, 184, m.Revision, 2)
	id[192] = m.Extended
	put(id, 196, m.SerialNumber, 16)
	put(id, 212, m.Date, 8)
	if m.CopperMeters > 0 {
		id[146], id[147] = m.CopperMeters, 10<<4
		b[2] = 1 << 2 // Flat.
	} else {
		put16(id, 186, m.WavelengthNM*20)
		id[220] = 1<<5 | 1<<4 | 1<<3 | 1<<2
		put16(b, 22, m.Temp.Value*perDegree)
		put16(b, 26, m.Volts.Value*perVolt)
		for i := range 4 {
			put16(b, 34+2*i, m.LaneRxPower[i]*perMilliwatt)
			put16(b, 42+2*i, m.LaneBias[i]*perMilliampere)
			put16(b, 50+2*i, m.LaneTxPower[i]*perMilliwatt)
		}
		limits(b, page(3, 128), m.Temp, perDegree)
		limits(b, page(3, 144), m.Volts, perVolt)
		limits(b, page(3, 176), m.RxPower, perMilliwatt)
		limits(b, page(3, 184), m.Bias, perMilliampere)
		limits(b, page(3, 192), m.TxPower, perMilliwatt)
	}
	checksum(b, 128, 190, m.BadChecksum)
	checksum(b, 192, 222, false)
	return b
}

// CMIS writes a memory of CMIS with as many media lanes as there are readings.
func CMIS(m Module) []byte {
	scale := float64(max(m.BiasScale, 1))
	b := make([]byte, Pages)
	b[0], b[1], b[3] = m.Identifier, 0x52, m.State<<1
	for i := 8; i < 14; i++ {
		b[i] = 0xAA // Latched flags.
	}
	b[85] = 2                                      // Optical, single mode.
	b[86], b[87], b[89] = 0x50, 0x1D, 1            // One application.
	b[88] = uint8(len(m.LaneRxPower)) * (1<<4 | 1) // Host and media lanes.
	b[90] = 0xFF
	id := b[:256]
	id[128] = m.Identifier
	put(id, 129, m.Vendor, 16)
	copy(id[145:], m.OUI[:])
	put(id, 148, m.PartNumber, 16)
	put(id, 164, m.Revision, 2)
	put(id, 166, m.SerialNumber, 16)
	put(id, 182, m.Date, 8)
	id[203] = m.Connector
	if m.CopperMeters > 0 {
		id[202], id[212] = 1<<6|m.CopperMeters, 10
		b[2], b[85] = 1<<7, 3
		checksum(b, 128, 221, m.BadChecksum)
		return b
	}
	id[212] = 6 // 1310 nm EML.
	checksum(b, 128, 221, m.BadChecksum)
	put16(b, 14, m.Temp.Value*perDegree)
	put16(b, 16, m.Volts.Value*perVolt)
	put16(b, page(1, 138), m.WavelengthNM*20)
	b[page(1, 142)] = 0                     // One bank.
	b[page(1, 159)] = 3                     // Temperature, voltage.
	b[page(1, 160)] = 7 | m.BiasScale>>1<<3 // Bias, both powers; the scale as its logarithm.
	limits(b, page(2, 128), m.Temp, perDegree)
	limits(b, page(2, 136), m.Volts, perVolt)
	limits(b, page(2, 176), m.TxPower, perMilliwatt)
	limits(b, page(2, 184), m.Bias, perMilliampere/scale)
	limits(b, page(2, 192), m.RxPower, perMilliwatt)
	for i := 134; i < 154; i++ {
		b[page(0x11, i)] = 0xAA // Latched flags.
	}
	for i := range m.LaneRxPower {
		put16(b, page(0x11, 154+2*i), m.LaneTxPower[i]*perMilliwatt)
		put16(b, page(0x11, 170+2*i), m.LaneBias[i]*perMilliampere/scale)
		put16(b, page(0x11, 186+2*i), m.LaneRxPower[i]*perMilliwatt)
	}
	return b
}
