package scsi_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
)

// eachPage seeds a fuzz target and demands of every decoder that an error and
// a value exclude each other.
func eachPage(f *testing.F, decode func(b []byte) (isNil bool, err error), seeds ...[]byte) {
	f.Helper()
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if isNil, err := decode(b); isNil != (err != nil) {
			t.Fatalf("value missing %v, error %v", isNil, err)
		}
	})
}

func FuzzInquiry(f *testing.F) {
	eachPage(f, func(b []byte) (bool, error) { v, err := scsi.DecodeInquiry(b); return v == nil, err }, inquiryData())
}

func FuzzSense(f *testing.F) {
	eachPage(f, func(b []byte) (bool, error) {
		v, err := scsi.DecodeSense(b)
		if v != nil {
			_ = v.String()
		}
		return v == nil, err
	}, fixedSense(5, 0x24, 0), descriptorSense(1, 0, 0x1D, ataReturn()), fixedSense(1, 0, 0x1D))
}

func FuzzVPD(f *testing.F) {
	for _, s := range [][]byte{
		vpd(0, []byte{0, 0x80}), vpd(0x80, []byte("S422")), deviceIDPage(), vpd(0x86, make([]byte, 60)), ataInformationPage(),
		vpd(0xB0, make([]byte, 60)), vpd(0xB1, []byte{0x27, 0x10, 0, 3, 0}), vpd(0xB2, make([]byte, 4)),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		pages, err := scsi.DecodeSupportedVPD(b)
		one(t, pages == nil, err)
		if s, err := scsi.DecodeSerialNumber(b); err != nil && s != "" {
			t.Fatal(s)
		}
		id, err := scsi.DecodeDeviceID(b)
		one(t, id == nil, err)
		if id != nil {
			_, _, _ = id.WWN(), id.PortAddress(), len(id.Designators)
			_, _ = id.RelativePort()
			_, _ = id.Transport()
		}
		e, err := scsi.DecodeExtendedInquiry(b)
		one(t, e == nil, err)
		a, err := scsi.DecodeATAInformation(b)
		one(t, a == nil, err)
		l, err := scsi.DecodeBlockLimits(b)
		one(t, l == nil, err)
		c, err := scsi.DecodeBlockCharacteristics(b)
		one(t, c == nil, err)
		p, err := scsi.DecodeProvisioning(b)
		one(t, p == nil, err)
	})
}

func one(t *testing.T, isNil bool, err error) {
	t.Helper()
	if isNil != (err != nil) {
		t.Fatalf("value missing %v, error %v", isNil, err)
	}
}

func FuzzCapacity(f *testing.F) {
	f.Add(cat(be64(99), be32(512), make([]byte, 20)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, decode := range []func([]byte) (*scsi.Capacity, error){scsi.DecodeReadCapacity10, scsi.DecodeReadCapacity16} {
			c, err := decode(b)
			one(t, c == nil, err)
			if c != nil {
				c.Blocks++
				if _, ok := c.SizeBytes(); ok && c.BlockBytes == 0 {
					t.Fatal("blocks of no bytes")
				}
			}
		}
		for _, decode := range []func([]byte) (*scsi.DefectCount, error){scsi.DecodeDefects10, scsi.DecodeDefects12} {
			d, err := decode(b)
			one(t, d == nil, err)
		}
		if s, err := scsi.DecodeSense(b); err == nil {
			if e := s.Exceptions(); e != nil && (!e.Warns() || s.Power() != scsi.PowerUnknown) {
				t.Fatal(e, s.Power())
			}
		}
	})
}

func FuzzLogPage(f *testing.F) {
	for _, d := range logDecoders() {
		f.Add(d.page)
	}
	f.Add(logPage(6, 0, param(0, 1)))
	f.Add(logPage(0x11, 0, param(1, 0, 0, 0, 9)))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := scsi.DecodeLogPage(b)
		one(t, l == nil, err)
		if l == nil {
			return
		}
		for _, d := range logDecoders() {
			v, err := d.decode(l)
			one(t, v == nil, err)
		}
		if v, err := scsi.DecodeNonMediumErrors(l); v != nil && err != nil {
			t.Fatal(*v)
		}
		if v, err := scsi.DecodeSolidState(l); v != nil && err != nil {
			t.Fatal(*v)
		}
	})
}

func FuzzModeSense(f *testing.F) {
	f.Add(modeSense10())
	f.Add(modeSense6())
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, decode := range []func([]byte) (*scsi.ModeData, error){scsi.DecodeModeSense6, scsi.DecodeModeSense10} {
			m, err := decode(b)
			one(t, m == nil, err)
			if m == nil {
				continue
			}
			for _, p := range m.Pages {
				c, err := scsi.DecodeCaching(p)
				one(t, c == nil, err)
				e, err := scsi.DecodeExceptionControl(p)
				one(t, e == nil, err)
				phys, err := scsi.DecodeModePhys(p)
				one(t, phys == nil, err)
			}
		}
	})
}

func FuzzEnclosure(f *testing.F) {
	f.Add(sesConfig(), sesStatus(), sesDescriptors(), sesAdditional())
	f.Fuzz(func(t *testing.T, config, status, descriptors, additional []byte) {
		c, err := scsi.DecodeEnclosureConfig(config)
		one(t, c == nil, err)
		bays, err := scsi.DecodeBays(additional)
		one(t, bays == nil, err)
		if c == nil {
			return
		}
		s, err := scsi.DecodeEnclosureStatus(status, c)
		one(t, s == nil, err)
		d, err := scsi.DecodeElementDescriptors(descriptors, c)
		one(t, d == nil, err)
	})
}

func BenchmarkDecode(b *testing.B) {
	inquiry, id, errors := inquiryData(), deviceIDPage(), errorCountersPage(2)
	for name, f := range map[string]func() error{
		"inquiry":   func() error { _, err := scsi.DecodeInquiry(inquiry); return err },
		"device-id": func() error { _, err := scsi.DecodeDeviceID(id); return err },
		"errors": func() error {
			l, err := scsi.DecodeLogPage(errors)
			if err == nil {
				_, err = scsi.DecodeErrorCounters(l)
			}
			return err
		},
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
