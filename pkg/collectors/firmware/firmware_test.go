package firmware_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/firmware"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

const (
	secureBoot = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	setupMode  = "/sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	entry      = "/sys/firmware/efi/esrt/entries/entry0/"
	tpm0       = "/sys/class/tpm/tpm0/"
)

// server has a TPM 2.0 whose node nobody may open.
func server() *hosttest.Source {
	table := smbiostest.Table(smbiostest.System("Acme", "Server", "SN12345"), smbiostest.TPMDevice("IFX", 2, 0, 0x00070055, 0x0011CB00, "INFINEON"))
	return &hosttest.Source{
		Files: map[string]string{
			"/proc/sys/kernel/tainted":      "4097\n",
			"/sys/kernel/security/lockdown": "none [integrity] confidentiality\n",
			secureBoot:                      "\x06\x00\x00\x00\x01", setupMode: "\x06\x00\x00\x00\x00",
			entry + "fw_class": "DDC0EE61-E7F0-4E7D-ACC5-C070A398838E\n", entry + "fw_type": "1\n", entry + "fw_version": "65586\n",
			entry + "lowest_supported_fw_version": "65580\n", entry + "last_attempt_version": "65590\n",
			entry + "last_attempt_status": "5\n", entry + "capsule_flags": "0x8010\n",
			tpm0 + "tpm_version_major": "2\n", tpm0 + "pcr-sha256/0": "00\n", tpm0 + "pcr-sha1/0": "00\n",
			dmi.TablePath: string(table), dmi.EntryPath: string(smbiostest.Entry3(3, 4, 0, len(table))),
		},
		Links: map[string]string{tpm0 + "device/driver": "../../../bus/platform/drivers/tpm_crb"},
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	old := server()
	delete(old.Files, tpm0+"tpm_version_major")
	old.Files[tpm0+"device/caps"] = "Manufacturer: 0x53544d20\nTCG version: 1.2\nFirmware version: 13.12\n"
	maps.Copy(old.Files, map[string]string{tpm0 + "device/enabled": "1\n", tpm0 + "device/active": "1\n", tpm0 + "device/owned": "0\n"})
	collectortest.Run(t, firmware.Collector, collectortest.OnMachine("server", server()), collectortest.OnMachine("TPM 1.2", old))
}

func TestReadTrust(t *testing.T) {
	t.Parallel()
	got, err := firmware.ReadTrust(t.Context(), server().Host())
	if err != nil {
		t.Fatal(err)
	}
	want := &inventory.Trust{
		Meta: inventory.Meta{ID: "trust", Sources: []string{
			"/proc/sys/kernel/tainted", "/sys/kernel/security/lockdown", "/sys/firmware/efi/efivars", "/sys/class/tpm",
		}},
		SecureBoot: new(true), SetupMode: new(false), Lockdown: "integrity",
		KernelTaint: []string{"proprietary_module", "out_of_tree_module"}, KernelTaintMask: new(uint64(4097)),
		TPMs: []inventory.TPM{{
			Meta:   inventory.Meta{ID: "tpm:tpm0", ParentID: "trust", Sources: []string{"/sys/class/tpm/tpm0", dmi.TablePath}},
			Device: "tpm0", Version: "2.0", ManufacturerID: "IFX", Manufacturer: "Infineon", Firmware: "7.85.17.51968",
			Description: "INFINEON", Driver: "tpm_crb", PCRBanks: []string{"sha1", "sha256"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// answers is a TPM 2.0 of its own maker, locked out.
func answers(t *testing.T) device.Device {
	t.Helper()
	list := func(capability uint32, count int, words ...uint32) []byte {
		b := []byte{0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0}
		b = binary.BigEndian.AppendUint32(b, capability)
		b = binary.BigEndian.AppendUint32(b, uint32(count))
		for _, w := range words {
			b = binary.BigEndian.AppendUint32(b, w)
		}
		binary.BigEndian.PutUint32(b[2:], uint32(len(b)))
		return b
	}
	return fakedev.NewFunc(t, device.TPM, func(_ context.Context, r device.Request) (device.Response, error) {
		switch binary.BigEndian.Uint32(r.Command[14:]) {
		case 0x100:
			return device.Response{Data: list(6, 4, 0x100, 0x322E3000, 0x105, 0x53544D20, 0x10B, 0x00010102, 0x10C, 0)}, nil
		case 0x200:
			return device.Response{Data: list(6, 2, 0x200, 0x200, 0x20E, 32)}, nil
		}
		return device.Response{Data: append(list(5, 0)[:15], 0, 0, 0, 0)}, nil
	})
}

// TestAskedTPM: what the module says itself comes before the firmware's
// tables.
func TestAskedTPM(t *testing.T) {
	t.Parallel()
	s := server()
	s.Devices = map[string]host.Device{"tpm /dev/tpmrm0": answers(t)}
	r := inventory.Collect(t.Context(), []inventory.Collector{firmware.Collector(s.Host())})
	v := r.Trust.TPMs[0]
	if v.ManufacturerID != "STM" || v.Manufacturer != "STMicroelectronics" || v.Firmware != "1.258.0.0" || v.LockedOut == nil || !*v.LockedOut || *v.LockoutCount != 32 || *v.OwnerSet {
		t.Errorf("%+v", v)
	}
	if len(v.PCRBanks) != 0 || len(r.Issues) > 0 {
		t.Errorf("%q %v", v.PCRBanks, r.Issues)
	}
	var codes []string
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
	}
	if diff := cmp.Diff([]string{"firmware.update_failed", "tpm.locked_out", "kernel.tainted"}, codes); diff != "" {
		t.Error(diff)
	}
}

// denied is a machine whose TPM nobody may open.
type denied struct{ *hosttest.Source }

func (denied) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestDeniedTPM(t *testing.T) {
	t.Parallel()
	got, err := firmware.ReadTrust(t.Context(), host.New(denied{server()}))
	if !errors.Is(err, fs.ErrPermission) || got.TPMs[0].Firmware == "" || got.TPMs[0].PCRBanks == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestWithoutDriver: only the firmware's tables tell of the TPM.
func TestWithoutDriver(t *testing.T) {
	t.Parallel()
	s := server()
	for name := range maps.Clone(s.Files) {
		if len(name) > len(tpm0) && name[:len(tpm0)] == tpm0 {
			delete(s.Files, name)
		}
	}
	s.Links = nil
	r := inventory.Collect(t.Context(), []inventory.Collector{firmware.Collector(s.Host())})
	if len(r.Trust.TPMs) != 1 || r.Trust.TPMs[0].Device != "" || r.Trust.TPMs[0].Version != "2.0" {
		t.Errorf("%+v", r.Trust.TPMs)
	}
	for _, f := range r.Findings {
		if f.Code == "tpm.no_driver" {
			return
		}
	}
	t.Errorf("%+v", r.Findings)
}

func TestReadResources(t *testing.T) {
	t.Parallel()
	got, err := firmware.ReadResources(t.Context(), server().Host())
	if err != nil {
		t.Fatal(err)
	}
	const guid = "ddc0ee61-e7f0-4e7d-acc5-c070a398838e"
	want := []inventory.FirmwareResource{{
		Meta: inventory.Meta{ID: "firmware:" + guid, Sources: []string{"/sys/firmware/efi/esrt/entries/entry0"}},
		GUID: guid, Type: "system_firmware", Version: new(uint32(65586)), LowestVersion: new(uint32(65580)),
		LastAttemptVersion: new(uint32(65590)), LastAttemptStatus: "authentication_error", CapsuleFlags: new(uint32(0x8010)),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHardwareErrors(t *testing.T) {
	t.Parallel()
	s := &hosttest.Source{Files: map[string]string{"/proc/sys/kernel/tainted": "9223372036854776020\n"}} // bits 2, 4, 7, 63
	r := inventory.Collect(t.Context(), []inventory.Collector{firmware.Collector(s.Host())})
	codes := map[string]inventory.Severity{}
	for _, f := range r.Findings {
		codes[f.Code] = f.Severity
	}
	if diff := cmp.Diff(map[string]inventory.Severity{
		"kernel.hardware_error": inventory.SeverityWarning, "kernel.died": inventory.SeverityWarning,
		"kernel.cpu_out_of_spec": inventory.SeverityWarning, "kernel.tainted": inventory.SeverityInfo,
	}, codes); diff != "" {
		t.Errorf("%s %v", diff, r.Trust.KernelTaint)
	}
}

func BenchmarkCollect(b *testing.B) {
	for name, s := range map[string]*hosttest.Source{"none": {}, "server": server()} {
		b.Run(name, func(b *testing.B) {
			h := host.New(s)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := firmware.ReadTrust(b.Context(), h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
