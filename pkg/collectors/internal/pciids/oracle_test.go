package pciids_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jaypipes/pcidb"

	"example.com/bee/pkg/collectors/internal/pciids"
)

const keptList = "gen/pci.ids.gz"

// oracle is the kept list as a parser that is not ours understands it.
func oracle(t *testing.T) *pcidb.DB {
	t.Helper()
	// Without the file pcidb would go and look for another one.
	if _, err := os.Stat(keptList); err != nil {
		t.Fatal(err)
	}
	db, err := pcidb.New(pcidb.WithPath(keptList))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func hex(t *testing.T, s string, bits int) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 16, bits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func hex16(t *testing.T, s string) uint16 { t.Helper(); return uint16(hex(t, s, 16)) }

func hex8(t *testing.T, s string) uint8 { t.Helper(); return uint8(hex(t, s, 8)) }

func TestEveryVendorLikePcidb(t *testing.T) {
	t.Parallel()
	db := oracle(t)
	known := 0
	for id := range 0x10000 {
		want, listed := db.Vendors[strconv.FormatUint(0x10000|uint64(id), 16)[1:]]
		got, ok := pciids.Vendor(uint16(id))
		switch {
		case ok != listed:
			t.Errorf("Vendor(%04x) known: %v, want %v", id, ok, listed)
		case ok && got != strings.TrimSpace(want.Name):
			t.Errorf("Vendor(%04x) = %q, want %q", id, got, want.Name)
		case ok:
			known++
		}
	}
	if known < 2000 {
		t.Errorf("%d vendors only", known)
	}
}

func TestEveryDeviceAndSubsystemLikePcidb(t *testing.T) {
	t.Parallel()
	db := oracle(t)
	boards := 0
	for _, p := range db.Products {
		v, d := hex16(t, p.VendorID), hex16(t, p.ID)
		if got, ok := pciids.Device(v, d); !ok || got != strings.TrimSpace(p.Name) {
			t.Errorf("Device(%04x, %04x) = %q, %v, want %q", v, d, got, ok, p.Name)
		}
		for _, near := range []uint16{d - 1, d + 1} {
			_, listed := db.Products[p.VendorID+strconv.FormatUint(0x10000|uint64(near), 16)[1:]]
			if _, ok := pciids.Device(v, near); ok != listed {
				t.Errorf("Device(%04x, %04x) known: %v, want %v", v, near, ok, listed)
			}
		}
		listed := map[[2]uint16]bool{}
		for _, s := range p.Subsystems {
			listed[[2]uint16{hex16(t, s.VendorID), hex16(t, s.ID)}] = true
		}
		for _, s := range p.Subsystems {
			sv, sd := hex16(t, s.VendorID), hex16(t, s.ID)
			if got, ok := pciids.Subsystem(v, d, sv, sd); !ok || got != strings.TrimSpace(s.Name) {
				t.Errorf("Subsystem(%04x, %04x, %04x, %04x) = %q, %v, want %q", v, d, sv, sd, got, ok, s.Name)
			}
			for _, near := range [][2]uint16{{sv, sd - 1}, {sv, sd + 1}, {sv + 1, sd}} {
				if _, ok := pciids.Subsystem(v, d, near[0], near[1]); ok != listed[near] {
					t.Errorf("Subsystem(%04x, %04x, %04x, %04x) known: %v", v, d, near[0], near[1], ok)
				}
			}
			boards++
		}
	}
	if len(db.Products) < 20000 || boards < 15000 {
		t.Errorf("%d devices, %d subsystems only", len(db.Products), boards)
	}
}

func TestEveryClassLikePcidb(t *testing.T) {
	t.Parallel()
	names := map[uint32]string{}
	for _, c := range oracle(t).Classes {
		base := hex8(t, c.ID)
		names[pciids.ClassKey(1, base, 0, 0)] = c.Name
		for _, s := range c.Subclasses {
			sub := hex8(t, s.ID)
			names[pciids.ClassKey(2, base, sub, 0)] = s.Name
			for _, p := range s.ProgrammingInterfaces {
				names[pciids.ClassKey(3, base, sub, hex8(t, p.ID))] = p.Name
			}
		}
	}
	check := func(code uint32) {
		b, s, p := pciids.Class(uint8(code>>16), uint8(code>>8), uint8(code))
		if b != names[1<<24|code&0xFF0000] || s != names[2<<24|code&0xFFFF00] || p != names[3<<24|code] {
			t.Errorf("Class(%06x) = %q, %q, %q", code, b, s, p)
		}
	}
	for pair := range uint32(1 << 16) {
		check(pair << 8)
		if _, listed := names[2<<24|pair<<8]; listed {
			for progIf := range uint32(1 << 8) {
				check(pair<<8 | progIf)
			}
		}
	}
}
