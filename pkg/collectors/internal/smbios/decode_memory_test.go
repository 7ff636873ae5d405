package smbios_test

import (
	"fmt"
	"testing"

	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestMemoryDevice(t *testing.T) {
	t.Parallel()
	s := st.MemoryModule(0, "A1", 65536, "MSN").Str(0x2B, "FW 1").U16(0x2C, 0xCE80).U16(0x2E, 0x1234).U64(0x34, 1<<64-1)
	m := decode(t, s).MemoryDevices()[0]
	check(t, []field{
		{"array", opt(m.ArrayHandle()), fmt.Sprint(0x1000)},
		{"error", opt(m.ErrorHandle()), "-"},
		{"total", opt(m.TotalWidthBits()), "72"},
		{"data", opt(m.DataWidthBits()), "64"},
		{"present", opt(m.Present()), "true"},
		{"size", opt(m.SizeBytes()), fmt.Sprint(64 << 30)},
		{"form", m.FormFactor(), "dimm"},
		{"set", opt(m.Set()), "-"},
		{"locator", m.Locator(), "A1"},
		{"bank", m.BankLocator(), "BANK 0"},
		{"type", m.MemoryType(), "ddr4"},
		{"detail", opt(m.Detail()), "[synchronous registered]"},
		{"speed", opt(m.SpeedMTs()), "3200"},
		{"configured", opt(m.ConfiguredSpeedMTs()), "2933"},
		{"manufacturer", m.Manufacturer(), "Acme Memory"},
		{"serial", m.SerialNumber(), "MSN"},
		{"asset", m.AssetTag(), "MT-1"},
		{"part", m.PartNumber(), "AM32R-3200"},
		{"ranks", opt(m.Ranks()), "2"},
		{"min", opt(m.MinimumMillivolts()), "1200"},
		{"max", opt(m.MaximumMillivolts()), "1200"},
		{"voltage", opt(m.ConfiguredMillivolts()), "1200"},
		{"technology", m.Technology(), "dram"},
		{"modes", opt(m.OperatingModes()), "[volatile_memory]"},
		{"firmware", m.FirmwareVersion(), "FW 1"},
		{"module maker", opt(m.ModuleManufacturer()), "{1 206}"},
		{"module product", opt(m.ModuleProduct()), fmt.Sprint(0x1234)},
		{"controller maker", opt(m.ControllerManufacturer()), "-"},
		{"controller product", opt(m.ControllerProduct()), "-"},
		{"non-volatile", opt(m.NonVolatileSizeBytes()), "-"},
		{"volatile", opt(m.VolatileSizeBytes()), fmt.Sprint(64 << 30)},
		{"cache", opt(m.CacheSizeBytes()), "0"},
		{"logical", opt(m.LogicalSizeBytes()), "0"},
		{"pmic", opt(m.PMICManufacturer()), "-"},
		{"rcd", opt(m.RCDRevision()), "-"},
	})
	old := decode(t, st.MemoryModule(0, "A1", 512, "MSN").Cut(0x15)).MemoryDevices()[0]
	check(t, []field{
		{"size", opt(old.SizeBytes()), fmt.Sprint(512 << 20)},
		{"type", old.MemoryType(), "ddr4"},
		{"speed", opt(old.SpeedMTs()), "-"},
		{"serial", old.SerialNumber(), ""},
		{"ranks", opt(old.Ranks()), "-"},
		{"configured", opt(old.ConfiguredSpeedMTs()), "-"},
		{"technology", old.Technology(), ""},
		{"modes", opt(old.OperatingModes()), "-"},
		{"volatile", opt(old.VolatileSizeBytes()), "-"},
	})
	shortest := decode(t, st.MemoryModule(0, "A1", 512, "MSN").Cut(4)).MemoryDevices()[0]
	check(t, []field{
		{"present", opt(shortest.Present()), "-"},
		{"size", opt(shortest.SizeBytes()), "-"},
		{"detail", opt(shortest.Detail()), "-"},
		{"array", opt(shortest.ArrayHandle()), "-"},
	})
}

func TestMemoryDeviceSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		size          uint16
		ext           uint32
		length        int
		present, want string
	}{
		{0x0400, 0, 0x5C, "true", fmt.Sprint(1 << 30)},
		{0x0000, 0, 0x5C, "false", "-"},
		{0xFFFF, 0, 0x5C, "true", "-"},
		{0x7FFE, 0, 0x5C, "true", fmt.Sprint(0x7FFE << 20)},
		{0x7FFF, 0x8000, 0x5C, "true", fmt.Sprint(32 << 30)},
		{0x7FFF, 0x80008000, 0x5C, "true", fmt.Sprint(32 << 30)},
		{0x7FFF, 0x00400000, 0x5C, "true", fmt.Sprint(4 << 40)},
		{0x7FFF, 0, 0x5C, "true", "-"},
		{0x7FFF, 0x8000, 0x1C, "true", fmt.Sprint(0x7FFF << 20)},
		{0x7FFF, 0x8000, 0x1F, "true", fmt.Sprint(0x7FFF << 20)},
		{0x8800, 0, 0x5C, "true", fmt.Sprint(2 << 20)},
		{0x8000, 0, 0x5C, "true", "-"},
	} {
		m := decode(t, st.MemoryModule(0, "A1", 1, "s").U16(0x0C, tt.size).U32(0x1C, tt.ext).Cut(tt.length)).MemoryDevices()[0]
		check(t, []field{
			{fmt.Sprintf("present %+v", tt), opt(m.Present()), tt.present},
			{fmt.Sprintf("size %+v", tt), opt(m.SizeBytes()), tt.want},
		})
	}
}

func TestMemoryDeviceSentinels(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		speed  uint16
		ext    uint32
		length int
		want   string
	}{
		{3200, 0, 0x5C, "3200"},
		{0, 9000, 0x5C, "-"},
		{0xFFFF, 0, 0x5C, "-"},
		{0xFFFF, 70000, 0x5C, "70000"},
		{0xFFFF, 0x80011170, 0x5C, "70000"},
		{0xFFFF, 70000, 0x54, "-"},
		{0xFFFE, 1, 0x5C, "65534"},
	} {
		s := st.MemoryModule(0, "A1", 1024, "s").U16(0x15, tt.speed).U16(0x20, tt.speed).U32(0x54, tt.ext).U32(0x58, tt.ext).Cut(tt.length)
		m := decode(t, s).MemoryDevices()[0]
		check(t, []field{
			{fmt.Sprintf("speed %+v", tt), opt(m.SpeedMTs()), tt.want},
			{fmt.Sprintf("configured %+v", tt), opt(m.ConfiguredSpeedMTs()), tt.want},
		})
	}
	s := st.MemoryModule(0, "A1", 1024, "s").U16(0x04, 0xFFFF).U16(0x06, 0xFFFF).U16(0x08, 0xFFFF).U16(0x0A, 0).U8(0x0F, 0xFF).
		U8(0x0E, 0x99).U8(0x12, 0).U16(0x13, 0).U8(0x1B, 0xF0).U16(0x22, 0).U16(0x24, 0).U16(0x26, 0)
	m := decode(t, s).MemoryDevices()[0]
	check(t, []field{
		{"array", opt(m.ArrayHandle()), "-"},
		{"error", opt(m.ErrorHandle()), "-"},
		{"total", opt(m.TotalWidthBits()), "-"},
		{"data", opt(m.DataWidthBits()), "-"},
		{"set", opt(m.Set()), "-"},
		{"form", m.FormFactor(), "unknown_0x99"},
		{"type", m.MemoryType(), "unknown_0x00"},
		{"detail", opt(m.Detail()), "[]"},
		{"ranks", opt(m.Ranks()), "-"},
		{"min", opt(m.MinimumMillivolts()), "-"},
		{"max", opt(m.MaximumMillivolts()), "-"},
		{"voltage", opt(m.ConfiguredMillivolts()), "-"},
	})
	m = decode(t, st.MemoryModule(0, "A1", 1024, "s").U8(0x0F, 3).U16(0x06, 0x12)).MemoryDevices()[0]
	check(t, []field{{"set", opt(m.Set()), "3"}, {"error", opt(m.ErrorHandle()), "18"}})
	new37 := st.New(17, 1, 0x64).U16(0x0C, 1024).U16(0x5C, 0x0180).U16(0x5E, 0xFF00).U16(0x60, 0xFFFF).U16(0x62, 0x8112)
	m = decode(t, new37).MemoryDevices()[0]
	check(t, []field{
		{"pmic", opt(m.PMICManufacturer()), "{1 1}"},
		{"pmic revision", opt(m.PMICRevision()), "-"},
		{"rcd", opt(m.RCDManufacturer()), "-"},
		{"rcd revision", opt(m.RCDRevision()), fmt.Sprint(0x8112)},
	})
}

// Templates that firmware leaves in an empty slot are not of a module.
func TestMemoryDeviceEmptySlot(t *testing.T) {
	t.Parallel()
	m := decode(t, st.MemoryModule(0, "A1", 1024, "SERIAL").Str(0x2B, "FW").U16(0x0C, 0)).MemoryDevices()[0]
	check(t, []field{
		{"present", opt(m.Present()), "false"},
		{"locator", m.Locator(), "A1"},
		{"bank", m.BankLocator(), "BANK 0"},
		{"type", m.MemoryType(), "ddr4"},
		{"speed", opt(m.SpeedMTs()), "-"},
		{"configured", opt(m.ConfiguredSpeedMTs()), "-"},
		{"manufacturer", m.Manufacturer(), ""},
		{"serial", m.SerialNumber(), ""},
		{"asset", m.AssetTag(), ""},
		{"part", m.PartNumber(), ""},
		{"ranks", opt(m.Ranks()), "-"},
		{"voltage", opt(m.ConfiguredMillivolts()), "-"},
		{"technology", m.Technology(), ""},
		{"modes", opt(m.OperatingModes()), "-"},
		{"firmware", m.FirmwareVersion(), ""},
		{"volatile", opt(m.VolatileSizeBytes()), "-"},
	})
}

func TestMemoryArray(t *testing.T) {
	t.Parallel()
	a := decode(t, st.MemoryArray(0, 16, 2<<40)).MemoryArrays()[0]
	check(t, []field{
		{"location", a.Location(), "system_board"},
		{"use", a.Use(), "system_memory"},
		{"ecc", a.ErrorCorrection(), "multi_bit_ecc"},
		{"capacity", opt(a.MaxCapacityBytes()), fmt.Sprint(2 << 40)},
		{"error", opt(a.ErrorHandle()), "-"},
		{"devices", opt(a.Devices()), "16"},
	})
	for _, tt := range []struct {
		capacity uint32
		ext      uint64
		length   int
		want     string
	}{
		{1 << 20, 0, 0x0F, fmt.Sprint(1 << 30)},
		{0x7FFFFFFF, 0, 0x17, fmt.Sprint(0x7FFFFFFF << 10)},
		{0x80000000, 3 << 40, 0x17, fmt.Sprint(3 << 40)},
		{0x80000000, 0, 0x17, "-"},
		{0x80000000, 0, 0x0F, "-"},
		{0, 5, 0x17, "-"},
	} {
		a := decode(t, st.MemoryArray(0, 1, tt.ext).U32(0x07, tt.capacity).Cut(tt.length)).MemoryArrays()[0]
		check(t, []field{{fmt.Sprintf("%+v", tt), opt(a.MaxCapacityBytes()), tt.want}})
	}
	a = decode(t, st.MemoryArray(0, 1, 0).U16(0x0B, 0x55).U8(0x05, 0xEE)).MemoryArrays()[0]
	check(t, []field{{"error", opt(a.ErrorHandle()), "85"}, {"use", a.Use(), "unknown_0xee"}})
}

func TestMappedAddress(t *testing.T) {
	t.Parallel()
	text := func(s *st.Structure) string {
		first, last, ok := decode(t, s).MappedAddresses()[0].Range()
		return opt(fmt.Sprintf("%x-%x", first, last), ok)
	}
	check(t, []field{
		{"extended", text(st.MappedAddress(0, 96<<30)), "0-17ffffffff"},
		{"plain", text(st.New(19, 1, 0x0F).U32(4, 0x400).U32(8, 0x7FF)), "100000-1fffff"},
		{"one unit", text(st.New(19, 1, 0x0F).U32(4, 0).U32(8, 0)), "0-3ff"},
		{"backwards", text(st.New(19, 1, 0x0F).U32(4, 0x800).U32(8, 0x7FF)), "-"},
		{"extended backwards", text(st.MappedAddress(0, 1).U64(0x0F, 5)), "-"},
		{"extended, not there", text(st.MappedAddress(0, 1).Cut(0x0F)), "-"},
		{"short", text(st.MappedAddress(0, 1).Cut(0x08)), "-"},
	})
	a := decode(t, st.MappedAddress(0, 1<<30)).MappedAddresses()[0]
	check(t, []field{{"array", opt(a.ArrayHandle()), "4096"}, {"width", opt(a.PartitionWidth()), "4"}})
}
