package megaraid_test

import (
	"bytes"
	"testing"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/scsi"
)

func one(t *testing.T, isNil bool, err error) {
	t.Helper()
	if isNil != (err != nil) {
		t.Fatalf("value missing %v, error %v", isNil, err)
	}
}

// FuzzAllowed: what is let through is a named direct command, or a CDB that
// the SCSI list lets through; and the encoding has one reading only.
func FuzzAllowed(f *testing.F) {
	f.Add(megaraid.ControllerInfoRequest(1).Command, 2048)
	f.Add(megaraid.SCSIRequest(1, 8, ata.IdentifyRequest()).Command, 512)
	f.Fuzz(func(t *testing.T, command []byte, n int) {
		if megaraid.Allowed(device.Request{Command: command, ReadLen: n}) != nil {
			return
		}
		c, err := megaraid.ParseCommand(command)
		if err != nil || !bytes.Equal(c.Encode(), command) || n < 0 || n > 65536 {
			t.Fatal(c, err, n)
		}
		if c.CDB != nil {
			if err := scsi.AllowedCDB(c.CDB, n); err != nil {
				t.Fatal(err)
			}
			return
		}
		switch c.Opcode {
		case 0x01010000, 0x02010000, 0x02010100, 0x02020000, 0x03010000, 0x03010100, 0x03020000, 0x03030000, 0x04010000, 0x05010000, 0x05020000, 0x05030000, 0x05050100:
		default:
			t.Fatalf("%08x", c.Opcode)
		}
	})
}

func FuzzController(f *testing.F) {
	f.Add([]byte(controllerPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := megaraid.DecodeController(b)
		one(t, c == nil, err)
	})
}

func FuzzBattery(f *testing.F) {
	f.Add([]byte(batteryPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := megaraid.DecodeBattery(b)
		one(t, s == nil, err)
		if s != nil && (s.State() == "" || len(s.Flags.Names()) > 32) {
			t.Fatal(s)
		}
	})
}

func FuzzPD(f *testing.F) {
	f.Add([]byte(pdPage()))
	f.Add([]byte(pdListPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := megaraid.DecodePD(b)
		one(t, p == nil, err)
		l, err := megaraid.DecodePDList(b)
		one(t, l == nil, err)
	})
}

func FuzzLD(f *testing.F) {
	f.Add([]byte(ldPage()))
	f.Add([]byte(ldListPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := megaraid.DecodeLD(b)
		one(t, d == nil, err)
		l, err := megaraid.DecodeLDList(b)
		one(t, l == nil, err)
	})
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(configPage(288, 256)))
	f.Add([]byte(configPage(576, 512)))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := megaraid.DecodeConfig(b)
		one(t, c == nil, err)
		if c == nil {
			return
		}
		if len(c.Arrays)*288+len(c.Drives)*256+len(c.Spares)*40 > len(b) {
			t.Fatal("more than there are bytes")
		}
		for _, d := range c.Drives {
			c.Members(d.Target)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	pd, cfg := pdPage(), configPage(288, 256)
	for name, f := range map[string]func() error{
		"drive":         func() error { _, err := megaraid.DecodePD(pd); return err },
		"configuration": func() error { _, err := megaraid.DecodeConfig(cfg); return err },
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
