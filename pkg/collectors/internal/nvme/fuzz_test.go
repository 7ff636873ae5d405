package nvme_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/nvme"
)

func FuzzController(f *testing.F) {
	f.Add([]byte(controllerPage()))
	f.Add(make([]byte, 4096))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := nvme.DecodeController(b)
		if (err == nil) != (c != nil) {
			t.Fatal(c, err)
		}
	})
}

func FuzzNamespace(f *testing.F) {
	f.Add([]byte(namespacePage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := nvme.DecodeNamespace(b)
		if (err == nil) != (n != nil) {
			t.Fatal(n, err)
		}
		if n != nil {
			n.SizeBytes()
			n.UsedBytes()
			if len(n.Formats) > 64 {
				t.Fatal(len(n.Formats))
			}
		}
	})
}

func FuzzNamespaceList(f *testing.F) {
	f.Add([]byte(listPage(1, 2, 9)), uint32(0))
	f.Add([]byte(fullListPage(7)), uint32(6))
	f.Fuzz(func(t *testing.T, b []byte, after uint32) {
		ids, err := nvme.DecodeNamespaceList(b, after)
		if (err == nil) != (ids != nil) {
			t.Fatal(ids, err)
		}
		for _, id := range ids {
			if id <= after {
				t.Fatal("does not ascend")
			}
			after = id
		}
	})
}

func FuzzNamespaceIDs(f *testing.F) {
	f.Add([]byte(idsPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if ids, err := nvme.DecodeNamespaceIDs(b); (err == nil) != (ids != nil) {
			t.Fatal(ids, err)
		}
	})
}

func FuzzSMART(f *testing.F) {
	f.Add([]byte(smartPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := nvme.DecodeSMART(b)
		if (err == nil) != (s != nil) {
			t.Fatal(s, err)
		}
		if s != nil {
			_ = s.CriticalWarning.Names()
			_ = s.DataUnitsRead.String()
			if v, ok := s.DataUnitsWritten.Mul(nvme.DataUnitBytes); ok {
				_ = v.String()
			}
		}
	})
}

func FuzzFirmwareLog(f *testing.F) {
	f.Add([]byte(firmwarePage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := nvme.DecodeFirmwareLog(b); (err == nil) != (l != nil) {
			t.Fatal(l, err)
		}
	})
}

func FuzzErrorLog(f *testing.F) {
	f.Add([]byte(errorPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := nvme.DecodeErrorLog(b); (err == nil) != (l != nil) {
			t.Fatal(l, err)
		}
	})
}

func FuzzSelfTestLog(f *testing.F) {
	f.Add([]byte(selfTestPage()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := nvme.DecodeSelfTestLog(b); (err == nil) != (l != nil) {
			t.Fatal(l, err)
		}
	})
}

func FuzzStatus(f *testing.F) {
	f.Add(nvme.EncodeStatus(0x4002, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, _, err := nvme.DecodeStatus(b)
		if (err == nil) != (len(b) == nvme.StatusBytes) || nvme.StatusError(s).Error() == "" {
			t.Fatal(s, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	controller, namespace, smart := controllerPage(), namespacePage(), smartPage()
	for name, f := range map[string]func() error{
		"controller": func() error { _, err := nvme.DecodeController(controller); return err },
		"namespace":  func() error { _, err := nvme.DecodeNamespace(namespace); return err },
		"smart":      func() error { _, err := nvme.DecodeSMART(smart); return err },
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
