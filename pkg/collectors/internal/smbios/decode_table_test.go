package smbios_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

// wantProblems checks that an error names exactly what is wrong, by parts of
// the text, one per problem.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	if len(want) == 0 {
		if err != nil {
			t.Errorf("error %v, want none", err)
		}
		return
	}
	var problems *smbios.Problems
	if !errors.As(err, &problems) || !errors.Is(err, inventory.ErrMalformed) {
		t.Fatalf("error %v is not malformed data", err)
	}
	if len(problems.List) != len(want) {
		t.Fatalf("problems %v, want %q", err, want)
	}
	for i, w := range want {
		if got := problems.List[i].Error(); !strings.Contains(got, w) {
			t.Errorf("problem %q, want %q", got, w)
		}
	}
}

func handles(t *smbios.Table) []uint16 {
	var list []uint16
	if t != nil {
		for _, s := range t.Structures {
			list = append(list, s.Handle())
		}
	}
	return list
}

// module is a small structure with a handle of its own.
func module(handle uint16) *st.Structure {
	return st.New(17, handle, 0x1C).U16(0x0C, 1024).Str(0x10, "A1").Str(0x18, "S1")
}

func TestDecodeTable(t *testing.T) {
	t.Parallel()
	one, two, three := module(1), module(2), module(3)
	whole := st.Table(one, two, three)
	zero := append(append(st.Open(one, two), 0x11, 0x00, 9, 0), st.Table(three)...)
	two0 := bytes.Clone(two.Bytes())
	two0[1] = 2
	tests := []struct {
		name         string
		entry, table []byte
		handles      []uint16
		problems     []string
	}{
		{"whole 2.x", st.Entry2(2, 8, whole, 4), whole, []uint16{1, 2, 3}, nil},
		{"whole 3.x", st.Entry3(3, 2, 0, len(whole)), whole, []uint16{1, 2, 3}, nil},
		{"3.x length is a maximum", st.Entry3(3, 2, 0, 4096), whole, []uint16{1, 2, 3}, nil},
		{"no entry point", nil, whole, []uint16{1, 2, 3}, nil},
		{"legacy entry point", st.EntryDMI(0x21, whole, 4), whole, []uint16{1, 2, 3}, nil},
		{
			"no entry point, garbage after the end", nil,
			append(bytes.Clone(whole), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF),
			[]uint16{1, 2, 3},
			nil,
		},
		{
			"no end of table", st.Entry3(3, 2, 0, 4096), st.Open(one, two),
			[]uint16{1, 2},
			[]string{"no end-of-table"},
		},
		{
			"no end of table before version 2.2", st.Entry2(2, 1, st.Open(one, two), 2), st.Open(one, two),
			[]uint16{1, 2},
			nil,
		},
		{
			"no entry point, no end of table", nil, st.Open(one, two),
			[]uint16{1, 2},
			[]string{"no end-of-table"},
		},
		{
			"length zero in the middle", st.Entry3(3, 2, 0, 4096), zero,
			[]uint16{1, 2},
			[]string{"type 17 handle 0x0009 has length 0"},
		},
		{
			"length below the header", st.Entry3(3, 2, 0, 4096),
			append(append(one.Bytes(), two0...), st.Table(three)...),
			[]uint16{1},
			[]string{"has length 2"},
		},
		{
			"zeros after the announced structures", st.Entry2(2, 8, append(st.Open(one, two), make([]byte, 100)...), 2),
			append(st.Open(one, two), make([]byte, 100)...),
			[]uint16{1, 2},
			[]string{"no end-of-table", "structures fill"},
		},
		{
			"formatted area cut off", st.Entry3(3, 2, 0, 4096), st.Open(one, two)[:len(one.Bytes())+0x10],
			[]uint16{1},
			[]string{"handle 0x0002 is cut off: 16 of 28"},
		},
		{
			"header cut off", st.Entry3(3, 2, 0, 4096), append(one.Bytes(), 17, 0x1C),
			[]uint16{1},
			[]string{"2 bytes left over"},
		},
		{
			"strings cut off", st.Entry3(3, 2, 0, 4096), st.Open(one, two)[:len(st.Open(one, two))-2],
			[]uint16{1, 2},
			[]string{"no end-of-table", "handle 0x0002 at offset 35: cut off in its strings"},
		},
		{
			"last zero missing", st.Entry2(2, 8, whole, 4), whole[:len(whole)-1],
			[]uint16{1, 2, 3},
			[]string{"present", "type 127"},
		},
		{
			"2.x structures after the end", st.Entry2(2, 8, append(bytes.Clone(whole), module(4).Bytes()...), 5),
			append(bytes.Clone(whole), module(4).Bytes()...),
			[]uint16{1, 2, 3, 4},
			nil,
		},
		{
			"2.x structures after the end, not announced", st.Entry2(2, 8, append(bytes.Clone(whole), module(4).Bytes()...), 4),
			append(bytes.Clone(whole), module(4).Bytes()...),
			[]uint16{1, 2, 3},
			[]string{"structures fill"},
		},
		{
			"2.x announces fewer, no end", st.Entry2(2, 8, st.Open(one, two, three), 2), st.Open(one, two, three),
			[]uint16{1, 2},
			[]string{"no end-of-table", "structures fill 70"},
		},
		{
			"3.x structures after the end", st.Entry3(3, 2, 0, 4096),
			append(bytes.Clone(whole), module(4).Bytes()...),
			[]uint16{1, 2, 3},
			nil,
		},
		{
			"2.x announces more than is there", st.Entry2(2, 8, whole, 9), whole,
			[]uint16{1, 2, 3},
			[]string{"announces 9 structures, 4 found"},
		},
		{
			"2.x announces fewer, the end comes later", st.Entry2(2, 8, whole, 2), whole,
			[]uint16{1, 2, 3},
			[]string{"announces 2 structures, 4 found"},
		},
		{
			"2.x announces fewer bytes, the end comes later", st.Entry2(2, 8, whole[:40], 4), whole,
			[]uint16{1, 2, 3},
			[]string{"announces 40 bytes of table"},
		},
		{
			"2.x announces fewer bytes, no end", st.Entry2(2, 8, st.Open(one, two), 9), st.Open(one, two, three),
			[]uint16{1, 2},
			[]string{"no end-of-table", "announces 9 structures, 2 found", "announces 70 bytes of table, 105 present"},
		},
		{
			"2.x announces more bytes", st.Entry2(2, 8, append(bytes.Clone(whole), 0, 0), 4), whole,
			[]uint16{1, 2, 3},
			[]string{"present"},
		},
		{"inactive structures", nil, st.Table(one, st.New(126, 9, 8), two), []uint16{1, 2}, nil},
		{
			"unknown types", nil, st.Table(one, st.New(200, 9, 8), st.New(201, 10, 4), two),
			[]uint16{1, 9, 10, 2},
			nil,
		},
		{"only the end", st.Entry3(3, 2, 0, 64), st.Table(), nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table, err := smbios.Decode(tt.entry, tt.table)
			wantProblems(t, err, tt.problems...)
			got := handles(table)
			if len(got) != len(tt.handles) {
				t.Fatalf("structures %v, want %v", got, tt.handles)
			}
			for i := range got {
				if got[i] != tt.handles[i] {
					t.Errorf("structures %v, want %v", got, tt.handles)
				}
			}
		})
	}
}

func TestDecodeNothing(t *testing.T) {
	t.Parallel()
	if table, err := smbios.Decode(nil, nil); table != nil || err != nil {
		t.Errorf("two missing files: %v, %v", table, err)
	}
	for name, b := range map[string][]byte{"empty": {}, "zeros": make([]byte, 64), "three bytes": {1, 27, 0}} {
		table, err := smbios.Decode(nil, b)
		if table != nil || !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%s: %v, %v", name, table, err)
		}
		table, err = smbios.Decode(st.Entry3(3, 4, 0, 64), b)
		if table == nil || table.Version.String() != "3.4.0" || err == nil {
			t.Errorf("%s with an entry point: %v, %v", name, table, err)
		}
	}
	table, err := smbios.Decode(st.Entry3(3, 4, 0, 64), nil)
	if table == nil || table.Version.String() != "3.4.0" || err != nil {
		t.Errorf("entry point alone: %v, %v", table, err)
	}
	if table, err = smbios.Decode([]byte("garbage"), nil); table != nil || err == nil {
		t.Errorf("garbage for an entry point: %v, %v", table, err)
	}
}

// The strings of a structure that was cut off are there as far as they are
// whole.
func TestDecodeCutStrings(t *testing.T) {
	t.Parallel()
	whole := st.New(17, 1, 0x1C).U16(0x0C, 1024).Str(0x10, "A1").Str(0x18, "SERIAL").Bytes()
	end := len(whole) - len("A1\x00SERIAL\x00\x00")
	for n := end; n < len(whole); n++ {
		table, err := smbios.Decode(nil, whole[:n])
		if table == nil || err == nil {
			t.Fatalf("%d bytes: %v, %v", n, table, err)
		}
		m := table.MemoryDevices()[0]
		slot, serial := "", ""
		if n >= end+3 {
			slot = "A1"
		}
		if n >= end+10 {
			serial = "SERIAL"
		}
		if m.Locator() != slot || m.SerialNumber() != serial {
			t.Errorf("%d bytes: %q, %q", n, m.Locator(), m.SerialNumber())
		}
		if size, ok := m.SizeBytes(); !ok || size != 1<<30 {
			t.Errorf("%d bytes: size %d", n, size)
		}
	}
}

func TestDecodeStringNumbers(t *testing.T) {
	t.Parallel()
	table, err := smbios.Decode(nil, st.Table(
		st.New(1, 1, 8).Str(0x04, "Acme").U8(0x05, 2).U8(0x06, 255),
		st.New(3, 2, 0x16+6).U8(0x13, 2).U8(0x14, 3).U8(0x15+6, 7),
		st.New(11, 3, 5).U8(0x04, 3).Add("only one"),
		st.New(1, 4, 8).Str(0x04, "").Str(0x05, "after an empty one"),
		st.New(200, 5, 8).U8(0x04, 9),
	))
	wantProblems(t, err,
		"type 1 handle 0x0001 at offset 0: field 05h refers to string 2 of 1",
		"field 06h refers to string 255 of 1",
		"type 3 handle 0x0002 at offset 14: field 1bh refers to string 7 of 0",
		"announces 3 strings, has 1",
		"field 04h refers to string 1 of 2",
		"field 05h refers to string 2 of 2")
	s := table.Systems()[0]
	if s.Manufacturer() != "Acme" || s.ProductName() != "" || s.ProductVersion() != "" || s.SerialNumber() != "" {
		t.Errorf("%q %q %q %q", s.Manufacturer(), s.ProductName(), s.ProductVersion(), s.SerialNumber())
	}
	if got := table.OEMStrings()[0].Strings(); len(got) != 1 || got[0] != "only one" {
		t.Errorf("OEM strings %q", got)
	}
}

// Every string number of every type is looked at: set to 200, each gives one
// problem more.
func TestDecodeEveryStringNumber(t *testing.T) {
	t.Parallel()
	for typ, offsets := range map[uint8][]int{
		0: {4, 5, 8}, 1: {4, 5, 6, 7, 0x19, 0x1A}, 2: {4, 5, 6, 7, 8, 0x0A}, 3: {4, 6, 7, 8, 0x15},
		4: {4, 7, 0x10, 0x20, 0x21, 0x22, 0x32}, 7: {4}, 8: {4, 6}, 9: {4},
		17: {0x10, 0x11, 0x17, 0x18, 0x19, 0x1A, 0x2B}, 39: {5, 6, 7, 8, 9, 0x0A, 0x0B}, 41: {4}, 43: {0x12},
	} {
		for _, offset := range offsets {
			_, err := smbios.Decode(nil, st.Table(st.New(typ, 1, 0x64).U8(offset, 200)))
			wantProblems(t, err, fmt.Sprintf("type %d handle 0x0001 at offset 0: field %02xh refers to string 200 of 0", typ, offset))
		}
	}
}

func TestDecodeTooShort(t *testing.T) {
	t.Parallel()
	table, err := smbios.Decode(nil, st.Table(st.New(17, 1, 0x0E).U16(0x0C, 2048), st.New(4, 2, 4), st.New(199, 3, 4)))
	wantProblems(t, err, "type 17 handle 0x0001 at offset 0: 14 bytes, its type has at least 21", "type 4 handle 0x0002")
	if n, ok := table.MemoryDevices()[0].SizeBytes(); !ok || n != 2<<30 {
		t.Errorf("size %d, %v", n, ok)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	var list []*st.Structure
	for i := range 1000 {
		list = append(list, st.New(1, uint16(i), 8).U8(0x04, 9))
	}
	table, err := smbios.Decode(nil, st.Table(list...))
	var problems *smbios.Problems
	if !errors.As(err, &problems) || len(problems.List) != 32 || problems.Omitted != 968 || !strings.HasSuffix(err.Error(), "and 968 more") {
		t.Errorf("%v", err)
	}
	if len(table.Structures) != 1000 {
		t.Errorf("%d structures", len(table.Structures))
	}
}

func TestDecodeKeepsNoReference(t *testing.T) {
	t.Parallel()
	b := st.Table(st.Server()...)
	table, err := smbios.Decode(nil, b)
	if err != nil {
		t.Fatal(err)
	}
	clear(b)
	if got := table.MemoryDevices()[0].SerialNumber(); got != "MSN00001" {
		t.Errorf("serial %q", got)
	}
}

func TestByHandle(t *testing.T) {
	t.Parallel()
	table, err := smbios.Decode(nil, st.Table(st.Server()...))
	if err != nil {
		t.Fatal(err)
	}
	h, ok := table.MemoryDevices()[0].ArrayHandle()
	s, found := table.ByHandle(h)
	if !ok || !found || s.Type() != 16 || s.Handle() != h || s.Length() != 0x17 {
		t.Errorf("array of the first module: %v %v %d", ok, found, s.Type())
	}
	if _, ok := table.ByHandle(0xFFFF); ok {
		t.Error("found a handle that is not there")
	}
}

// Whatever bit of a table is wrong, the structures before it are there.
func TestDecodeFlippedBits(t *testing.T) {
	t.Parallel()
	good := st.Table(st.Server()...)
	entry := st.Entry2(3, 2, good, len(st.Server())+1)
	want, err := smbios.Decode(entry, good)
	if err != nil {
		t.Fatal(err)
	}
	first := len(st.Server()[0].Bytes())
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 1 << (i % 8)
		table, err := smbios.Decode(entry, b)
		readAll(t, table)
		if i >= first && (table == nil || table.BIOSes()[0].Vendor() != want.BIOSes()[0].Vendor()) {
			t.Fatalf("byte %d: the first structure is gone: %v", i, err)
		}
	}
	for n := range good {
		table, err := smbios.Decode(entry, good[:n])
		readAll(t, table)
		if err == nil {
			t.Fatalf("cut to %d bytes: no error", n)
		}
	}
}
