package smbiosgen_test

import (
	"bytes"
	"testing"

	"example.com/bee/test/lab/smbiosgen"
)

func machine() smbiosgen.Machine {
	return smbiosgen.Machine{
		System: smbiosgen.System{Manufacturer: "Lab", SerialNumber: "S1", UUID: "00112233-4455-6677-8899-aabbccddeeff"},
		Arrays: []smbiosgen.MemoryArray{{ECC: 6, Devices: []smbiosgen.MemoryDevice{
			{Locator: "A1", SizeBytes: 32 << 30, Type: 0x1A},
			{Locator: "A2", SizeBytes: 8 << 30, Type: 0x1A},
			{Locator: "A3", Type: 2},
		}}},
		Slots: []smbiosgen.Slot{{Designation: "Slot 1", Address: "0000:41:03.2"}},
	}
}

// TestWalk steps through every variant that claims to be sound, as DSP0134
// 6.1.2 says: by length, then to the double zero.
func TestWalk(t *testing.T) {
	t.Parallel()
	for _, v := range []smbiosgen.Variant{smbiosgen.Whole, smbiosgen.SM3, smbiosgen.Huge} {
		tables, err := smbiosgen.Encode(machine(), v)
		if err != nil {
			t.Fatal(err)
		}
		count := map[byte]int{}
		b := tables.Table
		for len(b) > 0 {
			end := bytes.Index(b[b[1]:], []byte{0, 0})
			if end < 0 {
				t.Fatalf("%s: structure of type %d has no end", v, b[0])
			}
			count[b[0]]++
			b = b[int(b[1])+end+2:]
		}
		want := 3
		if v == smbiosgen.Huge {
			want += 64
		}
		if count[17] != want || count[127] != 1 || count[9] != 1 {
			t.Errorf("%s: structures %v, want %d of type 17, one of 127 and 9", v, count, want)
		}
	}
}

func TestUUIDIsMixedEndian(t *testing.T) {
	t.Parallel()
	tables, err := smbiosgen.Encode(machine(), smbiosgen.Whole)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}
	if !bytes.Contains(tables.Table, want) {
		t.Error("the uuid's first three fields are not little-endian")
	}
}

func TestAnchorChecksums(t *testing.T) {
	t.Parallel()
	for _, v := range smbiosgen.Variants() {
		tables, err := smbiosgen.Encode(machine(), v)
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		var sum byte
		for _, b := range tables.Anchor {
			sum += b
		}
		if sum != 0 {
			t.Errorf("%s: anchor sums to %#x", v, sum)
		}
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	m := machine()
	m.System.UUID = "no"
	if _, err := smbiosgen.Encode(m, smbiosgen.Whole); err == nil {
		t.Error("a bad uuid was accepted")
	}
	m = machine()
	m.Slots[0].Address = "41:03"
	if _, err := smbiosgen.Encode(m, smbiosgen.Whole); err == nil {
		t.Error("a bad address was accepted")
	}
	if _, err := smbiosgen.Encode(machine(), "?"); err == nil {
		t.Error("an unknown variant was accepted")
	}
}
