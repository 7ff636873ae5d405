package smbios_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestUUID(t *testing.T) {
	t.Parallel()
	const plain = "33221100554477668899aabbccddeeff"
	tests := []struct {
		name         string
		major, minor uint8 // 0: no entry point
		bytes        string
		want         smbios.UUID
	}{
		{"2.6", 2, 6, plain, smbios.UUID{Value: "00112233-4455-6677-8899-aabbccddeeff", Usable: true}},
		{"3.2", 3, 2, plain, smbios.UUID{Value: "00112233-4455-6677-8899-aabbccddeeff", Usable: true}},
		{"unknown version", 0, 0, plain, smbios.UUID{Value: "00112233-4455-6677-8899-aabbccddeeff", Usable: true}},
		{"2.5", 2, 5, plain, smbios.UUID{Value: "33221100-5544-7766-8899-aabbccddeeff", Usable: true}},
		{"2.51 is 2.6", 2, 0x33, plain, smbios.UUID{Value: "00112233-4455-6677-8899-aabbccddeeff", Usable: true}},
		{"2.33 is 2.3", 2, 0x21, plain, smbios.UUID{Value: "33221100-5544-7766-8899-aabbccddeeff", Usable: true}},
		{"all zero", 3, 2, strings.Repeat("00", 16), smbios.UUID{Reason: "all_zero"}},
		{"all ones", 3, 2, strings.Repeat("ff", 16), smbios.UUID{Reason: "all_ff"}},
		{"repeated", 3, 2, strings.Repeat("11", 16), smbios.UUID{Value: "11111111-1111-1111-1111-111111111111", Reason: "repeated"}},
		{"sequence", 3, 2, "000102030405060708090a0b0c0d0e0f", smbios.UUID{Value: "03020100-0504-0706-0809-0a0b0c0d0e0f", Reason: "sequence"}},
		{"template", 3, 2, "00020003000400050006000700080009", smbios.UUID{Value: "03000200-0400-0500-0006-000700080009", Reason: "known_duplicate"}},
		{"template, old", 2, 4, "00020003000400050006000700080009", smbios.UUID{Value: "00020003-0004-0005-0006-000700080009", Reason: "known_duplicate"}},
		{"cut off", 3, 2, plain[:20], smbios.UUID{Reason: "absent"}},
		{"mostly zero", 3, 2, "000000000000000000000cc47a7939ba", smbios.UUID{Value: "00000000-0000-0000-0000-0cc47a7939ba", Usable: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, err := hex.DecodeString(tt.bytes)
			if err != nil {
				t.Fatal(err)
			}
			table := st.Table(st.New(1, 1, 8+len(b)).Put(8, b...))
			var entry []byte
			if tt.major != 0 {
				entry = st.Entry2(tt.major, tt.minor, table, 2)
			}
			got, err := smbios.Decode(entry, table)
			if err != nil {
				t.Fatal(err)
			}
			if got := got.Systems()[0].UUID(); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
