package smbios_test

import (
	"fmt"
	"testing"

	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestPowerSupplyNobodyDescribed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"OEM_Define0", "To Be Defined By O.E.M", "To Be Filled By O.E.M.", " UNKNOWN", "empty"} {
		p := decode(t, st.PowerSupply(0, text, text)).PowerSupplies()[0]
		check(t, []field{{"location " + text, p.Location(), ""}, {"serial " + text, p.SerialNumber(), ""}})
	}
}

func TestPowerSupply(t *testing.T) {
	t.Parallel()
	p := decode(t, st.PowerSupply(0, "PSU 1", "PSN").Str(0x09, "AT")).PowerSupplies()[0]
	check(t, []field{
		{"group", opt(p.UnitGroup()), "1"},
		{"location", p.Location(), "PSU 1"},
		{"name", p.DeviceName(), "PS750"},
		{"manufacturer", p.Manufacturer(), "Acme Power"},
		{"serial", p.SerialNumber(), "PSN"},
		{"asset", p.AssetTag(), "AT"},
		{"part", p.PartNumber(), "AP-750"},
		{"revision", p.Revision(), "A02"},
		{"watts", opt(p.MaxPowerWatts()), "750"},
		{"hot", opt(p.HotReplaceable()), "true"},
		{"present", opt(p.Present()), "true"},
		{"unplugged", opt(p.Unplugged()), "false"},
		{"range", p.InputRange(), "auto_switch"},
		{"status", p.Status(), "ok"},
		{"type", p.SupplyType(), "switching"},
		{"voltage probe", opt(p.VoltageProbeHandle()), "-"},
		{"cooling", opt(p.CoolingDeviceHandle()), "-"},
		{"current probe", opt(p.CurrentProbeHandle()), "-"},
	})
	p = decode(t, st.PowerSupply(0, "PSU 1", "PSN").U8(0x04, 0).U16(0x0C, 0x8000).
		U16(0x0E, 7<<3|5<<7|8<<10|4).U16(0x10, 1).U16(0x12, 2).U16(0x14, 3)).PowerSupplies()[0]
	check(t, []field{
		{"group", opt(p.UnitGroup()), "-"},
		{"watts", opt(p.MaxPowerWatts()), "-"},
		{"hot", opt(p.HotReplaceable()), "false"},
		{"present", opt(p.Present()), "false"},
		{"unplugged", opt(p.Unplugged()), "true"},
		{"range", p.InputRange(), "unknown_0x07"},
		{"status", p.Status(), "critical"},
		{"type", p.SupplyType(), "regulator"},
		{"voltage probe", opt(p.VoltageProbeHandle()), "1"},
		{"cooling", opt(p.CoolingDeviceHandle()), "2"},
		{"current probe", opt(p.CurrentProbeHandle()), "3"},
	})
	p = decode(t, st.PowerSupply(0, "PSU 1", "PSN").U16(0x0C, 0).Cut(0x0E)).PowerSupplies()[0]
	check(t, []field{
		{"watts", opt(p.MaxPowerWatts()), "-"},
		{"present", opt(p.Present()), "-"},
		{"status", p.Status(), ""},
		{"type", p.SupplyType(), ""},
		{"cooling", opt(p.CoolingDeviceHandle()), "-"},
	})
}

func TestIPMIDevice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		s       *st.Structure
		address string
	}{
		{"kcs", st.IPMIDevice(0xCA2), "{io 3234 successive_bytes}"},
		{"odd port", st.IPMIDevice(0xCA3), "{io 3235 successive_bytes}"},
		{"memory", st.IPMIDevice(0).U64(0x08, 0xFED00000).U8(0x10, 0x50), "{memory 4275044353 32_bit_boundaries}"},
		{"16-byte", st.IPMIDevice(0xE4).U8(0x10, 0x80), "{io 228 16_byte_boundaries}"},
		{"reserved spacing", st.IPMIDevice(0xE4).U8(0x10, 0xC0), "{io 228 unknown_0x03}"},
		{"smbus", st.IPMIDevice(0).U8(0x04, 4).U64(0x08, 0x20), "{smbus 16 }"},
		{"no modifier", st.IPMIDevice(0xCA2).Cut(0x10), "{io 3234 }"},
		{"zero", st.IPMIDevice(0).U64(0x08, 0), "-"},
		{"short", st.IPMIDevice(0xCA2).Cut(0x0F), "-"},
	} {
		d := decode(t, tt.s).IPMIDevices()[0]
		check(t, []field{{tt.name, opt(d.Address()), tt.address}})
	}
	d := decode(t, st.IPMIDevice(0xCA2).U8(0x10, 0x0B).U8(0x11, 10)).IPMIDevices()[0]
	check(t, []field{
		{"interface", d.Interface(), "kcs"},
		{"version", d.SpecificationVersion(), "2.0"},
		{"i2c", opt(d.I2CAddress()), "16"},
		{"storage", opt(d.NVStorageAddress()), "-"},
		{"interrupt", opt(d.Interrupt()), "{10 true true}"},
	})
	d = decode(t, st.IPMIDevice(0xCA2).U8(0x04, 9).U8(0x05, 0xAB).U8(0x06, 0).U8(0x07, 0x50).U8(0x10, 0x08)).IPMIDevices()[0]
	check(t, []field{
		{"interface", d.Interface(), "unknown_0x09"},
		{"version", d.SpecificationVersion(), ""},
		{"i2c", opt(d.I2CAddress()), "-"},
		{"storage", opt(d.NVStorageAddress()), "80"},
		{"interrupt 0", opt(d.Interrupt()), "-"},
	})
	d = decode(t, st.IPMIDevice(0xCA2).U8(0x10, 0x03).U8(0x11, 5)).IPMIDevices()[0]
	check(t, []field{{"interrupt not said", opt(d.Interrupt()), "-"}, {"version", fmt.Sprint(len(d.SpecificationVersion())), "3"}})
}
