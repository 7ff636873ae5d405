package smbios_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

// fields gives one text as label, as name and as number.
func fields(t *testing.T, text string) (label, name, number string) {
	t.Helper()
	table, err := smbios.Decode(nil, st.Table(
		st.New(17, 1, 0x1C).U16(0x0C, 1).Str(0x10, text).Str(0x17, text).Str(0x18, text),
	))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	m := table.MemoryDevices()[0]
	return m.Locator(), m.Manufacturer(), m.SerialNumber()
}

func TestTextIsSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":              "plain",
		"  padded   ":        "padded",
		"in  side":           "in  side",
		"a\tb\nc\x1bd\x7fe":  "a.b.c.d.e",
		"\x01A":              ".A",
		"Intel\xae":          "Intel.",
		"Intel® Xeon®":       "Intel® Xeon®",
		"浪潮":                 "浪潮",
		"A\u202eB":           "A...B",
		"bad \xc3":           "bad .",
		"  \xff\xff\xff\xff": "",
		"   ":                "",
	} {
		if label, name, number := fields(t, in); label != want || name != want || number != want {
			t.Errorf("%q: %q %q %q, want %q", in, label, name, number, want)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		absent string // in which kind of field: l, n, s
		texts  []string
	}{
		{"lns", []string{
			"Not Specified", "To Be Filled By O.E.M.", "to be filled by oem", "To be filled by O.E.M. CPU", "Fill By OEM", "Filled by OEM",
			"To Be Defined By O.E.M", "OEM_Define0", "OEM_Define12",
			"Default string", "DEFAULT STRING", "OEM Default string000", "$(DEFAULT_STRING)", "ACME_OEM_SMBIOS_DEFAULT_STRING", "O.E.M.", "Not Available", "Not Provided", "No Asset Tag", "No Asset Information",
			"System Serial Number", "System manufacturer", "System Product Name", "SYSTEM_FAMILY", "Chassis Manufacture",
			"Chassis Serial Number", "Base Board Asset Tag", "Base Board Version", "TBD By OEM", "OEM Define 3", "NULL", "(null)",
			"--", "....", ".. @.", "Manufacturer00", "DimmA3_Manufacturer", "Dimm1_Manufacturer_Name_String", "PartNum0", "A1_PartNum",
			"ModulePartNumber02", "SerNum01", "Dimm0_SerialNum", "AssetTagNum3", "DIMM_A0_AssetTag",
		}},
		{"ns", []string{
			"None", "N/A", "NA", "Unknown", "unknown", "Empty", "[Empty]", "NO DIMM", "Not Applicable", "Not Present",
			"0000", "000", "xxxx", "XXX",
		}},
		{"s", []string{
			"0", "x", "FFFF", "FFFFFFFF", "ffffffffffff", "Asset Tag", "Asset Tag:", "Serial Number", "Part Number", "INVALID",
			"Not Supported by CPU",
		}},
		{"", []string{
			"A1", "P1-DIMMA1", "ChannelA-DIMM0", "PROC 1 DIMM 12", "CPU0_DIMM_A1", "Node0_Bank0", "DIMM 0",
			"0123456789", "01", "1.0", "A00", "X11", "FFF", "x.x", "Not Defined", "No Enclosure", "Family", "SKU Number", "OEM",
			"00CE00B300CE", "80AD", "0x750174F7", "00153130", "P1-DIMMA1_AssetTag (date:15/25)", "SKU=NotProvided;ModelName=",
			"..CN6970241G0209.", "/7KNZBH2/CN722006CF01LX/", "Super Server", "Unknown Horizons Ltd", "None Such Systems",
			"System x3650 M4", "MySerNum", "Partnumber", "Chassis 3U", "Manufacturer of Things", "S2600WFT", "M393A4K40CB2-CVF", "GSOG42F-18----------", "9876543210",
		}},
	}
	for _, tt := range tests {
		for _, text := range tt.texts {
			want := map[byte]string{'l': text, 'n': text, 's': text}
			for i := range len(tt.absent) {
				want[tt.absent[i]] = ""
			}
			label, name, number := fields(t, text)
			if label != want['l'] || name != want['n'] || number != want['s'] {
				t.Errorf("%q: label %q, name %q, number %q; absent in %q", text, label, name, number, tt.absent)
			}
		}
	}
}

func TestSerialFault(t *testing.T) {
	t.Parallel()
	for serial, want := range map[string]string{
		"": "absent", "1": "short", "AB": "short", "0123456789": "sequence", "123456789": "sequence", "1234567890": "sequence",
		"9876543210": "sequence", "01234567890123456789AB": "sequence", "11111111": "repeated", "aaa": "repeated",
		"E09626824801435": "", "12345": "", "7F5R2M2": "", "00153130": "", "VMware-56 4d e2 c3": "",
	} {
		if got := smbios.SerialFault(serial); got != want {
			t.Errorf("%q: %q, want %q", serial, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	check(t, []field{
		{"name", smbios.CleanName(" Acme\n "), "Acme."},
		{"no name", smbios.CleanName("To be filled by O.E.M."), ""},
		{"name of zero", smbios.CleanName("0"), "0"},
		{"number", smbios.CleanNumber("SN-1 "), "SN-1"},
		{"no number", smbios.CleanNumber("0"), ""},
		{"date", smbios.ISODate("11/30/2023"), "2023-11-30"},
		{"odd date", smbios.ISODate("10/002/2015"), "10/002/2015"},
		{"chassis", smbios.ChassisTypeName(0x97), "rack_mount_chassis"},
		{"no chassis", smbios.ChassisTypeName(0x7F), "unknown_0x7f"},
	})
}
