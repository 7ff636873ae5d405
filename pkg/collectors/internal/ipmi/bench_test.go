package ipmi_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
)

func BenchmarkDecodeFRU(b *testing.B) {
	raw := exampleFRU()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ipmi.DecodeFRU(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeRecord(b *testing.B) {
	raw := exampleSDR()[0]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ipmi.DecodeRecord(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeSELEntry(b *testing.B) {
	raw := ipmitest.Event(1, 0x65920080, 0x0C, 2, 0x6F, 0xB1, 0xFF, 5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ipmi.DecodeSELEntry(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	bmc := exampleBMC()
	b.ReportAllocs()
	for b.Loop() {
		s := ipmi.NewSession(bmc, 0)
		for r, err := range s.Records(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			if r.Sensor != nil {
				if _, err := s.Reading(b.Context(), r.Sensor); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
