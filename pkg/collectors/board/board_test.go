package board_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/board"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

func withTable(structures ...*smbiostest.Structure) *hosttest.Source {
	table := smbiostest.Table(structures...)
	return &hosttest.Source{
		Files: map[string]string{
			dmi.TablePath: string(table),
			dmi.EntryPath: string(smbiostest.Entry3(3, 2, 0, len(table))),
		},
		Errors: map[string]error{},
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	s := withTable(
		smbiostest.BIOS("Acme", "1.2.3", "11/30/2023"),
		smbiostest.System("Acme", "Server 9", "SN1"),
		smbiostest.Baseboard("Acme", "Board", "BSN1"), smbiostest.Baseboard("Acme", "Riser", "BSN2"),
		smbiostest.Chassis("Acme", 0x17, "CSN1"), smbiostest.Chassis("Acme", 0x1C, "CSN2"),
		smbiostest.OEMStrings("hello", "io.systemd.credential:secret=x", "io.systemd.credential.binary:s=eA=="),
		smbiostest.Slot(9, "PCIe Slot 1", 1, 0x3b, 0), smbiostest.IPMIDevice(0xca2),
		smbiostest.OnboardDevice(41, "Onboard LAN 1", 5, 2, 0), smbiostest.Port(8, "J1", "COM1"),
	)
	b, err := board.Read(t.Context(), s.Host())
	if err != nil {
		t.Fatal(err)
	}
	if b.SMBIOSVersion != "3.2.0" || b.BIOS.ReleaseDate != "2023-11-30" || b.System.SerialNumber != "SN1" {
		t.Errorf("%+v", b)
	}
	if len(b.Baseboards) != 2 || b.Baseboard.SerialNumber != "BSN1" || b.Baseboards[1].ID != "baseboard:1" {
		t.Errorf("boards %+v", b.Baseboards)
	}
	if len(b.ChassisAll) != 2 || b.Chassis.Type != "rack_mount_chassis" || b.ChassisAll[1].Type != "blade" {
		t.Errorf("chassis %+v", b.ChassisAll)
	}
	if diff := cmp.Diff([]string{"hello"}, b.OEMStrings); diff != "" {
		t.Errorf("oem strings: %s", diff)
	}
	if m := b.ManagementController; m == nil || m.BaseAddress != "0xca2" || m.AddressSpace != "io" {
		t.Errorf("bmc %+v", m)
	}
	if len(b.Slots) != 1 || b.Slots[0].PCIAddress != "0000:3b:00.0" || len(b.OnboardDevices) != 1 || len(b.Connectors) != 1 {
		t.Errorf("%+v %+v %+v", b.Slots, b.OnboardDevices, b.Connectors)
	}
	out, err := json.Marshal(b)
	if err != nil || strings.Contains(string(out), "secret") {
		t.Errorf("a credential in %s, %v", out, err)
	}
}

// TestControllerThatIsNotThere: an empty record tells of no controller, one
// that knows the registers or the kind of interface does.
func TestControllerThatIsNotThere(t *testing.T) {
	t.Parallel()
	empty := func() *smbiostest.Structure { return smbiostest.New(38, 0x2601, 0x12).U8(0x05, 0x20) }
	for name, tt := range map[string]struct {
		records []*smbiostest.Structure
		want    string
	}{
		"empty":           {[]*smbiostest.Structure{empty()}, ""},
		"no kind":         {[]*smbiostest.Structure{empty().U64(0x08, 0xCA2)}, "unknown 0xca2"},
		"no registers":    {[]*smbiostest.Structure{empty().U8(0x04, 1)}, "kcs "},
		"empty and other": {[]*smbiostest.Structure{empty(), smbiostest.IPMIDevice(0xCA8)}, "kcs 0xca8"},
	} {
		b, err := board.Read(t.Context(), withTable(append(tt.records, smbiostest.System("Acme", "Server 9", "SN1"))...).Host())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if m := b.ManagementController; m != nil {
			got = m.Interface + " " + m.BaseAddress
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// id is what the kernel shows to everybody.
func id(s *hosttest.Source) {
	for name, v := range map[string]string{
		"bios_vendor": "Acme", "bios_date": "01/02/2020", "sys_vendor": "Acme", "product_name": "To Be Filled By O.E.M.",
		"board_name": "Board", "chassis_type": "23", "product_serial": "", "chassis_serial": "",
	} {
		s.Files["/sys/class/dmi/id/"+name] = v + "\n"
	}
	s.Errors["/sys/class/dmi/id/product_serial"] = fs.ErrPermission
	s.Errors["/sys/class/dmi/id/chassis_serial"] = fs.ErrPermission
}

func TestWithoutPermission(t *testing.T) {
	t.Parallel()
	s := withTable(smbiostest.BIOS("Acme", "1", ""))
	id(s)
	s.Errors[dmi.TablePath] = fs.ErrPermission
	r := inventory.Collect(t.Context(), []inventory.Collector{board.Collector(s.Host())})
	b := r.Board
	if b == nil || b.System.Manufacturer != "Acme" || b.System.ProductName != "" || b.Baseboard.ProductName != "Board" ||
		b.Chassis.Type != "rack_mount_chassis" || b.BIOS.ReleaseDate != "2020-01-02" {
		t.Errorf("%+v", b)
	}
	if r.Collectors[0].Status != inventory.StatusPartial || len(r.Issues) != 3 {
		t.Errorf("%+v %+v", r.Collectors, r.Issues)
	}
	for _, i := range r.Issues {
		if i.Kind != inventory.KindDenied {
			t.Errorf("%+v", i)
		}
	}

	nothing := withTable(smbiostest.BIOS("Acme", "1", ""))
	nothing.Errors[dmi.TablePath] = fs.ErrPermission
	r = inventory.Collect(t.Context(), []inventory.Collector{board.Collector(nothing.Host())})
	if r.Board != nil || r.Collectors[0].Status != inventory.StatusDenied {
		t.Errorf("denied is not absent: %+v", r.Collectors)
	}
}

func TestAbsentAndDamaged(t *testing.T) {
	t.Parallel()
	if b, err := board.Read(t.Context(), (&hosttest.Source{}).Host()); b != nil || err != nil {
		t.Errorf("no DMI: %v, %v", b, err)
	}
	s := withTable(smbiostest.BIOS("Acme", "1", ""), smbiostest.System("Acme", "Server", "SN1"))
	s.Files[dmi.TablePath] = s.Files[dmi.TablePath][:len(s.Files[dmi.TablePath])-12]
	b, err := board.Read(t.Context(), s.Host())
	if b == nil || b.BIOS.Vendor != "Acme" || !errors.Is(err, inventory.ErrMalformed) {
		t.Errorf("cut table: %+v, %v", b, err)
	}
}

// TestCapturedIDs reads trees that hold the kernel's decoding and no table.
func TestCapturedIDs(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, tree := range fixture.Trees(t, "sys/class/dmi/", "sys/devices/virtual/dmi/") {
		data, err := os.ReadFile(filepath.Join(tree.Expected, "dmi-id.json"))
		if err != nil {
			continue
		}
		var want map[string]string
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		h, err := host.Static(tree.Root)
		if err != nil {
			t.Fatal(err)
		}
		b, err := board.Read(t.Context(), h)
		if err != nil || b == nil {
			t.Errorf("%s: %v, %v", tree.Name, b, err)
			continue
		}
		checked++
		for key, got := range map[string]string{
			"bios_vendor": b.BIOS.Vendor, "bios_version": b.BIOS.Version, "sys_vendor": b.System.Manufacturer,
			"product_name": b.System.ProductName, "board_name": b.Baseboard.ProductName, "board_vendor": b.Baseboard.Manufacturer,
		} {
			if got != "" && got != want[key] {
				t.Errorf("%s: %s: %q, want %q", tree.Name, key, got, want[key])
			}
		}
	}
	if checked == 0 {
		t.Error("no tree had anything to compare with")
	}
}

func BenchmarkRead(b *testing.B) {
	h := withTable(smbiostest.Server()...).Host()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := board.Read(b.Context(), h); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUUIDThatSaysNotSet(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"00000000-0000-0000-0000-000000000000": "", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF": "",
		"4C4C4544-0042-3010-8057-B1C04F4E4E32": "4c4c4544-0042-3010-8057-b1c04f4e4e32", "": "",
	} {
		s := &hosttest.Source{Files: map[string]string{"/sys/class/dmi/id/product_uuid": in + "\n"}}
		b, err := board.Read(t.Context(), s.Host())
		if err != nil || b.System.UUID != want {
			t.Errorf("%q: %+v, %v", in, b, err)
		}
	}
}

func TestBoardsSitInTheirChassis(t *testing.T) {
	t.Parallel()
	first, second := smbiostest.Chassis("Acme", 0x17, "C1"), smbiostest.Chassis("Acme", 0x17, "C2")
	second.Put(2, 0x77, 0x07)
	s := withTable(first, second, smbiostest.Baseboard("Acme", "Board", "B1").U16(0x0B, 0x0777), smbiostest.OEMStrings("io.systemd.credential:secret=x", "plain"))
	b, err := board.Read(t.Context(), s.Host())
	if err != nil || len(b.ChassisAll) != 2 || b.Baseboards[0].ParentID != b.ChassisAll[1].ID {
		t.Errorf("%+v, %v", b, err)
	}
	if len(b.OEMStrings) != 1 || b.OEMStrings[0] != "plain" {
		t.Errorf("secrets are not inventory: %q", b.OEMStrings)
	}
}
