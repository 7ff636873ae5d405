package smbios_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

// FuzzDecode feeds any bytes as a table, and reads every field of what comes
// out.
func FuzzDecode(f *testing.F) {
	for _, list := range [][]*st.Structure{st.Server(), nil} {
		f.Add([]byte(nil), st.Table(list...))
		f.Add(st.Entry2(2, 8, st.Open(list...), len(list)), st.Open(list...))
	}
	for _, s := range st.Server() {
		f.Add([]byte(nil), s.Bytes())
	}
	f.Add([]byte(nil), []byte{17, 0, 0, 0, 0, 0})
	f.Add(st.Entry3(3, 2, 0, 4), []byte{127, 4, 0, 0, 0})
	f.Add([]byte(nil), st.Table(st.New(3, 1, 0x40).U8(0x13, 255).U8(0x14, 255), st.New(9, 2, 0x20).U8(0x12, 255), st.New(2, 3, 0x10).U8(0x0E, 255)))
	addMachines(f, func(m machine) { f.Add(m.entry, m.dmi) })
	f.Fuzz(func(t *testing.T, entry, table []byte) {
		if len(table) == 0 {
			table = nil
		}
		if len(entry) == 0 {
			entry = nil
		}
		decodeTwice(t, entry, table)
	})
}

// FuzzEntryPoint feeds any bytes as an entry point of a good table.
func FuzzEntryPoint(f *testing.F) {
	table := st.Table(st.MemoryModule(0, "A1", 65536, "S1"), st.MemoryModule(1, "A2", 65536, "S2"))
	f.Add(st.Entry2(2, 8, table, 3))
	f.Add(st.Entry2(2, 0x33, table, 1))
	f.Add(st.Entry3(3, 2, 0, len(table)))
	f.Add(st.EntryDMI(0x21, table, 3))
	f.Add([]byte{})
	addMachines(f, func(m machine) { f.Add(m.entry) })
	f.Fuzz(func(t *testing.T, entry []byte) {
		got := decodeTwice(t, entry, table)
		if got == nil || len(got.Structures) != 2 {
			t.Fatal("an entry point cost structures of a good table")
		}
	})
}

// addMachines adds captured tables to the seeds, where there are any.
func addMachines(f *testing.F, add func(machine)) {
	if os.Getenv("BEE_FIXTURES") == "" {
		return
	}
	for _, m := range machines(f) {
		add(m)
	}
}

// decodeTwice checks that the result is as promised and the same twice.
func decodeTwice(t *testing.T, entry, table []byte) *smbios.Table {
	t.Helper()
	entry2, table2 := bytes.Clone(entry), bytes.Clone(table)
	got, err := smbios.Decode(entry, table)
	if !bytes.Equal(entry, entry2) || !bytes.Equal(table, table2) {
		t.Fatal("the input was changed")
	}
	if err != nil && !errors.Is(err, inventory.ErrMalformed) {
		t.Fatalf("error %v is not malformed data", err)
	}
	if got == nil && err == nil && (entry != nil || table != nil) {
		t.Fatal("no table and no error")
	}
	if got != nil && len(got.Structures) == 0 && !got.Version.Known {
		t.Fatal("a table that says nothing")
	}
	readAll(t, got)
	again, err2 := smbios.Decode(entry, table)
	if (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
		t.Fatalf("first %v, then %v", err, err2)
	}
	if got != nil && len(got.Structures) != len(again.Structures) {
		t.Fatal("different structures the second time")
	}
	return got
}
