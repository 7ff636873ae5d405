package sff

// QSFP are the spans of a QSFP's memory that are decoded (SFF-8636). Between
// them, from byte 3 to 21, are latched flags.
type QSFP struct {
	Head  []byte // bytes 0-2
	Lower []byte // bytes 22-127
	Page0 []byte // bytes 128-255
	Page3 []byte // bytes 128-255 of page 03h: limits; nil when not there
}

// Lengths of the spans.
const (
	QSFPHeadBytes  = 3
	QSFPLowerStart = 22
	QSFPLowerBytes = 106
	PageBytes      = 128
)

// QSFPHasPages says whether there is more than page 00h: byte 2 bit 2.
func QSFPHasPages(head []byte) bool { return len(head) == QSFPHeadBytes && head[2]&0x04 == 0 }

// DecodeQSFP decodes a QSFP.
func DecodeQSFP(q QSFP) (*Module, error) {
	switch {
	case len(q.Head) != QSFPHeadBytes:
		return nil, malformed("qsfp bytes 0-2", q.Head, QSFPHeadBytes)
	case len(q.Lower) != QSFPLowerBytes:
		return nil, malformed("qsfp bytes 22-127", q.Lower, QSFPLowerBytes)
	case len(q.Page0) != PageBytes:
		return nil, malformed("qsfp page 00h", q.Page0, PageBytes)
	case q.Page3 != nil && len(q.Page3) != PageBytes:
		return nil, malformed("qsfp page 03h", q.Page3, PageBytes)
	}
	p := func(from, to int) []byte { return q.Page0[from-PageBytes : to-PageBytes+1] }
	at := func(i int) uint8 { return q.Page0[i-PageBytes] }
	m := &Module{
		Type: TypeName(q.Head[0]), Standard: "sff-8636", Connector: connectorName(at(130)),
		Vendor: text(p(148, 163)), VendorOUI: oui(p(165, 167)), PartNumber: text(p(168, 183)),
		Revision: text(p(184, 185)), SerialNumber: text(p(196, 211)),
		ChecksumsOK: new(sum(p(128, 190)) == at(191) && sum(p(192, 222)) == at(223)),
	}
	m.Date, m.Lot = date(p(212, 219))
	m.Media = mediaBits(q.Page0, []mediaBit{
		{3, 6, "10GBASE-LRM"},
		{3, 5, "10GBASE-LR"},
		{3, 4, "10GBASE-SR"},
		{3, 3, "40GBASE-CR4"},
		{3, 2, "40GBASE-SR4"},
		{3, 1, "40GBASE-LR4"},
		{3, 0, "40G active cable"},
	})
	if s := extendedMedia(at(192), 4); s != "" && at(131)&0x80 != 0 {
		m.Media = append(m.Media, s)
	}
	megabaud := int(at(140)) * 100
	if at(140) == 0xFF {
		megabaud = int(at(222)) * 250
	}
	const pam4 = 8
	m.MaxSpeedMbps = ethernetSpeed(megabaud, at(139) == pam4, 4)
	const copper = 10 // technologies from here on are
	if at(147)>>4 >= copper {
		if n := at(146); n != 0 && n != 0xFF {
			m.LengthMeters = ptr(float64(n))
		}
		return m, nil
	}
	if w := u16(p(186, 187), 0); w != 0 && w != 0xFFFF {
		m.WavelengthNanometers = ptr(float64(w) / 20)
	}
	const dataNotReady = 0x01
	if q.Head[2]&dataNotReady == 0 {
		m.qsfpReadings(q, at(220)&0x04 != 0)
	}
	return m, nil
}

// qsfpReadings: a module that answers has a supply, so that 0 V means that
// nothing is measured.
func (m *Module) qsfpReadings(q QSFP, txPower bool) {
	raw := func(i int) uint16 { return u16(q.Lower, i-QSFPLowerStart) }
	if v := raw(26); v == 0 || v == 0xFFFF {
		return
	}
	m.TempCelsius, m.VoltageVolts = ptr(celsius(raw(22))), ptr(volts(raw(26)))
	m.Lanes = make([]Lane, 4)
	for i := range m.Lanes {
		l := &m.Lanes[i]
		l.RxPowerMilliwatts = ptr(milliwatts(raw(34 + 2*i)))
		l.TxBiasMilliamperes = ptr(milliamperes(raw(42 + 2*i)))
		if txPower {
			l.TxPowerMilliwatts = ptr(milliwatts(raw(50 + 2*i)))
		}
	}
	if q.Page3 == nil {
		return
	}
	m.Limits = Limits{
		TempCelsius:        limits(q.Page3, 0, celsius, asIs),
		VoltageVolts:       limits(q.Page3, 16, volts, asIs),
		RxPowerMilliwatts:  limits(q.Page3, 48, milliwatts, asIs),
		TxBiasMilliamperes: limits(q.Page3, 56, milliamperes, asIs),
	}
	if txPower {
		m.Limits.TxPowerMilliwatts = limits(q.Page3, 64, milliwatts, asIs)
	}
}
