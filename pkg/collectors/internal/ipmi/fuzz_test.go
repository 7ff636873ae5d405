package ipmi_test

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func FuzzDecodeFRU(f *testing.F) {
	sound := exampleFRU()
	f.Add(sound)
	f.Add(sound[:len(sound)-9])
	f.Add(make([]byte, 8))
	f.Fuzz(func(t *testing.T, b []byte) {
		fru, err := ipmi.DecodeFRU(b)
		if err != nil {
			if !errors.Is(err, inventory.ErrMalformed) && !errors.Is(err, ipmi.ErrBlankFRU) {
				t.Fatalf("unmarked error: %v", err)
			}
			if !reflect.DeepEqual(fru, ipmi.FRU{}) {
				t.Fatalf("error and value: %+v", fru)
			}
			return
		}
		for _, d := range fru.Damaged {
			there := map[ipmi.FRUArea]bool{
				ipmi.AreaChassis: fru.Chassis != nil, ipmi.AreaBoard: fru.Board != nil, ipmi.AreaProduct: fru.Product != nil,
			}
			if there[d.Area] || d.Reason == "" {
				t.Fatalf("damaged and decoded: %v", d)
			}
		}
		for _, r := range fru.Multi {
			if r.Damaged && (r.PowerSupply != nil || r.DCOutput != nil || r.DCLoad != nil || r.Management != nil || r.OEM != nil) {
				t.Fatal("damaged and decoded")
			}
		}
	})
}

func FuzzDecodeRecord(f *testing.F) {
	for _, r := range exampleSDR() {
		f.Add(r, uint8(7))
	}
	f.Add(ipmitest.Record(1, 8, make([]byte, 11)), uint8(0))
	f.Add(ipmitest.Record(1, 9, make([]byte, 27)), uint8(0))
	f.Fuzz(func(t *testing.T, b []byte, raw uint8) {
		r, err := ipmi.DecodeRecord(b)
		if err != nil {
			if !errors.Is(err, inventory.ErrMalformed) || !reflect.DeepEqual(r, ipmi.Record{}) {
				t.Fatalf("%v with %+v", err, r)
			}
			return
		}
		if len(r.Raw) != 5+int(b[4]) {
			t.Fatalf("raw has %d bytes", len(r.Raw))
		}
		_, _ = r.Entity()
		s := r.Sensor
		if s == nil {
			return
		}
		if n := len(s.Shared()); n < 1 || n > 15 {
			t.Fatalf("stands for %d sensors", n)
		}
		if y, ok := s.Analog.Convert(raw); !ok && y != 0 || math.IsNaN(y) || math.IsInf(y, 0) {
			t.Fatalf("%v %v", y, ok)
		}
		reading := s.Interpret(ipmi.RawReading{Raw: raw, Scanning: true, HasStates: true, States: 0x7FFF}, &s.Analog)
		if reading.Health == "" {
			t.Fatal("no verdict")
		}
		_ = s.ConvertThresholds(s.RecordThresholds())
		_ = s.Analog.Unit.String()
		_, _ = s.Target()
	})
}

func FuzzDecodeSELEntry(f *testing.F) {
	f.Add(ipmitest.Event(1, 0x65920080, 0x0C, 2, 0x6F, 0xB1, 0xFF, 5))
	f.Add(ipmitest.Event(1, 3, 1, 2, 0x81, 0x59, 1, 5))
	oem := ipmitest.Event(1, 0x65920080, 0, 0, 0)
	oem[2] = 0xC0
	f.Add(oem)
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ipmi.DecodeSELEntry(b)
		if (err != nil) != (len(b) < 16) || err != nil && !reflect.DeepEqual(e, ipmi.SELEntry{}) {
			t.Fatalf("%v with %+v", err, e)
		}
		if e.Event != nil && (e.Event.State.Name == "" || e.Event.SensorType.String() == "") {
			t.Fatal("event without a name")
		}
	})
}

// FuzzAnswers feeds one answer to every small decoder.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte{0x20, 0x81, 0x02, 0x1E, 0x02, 0xDF, 0xA2, 0x02, 0x00, 0x00, 0x01, 1, 2, 3, 4})
	f.Add([]byte{0xDC, 0x2C, 1, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0, 0x40})
	f.Add([]byte{0x55, 0})
	f.Add([]byte{24, 0xC0, 0xC0, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		check := func(what string, v any, err error) {
			if err != nil && (!errors.Is(err, inventory.ErrMalformed) || !reflect.ValueOf(v).IsZero()) {
				t.Fatalf("%s: %v with %+v", what, err, v)
			}
		}
		id, err := ipmi.DecodeDeviceID(b)
		check("device id", id, err)
		r, err := ipmi.DecodeReading(b)
		check("reading", r, err)
		fs, err := ipmi.DecodeFactors(b)
		check("factors", fs, err)
		th, err := ipmi.DecodeThresholds(b)
		check("thresholds", th, err)
		cs, err := ipmi.DecodeChassisStatus(b)
		check("chassis status", cs, err)
		st, err := ipmi.DecodeSelfTest(b)
		check("self test", st, err)
		si, err := ipmi.DecodeSELInfo(b)
		check("sel info", si, err)
		di, err := ipmi.DecodeSDRInfo(b)
		check("sdr info", di, err)
		ci, err := ipmi.DecodeChannelInfo(b)
		check("channel info", ci, err)
		pr, err := ipmi.DecodePowerReading(b)
		check("power reading", pr, err)
		if g, ok := ipmi.DecodeGUID(b); ok != (g.IPMI != "") || ok && len(g.Best()) != 36 {
			t.Fatalf("guid %+v %v", g, ok)
		}
		if cause, ok := ipmi.RestartCause(b); ok != (cause != "") {
			t.Fatal(cause, ok)
		}
	})
}

// FuzzClient lets a controller answer everything with the same bytes: the
// client must come to an end and invent nothing.
func FuzzClient(f *testing.F) {
	f.Add([]byte{0, 0x20, 0x00, 0x01}, []byte{0, 1, 0, 1, 0, 0x51, 1, 0x20, 0, 0})
	f.Add([]byte{0, 0x40, 0x00, 0x01}, []byte{0, 0xFF, 0xFF})
	f.Add([]byte{0xCA}, []byte{0xC5})
	f.Fuzz(func(t *testing.T, info, data []byte) {
		if len(info) == 0 || len(data) == 0 || busy(info[0]) || busy(data[0]) {
			return // waits between attempts
		}
		b := &ipmitest.BMC{Answers: map[[2]byte][]byte{
			{0x0A, 0x10}: info, {0x0A, 0x11}: data, {0x0A, 0x23}: data, {0x0A, 0x43}: data, {0x0A, 0x40}: info,
			{0x0C, 0x02}: data, {0x04, 0x2D}: data, {0x04, 0x27}: info, {0x06, 0x42}: data,
		}}
		s := ipmi.NewSession(b, 0)
		n := 0
		for r, err := range s.Records(t.Context()) {
			if n++; n > 3 {
				t.Fatal("one record comes more than twice")
			}
			if err == nil && r.Sensor != nil {
				_, _ = s.Reading(t.Context(), r.Sensor)
				_, _ = s.Thresholds(t.Context(), r.Sensor)
			}
		}
		_, _ = s.FRUByID(t.Context(), ipmi.BMC(), 0)
		_, _ = s.LAN(t.Context(), 1)
		_, _, _ = s.LANChannel(t.Context())
		if si, err := s.SELInfo(t.Context()); err == nil {
			_, _ = s.SELTail(t.Context(), 2, si)
		}
	})
}

func busy(code byte) bool {
	switch code {
	case 0x81, 0xC0, 0xC3, 0xC4, 0xCF, 0xD0, 0xD2:
		return true
	}
	return false
}
