package ata_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/ata"
)

func one(t *testing.T, isNil bool, err error) {
	t.Helper()
	if isNil != (err != nil) {
		t.Fatalf("value missing %v, error %v", isNil, err)
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add([]byte(identifyPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ata.DecodeIdentify(b)
		one(t, d == nil, err)
		if d != nil {
			_, _ = d.Version(), d.SATAVersion()
			if n, ok := d.SizeBytes(); ok && n < uint64(d.LogicalBlockBytes) {
				t.Fatal(n)
			}
		}
	})
}

func FuzzSMARTData(f *testing.F) {
	f.Add([]byte(smartPage(attribute{5, 0x33, 100, 100, "000000000000"}, attribute{194, 0x22, 62, 50, "260000001100"})), []byte(thresholdsPage(5, 36)), "Maxtor 96147H8", "1")
	f.Fuzz(func(t *testing.T, b, thresholds []byte, model, firmware string) {
		d, err := ata.DecodeSMARTData(b)
		one(t, d == nil, err)
		th, err := ata.DecodeThresholds(thresholds)
		one(t, th == nil, err)
		if d == nil {
			return
		}
		for _, a := range d.Attributes {
			th.Failed(a)
			d.Count(a.ID)
			if len(ata.AttributeName(a.ID, false)) > 64 {
				t.Fatal("long name")
			}
		}
		if c := d.TempCelsius(); c != nil && (*c < -40 || *c > 125) {
			t.Fatal(*c)
		}
		if h := d.PowerOnHours(model, firmware); h != nil && *h > 30*365*24 {
			t.Fatal(*h)
		}
	})
}

func FuzzSelfTestLogs(f *testing.F) {
	f.Add([]byte(selfTestPage()))
	f.Add([]byte(extSelfTestPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, decode := range []func([]byte) ([]ata.SelfTest, error){ata.DecodeSelfTestLog, ata.DecodeExtSelfTestLog} {
			l, err := decode(b)
			one(t, l == nil, err)
			for _, s := range l {
				_, _ = s.Status.String(), s.Type.String()
			}
		}
	})
}

func FuzzStatistics(f *testing.F) {
	f.Add([]byte(statisticsPage(5, map[int]uint64{1: validStatistic | 0xFB})), uint8(5))
	f.Add([]byte(listPage(1, 5)), uint8(0))
	f.Fuzz(func(t *testing.T, b []byte, page uint8) {
		l, err := ata.DecodeStatistics(b, page)
		one(t, l == nil, err)
		for _, s := range l {
			if s.Value < 0 && page != ata.StatisticsTemperature {
				t.Fatal(s)
			}
		}
		p, err := ata.DecodeStatisticsList(b)
		one(t, p == nil, err)
	})
}

func FuzzLogDirectory(f *testing.F) {
	f.Add([]byte(directoryPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ata.DecodeLogDirectory(b)
		one(t, d == nil, err)
		if d != nil && d.Pages(255) < 0 {
			t.Fatal("negative")
		}
	})
}

func FuzzVerdict(f *testing.F) {
	f.Add(uint64(0xC24F00))
	f.Fuzz(func(t *testing.T, lba uint64) {
		v, err := ata.DecodeVerdict(lba)
		one(t, v == "", err)
	})
}

func BenchmarkDecode(b *testing.B) {
	identify, smart := identifyPage(), smartPage(attribute{5, 0x33, 100, 100, "000000000000"}, attribute{194, 0x22, 62, 50, "260000001100"})
	for name, f := range map[string]func() error{
		"identify": func() error { _, err := ata.DecodeIdentify(identify); return err },
		"smart":    func() error { _, err := ata.DecodeSMARTData(smart); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
