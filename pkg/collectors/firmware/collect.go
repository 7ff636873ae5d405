// Package firmware collects what a system can be trusted with: how the
// firmware started it, what its kernel allows and has seen, its TPMs, and the
// firmware that it can update.
package firmware

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	efiVarsDir   = "/sys/firmware/efi/efivars"
	esrtDir      = "/sys/firmware/efi/esrt/entries"
	securityDir  = "/sys/kernel/security"
	kernelDir    = "/proc/sys/kernel"
	tpmClassDir  = "/sys/class/tpm"
	idTrust      = "trust"
	efiVarGlobal = "-8be4df61-93ca-11d2-aa0d-00e098032b8c" // UEFI 2.10 section 3.3
)

// Collector makes the collector "firmware".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("firmware", []string{"trust", "firmware"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		h := h.ForRun(s.Run())
		trust, trustErr := ReadTrust(ctx, h)
		if trust != nil {
			s.Put(trust)
		}
		resources, err := ReadResources(ctx, h)
		for i := range resources {
			s.Put(&resources[i])
		}
		return trust != nil || resources != nil, errors.Join(trustErr, err)
	})
}

// ReadTrust describes boot, kernel and TPMs; nil, nil below a root that tells
// of none of them.
func ReadTrust(ctx context.Context, h *host.Host) (*inventory.Trust, error) {
	t := &inventory.Trust{Meta: inventory.Meta{ID: idTrust}}
	err := errors.Join(readKernel(ctx, h, t), readBoot(ctx, h, t), readTPMs(ctx, h, t))
	if len(t.Sources) == 0 {
		return nil, err
	}
	return t, err
}

// readKernel reads taint (kernel: Documentation/admin-guide/tainted-kernels)
// and lockdown (kernel_lockdown(7)).
func readKernel(ctx context.Context, h *host.Host, t *inventory.Trust) error {
	a := sysfs.Read(ctx, h, idTrust, kernelDir, "tainted")
	if mask := a.Uint("tainted", "kernel_taint_mask", 10, 64); mask != nil {
		t.KernelTaintMask, t.KernelTaint = mask, taintNames(*mask)
		t.Sources = append(t.Sources, path.Join(kernelDir, "tainted"))
	}
	b := sysfs.Read(ctx, h, idTrust, securityDir, "lockdown")
	if text := b.Text("lockdown", "lockdown"); text != "" {
		if t.Lockdown = decodeLockdown(text); t.Lockdown == "" {
			b.Fail("lockdown", "lockdown", inventory.ErrMalformed)
		} else {
			t.Sources = append(t.Sources, path.Join(securityDir, "lockdown"))
		}
	}
	return errors.Join(a.Err(), b.Err())
}

// readBoot reads the variables by which UEFI tells of Secure Boot.
func readBoot(ctx context.Context, h *host.Host, t *inventory.Trust) error {
	a := sysfs.Read(ctx, h, idTrust, efiVarsDir, "SecureBoot"+efiVarGlobal, "SetupMode"+efiVarGlobal)
	read := func(name, field string) *bool {
		b := a.Bytes(name+efiVarGlobal, field)
		if b == nil {
			return nil
		}
		v := decodeSwitch(b)
		if v == nil {
			a.Fail(name+efiVarGlobal, field, inventory.ErrMalformed)
		}
		return v
	}
	t.SecureBoot, t.SetupMode = read("SecureBoot", "secure_boot"), read("SetupMode", "setup_mode")
	if t.SecureBoot != nil || t.SetupMode != nil {
		t.Sources = append(t.Sources, efiVarsDir)
	}
	return a.Err()
}

// ReadResources lists the entries of the EFI System Resource Table (kernel:
// Documentation/ABI/testing/sysfs-firmware-efi-esrt); nil, nil where the
// firmware has none.
func ReadResources(ctx context.Context, h *host.Host) ([]inventory.FirmwareResource, error) {
	names, err := h.ReadDir(ctx, esrtDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &inventory.PartError{Source: esrtDir, Err: sysfs.Cause(err)}
	}
	all := make([]inventory.FirmwareResource, 0, len(names))
	var errs []error
	var ids inventory.IDs
	for _, n := range names {
		r, err := readResource(ctx, h, n)
		r.ID = ids.Unique(r.ID)
		all = append(all, r)
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

func readResource(ctx context.Context, h *host.Host, name string) (inventory.FirmwareResource, error) {
	dir := path.Join(esrtDir, name)
	id := inventory.IDOf("firmware", name)
	a := sysfs.Read(ctx, h, id, dir, "fw_class", "fw_type", "fw_version", "lowest_supported_fw_version",
		"last_attempt_version", "last_attempt_status", "capsule_flags")
	number := func(name, field string, base int) *uint32 {
		if n := a.Uint(name, field, base, 32); n != nil {
			return new(uint32(*n))
		}
		return nil
	}
	r := inventory.FirmwareResource{
		Meta:               inventory.Meta{ID: id, Sources: []string{dir}},
		Version:            number("fw_version", "version", 10),
		LowestVersion:      number("lowest_supported_fw_version", "lowest_version", 10),
		LastAttemptVersion: number("last_attempt_version", "last_attempt_version", 10),
		CapsuleFlags:       number("capsule_flags", "capsule_flags", 0),
	}
	if text := a.Text("fw_class", "guid"); text != "" {
		if r.GUID = decodeGUID(text); r.GUID == "" {
			a.Fail("fw_class", "guid", inventory.ErrMalformed)
		} else {
			r.ID = inventory.IDOf("firmware", r.GUID)
		}
	}
	if n := number("fw_type", "type", 10); n != nil {
		r.Type = resourceType(*n)
	}
	if n := number("last_attempt_status", "last_attempt_status", 10); n != nil {
		r.LastAttemptStatus = attemptStatus(*n)
	}
	return r, a.Err()
}
