package network

import (
	"context"
	"errors"
	"io/fs"

	"example.com/bee/pkg/collectors/internal/ethtool"
	"example.com/bee/pkg/collectors/internal/sff"
	"example.com/bee/pkg/inventory"
)

const (
	identityAddress    = 0x50 // A0h as an 8-bit address
	diagnosticsAddress = 0x51 // A2h
)

// askModule reads what is in the cage.
func (b *builder) askModule(ctx context.Context, c *ethtool.Client) error {
	if b.nic.Type != "ethernet" && b.nic.Type != "infiniband" {
		return nil
	}
	if b.nic.PortType == "none" {
		return nil
	}
	id, err := c.ModuleMemory(ctx, ethtool.Page{I2CAddress: identityAddress, Length: 1})
	if err != nil {
		if b.isEmpty(err) {
			return nil
		}
		return err
	}
	r := &moduleReader{ctx: ctx, client: c}
	m := r.read(id[0])
	if m != nil {
		b.nic.Module = translateModule(m)
	}
	return r.err
}

// isEmpty: drivers have many words for an empty cage, and some of them are
// also those for a module that does not answer. An error counts as one where a
// module must be: with a carrier on fibre or a direct-attach cable.
func (b *builder) isEmpty(err error) bool {
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrNotExist) {
		return true
	}
	pluggable := b.nic.PortType == "fibre" || b.nic.PortType == "da"
	var status ethtool.StatusError
	if errors.As(err, &status) && (status.IsInvalid() || status.IsIO()) {
		return !pluggable || b.nic.LinkUp == nil || !*b.nic.LinkUp
	}
	// An ordinary user is denied before the driver is asked whether it has a
	// cage at all; twisted pair mostly has none.
	return errors.Is(err, fs.ErrPermission) && (b.nic.PortType == "tp" || b.nic.PortType == "mii")
}

// moduleReader reads the spans a decoder wants. The first error that is not
// about an optional page ends it.
type moduleReader struct {
	ctx    context.Context
	client *ethtool.Client
	err    error
}

func (r *moduleReader) span(page uint8, offset, length int) []byte {
	return r.at(ethtool.Page{I2CAddress: identityAddress, Page: page, Offset: uint8(offset), Length: uint8(length)})
}

func (r *moduleReader) at(p ethtool.Page) []byte {
	if r.err != nil {
		return nil
	}
	b, err := r.client.ModuleMemory(r.ctx, p)
	r.err = err
	return b
}

// may is for pages that drivers often do not show; what was read without them
// is worth as much.
func (r *moduleReader) may(p ethtool.Page) []byte {
	if r.err != nil {
		return nil
	}
	b := r.at(p)
	var status ethtool.StatusError
	if errors.Is(r.err, errors.ErrUnsupported) || errors.As(r.err, &status) && status.IsInvalid() {
		r.err = nil
	}
	return b
}

func (r *moduleReader) read(identifier uint8) *sff.Module {
	switch sff.KindOf(identifier) {
	case sff.KindSFP:
		return r.sfp()
	case sff.KindQSFP:
		return r.qsfp()
	case sff.KindCMIS:
		return r.cmis()
	case sff.KindUnknown:
	}
	if identifier == 0x00 || identifier == 0xFF {
		return nil // no identifier, or a bus without a module
	}
	return &sff.Module{Type: sff.TypeName(identifier)}
}

func (r *moduleReader) sfp() *sff.Module {
	a0 := r.span(0, 0, sff.SFPBytes)
	if r.err != nil {
		return nil
	}
	var a2 []byte
	if sff.SFPHasDiagnostics(a0) {
		a2 = r.may(ethtool.Page{I2CAddress: diagnosticsAddress, Length: sff.SFPDiagnosticBytes})
	}
	m, err := sff.DecodeSFP(a0, a2)
	r.err = errors.Join(r.err, err)
	return m
}

func (r *moduleReader) qsfp() *sff.Module {
	q := sff.QSFP{
		Head:  r.span(0, 0, sff.QSFPHeadBytes),
		Lower: r.span(0, sff.QSFPLowerStart, sff.QSFPLowerBytes),
		Page0: r.span(0, sff.PageBytes, sff.PageBytes),
	}
	if r.err != nil {
		return nil
	}
	if sff.QSFPHasPages(q.Head) {
		q.Page3 = r.may(ethtool.Page{I2CAddress: identityAddress, Page: 3, Offset: sff.PageBytes, Length: sff.PageBytes})
	}
	m, err := sff.DecodeQSFP(q)
	r.err = errors.Join(r.err, err)
	return m
}

func (r *moduleReader) cmis() *sff.Module {
	q := sff.CMIS{
		Head:   r.span(0, 0, sff.CMISHeadBytes),
		Lower:  r.span(0, sff.CMISLowerStart, sff.CMISLowerBytes),
		Page00: r.span(0, sff.PageBytes, sff.PageBytes),
	}
	if r.err != nil {
		return nil
	}
	if sff.CMISHasPages(q.Head) {
		page := func(n uint8, offset, length int) []byte {
			return r.may(ethtool.Page{I2CAddress: identityAddress, Page: n, Offset: uint8(offset), Length: uint8(length)})
		}
		q.Page01 = page(0x01, sff.PageBytes, sff.PageBytes)
		q.Page02 = page(0x02, sff.PageBytes, sff.PageBytes)
		q.Monitor = page(0x11, sff.CMISMonitorStart, sff.CMISMonitorBytes)
	}
	m, err := sff.DecodeCMIS(q)
	r.err = errors.Join(r.err, err)
	return m
}

func translateModule(m *sff.Module) *inventory.NICModule {
	n := &inventory.NICModule{
		Type: m.Type, Standard: m.Standard, Vendor: m.Vendor, VendorOUI: m.VendorOUI, PartNumber: m.PartNumber,
		Revision: m.Revision, SerialNumber: m.SerialNumber, Date: m.Date, Lot: m.Lot, Connector: m.Connector, Media: m.Media,
		WavelengthNanometers: m.WavelengthNanometers, LengthMeters: m.LengthMeters, MaxSpeedMbps: m.MaxSpeedMbps,
		TempCelsius: m.TempCelsius, VoltageVolts: m.VoltageVolts, TxFault: m.TxFault, RxLOS: m.RxLOS,
		State: m.State, ChecksumsOK: m.ChecksumsOK,
	}
	for i, l := range m.Lanes {
		n.Lanes = append(n.Lanes, inventory.NICLane{
			Lane: i + 1, RxPowerMilliwatts: l.RxPowerMilliwatts, TxPowerMilliwatts: l.TxPowerMilliwatts, TxBiasMilliamperes: l.TxBiasMilliamperes,
		})
	}
	for name, r := range map[string]*sff.Range{
		"temp_celsius": m.Limits.TempCelsius, "voltage_volts": m.Limits.VoltageVolts, "tx_bias_milliamperes": m.Limits.TxBiasMilliamperes,
		"tx_power_milliwatts": m.Limits.TxPowerMilliwatts, "rx_power_milliwatts": m.Limits.RxPowerMilliwatts,
	} {
		if r == nil {
			continue
		}
		if n.Thresholds == nil {
			n.Thresholds = map[string]inventory.NICThresholds{}
		}
		n.Thresholds[name] = inventory.NICThresholds{LowAlarm: r.LowAlarm, LowWarning: r.LowWarning, HighWarning: r.HighWarning, HighAlarm: r.HighAlarm}
	}
	return n
}
