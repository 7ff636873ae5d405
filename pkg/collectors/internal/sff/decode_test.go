package sff_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"example.com/bee/pkg/collectors/internal/sff"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab/sffgen"
)

// decode cuts the spans out of a whole memory.
func decode(b []byte) (*sff.Module, error) {
	page := func(p, from, n int) []byte { return b[128*p+from:][:n] }
	switch sff.KindOf(b[0]) {
	case sff.KindSFP:
		a0 := b[:sff.SFPBytes]
		if sff.SFPHasDiagnostics(a0) {
			return sff.DecodeSFP(a0, b[256:][:sff.SFPDiagnosticBytes])
		}
		return sff.DecodeSFP(a0, nil)
	case sff.KindQSFP:
		q := sff.QSFP{Head: b[:3], Lower: b[sff.QSFPLowerStart:128], Page0: b[128:256]}
		if sff.QSFPHasPages(q.Head) {
			q.Page3 = page(3, 128, 128)
		}
		return sff.DecodeQSFP(q)
	case sff.KindCMIS:
		c := sff.CMIS{Head: b[:4], Lower: b[sff.CMISLowerStart:128], Page00: b[128:256]}
		if sff.CMISHasPages(c.Head) {
			c.Page01, c.Page02, c.Monitor = page(1, 128, 128), page(2, 128, 128), page(0x11, sff.CMISMonitorStart, sff.CMISMonitorBytes)
		}
		return sff.DecodeCMIS(c)
	}
	return nil, errors.ErrUnsupported
}

func lane(rx, tx, bias float64) sff.Lane {
	return sff.Lane{RxPowerMilliwatts: &rx, TxPowerMilliwatts: &tx, TxBiasMilliamperes: &bias}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	limits := sff.Limits{
		TempCelsius:        &sff.Range{LowAlarm: -10, LowWarning: -5, HighWarning: 70, HighAlarm: 75},
		VoltageVolts:       &sff.Range{LowAlarm: 2.97, LowWarning: 3.135, HighWarning: 3.465, HighAlarm: 3.63},
		TxBiasMilliamperes: &sff.Range{LowAlarm: 2, LowWarning: 3, HighWarning: 10, HighAlarm: 12},
		TxPowerMilliwatts:  &sff.Range{LowAlarm: 0.0891, LowWarning: 0.1778, HighWarning: 1.7783, HighAlarm: 2.2387},
		RxPowerMilliwatts:  &sff.Range{LowAlarm: 0.0417, LowWarning: 0.0661, HighWarning: 1.7783, HighAlarm: 2.2387},
	}
	lanes := []sff.Lane{lane(0.6, 0.7, 6.5), lane(0.61, 0.71, 6.25), lane(0, 0.69, 6.75), lane(0.0001, 0.72, 7)}
	acme := func(m sff.Module) *sff.Module {
		m.Vendor, m.VendorOUI, m.SerialNumber, m.Revision = "ACME OPTICS", "021122", "AC25SR000017", "A1"
		m.Date, m.Lot, m.ChecksumsOK = "2024-02-29", "X7", new(true)
		return &m
	}
	optical := func(m sff.Module) *sff.Module {
		m.TempCelsius, m.VoltageVolts, m.Limits = new(41.5), new(3.3125), limits
		return acme(m)
	}
	for name, want := range map[string]*sff.Module{
		"sfp": optical(sff.Module{
			Type: "SFP", Standard: "sff-8472", Connector: "LC", PartNumber: "SFP-25G-SR", Media: []string{"25GBASE-SR"},
			WavelengthNanometers: new(850.0), MaxSpeedMbps: new(uint32(25000)), Lanes: lanes[:1], TxFault: new(false), RxLOS: new(false),
		}),
		"sfp-dac": acme(sff.Module{
			Type: "SFP", Standard: "sff-8472", Connector: "copper pigtail", PartNumber: "DAC-10G-3M", Media: []string{"passive copper"},
			LengthMeters: new(3.0), MaxSpeedMbps: new(uint32(10000)),
		}),
		"qsfp": optical(sff.Module{
			Type: "QSFP28", Standard: "sff-8636", Connector: "LC", PartNumber: "QSFP28-CWDM4", Media: []string{"100G CWDM4"},
			WavelengthNanometers: new(1271.05), MaxSpeedMbps: new(uint32(100000)), Lanes: lanes,
		}),
		"qsfp-dac": acme(sff.Module{
			Type: "QSFP+", Standard: "sff-8636", Connector: "no separable connector", PartNumber: "QSFP-40G-DAC", Media: []string{"40GBASE-CR4"},
			LengthMeters: new(2.0), MaxSpeedMbps: new(uint32(40000)),
		}),
		"cmis": optical(sff.Module{
			Type: "QSFP-DD", Standard: "cmis", Connector: "MPO 1x12", PartNumber: "QDD-400G-DR4",
			WavelengthNanometers: new(1311.0), Lanes: lanes, State: "ready",
		}),
		"cmis-dac": acme(sff.Module{
			Type: "OSFP", Standard: "cmis", Connector: "no separable connector", PartNumber: "OSFP-DAC-1M", LengthMeters: new(1.0), State: "ready",
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decode(sffgen.Example(name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSayNothing: what was never programmed, or is not measured, gives no
// value.
func TestSayNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]struct {
		module string
		change func([]byte)
		check  func(*sff.Module) bool
	}{
		"texts of ones":  {"sfp", func(b []byte) { fill(b[20:36], 0xFF); fill(b[68:84], 0) }, func(m *sff.Module) bool { return m.Vendor == "" && m.SerialNumber == "" }},
		"blank texts":    {"qsfp", func(b []byte) { fill(b[148:164], ' ') }, func(m *sff.Module) bool { return m.Vendor == "" }},
		"control bytes":  {"sfp", func(b []byte) { b[20] = 0x1B; b[21] = 0xE9 }, func(m *sff.Module) bool { return m.Vendor == "..ME OPTICS" }},
		"no such month":  {"sfp", func(b []byte) { copy(b[84:], "241301") }, func(m *sff.Module) bool { return m.Date == "" && m.Lot == "" }},
		"no date":        {"cmis", func(b []byte) { fill(b[182:190], ' ') }, func(m *sff.Module) bool { return m.Date == "" }},
		"no maker":       {"qsfp", func(b []byte) { fill(b[165:168], 0) }, func(m *sff.Module) bool { return m.VendorOUI == "" }},
		"no limits":      {"sfp", func(b []byte) { fill(b[256:256+40], 0) }, func(m *sff.Module) bool { return m.Limits == sff.Limits{} && m.TempCelsius != nil }},
		"limits of ones": {"qsfp", func(b []byte) { fill(b[512:640], 0xFF) }, func(m *sff.Module) bool { return m.Limits == sff.Limits{} }},
		"not ready":      {"qsfp", func(b []byte) { b[2] |= 1 }, func(m *sff.Module) bool { return m.TempCelsius == nil && m.Lanes == nil && m.Vendor != "" }},
		"no supply":      {"qsfp", func(b []byte) { fill(b[22:58], 0) }, func(m *sff.Module) bool { return m.TempCelsius == nil && m.Lanes == nil }},
		"no tx power": {"qsfp", func(b []byte) { b[220] = 0 }, func(m *sff.Module) bool {
			return m.Lanes[0].TxPowerMilliwatts == nil && m.Limits.TxPowerMilliwatts == nil
		}},
		"no monitors": {"cmis", func(b []byte) { fill(b[256+31:256+33], 0) }, func(m *sff.Module) bool { return m.TempCelsius == nil && m.Lanes == nil }},
		"reserved unit": {"cmis", func(b []byte) { b[256+32] |= 3 << 3 }, func(m *sff.Module) bool {
			return m.Lanes[0].TxBiasMilliamperes == nil && m.Lanes[0].RxPowerMilliwatts != nil
		}},
		"checksum":       {"sfp", func(b []byte) { b[95]++ }, func(m *sff.Module) bool { return !*m.ChecksumsOK }},
		"fault and dark": {"sfp", func(b []byte) { b[256+110] = 6 }, func(m *sff.Module) bool { return *m.TxFault && *m.RxLOS }},
		"not monitored":  {"sfp", func(b []byte) { b[93] = 0 }, func(m *sff.Module) bool { return m.TxFault == nil && m.RxLOS == nil }},
		"below zero":     {"sfp", func(b []byte) { b[256+96], b[256+97] = 0xF5, 0x80 }, func(m *sff.Module) bool { return *m.TempCelsius == -10.5 }},
		"faulty":         {"cmis", func(b []byte) { b[3] = 5 << 1 }, func(m *sff.Module) bool { return m.State == "fault" }},
		"unknown media":  {"sfp", func(b []byte) { b[36] = 0xEE }, func(m *sff.Module) bool { return m.Media[0] == "unknown_0xee" }},
		"pam4":           {"sfp", func(b []byte) { b[11] = 8; b[66] = 106 }, func(m *sff.Module) bool { return *m.MaxSpeedMbps == 50000 }},
		"gigabit":        {"sfp", func(b []byte) { b[12] = 13 }, func(m *sff.Module) bool { return *m.MaxSpeedMbps == 1000 }},
		"no rate":        {"sfp", func(b []byte) { b[12] = 0 }, func(m *sff.Module) bool { return m.MaxSpeedMbps == nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := sffgen.Example(change.module)
			change.change(b)
			m, err := decode(b)
			if err != nil || !change.check(m) {
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
}

func fill(b []byte, c byte) {
	for i := range b {
		b[i] = c
	}
}

// TestCalibration follows the equations of SFF-8472 section 9.3.
func TestCalibration(t *testing.T) {
	t.Parallel()
	k := &sffgen.Calibration{
		Rx:   [5]float32{1e-16, 2e-12, 3e-8, 0.25, -3},
		Bias: [2]float64{2, 10}, Tx: [2]float64{0.5, -20}, Temp: [2]float64{1, -512}, Volts: [2]float64{1.5, 100},
	}
	b := sffgen.SFP(sffgen.Module{
		Identifier: 3, Temp: sffgen.Reading{Value: 40}, Volts: sffgen.Reading{Value: 2},
		LaneBias: []float64{6}, LaneTxPower: []float64{0.6}, LaneRxPower: []float64{0.5}, External: k,
		RxPower: sffgen.Reading{LowAlarm: 0.01, LowWarning: 0.02, HighWarning: 1, HighAlarm: 2},
	})
	m, err := decode(b)
	if err != nil {
		t.Fatal(err)
	}
	rx := func(x float64) float64 {
		var f [5]float64
		for i := range f {
			f[i] = float64(k.Rx[i])
		}
		return (f[0]*x*x*x*x + f[1]*x*x*x + f[2]*x*x + f[3]*x + f[4]) / 10000
	}
	for what, pair := range map[string][2]float64{
		"temp": {*m.TempCelsius, 38}, "volts": {*m.VoltageVolts, 3.01},
		"bias": {*m.Lanes[0].TxBiasMilliamperes, 12.02}, "tx": {*m.Lanes[0].TxPowerMilliwatts, 0.298},
		"rx": {*m.Lanes[0].RxPowerMilliwatts, rx(5000)}, "rx high alarm": {m.Limits.RxPowerMilliwatts.HighAlarm, rx(20000)},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s: %g, want %g", what, pair[0], pair[1])
		}
	}
	k.Rx[0] = float32(math.NaN())
	b = sffgen.SFP(sffgen.Module{Identifier: 3, LaneBias: []float64{6}, LaneTxPower: []float64{0.6}, LaneRxPower: []float64{0.5}, External: k})
	if m, err := decode(b); err != nil || m.Lanes[0].RxPowerMilliwatts != nil {
		t.Errorf("power from no number: %+v %v", m, err)
	}
}

// TestBiasScale: the unit of a CMIS module's laser current is 2 uA times 1, 2
// or 4.
func TestBiasScale(t *testing.T) {
	t.Parallel()
	for _, scale := range []uint8{0, 1, 2, 4} {
		m, err := decode(sffgen.CMIS(sffgen.Module{
			Identifier: 0x18, BiasScale: scale, Bias: sffgen.Reading{LowAlarm: 8, LowWarning: 16, HighWarning: 100, HighAlarm: 120},
			LaneBias: []float64{80}, LaneTxPower: []float64{1}, LaneRxPower: []float64{1},
		}))
		if err != nil || *m.Lanes[0].TxBiasMilliamperes != 80 || *m.Limits.TxBiasMilliamperes != (sff.Range{LowAlarm: 8, LowWarning: 16, HighWarning: 100, HighAlarm: 120}) {
			t.Errorf("scale %d: %+v %v", scale, m, err)
		}
	}
}

func TestLengths(t *testing.T) {
	t.Parallel()
	q := func(n ...int) sff.QSFP {
		return sff.QSFP{Head: make([]byte, n[0]), Lower: make([]byte, n[1]), Page0: make([]byte, n[2]), Page3: make([]byte, n[3])}
	}
	var errs []error
	for _, c := range []sff.QSFP{q(2, 106, 128, 128), q(3, 105, 128, 128), q(3, 106, 127, 128), q(3, 106, 128, 1)} {
		_, err := sff.DecodeQSFP(c)
		errs = append(errs, err)
	}
	for _, n := range [][2]int{{127, 112}, {128, 111}, {0, 0}, {256, 112}} {
		_, err := sff.DecodeSFP(make([]byte, n[0]), make([]byte, n[1]))
		errs = append(errs, err)
	}
	_, err := sff.DecodeCMIS(sff.CMIS{})
	errs = append(errs, err)
	_, err = sff.DecodeCMIS(sff.CMIS{Head: make([]byte, 4), Lower: make([]byte, 114), Page00: make([]byte, 128), Page01: []byte{}})
	for i, err := range append(errs, err) {
		if !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, n := range []string{"sfp", "sfp-dac", "qsfp", "qsfp-dac", "cmis", "cmis-dac"} {
		f.Add(sffgen.Example(n), uint16(0xFFFF))
	}
	f.Fuzz(func(t *testing.T, b []byte, n uint16) {
		// Whole memories, and spans of a wrong length.
		whole := append(append([]byte{}, b...), make([]byte, sffgen.Pages)...)
		m, err := decode(whole)
		if (m == nil) != (err != nil) {
			t.Errorf("%+v, %v", m, err)
		}
		check(t, m)
		cut := b[:min(len(b), int(n))]
		for _, d := range []func() (*sff.Module, error){
			func() (*sff.Module, error) { return sff.DecodeSFP(cut, cut) },
			func() (*sff.Module, error) {
				return sff.DecodeQSFP(sff.QSFP{Head: cut, Lower: cut, Page0: cut, Page3: cut})
			},
			func() (*sff.Module, error) { return sff.DecodeCMIS(sff.CMIS{Head: cut, Lower: cut, Page00: cut}) },
		} {
			if m, err := d(); (m == nil) != (err != nil) {
				t.Errorf("%+v, %v", m, err)
			}
		}
	})
}

// check: every number can be written as JSON.
func check(t *testing.T, m *sff.Module) {
	t.Helper()
	if m == nil {
		return
	}
	numbers := []*float64{m.TempCelsius, m.VoltageVolts, m.LengthMeters, m.WavelengthNanometers}
	for _, l := range m.Lanes {
		numbers = append(numbers, l.RxPowerMilliwatts, l.TxPowerMilliwatts, l.TxBiasMilliamperes)
	}
	for _, r := range []*sff.Range{m.Limits.TempCelsius, m.Limits.VoltageVolts, m.Limits.TxBiasMilliamperes, m.Limits.TxPowerMilliwatts, m.Limits.RxPowerMilliwatts} {
		if r != nil {
			numbers = append(numbers, &r.LowAlarm, &r.LowWarning, &r.HighWarning, &r.HighAlarm)
		}
	}
	for _, f := range numbers {
		if f != nil && (math.IsNaN(*f) || math.IsInf(*f, 0)) {
			t.Errorf("%g in %+v", *f, m)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, n := range []string{"sfp", "qsfp", "cmis"} {
		data := sffgen.Example(n)
		b.Run(n, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
