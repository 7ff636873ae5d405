package smbios_test

import (
	"regexp"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

// Every enumeration names as many values as the standard does, each in its own
// words, and keeps the others as numbers.
func TestEnums(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	unknown := regexp.MustCompile(`^unknown_0x[0-9a-f]{2}$`)
	one := func(typ uint8, offset int, v uint8) *smbios.Table {
		return decode(t, st.New(typ, 1, 0x64).U8(offset, v))
	}
	tests := []struct {
		name    string
		defined int
		shared  int // names given twice
		get     func(v uint8) string
	}{
		{"wake-up", 8, 0, func(v uint8) string { return one(1, 0x18, v).Systems()[0].WakeUpType() }},
		{"board", 13, 0, func(v uint8) string { return one(2, 0x0D, v).Baseboards()[0].BoardType() }},
		{"chassis", 36 * 2, 36, func(v uint8) string { return one(3, 0x05, v).Chassis()[0].ChassisType() }},
		{"chassis state", 6, 0, func(v uint8) string { return one(3, 0x09, v).Chassis()[0].BootUpState() }},
		{"security", 5, 0, func(v uint8) string { return one(3, 0x0C, v).Chassis()[0].SecurityStatus() }},
		{"processor type", 6, 0, func(v uint8) string { return one(4, 0x05, v).Processors()[0].ProcessorType() }},
		{"family", 202, 0, func(v uint8) string { return one(4, 0x06, v).Processors()[0].Family() }},
		{"upgrade", 0x57 + 1, 0, func(v uint8) string { return one(4, 0x19, v).Processors()[0].Upgrade() }},
		{"cache ecc", 6, 0, func(v uint8) string { return one(7, 0x10, v).Caches()[0].ErrorCorrection() }},
		{"cache type", 5, 0, func(v uint8) string { return one(7, 0x11, v).Caches()[0].CacheType() }},
		{"associativity", 14, 0, func(v uint8) string { return one(7, 0x12, v).Caches()[0].Associativity() }},
		{"connector", 0x24 + 5 + 1, 0, func(v uint8) string { return one(8, 0x05, v).Ports()[0].InternalConnector() }},
		{"port", 0x24 + 2 + 1, 0, func(v uint8) string { return one(8, 0x08, v).Ports()[0].PortType() }},
		{"slot type", 0x28 + 1 + 38, 0, func(v uint8) string { return one(9, 0x05, v).Slots()[0].SlotType() }},
		{"slot width", 14, 0, func(v uint8) string { return one(9, 0x06, v).Slots()[0].Width() }},
		{"slot usage", 5, 0, func(v uint8) string { return one(9, 0x07, v).Slots()[0].Usage() }},
		{"slot length", 6, 0, func(v uint8) string { return one(9, 0x08, v).Slots()[0].SlotLength() }},
		{"slot height", 5, 0, func(v uint8) string { return one(9, 0x17, v).Slots()[0].Height() }},
		{"array location", 10 + 5, 0, func(v uint8) string { return one(16, 0x04, v).MemoryArrays()[0].Location() }},
		{"array use", 7, 0, func(v uint8) string { return one(16, 0x05, v).MemoryArrays()[0].Use() }},
		{"array ecc", 7, 0, func(v uint8) string { return one(16, 0x06, v).MemoryArrays()[0].ErrorCorrection() }},
		{"form factor", 0x13, 0, func(v uint8) string { return one(17, 0x0E, v).MemoryDevices()[0].FormFactor() }},
		{"memory type", 0x25 - 3, 0, func(v uint8) string { return one(17, 0x12, v).MemoryDevices()[0].MemoryType() }},
		{"technology", 7, 0, func(v uint8) string {
			return decode(t, st.New(17, 1, 0x64).U16(0x0C, 1).U8(0x28, v)).MemoryDevices()[0].Technology()
		}},
		{"ipmi", 5, 0, func(v uint8) string { return one(38, 0x04, v).IPMIDevices()[0].Interface() }},
		{"onboard", 16 * 2, 16, func(v uint8) string { return one(41, 0x05, v).OnboardDevices()[0].DeviceType() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			defined, shared := 0, 0
			for v := range 256 {
				name := tt.get(uint8(v))
				if !form.MatchString(name) {
					t.Errorf("%02x: %q", v, name)
				}
				if unknown.MatchString(name) {
					continue
				}
				defined++
				if seen[name] {
					shared++
				}
				seen[name] = true
			}
			if defined != tt.defined || shared != tt.shared {
				t.Errorf("%d values, %d names twice; want %d, %d", defined, shared, tt.defined, tt.shared)
			}
		})
	}
}

func TestBits(t *testing.T) {
	t.Parallel()
	m := decode(t, st.New(17, 1, 0x64).U16(0x0C, 1).U16(0x13, 0xFFFF).U16(0x29, 0xFFFF)).MemoryDevices()[0]
	s := decode(t, st.New(9, 1, 0x18).U8(0x0B, 0xFF).U8(0x0C, 0xFF)).Slots()[0]
	p := decode(t, st.New(4, 1, 0x32).U16(0x26, 0xFFFF)).Processors()[0]
	c := decode(t, st.New(7, 1, 0x1B).U16(0x0B, 0xFFFF)).Caches()[0]
	check(t, []field{
		{"detail", opt(m.Detail()), "[other unknown fast_paged static_column pseudo_static rambus synchronous cmos edo window_dram cache_dram " +
			"non_volatile registered unbuffered lrdimm]"},
		{"modes", opt(m.OperatingModes()), "[other unknown volatile_memory byte_accessible_persistent_memory block_accessible_persistent_memory]"},
		{"slot", opt(s.Characteristics()), "[unknown 5_0_v 3_3_v shared_opening pc_card_16 cardbus zoom_video modem_ring_resume pme_signal hot_plug " +
			"smbus_signal bifurcation surprise_removal cxl_1_0 cxl_2_0 cxl_3_0]"},
		{"processor", opt(p.Characteristics()), "[64_bit_capable multi_core hardware_thread execute_protection enhanced_virtualization " +
			"power_performance_control 128_bit_capable arm64_soc_id]"},
		{"sram", opt(c.SupportedSRAM()), "[other unknown non_burst burst pipeline_burst synchronous asynchronous]"},
	})
	supply := func(v uint16) smbios.PowerSupply {
		return decode(t, st.New(39, 1, 0x16).U16(0x0E, v)).PowerSupplies()[0]
	}
	for i, want := range []string{"unknown_0x00", "other", "unknown", "linear", "switching", "battery", "ups", "converter", "regulator", "unknown_0x09"} {
		check(t, []field{{"supply type", supply(uint16(i) << 10).SupplyType(), want}})
	}
	for i, want := range []string{"unknown_0x00", "other", "unknown", "manual", "auto_switch", "wide_range", "not_applicable", "unknown_0x07"} {
		check(t, []field{{"supply range", supply(uint16(i) << 3).InputRange(), want}})
	}
	for i, want := range []string{"unknown_0x00", "other", "unknown", "ok", "non_critical", "critical", "unknown_0x06", "unknown_0x07"} {
		check(t, []field{{"supply status", supply(uint16(i) << 7).Status(), want}})
	}
}
