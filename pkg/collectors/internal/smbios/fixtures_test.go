package smbios_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
)

// machine is a captured table with what an independent tool read from it.
type machine struct {
	name   string
	dir    string
	table  *smbios.Table
	err    error
	entry  []byte
	dmi    []byte
	record map[int][]record // by type, in table order
}

// machines reads the captured tables below BEE_FIXTURES, or skips.
func machines(t testing.TB) []machine {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	dirs, err := filepath.Glob(filepath.Join(root, "smbios", "*", "DMI"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no machines below %s: %v", root, err)
	}
	list := make([]machine, 0, len(dirs))
	rules := newRules()
	for _, path := range dirs {
		m := machine{dir: filepath.Dir(path)}
		m.name = filepath.Base(m.dir)
		m.dmi = readFile(t, path)
		m.entry = readFile(t, filepath.Join(m.dir, "smbios_entry_point"))
		m.table, m.err = smbios.Decode(m.entry, m.dmi)
		if m.table == nil {
			t.Fatalf("%s: %v", m.name, m.err)
		}
		m.record = records(string(readFile(t, filepath.Join(m.dir, "expected", "dmidecode.txt"))), rules)
		list = append(list, m)
	}
	return list
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// record is one structure as text: keys, and list items under the key before.
type record struct {
	*rules
	handle uint16
	keys   map[string]string
	lists  map[string][]string
}

// records reads the text form of a table.
func records(text string, rules *rules) map[int][]record {
	header := regexp.MustCompile(`^Handle (0x[0-9A-F]+), DMI type (\d+), \d+ bytes$`)
	all := map[int][]record{}
	typ, key := -1, ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := header.FindStringSubmatch(line); m != nil {
			typ, _ = strconv.Atoi(m[2])
			h, _ := strconv.ParseUint(m[1], 0, 16)
			all[typ] = append(all[typ], record{rules, uint16(h), map[string]string{}, map[string][]string{}})
			continue
		}
		if typ < 0 {
			continue
		}
		r := all[typ][len(all[typ])-1]
		if item, ok := strings.CutPrefix(line, "\t\t"); ok {
			r.lists[key] = append(r.lists[key], item)
		} else if kv, ok := strings.CutPrefix(line, "\t"); ok {
			var v string
			key, v, _ = strings.Cut(kv, ":")
			r.keys[key] = strings.TrimPrefix(v, " ")
		}
	}
	return all
}

// rules tell placeholders in the other tool's text, and turn its words into
// names.
type rules struct {
	must, may, notWord *regexp.Regexp
}

func newRules() *rules {
	return &rules{
		must:    regexp.MustCompile(`(?i)^(not specified|not provided|no asset tag|no asset information|to be filled by o\.?e\.?m\.?.*|default string|system (serial number|version|product name|manufacturer)|chassis (serial number|version|manufacturer)|base board (serial number|version|product name|manufacturer|asset tag)|o\.e\.m\.|not available|\s*|<bad index>)$`),
		may:     regexp.MustCompile(`(?i)^(none|n/?a|unknown|x+|0+|\.+|.*(part|serial)num\d*|asset tag.*|.*_?(serialnum|partnum|assettagnum|manufacturer)\d+|.*assettag|null|fill by oem)$`),
		notWord: regexp.MustCompile(`[^a-z0-9]+`),
	}
}

// mustGo says whether a text must be absent.
func (r *rules) mustGo(s string) bool { return r.must.MatchString(strings.TrimSpace(s)) }

// mayGo says whether a text may be absent, or there as it is.
func (r *rules) mayGo(s string) bool { return r.may.MatchString(strings.TrimSpace(s)) }

func norm(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// sameText compares text of the firmware.
func sameText(t *testing.T, where string, r record, key, got string) {
	t.Helper()
	want, ok := r.keys[key]
	switch {
	case !ok && got != "":
		t.Errorf("%s %#04x %s: got %q where there is no field", where, r.handle, key, got)
	case !ok:
	case r.mustGo(want) && got != "":
		t.Errorf("%s %#04x %s: placeholder %q became %q", where, r.handle, key, want, got)
	case r.mustGo(want), r.mayGo(want) && got == "":
	case norm(got) != norm(want):
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

// sameValue compares a field written out the way the text has it.
func sameValue(t *testing.T, where string, r record, key, got string) {
	t.Helper()
	if want := r.keys[key]; got != want {
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

// sameEnum compares the name of an enumeration's value.
func sameEnum(t *testing.T, where string, r record, key, got string) {
	t.Helper()
	want, ok := r.keys[key]
	switch {
	case !ok && got != "":
		t.Errorf("%s %#04x %s: got %q where there is no field", where, r.handle, key, got)
	case !ok:
	case want == "<OUT OF SPEC>" && strings.HasPrefix(got, "unknown_0x"):
	case got != r.snake(want):
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

func (r *rules) snake(s string) string {
	s = strings.ReplaceAll(s, "+", " plus")
	s = r.notWord.ReplaceAllString(strings.ToLower(s), "_")
	s = strings.Trim(s, "_")
	for _, alias := range [][2]string{
		{"i_o_", "io_"},
		{"system_board_or_motherboard", "system_board"},
		{"compactpci", "compact_pci"},
		{"advancedtca", "advanced_tca"},
		{"kcs_keyboard_control_style", "kcs"},
		{"smic_server_management_interface_chip", "smic"},
		{"bt_block_transfer", "bt"},
		{"ssif_smbus_system_interface", "ssif"},
		{"firewire_ieee_p1394", "firewire"},
		{"access_bus_usb", "access_bus"},
		{"50_pin_miniscsi", "50_pin_mini_scsi"},
		{"socket_bga1155", "socket_lga1155"},
		{"2_5_drive_form_factor", "2_5_inch_drive"},
		{"3_5_drive_form_factor", "3_5_inch_drive"},
		{"registered_buffered", "registered"},
		{"unbuffered_unregistered", "unbuffered"},
		{"successive_byte_boundaries", "successive_bytes"},
		{"pc_card_pcmcia", "pc_card"},
		{"n_a", "not_applicable"},
		{"mfdp_multi_function_display_port", "multi_function_display_port"},
		{"pci_express_6_plus", "pci_express_6_or_later"},
	} {
		if s == alias[0] || strings.HasSuffix(alias[0], "_") && strings.HasPrefix(s, alias[0]) {
			s = alias[1] + strings.TrimPrefix(s, alias[0])
		}
	}
	return s
}

// sameSize compares a size; one not given equals one the text has no number for.
func sameSize(t *testing.T, where string, r record, key string, got uint64, ok bool) {
	t.Helper()
	want := sizeOf(r.keys[key])
	if !ok {
		got = 0
	}
	if got != want {
		t.Errorf("%s %#04x %s: got %d, want %d (%s)", where, r.handle, key, got, want, r.keys[key])
	}
}

func sizeOf(s string) uint64 {
	v, unit, _ := strings.Cut(s, " ")
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		return 0
	}
	for _, u := range []string{"bytes", "kB", "MB", "GB", "TB", "PB"} {
		if u == unit {
			return n
		}
		n *= 1024
	}
	return 0
}

// number writes an optional number with its unit the way the text has it.
func number[N uint8 | uint16 | uint32 | uint64](n N, ok bool, unit, missing string) string {
	if !ok {
		return missing
	}
	return strings.TrimSpace(strconv.FormatUint(uint64(n), 10) + " " + unit)
}
