package hostinfo_test

import (
	"errors"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/hostinfo"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

func files() map[string]string {
	table := smbiostest.Table(smbiostest.System("Acme", "Server", "SN12345"), smbiostest.Baseboard("Acme", "Board", "123456789"))
	return map[string]string{
		"/proc/sys/kernel/hostname": "bee1\n", "/proc/sys/kernel/osrelease": "6.1.0-9\n", "/proc/sys/kernel/version": "#1 SMP\n",
		"/proc/sys/kernel/arch": "x86_64\n", "/proc/sys/kernel/random/boot_id": "0f0f0f0f-0000-4000-8000-000000000000\n",
		"/proc/uptime":                  "123.45 1.00\n",
		"/etc/os-release":               "NAME=\"Acme\"\nPRETTY_NAME=\"Acme Linux 3\"\n",
		"/etc/machine-id":               strings.Repeat("a", 32) + "\n",
		"/sys/firmware/acpi/pm_profile": "4\n", dmi.TablePath: string(table), dmi.EntryPath: string(smbiostest.Entry3(3, 2, 0, len(table))),
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	v, err := hostinfo.Read(t.Context(), (&hosttest.Source{Files: files()}).Host())
	if err != nil {
		t.Fatal(err)
	}
	if v.Hostname != "bee1" || v.Kernel != "6.1.0-9" || v.OS != "Acme Linux 3" || *v.UptimeSeconds != 123 || v.Architecture != "x86_64" {
		t.Errorf("%+v", v)
	}
	if v.BootMode != inventory.BootBIOS || v.SecureBoot != nil {
		t.Errorf("boot %q, secure boot %v", v.BootMode, v.SecureBoot)
	}
	id := v.Identity
	if !id.MachineID.Usable || !id.BootID.Usable || !id.SystemSerial.Usable || id.SystemSerial.Value != "SN12345" {
		t.Errorf("%+v", id)
	}
	if id.BaseboardSerial.Usable || id.BaseboardSerial.Value != "123456789" || id.BaseboardSerial.Reason == "" {
		t.Errorf("a counted serial number is usable: %+v", id.BaseboardSerial)
	}
}

// TestContainer: the kernel tells a container's name to who is in it.
func TestContainer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		own, etc, want string
		issue          bool
	}{
		{"uts:[1]", "metal\n", "bee1", false},
		{"uts:[2]", "metal\nmore\n", "metal", false},
		{"uts:[2]", "bee1\n", "bee1", false},
		{"uts:[2]", "", "", true},
	} {
		s := &hosttest.Source{Files: files(), Links: map[string]string{"/proc/1/ns/uts": "uts:[1]", "/proc/self/ns/uts": test.own}}
		s.Files["/etc/hostname"] = test.etc
		v, err := hostinfo.Read(t.Context(), s.Host())
		if v.Hostname != test.want || (err != nil) != test.issue || (v.Provenance != nil) != (test.want == "metal") {
			t.Errorf("%+v: %q, %v, %v", test, v.Hostname, v.Provenance, err)
		}
	}
}

func TestFirmware(t *testing.T) {
	t.Parallel()
	const variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	for _, test := range []struct {
		name, value string
		want        *bool
		issue       bool
	}{
		{"on", "\x06\x00\x00\x00\x01", new(true), false},
		{"off", "\x06\x00\x00\x00\x00", new(false), false},
		{"odd", "\x06\x00\x00\x00\x07", nil, true},
		{"short", "\x01", nil, true},
	} {
		s := &hosttest.Source{Files: map[string]string{variable: test.value, "/proc/sys/kernel/hostname": "x"}}
		v, err := hostinfo.Read(t.Context(), s.Host())
		if v.BootMode != inventory.BootUEFI || (v.SecureBoot == nil) != (test.want == nil) || test.want != nil && *v.SecureBoot != *test.want || (err != nil) != test.issue {
			t.Errorf("%s: %v, %v", test.name, v.SecureBoot, err)
		}
	}
	s := &hosttest.Source{Files: map[string]string{"/sys/firmware/devicetree/base/model": "board", "/proc/sys/kernel/hostname": "x"}}
	if v, err := hostinfo.Read(t.Context(), s.Host()); err != nil || v.BootMode != "" {
		t.Errorf("neither BIOS nor UEFI: %q, %v", v.BootMode, err)
	}
}

func TestMachineID(t *testing.T) {
	t.Parallel()
	for value, reason := range map[string]string{
		"": "not_available", "uninitialized": "uninitialized", "abc": "malformed", strings.Repeat("0", 32): "all_zero",
	} {
		f := files()
		f["/etc/machine-id"] = value
		v, err := hostinfo.Read(t.Context(), (&hosttest.Source{Files: f}).Host())
		if k := v.Identity.MachineID; err != nil || k.Usable || k.Reason != reason {
			t.Errorf("%q: %+v, %v", value, k, err)
		}
	}
}

func TestEmptyAndUnreadable(t *testing.T) {
	t.Parallel()
	if v, err := hostinfo.Read(t.Context(), (&hosttest.Source{}).Host()); v != nil || err != nil {
		t.Errorf("%v, %v", v, err)
	}
	s := &hosttest.Source{Files: files(), Errors: map[string]error{"/proc/sys/kernel/hostname": errors.New("input/output error")}}
	v, err := hostinfo.Read(t.Context(), s.Host())
	if v == nil || v.Kernel == "" || err == nil {
		t.Errorf("%v, %v", v, err)
	}
}

// TestTablesOnly: a captured tree may hold no more than the firmware's tables.
func TestTablesOnly(t *testing.T) {
	t.Parallel()
	all := files()
	s := &hosttest.Source{Files: map[string]string{dmi.TablePath: all[dmi.TablePath], dmi.EntryPath: all[dmi.EntryPath]}}
	v, err := hostinfo.Read(t.Context(), s.Host())
	if err != nil || v == nil || v.Identity.SystemSerial.Value != "SN12345" || v.BootMode != "" {
		t.Errorf("%+v, %v", v, err)
	}
}
