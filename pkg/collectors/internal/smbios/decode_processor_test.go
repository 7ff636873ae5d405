package smbios_test

import (
	"fmt"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestProcessor(t *testing.T) {
	t.Parallel()
	p := decode(t, st.Processor(1, "CPU2", "Q64", 20, 40).Str(0x20, "PSN").Str(0x21, "AT").Str(0x22, "PN")).Processors()[0]
	check(t, []field{
		{"socket", p.Socket(), "CPU2"},
		{"type", p.ProcessorType(), "central_processor"},
		{"family", p.Family(), "xeon"},
		{"manufacturer", p.Manufacturer(), "Acme Micro"},
		{"id", opt(p.ID()), "[87 6 5 0 255 251 235 191]"},
		{"model", p.Model(), "Q64"},
		{"voltage", opt(p.VoltageMillivolts()), "1800"},
		{"clock", opt(p.ExternalClockMHz()), "100"},
		{"max", opt(p.MaxSpeedMHz()), "4000"},
		{"current", opt(p.CurrentSpeedMHz()), "2100"},
		{"populated", opt(p.Populated()), "true"},
		{"status", p.Status(), "enabled"},
		{"upgrade", p.Upgrade(), "socket_lga3647_1"},
		{"caches", fmt.Sprintf("%x", p.CacheHandles()), "[703 704 705]"},
		{"serial", p.SerialNumber(), "PSN"},
		{"asset", p.AssetTag(), "AT"},
		{"part", p.PartNumber(), "PN"},
		{"cores", opt(p.Cores()), "20"},
		{"enabled", opt(p.CoresEnabled()), "20"},
		{"threads", opt(p.Threads()), "40"},
		{"threads enabled", opt(p.ThreadsEnabled()), "40"},
		{"characteristics", opt(p.Characteristics()), "[64_bit_capable multi_core hardware_thread execute_protection enhanced_virtualization power_performance_control]"},
		{"socket type", p.SocketType(), ""},
	})
	old := decode(t, st.Processor(0, "CPU1", "Q64", 20, 40).Cut(0x1A)).Processors()[0]
	check(t, []field{
		{"current", opt(old.CurrentSpeedMHz()), "2100"},
		{"caches", fmt.Sprint(len(old.CacheHandles())), "0"},
		{"serial", old.SerialNumber(), ""},
		{"cores", opt(old.Cores()), "-"},
		{"characteristics", opt(old.Characteristics()), "-"},
	})
	empty := decode(t, st.EmptySocket(0, "CPU1")).Processors()[0]
	check(t, []field{
		{"populated", opt(empty.Populated()), "false"},
		{"status", empty.Status(), "unknown"},
		{"caches", fmt.Sprint(len(empty.CacheHandles())), "0"},
		{"voltage", opt(empty.VoltageMillivolts()), "-"},
		{"max", opt(empty.MaxSpeedMHz()), "-"},
		{"current", opt(empty.CurrentSpeedMHz()), "-"},
		{"clock", opt(empty.ExternalClockMHz()), "-"},
		{"cores", opt(empty.Cores()), "-"},
		{"threads", opt(empty.Threads()), "-"},
	})
	for status, want := range map[uint8]string{0x40: "unknown", 0x42: "disabled_by_user", 0x43: "disabled_by_bios", 0x44: "idle", 0x45: "unknown_0x05", 0x47: "other", 0x01: "enabled"} {
		p := decode(t, st.Processor(0, "c", "m", 1, 1).U8(0x18, status)).Processors()[0]
		check(t, []field{{"status", p.Status(), want}, {"populated", opt(p.Populated()), fmt.Sprint(status&0x40 != 0)}})
	}
	for v, want := range map[uint8]string{0x8C: "1200", 0x80: "-", 0x00: "-", 0x01: "5000", 0x02: "3300", 0x04: "2900", 0x06: "-"} {
		p := decode(t, st.Processor(0, "c", "m", 1, 1).U8(0x11, v)).Processors()[0]
		check(t, []field{{fmt.Sprintf("voltage %02x", v), opt(p.VoltageMillivolts()), want}})
	}
	p = decode(t, st.New(4, 1, 0x33).U8(0x19, 0xFF).Str(0x32, "LGA9999")).Processors()[0]
	check(t, []field{{"socket type", p.SocketType(), "LGA9999"}, {"upgrade", p.Upgrade(), "see_socket_type"}})
}

func TestProcessorCounts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		low    uint8
		wide   uint16
		length int
		want   string
	}{
		{20, 20, 0x32, "20"},
		{0, 0, 0x32, "-"},
		{0, 20, 0x32, "-"},
		{0xFF, 300, 0x32, "300"},
		{0xFF, 255, 0x32, "255"},
		{0xFF, 0, 0x32, "-"},
		{0xFF, 0xFFFF, 0x32, "-"},
		{0xFF, 0, 0x28, "255"},
		{12, 99, 0x32, "12"},
	}
	for _, tt := range tests {
		for name, at := range map[string][2]int{"cores": {0x23, 0x2A}, "enabled": {0x24, 0x2C}, "threads": {0x25, 0x2E}} {
			s := st.Processor(0, "c", "m", 1, 1).U8(at[0], tt.low).U16(at[1], tt.wide).Cut(tt.length)
			p := decode(t, s).Processors()[0]
			got := map[string]string{"cores": opt(p.Cores()), "enabled": opt(p.CoresEnabled()), "threads": opt(p.Threads())}[name]
			check(t, []field{{fmt.Sprint(name, tt), got, tt.want}})
		}
	}
}

func TestProcessorFamily(t *testing.T) {
	t.Parallel()
	tests := []struct {
		major, minor uint8
		family       uint8
		ext          uint16
		maker        string
		length       int
		want         string
	}{
		{3, 2, 0xB3, 0, "x", 0x32, "xeon"},
		{3, 2, 0xFE, 0x0101, "x", 0x32, "armv8"},
		{3, 2, 0xFE, 0x0201, "x", 0x32, "rv64"},
		{3, 2, 0xFE, 0x6B, "x", 0x32, "zen"},
		{3, 2, 0xFE, 0x1234, "x", 0x32, "unknown_0x1234"},
		{3, 2, 0xFE, 0, "x", 0x28, "unknown_0xfe"},
		{3, 2, 0x00, 0, "x", 0x32, "unknown_0x00"},
		{2, 5, 0xBE, 0, "Intel(R) Corporation", 0x28, "core_2"},
		{2, 5, 0xBE, 0, "AuthenticAMD", 0x28, "k7"},
		{2, 5, 0xBE, 0, "Advanced Micro Devices, Inc.", 0x28, "k7"},
		{2, 5, 0xBE, 0, "VIA", 0x28, "core_2_or_k7"},
		{2, 0, 0x30, 0, "Intel", 0x1A, "pentium_pro"},
		{2, 0, 0x30, 0, "Digital", 0x1A, "alpha"},
		{2, 1, 0x30, 0, "Intel", 0x1A, "alpha"},
	}
	for _, tt := range tests {
		s := st.New(4, 1, 0x32).U8(0x06, tt.family).Str(0x07, tt.maker).U16(0x28, tt.ext).Cut(tt.length)
		b := st.Table(s)
		table, err := smbios.Decode(st.Entry2(tt.major, tt.minor, b, 2), b)
		if err != nil {
			t.Fatal(err)
		}
		check(t, []field{{fmt.Sprint(tt), table.Processors()[0].Family(), tt.want}})
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	c := decode(t, st.Cache(0, 3, 28<<20)).Caches()[0]
	check(t, []field{
		{"designation", c.Designation(), "L3 Cache"},
		{"level", opt(c.Level()), "3"},
		{"socketed", opt(c.Socketed()), "false"},
		{"location", c.Location(), "internal"},
		{"enabled", opt(c.Enabled()), "true"},
		{"mode", c.Mode(), "write_back"},
		{"max", opt(c.MaxSizeBytes()), fmt.Sprint(28 << 20)},
		{"installed", opt(c.InstalledSizeBytes()), fmt.Sprint(28 << 20)},
		{"supported", opt(c.SupportedSRAM()), "[synchronous]"},
		{"sram", opt(c.InstalledSRAM()), "[synchronous]"},
		{"speed", opt(c.SpeedNanoseconds()), "-"},
		{"ecc", c.ErrorCorrection(), "single_bit_ecc"},
		{"type", c.CacheType(), "unified"},
		{"associativity", c.Associativity(), "16_way_set_associative"},
		{"ways", opt(c.Ways()), "16"},
	})
	old := decode(t, st.Cache(0, 1, 64<<10).Cut(0x0F)).Caches()[0]
	check(t, []field{
		{"installed", opt(old.InstalledSizeBytes()), fmt.Sprint(64 << 10)},
		{"ecc", old.ErrorCorrection(), ""},
		{"ways", opt(old.Ways()), "-"},
		{"speed", opt(old.SpeedNanoseconds()), "-"},
	})
	for _, tt := range []struct {
		word  uint16
		wide  uint32
		len   int
		bytes string
	}{
		{0x0040, 0, 0x13, fmt.Sprint(64 << 10)},
		{0x8040, 0, 0x13, fmt.Sprint(4 << 20)},
		{0x0000, 0, 0x1B, "0"},
		{0x0040, 0, 0x1B, fmt.Sprint(64 << 10)}, // only the word is filled in
		{0xFFFF, 0, 0x1B, "-"},
		{0xFFFF, 0, 0x13, "-"},
		{0xFFFF, 0x8000C000, 0x1B, fmt.Sprint(3 << 30)},
		{0xFFFF, 0xFFFFFFFF, 0x1B, fmt.Sprint(0x7FFFFFFF * 65536)},
	} {
		c := decode(t, st.Cache(0, 1, 0).U16(0x07, tt.word).U16(0x09, tt.word).U32(0x13, tt.wide).U32(0x17, tt.wide).Cut(tt.len)).Caches()[0]
		check(t, []field{
			{fmt.Sprint("max ", tt), opt(c.MaxSizeBytes()), tt.bytes},
			{fmt.Sprint("installed ", tt), opt(c.InstalledSizeBytes()), tt.bytes},
		})
	}
	for code, want := range map[uint8]string{3: "1", 4: "2", 5: "4", 6: "-", 7: "8", 9: "12", 10: "24", 11: "32", 12: "48", 13: "64", 14: "20", 2: "-", 99: "-"} {
		c := decode(t, st.Cache(0, 1, 0).U8(0x12, code)).Caches()[0]
		check(t, []field{{fmt.Sprint("ways ", code), opt(c.Ways()), want}})
	}
	c = decode(t, st.Cache(0, 8, 0).U16(0x05, 0x036F)).Caches()[0]
	check(t, []field{
		{"level", opt(c.Level()), "8"},
		{"socketed", opt(c.Socketed()), "true"},
		{"location", c.Location(), "unknown"},
		{"enabled", opt(c.Enabled()), "false"},
		{"mode", c.Mode(), "unknown"},
	})
}
