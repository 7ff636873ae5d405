package pciconf_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/inventory"
)

func FuzzDecode(f *testing.F) {
	for _, s := range []space{endpoint(), rootPort()} {
		for _, size := range []int{0, 63, 64, 128, 256, 257, 0x120, len(s)} {
			f.Add([]byte(s[:size]))
		}
	}
	addCaptures(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := pciconf.Decode(b)
		switch {
		case c == nil && err == nil:
			t.Fatal("neither a value nor an error")
		case c == nil && len(b) >= 64 && !errors.Is(err, pciconf.ErrAllOnes) && !errors.Is(err, inventory.ErrMalformed):
			t.Fatalf("nothing decoded: %v", err)
		case c == nil:
			return
		case err != nil && !errors.Is(err, inventory.ErrMalformed):
			t.Fatalf("error %v", err)
		}
		if len(c.Capabilities) > 48 || len(c.ExtendedCapabilities) > 960 {
			t.Fatalf("%d and %d capabilities", len(c.Capabilities), len(c.ExtendedCapabilities))
		}
		if e := c.Express; e != nil && e.Slot != nil && !e.SlotImplemented {
			t.Fatal("a slot that is not implemented")
		}
		if a := c.AER; a != nil {
			if n := len(a.Fatal()) + len(a.NonFatal()) + len(a.Correctable()); n > 64 {
				t.Fatalf("%d errors of 64 bits", n)
			}
		}
	})
}

// addCaptures adds captured functions to the seeds where there are any.
func addCaptures(f *testing.F) {
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		return
	}
	captures := os.DirFS(root)
	all, err := fs.Glob(captures, "pci/*/config/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range all {
		b, err := fs.ReadFile(captures, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func FuzzDecodeResource(f *testing.F) {
	f.Add([]byte(resourceText(13, map[int][3]uint64{0: {0xF0000000, 0xF0FFFFFF, 0x14220C}, 1: {0, 0xFFF, 0x40200}})))
	f.Add([]byte(resourceText(17, map[int][3]uint64{13: {0x1000, 0x1FFF, 0x101}})))
	f.Add([]byte("0x1000 what 0x200\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := pciconf.DecodeResource(b)
		if err != nil && !errors.Is(err, inventory.ErrMalformed) {
			t.Fatalf("error %v", err)
		}
		for _, r := range all {
			if !r.Exists() {
				t.Fatalf("%+v does not exist", r)
			}
		}
		if len(all) > 64 || len(pciconf.UnassignedBARs(all)) > 6 {
			t.Fatalf("%d ranges", len(all))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("8.0 GT/s PCIe\n")
	f.Add("16")
	f.Fuzz(func(t *testing.T, s string) {
		if v, ok := pciconf.ParseSpeed(s); ok != (v != 0) {
			t.Fatalf("speed %v, %v", v, ok)
		}
		if v, ok := pciconf.ParseWidth(s); ok != (v != 0) {
			t.Fatalf("width %v, %v", v, ok)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for name, s := range map[string]space{"endpoint": endpoint(), "header": endpoint()[:64], "root port": rootPort()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pciconf.Decode(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecodeResource(b *testing.B) {
	text := []byte(resourceText(13, map[int][3]uint64{0: {0xF0000000, 0xF0FFFFFF, 0x14220C}}))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pciconf.DecodeResource(text); err != nil {
			b.Fatal(err)
		}
	}
}
