package smbios_test

import (
	"bytes"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestDecodeEntryPoint(t *testing.T) {
	t.Parallel()
	table := st.Table(module(1), module(2))
	edit := func(b []byte, change func([]byte)) []byte {
		b = bytes.Clone(b)
		change(b)
		return b
	}
	e2, e3 := st.Entry2(2, 8, table, 3), st.Entry3(3, 4, 1, 4096)
	tests := []struct {
		name     string
		entry    []byte
		version  string
		problems []string
	}{
		{"32-bit", e2, "2.8", nil},
		{"32-bit with a 3.x version", st.Entry2(3, 0, table, 3), "3.0", nil},
		{"64-bit", e3, "3.4.1", nil},
		{"legacy", st.EntryDMI(0x20, table, 3), "2.0", nil},
		{"legacy that refers elsewhere", st.EntryDMI(0x00, table, 3), "", nil},
		{"2.31 is 2.3", st.Entry2(2, 0x1F, table, 3), "2.3", nil},
		{"2.33 is 2.3", st.Entry2(2, 0x21, table, 3), "2.3", nil},
		{"2.51 is 2.6", st.Entry2(2, 0x33, table, 3), "2.6", nil},
		{"version 3.31 stays", st.Entry3(3, 0x1F, 0, 4096), "3.31.0", nil},
		{"padded", append(bytes.Clone(e2), 0), "2.8", nil},
		{"a byte short, as version 2.1 had it", st.Checksum(edit(e2, func(b []byte) { b[5] = 0x1E; b[0x1E] = 0 })), "2.8", nil},
		{"missing", nil, "", nil},
		{"empty", []byte{}, "", []string{"no anchor in its 0 bytes"}},
		{"garbage", []byte("no entry point at all, but long enough"), "", []string{"no anchor in its 38 bytes"}},
		{"checksum of 32-bit", edit(e2, func(b []byte) { b[4]++ }), "2.8", []string{"checksum is wrong"}},
		{"intermediate checksum", edit(e2, func(b []byte) { b[0x15]++; b[4]-- }), "2.8", []string{"intermediate checksum"}},
		{"both checksums", edit(e2, func(b []byte) { b[0x15]++ }), "2.8", []string{"checksum is wrong", "intermediate checksum"}},
		{"checksum of 64-bit", edit(e3, func(b []byte) { b[5]++ }), "3.4.1", []string{"checksum is wrong"}},
		{"wrong checksum, odd version", edit(e3, func(b []byte) { b[7] = 9 }), "", []string{"checksum is wrong", "version 9.4"}},
		{"wrong checksum, version from the decimal", edit(e2, func(b []byte) { b[6] = 9 }), "2.8", []string{"checksum is wrong", "version 9.8"}},
		{"right checksum, version 1.0", st.Checksum(edit(e2, func(b []byte) { b[6], b[7], b[0x1E] = 1, 0, 0 })), "", []string{"version 1.0"}},
		{"_SM_ damaged", edit(e2, func(b []byte) { b[1] = 'X' }), "2.8", []string{"checksum is wrong", "_SM_ is damaged"}},
		{"_DMI_ damaged", edit(e2, func(b []byte) { b[0x12] = 'X' }), "2.8", []string{"checksum is wrong", "_DMI_ is damaged"}},
		{"32-bit cut off", e2[:0x12], "2.8", []string{"18 bytes, 31 needed", "cut off in its intermediate part"}},
		{"32-bit cut off at once", e2[:6], "", []string{"6 bytes, 31 needed"}},
		{"64-bit cut off", e3[:0x0A], "3.4.1", []string{"10 bytes, 24 needed"}},
		{"64-bit cut off at once", e3[:8], "", []string{"8 bytes, 24 needed"}},
		{"legacy cut off", st.EntryDMI(0x20, table, 3)[:10], "", []string{"cut off"}},
		{"announces itself too long", edit(e3, func(b []byte) { b[6] = 0xFF }), "3.4.1", []string{"announces 255 bytes for itself"}},
		{"announces itself too short", edit(e2, func(b []byte) { b[5] = 4 }), "2.8", []string{"announces 4 bytes for itself"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := smbios.Decode(tt.entry, table)
			wantProblems(t, err, tt.problems...)
			if len(got.Structures) != 2 {
				t.Errorf("%d structures", len(got.Structures))
			}
			if got.Version.String() != tt.version || got.Version.Known != (tt.version != "") {
				t.Errorf("version %q, want %q", got.Version, tt.version)
			}
		})
	}
	// A count whose checksum is wrong must not decide what is read.
	bad := edit(e2, func(b []byte) { b[0x1C] = 1 })
	got, err := smbios.Decode(bad, st.Open(module(1), module(2)))
	if err == nil || len(got.Structures) != 2 {
		t.Errorf("%d structures, %v", len(got.Structures), err)
	}
	// One that is a byte short, exactly.
	short := st.Checksum(edit(e2, func(b []byte) { b[5] = 0x1E; b[0x1E] = 0 }))[:0x1E]
	if got, err := smbios.Decode(short, table); err != nil || got.Version.String() != "2.8" {
		t.Errorf("30 bytes: %v, %v", got.Version, err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	v := smbios.Version{Major: 2, Minor: 8, Known: true}
	for _, tt := range []struct {
		major, minor uint8
		want         bool
	}{{2, 6, true}, {2, 8, true}, {2, 9, false}, {3, 0, false}, {1, 9, true}} {
		if got := v.AtLeast(tt.major, tt.minor); got != tt.want {
			t.Errorf("2.8 at least %d.%d: %v", tt.major, tt.minor, got)
		}
	}
	if !(smbios.Version{}).AtLeast(3, 9) || (smbios.Version{}).String() != "" {
		t.Error("an unknown version counts as new and has no text")
	}
}
