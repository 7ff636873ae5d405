package ata_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/inventory"
)

func check[T any](t *testing.T, name string, got T, err error, want T) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

func TestDecodeIdentify(t *testing.T) {
	t.Parallel()
	got, err := ata.DecodeIdentify(identifyPage())
	check(t, "identify", got, err, &ata.Identify{
		SerialNumber: "S45PNA0M520238", Firmware: "HXT7904Q", Model: "SAMSUNG MZ7LH960HAJR-00005", WWN: "5002538e12345678",
		Sectors: new(uint64(1875385008)), LogicalBlockBytes: 512, PhysicalBlockBytes: 4096, RotationRPM: new(uint32(0)), FormFactor: "2.5_inch",
		MajorVersion: 0x0FFC, MinorVersion: 0x5E, TransportMajor: 0x10FF, MaxLinkGbps: new(6.0), LinkGbps: new(6.0),
		SMARTSupported: true, SMARTEnabled: true, SelfTest: true, ErrorLog: true, GPL: true, Trim: true, TrimDeterministic: true,
		Security: ata.Security{Supported: true, Frozen: true}, ChecksumOK: new(true),
	})
	if n, ok := got.SizeBytes(); !ok || n != 960197124096 {
		t.Error(n, ok)
	}
	check(t, "names", []string{got.Version(), got.SATAVersion()}, nil, []string{"ACS-4", "SATA 3.2"})
	if !got.SATA() {
		t.Error("not SATA")
	}
}

func TestIdentifyEdges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(p page)
		ok   func(d *ata.Identify) bool
	}{
		"28-bit only":         {func(p page) { p.word(83, 0x4000) }, func(d *ata.Identify) bool { return *d.Sectors == 0x0FFFFFFF }},
		"48-bit of zero":      {func(p page) { copy(p[200:208], make([]byte, 8)) }, func(d *ata.Identify) bool { return *d.Sectors == 0x0FFFFFFF }},
		"word 83 not filled":  {func(p page) { p.word(83, 1<<10) }, func(d *ata.Identify) bool { return *d.Sectors == 0x0FFFFFFF }},
		"no LBA at all":       {func(p page) { p.word(83, 0); p.word(49, 0) }, func(d *ata.Identify) bool { _, ok := d.SizeBytes(); return d.Sectors == nil && !ok }},
		"extended sectors":    {func(p page) { p.word(69, 1<<3); p.word(230, 7) }, func(d *ata.Identify) bool { return *d.Sectors == 7 }},
		"4Kn":                 {func(p page) { p.word(106, 0x5000); p.word(117, 2048) }, func(d *ata.Identify) bool { return d.LogicalBlockBytes == 4096 && d.PhysicalBlockBytes == 4096 }},
		"absurd sector size":  {func(p page) { p.word(106, 0x5000); p.word(118, 0x8000) }, func(d *ata.Identify) bool { return d.LogicalBlockBytes == 512 }},
		"word 106 not filled": {func(p page) { p.word(106, 0xFFFF) }, func(d *ata.Identify) bool { return d.LogicalBlockBytes == 512 && d.PhysicalBlockBytes == 512 }},
		"no name":             {func(p page) { p.word(87, 0x4000) }, func(d *ata.Identify) bool { return d.WWN == "" }},
		"name of zeros":       {func(p page) { copy(p[216:224], make([]byte, 8)) }, func(d *ata.Identify) bool { return d.WWN == "" }},
		"parallel": {func(p page) { p.word(76, 0); p.word(222, 0) }, func(d *ata.Identify) bool {
			return d.MaxLinkGbps == nil && d.LinkGbps == nil && !d.SATA() && d.SATAVersion() == ""
		}},
		"word 76 not told": {func(p page) { p.word(76, 0xFFFF) }, func(d *ata.Identify) bool { return d.MaxLinkGbps == nil }},
		"speed not told":   {func(p page) { p.word(77, 0) }, func(d *ata.Identify) bool { return d.LinkGbps == nil && *d.MaxLinkGbps == 6 }},
		"1.5 of 3":         {func(p page) { p.word(76, 0x6); p.word(77, 2) }, func(d *ata.Identify) bool { return *d.LinkGbps == 1.5 && *d.MaxLinkGbps == 3 }},
		"SMART off":        {func(p page) { p.word(85, 0) }, func(d *ata.Identify) bool { return d.SMARTSupported && !d.SMARTEnabled }},
		"SMART not told":   {func(p page) { p.word(82, 0xFFFF) }, func(d *ata.Identify) bool { return !d.SMARTSupported && !d.SMARTEnabled }},
		"locked": {func(p page) { p.word(128, 0x17) }, func(d *ata.Identify) bool {
			return d.Security == ata.Security{Supported: true, Enabled: true, Locked: true, Expired: true}
		}},
		"trim not told": {func(p page) { p.word(169, 0xFFFF) }, func(d *ata.Identify) bool { return !d.Trim && !d.TrimDeterministic }},
		"bad checksum":  {func(p page) { p[100] ^= 1 }, func(d *ata.Identify) bool { return !*d.ChecksumOK }},
		"no checksum":   {func(p page) { p.word(255, 0) }, func(d *ata.Identify) bool { return d.ChecksumOK == nil }},
		"packet":        {func(p page) { p.word(0, 0x8580) }, func(d *ata.Identify) bool { return d.Packet && d.Sectors == nil }},
		"rotating":      {func(p page) { p.word(217, 7200) }, func(d *ata.Identify) bool { return *d.RotationRPM == 7200 }},
		"ATA-3":         {func(p page) { p.word(80, 0x000E) }, func(d *ata.Identify) bool { return d.Version() == "ATA-3" }},
		"ATA/ATAPI-7":   {func(p page) { p.word(80, 0x00FE) }, func(d *ata.Identify) bool { return d.Version() == "ATA/ATAPI-7" }},
		"ATA8-ACS":      {func(p page) { p.word(80, 0x01FE) }, func(d *ata.Identify) bool { return d.Version() == "ATA8-ACS" }},
		"no version":    {func(p page) { p.word(80, 0xFFFF); p.word(81, 0xFFFF) }, func(d *ata.Identify) bool { return d.Version() == "" && d.MinorVersion == 0 }},
		"blank model":   {func(p page) { p.text(27, 46, "") }, func(d *ata.Identify) bool { return d.Model == "" }},
		"future SATA":   {func(p page) { p.word(222, 0x1800) }, func(d *ata.Identify) bool { return d.SATAVersion() == "" && d.SATA() }},
	} {
		p := identifyPage()
		tt.edit(p)
		if d, err := ata.DecodeIdentify(p); err != nil || !tt.ok(d) {
			t.Errorf("%s: %+v %v", name, d, err)
		}
	}
	for _, b := range [][]byte{nil, make([]byte, 511), make([]byte, 512), bytes.Repeat([]byte{0xFF}, 512)} {
		if d, err := ata.DecodeIdentify(b); !errors.Is(err, inventory.ErrMalformed) || d != nil {
			t.Errorf("%v %v", d, err)
		}
	}
}

func TestDecodeSMART(t *testing.T) {
	t.Parallel()
	got, err := ata.DecodeSMARTData(smartPage(
		attribute{5, 0x33, 100, 100, "000000000000"}, attribute{9, 0x32, 99, 98, "2c02000096d6"}, attribute{5, 0, 1, 1, "010000000000"}))
	check(t, "data", got, err, &ata.SMARTData{
		Revision: 16, ChecksumOK: true,
		Attributes: []ata.Attribute{{ID: 5, Flags: 0x33, Value: 100, Worst: 100}, {ID: 9, Flags: 0x32, Value: 99, Worst: 98, Raw: 0xD6960000022C}},
		SelfTest:   ata.SelfTestState{Running: true, RemainingPercent: 70, Last: ata.SelfTestRunning},
	})
	if !got.Attributes[0].PreFail() || got.Attributes[1].PreFail() {
		t.Error("PreFail")
	}
	th, err := ata.DecodeThresholds(thresholdsPage(5, 36, 9, 0, 1, 0xFE, 7, 30))
	if err != nil || !th.ChecksumOK || *th.Of(5) != 36 || th.Of(200) != nil {
		t.Fatal(th, err)
	}
	for _, tt := range []struct {
		a    ata.Attribute
		want string
	}{
		{ata.Attribute{ID: 5, Value: 36, Worst: 36}, "now"},
		{ata.Attribute{ID: 5, Value: 37, Worst: 36}, "past"},
		{ata.Attribute{ID: 5, Value: 37, Worst: 37}, ""},
		{ata.Attribute{ID: 9, Value: 0, Worst: 0}, ""},
		{ata.Attribute{ID: 1, Value: 1, Worst: 1}, ""},
		{ata.Attribute{ID: 200, Value: 1, Worst: 1}, ""},
	} {
		if got := th.Failed(tt.a); got != tt.want {
			t.Errorf("%+v failed %q, want %q", tt.a, got, tt.want)
		}
	}
	var none *ata.Thresholds
	if none.Failed(ata.Attribute{ID: 5}) != "" {
		t.Error("failed without thresholds")
	}
	b := smartPage()
	b[20]++
	if d, err := ata.DecodeSMARTData(b); err != nil || d.ChecksumOK {
		t.Error("checksum")
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	v, err := ata.DecodeVerdict(0xC24F00)
	check(t, "passed", v, err, ata.VerdictPassed)
	v, err = ata.DecodeVerdict(0x2CF4AB)
	check(t, "failed", v, err, ata.VerdictFailed)
	if v, err := ata.DecodeVerdict(0); !errors.Is(err, inventory.ErrMalformed) || v != "" {
		t.Error(v, err)
	}
}

// Raw values as real drives pack them.
func TestInterpretation(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a    attribute
		want *int
	}{
		"plain":             {attribute{id: 194, raw: "260000000000"}, new(38)},
		"min and max":       {attribute{id: 194, raw: "1c000f003600"}, new(28)},
		"Seagate minimum":   {attribute{id: 194, raw: "260000001100"}, new(38)},
		"second word":       {attribute{id: 190, raw: "220022220000"}, new(34)},
		"Seagate airflow":   {attribute{id: 190, raw: "26002526284e"}, new(38)},
		"below zero":        {attribute{id: 194, raw: "fbff00000000"}, new(-5)},
		"tenths of degrees": {attribute{id: 194, raw: "7b0100000000"}, nil},
		"nothing":           {attribute{id: 194, raw: "000000000000"}, nil},
		"all ones":          {attribute{id: 194, raw: "ffffffffffff"}, nil},
		"too hot":           {attribute{id: 194, raw: "c80000000000"}, nil},
		"another id":        {attribute{id: 231, raw: "260000000000"}, nil},
	} {
		d, err := ata.DecodeSMARTData(smartPage(tt.a))
		check(t, name, d.TempCelsius(), err, tt.want)
	}
	both, err := ata.DecodeSMARTData(smartPage(attribute{id: 190, raw: "170000000000"}, attribute{id: 194, raw: "220000000000"}))
	check(t, "194 before 190", both.TempCelsius(), err, new(34))

	for name, tt := range map[string]struct {
		raw, model, firmware string
		want                 *uint64
	}{
		"hours":              {"b37600000000", "ST320410A", "3.39", new(uint64(30387))},
		"with milliseconds":  {"2c02000096d6", "ST9160821AS", "3.CLH", new(uint64(556))},
		"minutes":            {"541202000000", "Maxtor 96147H8", "BAC51KJ0", new(uint64(2262))},
		"half minutes":       {"758108000000", "SAMSUNG MP0804H", "UE100-14", new(uint64(4645))},
		"by firmware":        {"9bfa01000000", "FUJITSU MHY2120BH", "0085000B", new(uint64(2161))},
		"other firmware":     {"a00800000000", "FUJITSU MHY2120BH", "0084000D", new(uint64(2208))},
		"family not known":   {"a00800000000", "FUJITSU MPD3043AT", "DD-03-47", nil},
		"longer than a life": {"702209000000", "SOMEDISK", "1", nil},
		"all ones":           {"ffffffffffff", "SOMEDISK", "1", nil},
	} {
		d, err := ata.DecodeSMARTData(smartPage(attribute{id: 9, raw: tt.raw}))
		check(t, name, d.PowerOnHours(tt.model, tt.firmware), err, tt.want)
	}
	d, err := ata.DecodeSMARTData(smartPage(
		attribute{id: 5, raw: "0a0000000000"}, attribute{id: 197, raw: "010000000100"}, attribute{id: 198, raw: "ffffffff0000"}, attribute{id: 1, raw: "010000000000"}))
	if err != nil || *d.Count(5) != 10 || d.Count(197) != nil || d.Count(198) != nil || d.Count(199) != nil || d.Count(1) != nil {
		t.Error("counts", err)
	}
	if d.PowerOnHours("", "") != nil {
		t.Error("hours from nothing")
	}
}

func TestSelfTestLogs(t *testing.T) {
	t.Parallel()
	got, err := ata.DecodeSelfTestLog(selfTestPage())
	check(t, "06h", got, err, []ata.SelfTest{
		{Type: 1, Status: ata.SelfTestRunning, RemainingPercent: 30, PowerOnHours: 300},
		{Type: 1, Status: 7, RemainingPercent: 90, PowerOnHours: 200, FailingLBA: new(uint64(0x123456))},
		{Type: 2, Status: ata.SelfTestPassed, PowerOnHours: 100},
	})
	if got[0].Status.Failed() || !got[1].Status.Failed() || got[2].Status.Failed() {
		t.Error("Failed")
	}
	got, err = ata.DecodeExtSelfTestLog(extSelfTestPage())
	check(t, "07h", got, err, []ata.SelfTest{
		{Type: 2, Status: 7, RemainingPercent: 50, PowerOnHours: 0x2720, FailingLBA: new(uint64(0x060504030201))},
		{Type: 2, PowerOnHours: 0x2710},
	})
	p := selfTestPage()
	p[508] = 0
	got, err = ata.DecodeSelfTestLog(p)
	check(t, "none", got, err, []ata.SelfTest{})
	p[508] = 255
	if got, err := ata.DecodeSelfTestLog(p); err != nil || len(got) != 3 {
		t.Error(len(got), err)
	}
	var status, types []string
	for i := range 16 {
		status = append(status, ata.SelfTestStatus(i).String())
	}
	for _, i := range []ata.SelfTestType{0, 1, 2, 3, 4, 5, 0x7F, 0x81, 0x82, 0x83, 0x84} {
		types = append(types, i.String())
	}
	check(t, "status", strings.Join(status, " "), nil, "passed aborted_by_host interrupted_by_reset fatal_error failed_unknown failed_electrical failed_servo failed_read "+
		"failed_handling_damage unknown_0x09 unknown_0x0a unknown_0x0b unknown_0x0c unknown_0x0d unknown_0x0e in_progress")
	check(t, "types", strings.Join(types, " "), nil, "offline short extended conveyance selective unknown_0x05 abort short_captive extended_captive conveyance_captive selective_captive")
}

func TestLogDirectory(t *testing.T) {
	t.Parallel()
	d, err := ata.DecodeLogDirectory(directoryPage())
	if err != nil || d.Version != 1 || d.Pages(ata.LogDeviceStatistics) != 8 || d.Pages(ata.LogExtSelfTest) != 1 || d.Pages(0x30) != 0 {
		t.Error(d, err)
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	pages, err := ata.DecodeStatisticsList(listPage(0, 1, 5, 7))
	check(t, "list", pages, err, []uint8{0, 1, 5, 7})
	lying := listPage(1)
	lying[8] = 255
	if pages, err := ata.DecodeStatisticsList(lying); err != nil || len(pages) != 255 {
		t.Error(len(pages), err)
	}
	got, err := ata.DecodeStatistics(statisticsPage(1, map[int]uint64{
		1: validStatistic | 35, 2: validStatistic | 1<<32 | 22801, 3: validStatistic | 0xFFFFFFFFFFFF, 4: 0x80<<56 | 9, 5: 0x40<<56 | 9, 8: 0xE0<<56 | 3,
	}), 1)
	check(t, "general", got, err, []ata.Statistic{
		{Page: 1, Name: "power_on_resets", Value: 35},
		{Page: 1, Name: "power_on_hours", Value: 22801},
		{Page: 1, Name: "logical_sectors_written", Value: 0xFFFFFFFFFFFF},
		{Page: 1, Name: "pending_errors", Value: 3, Normalized: true},
	})
	got, err = ata.DecodeStatistics(statisticsPage(5, map[int]uint64{1: validStatistic | 0xFB, 4: validStatistic | 61, 5: validStatistic | 0x80, 10: validStatistic | 200, 13: validStatistic}), 5)
	check(t, "temperature", got, err, []ata.Statistic{
		{Page: 5, Name: "temp_celsius", Value: -5},
		{Page: 5, Name: "highest_celsius", Value: 61},
		{Page: 5, Name: "minutes_over_temperature", Value: 200},
		{Page: 5, Name: "specified_min_celsius"},
	})
	all := map[int]uint64{}
	for i := 1; i < 64; i++ {
		all[i] = validStatistic | 1
	}
	for page, want := range map[uint8]int{1: 9, 2: 0, 3: 8, 4: 2, 5: 13, 6: 3, 7: 1, 0x55: 0} {
		got, err := ata.DecodeStatistics(statisticsPage(page, all), page)
		check(t, "count", len(got), err, want)
	}
	if got, err := ata.DecodeStatistics(statisticsPage(1, nil), 7); !errors.Is(err, inventory.ErrMalformed) || got != nil {
		t.Error(got, err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id         uint8
		solidState bool
		want       string
	}{
		{5, false, "reallocated_sector_count"},
		{5, true, "reallocated_sector_count"},
		{192, false, "power_off_retract_count"},
		{192, true, "unsafe_shutdown_count"},
		{200, false, "multi_zone_error_rate"},
		{200, true, ""},
		{177, true, "wear_leveling_count"},
		{177, false, ""},
		{250, false, ""},
	} {
		if got := ata.AttributeName(tt.id, tt.solidState); got != tt.want {
			t.Errorf("%d: %q", tt.id, got)
		}
	}
	names := 0
	for id := range 256 {
		for _, ssd := range []bool{false, true} {
			if ata.AttributeName(uint8(id), ssd) != "" {
				names++
			}
		}
	}
	if names < 85 {
		t.Error(names)
	}
	modes := ""
	for _, m := range []ata.PowerMode{0, 1, 0x40, 0x41, 0x80, 0x81, 0x82, 0x83, 0xFF, 0x99} {
		modes += m.String() + " "
		if m.Sleeping() != (m == 0 || m == 1 || m == 0x40) {
			t.Error(m)
		}
	}
	check(t, "modes", modes, nil, "standby standby_y active_nv_cache_spun_down active_nv_cache_spun_up idle idle_a idle_b idle_c active unknown_0x99 ")
}
