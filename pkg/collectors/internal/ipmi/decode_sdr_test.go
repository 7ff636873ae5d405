package ipmi_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func TestDecodeRecord(t *testing.T) {
	t.Parallel()
	var names []string
	for _, raw := range exampleSDR() {
		r, err := ipmi.DecodeRecord(raw)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, r.Name())
		for n := range len(raw) {
			if _, err := ipmi.DecodeRecord(raw[:n]); !errors.Is(err, inventory.ErrMalformed) {
				t.Fatalf("%s cut to %d bytes: %v", r.Name(), n, err)
			}
		}
	}
	if diff := cmp.Diff([]string{"Inlet", "PS1 Status", "PS1 Input", "BIOS", "PS1 FRU", "BMC", ""}, names); diff != "" {
		t.Error(diff)
	}
	if _, err := ipmi.DecodeRecord([]byte{8, 0, 0x51, 1, 0}); !errors.Is(err, inventory.ErrMalformed) {
		t.Errorf("length 0: %v", err)
	}
}

func TestSensorShared(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		share [2]uint8
		want  []string
	}{
		"one":     {[2]uint8{0, 0}, []string{"Fan 10h fan.1"}},
		"numbers": {[2]uint8{3, 0x81}, []string{"Fan1 10h fan.1", "Fan2 11h fan.2", "Fan3 12h fan.3"}},
		"letters": {[2]uint8{0x12, 25}, []string{"FanZ 10h fan.1", "FanAA 11h fan.1"}},
	} {
		spec := ipmitest.SensorSpec{ID: 1, Number: 0x10, Entity: 29, Instance: 1, Type: 4, EventType: 3, Share: tt.share, Name: "Fan"}
		for _, raw := range [][]byte{spec.Compact(), spec.EventOnly()} {
			r, err := ipmi.DecodeRecord(raw)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range r.Sensor.Shared() {
				got = append(got, s.Name+" "+string("0123456789abcdef"[s.Number>>4])+string("0123456789abcdef"[s.Number&15])+"h "+s.Entity.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a    ipmi.Analog
		raw  uint8
		want float64
		ok   bool
	}{
		"unsigned":        {ipmi.Analog{M: 1}, 200, 200, true},
		"two's":           {ipmi.Analog{M: 1, Format: ipmi.AnalogTwos}, 0xE4, -28, true},
		"one's":           {ipmi.Analog{M: 1, Format: ipmi.AnalogOnes}, 0xFE, -1, true},
		"one's, minus 0":  {ipmi.Analog{M: 1, Format: ipmi.AnalogOnes}, 0xFF, 0, true},
		"exponents":       {ipmi.Analog{M: 55, B: 3, BExp: 2, RExp: -3}, 200, 11.3, true},
		"negative factor": {ipmi.Analog{M: -2, B: -10, BExp: 1}, 3, -106, true},
		"ln":              {ipmi.Analog{M: 1, Linearization: 1}, 10, math.Log(10), true},
		"log10":           {ipmi.Analog{M: 1, Linearization: 2}, 100, 2, true},
		"log2":            {ipmi.Analog{M: 1, Linearization: 3}, 8, 3, true},
		"e":               {ipmi.Analog{M: 1, Linearization: 4}, 2, math.Exp(2), true},
		"exp10":           {ipmi.Analog{M: 1, Linearization: 5}, 3, 1000, true},
		"exp2":            {ipmi.Analog{M: 1, Linearization: 6}, 5, 32, true},
		"1/x":             {ipmi.Analog{M: 1, Linearization: 7}, 4, 0.25, true},
		"square":          {ipmi.Analog{M: 1, Linearization: 8}, 9, 81, true},
		"cube":            {ipmi.Analog{M: 1, Linearization: 9}, 3, 27, true},
		"square root":     {ipmi.Analog{M: 1, Linearization: 10}, 81, 9, true},
		"cube root":       {ipmi.Analog{M: 1, Linearization: 11}, 27, 3, true},
		"1/0":             {ipmi.Analog{M: 1, Linearization: 7}, 0, 0, false},
		"ln of 0":         {ipmi.Analog{M: 1, Linearization: 1}, 0, 0, false},
		"root of -1":      {ipmi.Analog{M: 1, Linearization: 10, Format: ipmi.AnalogTwos}, 0xFF, 0, false},
		"no analog":       {ipmi.Analog{M: 1, Format: ipmi.AnalogNone}, 5, 0, false},
		"non-linear":      {ipmi.Analog{M: 1, Linearization: 0x70}, 5, 0, false},
		"unknown":         {ipmi.Analog{M: 1, Linearization: 0x0C}, 5, 0, false},
	} {
		got, ok := tt.a.Convert(tt.raw)
		if ok != tt.ok || math.Abs(got-tt.want) > 1e-7*math.Abs(tt.want) {
			t.Errorf("%s: %v %v, want %v %v", name, got, ok, tt.want, tt.ok)
		}
	}
	a := ipmi.Analog{M: 5, B: 100, RExp: -1}
	if d, ok := a.Difference(4); !ok || d != 2 {
		t.Errorf("difference %v %v", d, ok)
	}
	b := ipmi.Analog{M: 1, Linearization: 0x70}
	w := b.WithFactors(ipmi.Factors{M: 3})
	if y, ok := w.Convert(7); !ok || y != 21 {
		t.Errorf("with factors %v %v", y, ok)
	}
}

// The factors of records are 10-bit and 4-bit signed numbers in pieces.
func TestRecordFactors(t *testing.T) {
	t.Parallel()
	for _, spec := range []ipmitest.SensorSpec{
		{M: 511, B: -512, RExp: -8, BExp: 7},
		{M: -1, B: 300, RExp: 3, BExp: -4},
	} {
		r, err := ipmi.DecodeRecord(spec.Full())
		if err != nil {
			t.Fatal(err)
		}
		a := r.Sensor.Analog
		if int(a.M) != spec.M || int(a.B) != spec.B || int(a.RExp) != spec.RExp || int(a.BExp) != spec.BExp {
			t.Errorf("%+v from %+v", a, spec)
		}
	}
}

func TestInterpret(t *testing.T) {
	t.Parallel()
	records := exampleSDR()
	inlet, err := ipmi.DecodeRecord(records[0])
	if err != nil {
		t.Fatal(err)
	}
	status, err := ipmi.DecodeRecord(records[1])
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		sensor *ipmi.Sensor
		answer []byte
		status ipmi.ReadingStatus
		value  *float64
		states []string
		health inventory.Health
	}{
		"ok":          {inlet.Sensor, []byte{24, 0xC0, 0xC0}, ipmi.ReadingOK, new(24.0), nil, inventory.HealthOK},
		"warning":     {inlet.Sensor, []byte{111, 0xC0, 0x08}, ipmi.ReadingOK, new(111.0), []string{"upper_non_critical"}, inventory.HealthWarning},
		"critical":    {inlet.Sensor, []byte{120, 0xC0, 0x18}, ipmi.ReadingOK, new(120.0), []string{"upper_non_critical", "upper_critical"}, inventory.HealthCritical},
		"negative":    {inlet.Sensor, []byte{0xFF, 0xC0, 0xC0}, ipmi.ReadingOK, new(-1.0), nil, inventory.HealthOK},
		"no states":   {inlet.Sensor, []byte{24, 0xC0}, ipmi.ReadingOK, new(24.0), nil, inventory.HealthUnknown},
		"unavailable": {inlet.Sensor, []byte{24, 0xE0, 0xFF}, ipmi.ReadingUnavailable, nil, nil, inventory.HealthUnknown},
		"disabled":    {inlet.Sensor, []byte{24, 0x80, 0xFF}, ipmi.ReadingDisabled, nil, nil, inventory.HealthUnknown},
		"present":     {status.Sensor, []byte{0, 0xC0, 0x01, 0x80}, ipmi.ReadingOK, nil, []string{"presence_detected"}, inventory.HealthOK},
		"input lost":  {status.Sensor, []byte{0, 0xC0, 0x09, 0x80}, ipmi.ReadingOK, nil, []string{"presence_detected", "input_lost"}, inventory.HealthCritical},
		"predictive":  {status.Sensor, []byte{0, 0xC0, 0x05, 0x80}, ipmi.ReadingOK, nil, []string{"presence_detected", "predictive_failure"}, inventory.HealthWarning},
		"no table":    {status.Sensor, []byte{0, 0xC0, 0x00, 0xC0}, ipmi.ReadingOK, nil, []string{"state_14"}, inventory.HealthUnknown},
	} {
		raw, err := ipmi.DecodeReading(tt.answer)
		if err != nil {
			t.Fatal(err)
		}
		r := tt.sensor.Interpret(raw, &tt.sensor.Analog)
		var states []string
		for _, s := range r.States {
			states = append(states, s.Name)
		}
		if r.Status != tt.status || r.Health != tt.health || cmp.Diff(tt.value, r.Value) != "" || cmp.Diff(tt.states, states) != "" {
			t.Errorf("%s: %+v %v %v", name, r, value(r.Value), states)
		}
	}
	limits := inlet.Sensor.ConvertThresholds(inlet.Sensor.RecordThresholds())
	want := []ipmi.Threshold{
		{Kind: ipmi.LowerNonCritical, Value: 10},
		{Kind: ipmi.LowerCritical, Value: 5},
		{Kind: ipmi.UpperNonCritical, Value: 110},
		{Kind: ipmi.UpperCritical, Value: 115},
	}
	if diff := cmp.Diff(want, limits); diff != "" {
		t.Error(diff)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]ipmi.Unit{
		"degrees_c":    {Base: 1},
		"percent":      {Percentage: true},
		"byte/second":  {Base: 70, Rate: 3},
		"volts*amps":   {Base: 4, Operator: ipmi.UnitMultiply, Modifier: 5},
		"grams":        {Base: 92},
		"unknown_0xc8": {Base: 200},
		"":             {},
	} {
		if got := u.String(); got != want {
			t.Errorf("%+v is %q, want %q", u, got, want)
		}
	}
}

func TestLocators(t *testing.T) {
	t.Parallel()
	l := &ipmi.FRULocator{AccessAddr: 0x20, LUN: 1}
	if got := l.Target(); got != ipmi.BMC().WithLUN(1) {
		t.Errorf("own: %v", got)
	}
	l = &ipmi.FRULocator{AccessAddr: 0x2C, Channel: 6}
	if got := l.Target(); got != (ipmi.Target{Addr: 0x2C, Channel: 6}) {
		t.Errorf("behind: %v", got)
	}
	assoc, err := ipmi.DecodeRecord(ipmitest.Record(1, 8, []byte{23, 1, 0xA0, 10, 1, 10, 2, 0, 0, 0, 0}))
	if err != nil || len(assoc.Association.Contained) != 2 || !assoc.Association.Range || !assoc.Association.PresenceAccessible {
		t.Errorf("association %+v %v", assoc.Association, err)
	}
	body := append([]byte{23, 1, 0x20, 0, 0x40}, 0x2C, 0x60, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	body = append(body, make([]byte, 6)...)
	device, err := ipmi.DecodeRecord(ipmitest.Record(1, 9, body))
	want := []ipmi.AssociatedEntity{{Entity: ipmi.Entity{ID: 10, Instance: 1}, Addr: 0x2C, Channel: 6}}
	if err != nil || cmp.Diff(want, device.Association.Contained) != "" {
		t.Errorf("association %+v %v", device.Association, err)
	}
}

// States that a sensor's record rules out make its verdict worthless.
func TestInterpretImpossible(t *testing.T) {
	t.Parallel()
	spec := ipmitest.SensorSpec{ID: 1, Number: 1, Entity: 26, Type: 0x0D, EventType: 0x6F, Readable: 0x01EF, Name: "HDD0"}
	r, err := ipmi.DecodeRecord(spec.Compact())
	if err != nil {
		t.Fatal(err)
	}
	for states, want := range map[uint16]inventory.Health{0x0001: inventory.HealthOK, 0x0003: inventory.HealthCritical, 0x3803: inventory.HealthUnknown} {
		got := r.Sensor.Interpret(ipmi.RawReading{Scanning: true, HasStates: true, States: states}, nil)
		if got.Health != want || len(got.States) == 0 {
			t.Errorf("states %04x: %s, want %s", states, got.Health, want)
		}
	}
}
