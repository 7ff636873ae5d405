package vpd_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/vpd"
	"example.com/bee/pkg/inventory"
)

func field(key, value string) []byte {
	return slices.Concat([]byte(key), []byte{byte(len(value))}, []byte(value))
}

func resource(tag byte, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	return append(binary.LittleEndian.AppendUint16([]byte{tag}, uint16(len(body))), body...)
}

// card is a whole one: identifier, read-only part with a right checksum,
// writable part, end.
func card() []byte {
	readOnly := [][]byte{
		field("PN", "E001-PN"), field("EC", "A-7 "), field("MN", "\x0010EB\x00\x00"), field("SN", "  SN 0042\r\n"),
		field("V0", "first"), field("VZ", "last\x07"), field("V1", "\x01\x02\x03\x80a"), field("V2", "N/A"),
		field("CP", "\x12\x10\xAB\x00"), field("SN", "second"), field("V3", ""),
		field("RV", "\x00\x00\x00"),
	}
	head := slices.Concat(resource(0x82, []byte("Some Card\x00")), resource(0x90, readOnly...))
	sum := byte(0)
	for _, c := range head {
		sum += c
	}
	head[len(head)-3] = -sum
	return slices.Concat(head, resource(0x91, field("YA", "tag 1"), field("Y1", "site"), field("RW", "\x00\x00\x00")), []byte{0x78})
}

func wantCard() *vpd.VPD {
	return &vpd.VPD{
		Identifier: "Some Card", PartNumber: "E001-PN", SerialNumber: "SN 0042", EngineeringLevel: "A-7",
		ManufactureID: "10EB", AssetTag: "tag 1", ChecksumOK: new(true),
		Fields: []vpd.Field{
			{"PN", "E001-PN", false},
			{"EC", "A-7", false},
			{"MN", "10EB", false},
			{"SN", "SN 0042", false},
			{"V0", "first", false},
			{"VZ", "last", false},
			{"CP", "1210ab00", false},
			{"SN", "second", false},
			{"YA", "tag 1", true},
			{"Y1", "site", true},
		},
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	got, err := vpd.Decode(card())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(wantCard(), got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	// What follows the end is not ours.
	got, err = vpd.Decode(append(card(), 0x90, 0xFF, 0xFF))
	if err != nil || cmp.Diff(wantCard(), got) != "" {
		t.Errorf("bytes after the end: %+v, %v", got, err)
	}
}

func TestDecodeNone(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{nil, {}, {0}, {0xFF}, make([]byte, 32<<10), bytes.Repeat([]byte{0xFF}, 40<<10)} {
		if got, err := vpd.Decode(b); got != nil || err != nil {
			t.Errorf("%d blank bytes: %+v, %v", len(b), got, err)
		}
	}
}

func TestDecodeEmpty(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"end only":       {0x78},
		"end with bytes": {0x79, 0x00},
		"empty parts":    slices.Concat(resource(0x82), resource(0x90), resource(0x91), []byte{0x78}),
		"others only":    slices.Concat(resource(0x85, []byte("x")), []byte{0x23, 1, 2, 3, 0x78}),
		"filled up":      slices.Concat(resource(0x90, make([]byte, 20)), resource(0x91, bytes.Repeat([]byte{0xFF}, 20)), []byte{0x78}),
	} {
		got, err := vpd.Decode(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(&vpd.VPD{}, got); d != "" {
			t.Errorf("%s: -want +got:\n%s", name, d)
		}
	}
}

func TestDecodeChecksum(t *testing.T) {
	t.Parallel()
	b := card()
	b[5] ^= 1 // in the identifier
	got, err := vpd.Decode(b)
	if err != nil || got.ChecksumOK == nil || *got.ChecksumOK {
		t.Errorf("wrong checksum: %+v, %v", got, err)
	}
	got, err = vpd.Decode(slices.Concat(resource(0x90, field("SN", "1234")), []byte{0x78}))
	if err != nil || got.ChecksumOK != nil || got.SerialNumber != "1234" {
		t.Errorf("no checksum: %+v, %v", got, err)
	}
}

func TestDecodeKeepsWhatIsSound(t *testing.T) {
	t.Parallel()
	id, serial := resource(0x82, []byte("Card")), field("SN", "1234")
	for name, tc := range map[string]struct {
		bytes  []byte
		want   string // in the error
		id     string
		serial string
	}{
		"a length and nothing behind it": {[]byte{0x90, 0xFF, 0x7F, 0x53, 0x4E}, "resource 90h at 0: 32767 bytes, 2 there", "", ""},
		"a length cut":                   {append(id, 0x90, 0x05), "resource 90h at 7 cut short", "Card", ""},
		"a tag and nothing else":         {[]byte{0x90}, "resource 90h at 0 cut short", "", ""},
		"identifier cut":                 {id[:6], "resource 82h at 0: 4 bytes, 3 there", "", ""},
		"read-only part cut":             {slices.Concat(id, []byte{0x90, 0xFF, 0x00}, serial, []byte("PN\x09x")), "resource 90h at 7: 255 bytes, 11 there", "Card", "1234"},
		"field longer than its part":     {slices.Concat(id, resource(0x90, serial, []byte("PN\x20x")), []byte{0x78}), "field PN at 17: 32 bytes, 1 there", "Card", "1234"},
		"field without length":           {slices.Concat(id, resource(0x90, serial, []byte("PN")), []byte{0x78}), "field at 17 cut short", "Card", "1234"},
		"half a keyword":                 {slices.Concat(id, resource(0x90, serial, []byte("P")), []byte{0x78}), "field at 17 cut short", "Card", "1234"},
		"no keyword":                     {slices.Concat(id, resource(0x90, serial, []byte{1, 2, 3}), []byte{0x78}), "no field at 17", "Card", "1234"},
		"serial behind a bad part":       {slices.Concat(id, resource(0x90, []byte{1, 2, 3}), resource(0x91, serial), []byte{0x78}), "no field at 10", "Card", "1234"},
		"checksum field empty":           {slices.Concat(id, resource(0x90, serial, field("RV", "")), []byte{0x78}), "field RV at 17", "Card", "1234"},
		"no end":                         {slices.Concat(id, resource(0x90, serial)), "no end after 17 bytes", "Card", "1234"},
		"zeros for an end":               {slices.Concat(id, resource(0x90, serial), make([]byte, 100)), "no resource at 17", "Card", "1234"},
		"ones for an end":                {slices.Concat(id, bytes.Repeat([]byte{0xFF}, 100)), "no resource at 7", "Card", ""},
		"garbage":                        {[]byte{0x00, 0x01, 0x02}, "no resource at 0", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := vpd.Decode(tc.bytes)
			if !errors.Is(err, inventory.ErrMalformed) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			if tc.id == "" && tc.serial == "" {
				if got != nil {
					t.Errorf("%+v out of nothing", got)
				}
				return
			}
			if got == nil || got.Identifier != tc.id || got.SerialNumber != tc.serial {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestDecodeIsBounded(t *testing.T) {
	t.Parallel()
	var fields [][]byte
	for i := range 5000 {
		fields = append(fields, field(fmt.Sprintf("%02d", i%100), "x"))
	}
	b := slices.Concat(resource(0x90, fields...), bytes.Repeat(resource(0x91, []byte{1}), 2000))
	got, err := vpd.Decode(b)
	if got == nil || len(got.Fields) != 256 || !strings.Contains(err.Error(), "more than 256 fields") {
		t.Errorf("%d fields, %v", len(got.Fields), err)
	}
	if n := strings.Count(err.Error(), "\n"); n > 8 {
		t.Errorf("%d lines of error", n)
	}
	// Nothing beyond 32 KiB is looked at.
	b = slices.Concat(resource(0x85, make([]byte, 32<<10-3)), resource(0x90, field("SN", "1234")), []byte{0x78})
	if got, err := vpd.Decode(b); got != nil || err == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDecodeText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain": "plain", " \tblanks \x00\x00": "blanks", "\xFF\xFF": "", "a\x00b": "ab", "a b": "a b",
		"\x1b[31mred": "[31mred", "caf\xe9": "caf", "\x01\x02\x03\x04x": "",
		"N/A": "", "n/a": "", "None": "", "To Be Filled By O.E.M.": "", "0000000000": "", "XXXXXXX": "", "----": "",
		"0": "0", "A": "A", "00": "00", "AAAA": "AAAA", "0001": "0001",
	} {
		got, err := vpd.Decode(slices.Concat(resource(0x90, field("SN", text)), []byte{0x78}))
		if err != nil || got.SerialNumber != want {
			t.Errorf("%q: %q, %v, want %q", text, got.SerialNumber, err, want)
		}
	}
}

func TestEveryTruncation(t *testing.T) {
	t.Parallel()
	whole := card()
	for n := 1; n < len(whole); n++ {
		got, err := vpd.Decode(whole[:n])
		if !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%d bytes: no error", n)
		}
		if got == nil {
			continue
		}
		// Whatever is there is what the whole has.
		for i, f := range got.Fields {
			if f != wantCard().Fields[i] {
				t.Errorf("%d bytes: field %+v", n, f)
			}
		}
		if got.Identifier != "" && got.Identifier != "Some Card" {
			t.Errorf("%d bytes: identifier %q", n, got.Identifier)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(card())
	f.Add([]byte{0x90, 0xFF, 0x7F, 0x53, 0x4E})
	f.Add(slices.Concat(resource(0x90, field("SN", "1234")), []byte{0x78}))
	f.Add(bytes.Repeat([]byte{0xFF}, 16))
	f.Add([]byte{0x78})
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := vpd.Decode(b)
		if err != nil && !errors.Is(err, inventory.ErrMalformed) {
			t.Fatalf("error %v", err)
		}
		if v == nil {
			if err == nil && bytes.ContainsFunc(b, func(r rune) bool { return r != 0 && r != 0xFFFD }) {
				t.Fatal("neither a value nor an error")
			}
			return
		}
		texts := []string{v.Identifier}
		for _, f := range v.Fields {
			if len(f.Keyword) != 2 || f.Value == "" {
				t.Fatalf("field %+v", f)
			}
			texts = append(texts, f.Value)
		}
		for _, s := range texts {
			if strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7E }) {
				t.Fatalf("text %q is not clean", s)
			}
		}
		if len(v.Fields) > 256 || len(v.Identifier) > vpd.MaxBytes {
			t.Fatalf("%d fields", len(v.Fields))
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	whole := card()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := vpd.Decode(whole); err != nil {
			b.Fatal(err)
		}
	}
}
