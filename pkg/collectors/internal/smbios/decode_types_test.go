package smbios_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

// decode decodes one structure, right or wrong.
func decode(t *testing.T, s *st.Structure) *smbios.Table {
	t.Helper()
	table, err := smbios.Decode(nil, st.Table(s))
	if table == nil {
		t.Fatal(err)
	}
	return table
}

// opt writes a (value, ok) pair: "-" for not ok.
func opt[V any](v V, ok bool) string {
	if !ok {
		return "-"
	}
	return fmt.Sprint(v)
}

// field is one accessor's result by name.
type field struct{ name, got, want string }

func check(t *testing.T, fields []field) {
	t.Helper()
	for _, f := range fields {
		if f.got != f.want {
			t.Errorf("%s: got %q, want %q", f.name, f.got, f.want)
		}
	}
}

func TestBIOS(t *testing.T) {
	t.Parallel()
	b := decode(t, st.BIOS("Acme", "1.2.3", "11/30/2023")).BIOSes()[0]
	check(t, []field{
		{"vendor", b.Vendor(), "Acme"},
		{"version", b.FirmwareVersion(), "1.2.3"},
		{"date", b.ReleaseDate(), "11/30/2023"},
		{"iso", b.ReleaseDateISO(), "2023-11-30"},
		{"rom", opt(b.ROMSizeBytes()), fmt.Sprint(32 << 20)},
		{"release", b.Release(), "2.19"},
		{"ec", b.ControllerRelease(), ""},
		{"uefi", opt(b.UEFI()), "true"},
		{"vm", opt(b.VirtualMachine()), "false"},
		{"characteristics", opt(b.Characteristics()), "0"},
	})
	old := decode(t, st.BIOS("Acme", "1", "01/02/99").U8(0x09, 7).Cut(0x12)).BIOSes()[0]
	check(t, []field{
		{"iso", old.ReleaseDateISO(), "1999-01-02"},
		{"rom", opt(old.ROMSizeBytes()), fmt.Sprint(512 << 10)},
		{"release", old.Release(), ""},
		{"uefi", opt(old.UEFI()), "-"},
		{"vm", opt(old.VirtualMachine()), "-"},
	})
	for size, want := range map[uint16]string{0x0020: fmt.Sprint(32 << 20), 0x4001: fmt.Sprint(1 << 30), 0x8001: "-", 0xC001: "-", 0: "-"} {
		b := decode(t, st.BIOS("A", "1", "d").U16(0x18, size)).BIOSes()[0]
		check(t, []field{{fmt.Sprintf("rom %04x", size), opt(b.ROMSizeBytes()), want}})
	}
	b = decode(t, st.BIOS("A", "1", "d").Cut(0x18)).BIOSes()[0]
	check(t, []field{{"rom before 3.1", opt(b.ROMSizeBytes()), fmt.Sprint(16 << 20)}})
	for _, date := range []string{"10/002/2015", "2023-11-30", "13/01/2020", "00/01/2020", "01/32/2020", "1/2/2020", "aa/bb/cccc", "01/01/0000", "11.30.2023"} {
		b := decode(t, st.BIOS("A", "1", date)).BIOSes()[0]
		check(t, []field{{"iso of " + date, b.ReleaseDateISO(), ""}, {"date", b.ReleaseDate(), date}})
	}
	for _, at := range []int{0x16, 0x17} {
		b := decode(t, st.BIOS("A", "1", "d").U8(0x16, 3).U8(0x17, 4).U8(at, 0xFF)).BIOSes()[0]
		check(t, []field{{"ec", b.ControllerRelease(), ""}})
	}
	b = decode(t, st.BIOS("A", "1", "d").U8(0x16, 3).U8(0x17, 4)).BIOSes()[0]
	check(t, []field{{"ec", b.ControllerRelease(), "3.4"}})
}

func TestSystem(t *testing.T) {
	t.Parallel()
	s := decode(t, st.System("Acme", "Rocket", "SN-1").Str(0x06, "v2")).Systems()[0]
	check(t, []field{
		{"manufacturer", s.Manufacturer(), "Acme"},
		{"product", s.ProductName(), "Rocket"},
		{"version", s.ProductVersion(), "v2"},
		{"serial", s.SerialNumber(), "SN-1"},
		{"uuid", s.UUID().Value, "00112233-4455-6677-8899-aabbccddeeff"},
		{"wake-up", s.WakeUpType(), "power_switch"},
		{"sku", s.SKUNumber(), "SKU-9"},
		{"family", s.Family(), "Rocket"},
	})
	old := decode(t, st.System("Acme", "Rocket", "SN-1").Cut(8)).Systems()[0]
	check(t, []field{
		{"serial", old.SerialNumber(), "SN-1"},
		{"uuid", old.UUID().Reason, "absent"},
		{"wake-up", old.WakeUpType(), ""},
		{"sku", old.SKUNumber(), ""},
		{"family", old.Family(), ""},
	})
}

func TestBaseboard(t *testing.T) {
	t.Parallel()
	b := decode(t, st.Baseboard("Acme", "RB", "B1").Str(0x08, "AT").Str(0x0A, "Part of chassis")).Baseboards()[0]
	check(t, []field{
		{"manufacturer", b.Manufacturer(), "Acme"},
		{"product", b.ProductName(), "RB"},
		{"version", b.ProductVersion(), "A05"},
		{"serial", b.SerialNumber(), "B1"},
		{"asset", b.AssetTag(), "AT"},
		{"hosting", opt(b.Hosting()), "true"},
		{"removable", opt(b.Removable()), "false"},
		{"replaceable", opt(b.Replaceable()), "true"},
		{"swappable", opt(b.HotSwappable()), "false"},
		{"location", b.LocationInChassis(), "Part of chassis"},
		{"chassis", opt(b.ChassisHandle()), "768"},
		{"type", b.BoardType(), "motherboard"},
		{"contained", opt(b.Contained()), "[]"},
	})
	for text, want := range map[string]string{
		"Slot 12": "Slot 12", "Internal": "Internal", "Not Applicable": "", "N/A": "", "Part Component": "Part Component",
		"Base Board Chassis Location": "", "Type2 - Board Chassis Location": "", "Chassis Location Unknown": "",
	} {
		b := decode(t, st.Baseboard("Acme", "RB", "B1").Str(0x0A, text)).Baseboards()[0]
		check(t, []field{{"location " + text, b.LocationInChassis(), want}})
	}
	old := decode(t, st.Baseboard("Acme", "RB", "B1").Cut(8)).Baseboards()[0]
	check(t, []field{
		{"asset", old.AssetTag(), ""},
		{"hosting", opt(old.Hosting()), "-"},
		{"chassis", opt(old.ChassisHandle()), "-"},
		{"type", old.BoardType(), ""},
		{"contained", opt(old.Contained()), "-"},
	})
	two := st.New(2, 1, 0x13).U8(0x0D, 0x77).U8(0x0E, 2).U16(0x0F, 5).U16(0x11, 6).U16(0x0B, 0xFFFF)
	b = decode(t, two).Baseboards()[0]
	check(t, []field{
		{"contained", opt(b.Contained()), "[5 6]"},
		{"chassis", opt(b.ChassisHandle()), "-"},
		{"type", b.BoardType(), "unknown_0x77"},
	})
	b = decode(t, two.U8(0x0E, 3)).Baseboards()[0]
	check(t, []field{{"contained", opt(b.Contained()), "-"}})
}

func TestChassis(t *testing.T) {
	t.Parallel()
	c := decode(t, st.Chassis("Acme", 0x97, "C1").Str(0x06, "v1").Str(0x08, "AT")).Chassis()[0]
	check(t, []field{
		{"manufacturer", c.Manufacturer(), "Acme"},
		{"type", c.ChassisType(), "rack_mount_chassis"},
		{"lock", opt(c.Lock()), "true"},
		{"version", c.ProductVersion(), "v1"},
		{"serial", c.SerialNumber(), "C1"},
		{"asset", c.AssetTag(), "AT"},
		{"boot", c.BootUpState(), "safe"},
		{"power", c.PowerSupplyState(), "safe"},
		{"thermal", c.ThermalState(), "safe"},
		{"security", c.SecurityStatus(), "none"},
		{"height", opt(c.HeightU()), "2"},
		{"cords", opt(c.PowerCords()), "2"},
		{"contained", opt(c.Contained()), "[]"},
		{"sku", c.SKUNumber(), "CSKU"},
	})
	old := decode(t, st.Chassis("Acme", 1, "C1").Cut(9)).Chassis()[0]
	check(t, []field{
		{"type", old.ChassisType(), "other"},
		{"boot", old.BootUpState(), ""},
		{"security", old.SecurityStatus(), ""},
		{"height", opt(old.HeightU()), "-"},
		{"cords", opt(old.PowerCords()), "-"},
		{"contained", opt(old.Contained()), "-"},
		{"sku", old.SKUNumber(), ""},
	})
	elements := st.New(3, 1, 0x16+8).U8(0x13, 2).U8(0x14, 4).Put(0x15, 0x84, 1, 2, 0, 0x0A, 0, 1, 0).Str(0x15+8, "SKU!")
	c = decode(t, elements).Chassis()[0]
	got, ok := c.Contained()
	want := []smbios.ContainedElement{
		{IsStructure: true, StructureType: 4, Minimum: 1, Maximum: 2},
		{BoardType: "motherboard", Minimum: 0, Maximum: 1},
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("contained (-want +got):\n%s", diff)
	}
	check(t, []field{
		{"sku", c.SKUNumber(), "SKU!"},
		{"height 0", opt(c.HeightU()), "-"},
		{"cords 0", opt(c.PowerCords()), "-"},
	})
	c = decode(t, elements.U8(0x13, 3)).Chassis()[0]
	check(t, []field{{"too many elements", opt(c.Contained()), "-"}, {"sku", c.SKUNumber(), ""}})
	c = decode(t, elements.U8(0x13, 4).U8(0x14, 2)).Chassis()[0]
	check(t, []field{{"too short elements", opt(c.Contained()), "-"}, {"sku", c.SKUNumber(), "SKU!"}})
}

func TestPortAndOEMStrings(t *testing.T) {
	t.Parallel()
	p := decode(t, st.Port(0, "J1", "LAN 1").U8(0x05, 0x99)).Ports()[0]
	check(t, []field{
		{"internal", p.InternalDesignator(), "J1"},
		{"internal connector", p.InternalConnector(), "unknown_0x99"},
		{"external", p.ExternalDesignator(), "LAN 1"},
		{"external connector", p.ExternalConnector(), "rj_45"},
		{"type", p.PortType(), "network_port"},
	})
	o := decode(t, st.OEMStrings("a", " ", "b", "Default string").U8(0x04, 3)).OEMStrings()[0]
	if diff := cmp.Diff([]string{"a", "b"}, o.Strings()); diff != "" {
		t.Error(diff)
	}
	o = decode(t, st.OEMStrings("a").Cut(4)).OEMStrings()[0]
	if got := o.Strings(); got != nil {
		t.Errorf("no count: %q", got)
	}
}

func TestOnboardDevice(t *testing.T) {
	t.Parallel()
	d := decode(t, st.OnboardDevice(0, "NIC 1", 0x85, 0x19, 0x09)).OnboardDevices()[0]
	check(t, []field{
		{"designation", d.Designation(), "NIC 1"},
		{"type", d.DeviceType(), "ethernet"},
		{"enabled", opt(d.Enabled()), "true"},
		{"instance", opt(d.Instance()), "1"},
		{"address", d.PCIAddress(), "0000:19:01.1"},
	})
	for _, tt := range []struct {
		segment    uint16
		bus, devfn uint8
		want       string
	}{
		{0xFFFF, 0xFF, 0xFF, ""},
		{0x0000, 0xFF, 0xFF, ""},
		{0x00FF, 0xFF, 0xFF, ""},
		{0xFFFF, 0x01, 0x00, ""},
		{0x0000, 0x00, 0x00, ""},
		{0x0001, 0x00, 0x00, "0001:00:00.0"},
		{0x0000, 0x00, 0xFF, ""},
		{0x0000, 0x00, 0xFE, "0000:00:1f.6"},
	} {
		d := decode(t, st.OnboardDevice(0, "x", 5, tt.bus, tt.devfn).U16(0x07, tt.segment)).OnboardDevices()[0]
		check(t, []field{{fmt.Sprint(tt), d.PCIAddress(), tt.want}, {"enabled", opt(d.Enabled()), "false"}})
	}
	d = decode(t, st.OnboardDevice(0, "x", 0x7F, 1, 0).Cut(7)).OnboardDevices()[0]
	check(t, []field{{"address", d.PCIAddress(), ""}, {"type", d.DeviceType(), "unknown_0x7f"}})
}
