package firmware

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/collectors/internal/tpm"
	"example.com/bee/pkg/inventory"
)

const typeTPM = 43

// readTPMs reads the modules the kernel has drivers for, each through its own
// words, and asks the firmware's tables for what those did not say, or of a
// module without a driver.
func readTPMs(ctx context.Context, h *host.Host, t *inventory.Trust) error {
	var errs []error
	names, err := h.ReadDir(ctx, tpmClassDir)
	switch {
	case err == nil:
		t.TPMs = []inventory.TPM{}
		t.Sources = append(t.Sources, tpmClassDir)
	case !errors.Is(err, fs.ErrNotExist):
		errs = append(errs, &inventory.PartError{ComponentID: idTrust, Field: "tpms", Source: tpmClassDir, Err: sysfs.Cause(err)})
	}
	slices.SortFunc(names, inventory.CompareNatural)
	for _, n := range names {
		v, err := readTPM(ctx, h, n)
		t.TPMs = append(t.TPMs, v)
		errs = append(errs, err)
	}
	table, dmiErr := dmi.Read(ctx, h)
	errs = append(errs, dmi.Issues(dmiErr, typeTPM))
	if table == nil {
		return errors.Join(errs...)
	}
	for i, d := range table.TPMDevices() {
		switch {
		case i < len(t.TPMs):
			complete(&t.TPMs[i], d)
		case err == nil || errors.Is(err, fs.ErrNotExist):
			v := inventory.TPM{Meta: inventory.Meta{ID: "tpm:firmware", ParentID: idTrust}}
			complete(&v, d)
			t.TPMs = append(t.TPMs, v)
			t.Sources = append(t.Sources, dmi.TablePath)
			return errors.Join(errs...) // one without a driver is enough to say
		}
	}
	return errors.Join(errs...)
}

// readTPM reads one module (kernel: Documentation/ABI/stable/sysfs-class-tpm).
func readTPM(ctx context.Context, h *host.Host, name string) (inventory.TPM, error) {
	dir := path.Join(tpmClassDir, name)
	v := inventory.TPM{
		Meta:   inventory.Meta{ID: inventory.IDOf("tpm", name), ParentID: idTrust, Sources: []string{dir}},
		Device: name,
	}
	a := sysfs.Read(ctx, h, v.ID, dir, "tpm_version_major", "device/caps", "device/enabled", "device/active", "device/owned")
	switch major := a.Text("tpm_version_major", "version"); major {
	case "":
	case "1":
		v.Version = "1.2"
	case "2":
		v.Version = "2.0"
	default:
		a.Fail("tpm_version_major", "version", inventory.ErrMalformed)
	}
	if text := a.Bytes("device/caps", "manufacturer_id"); text != nil {
		if c, ok := decodeCaps(text); ok {
			v.ManufacturerID, v.Firmware = c.manufacturerID, c.firmware
			if v.Version == "" {
				v.Version = c.version
			}
		} else {
			a.Fail("device/caps", "manufacturer_id", inventory.ErrMalformed)
		}
	}
	flag := func(name, field string) *bool {
		if n := a.Uint(name, field, 10, 1); n != nil {
			return new(*n == 1)
		}
		return nil
	}
	v.Enabled, v.Active, v.Owned = flag("device/enabled", "enabled"), flag("device/active", "active"), flag("device/owned", "owned")
	if target, err := h.Readlink(ctx, path.Join(dir, "device/driver")); err == nil {
		v.Driver = path.Base(target)
	} else if sysfs.Unreadable(err) {
		a.Fail("device/driver", "driver", err)
	}
	err := a.Err()
	if v.Version != "1.2" {
		err = errors.Join(err, ask(ctx, h, &v), banks(ctx, h, &v))
	}
	v.Manufacturer = tpm.Manufacturer(v.ManufacturerID)
	return v, err
}

// ask asks a TPM 2.0 itself. Without its node, or without the right to open
// it, the firmware's tables have to do.
func ask(ctx context.Context, h *host.Host, v *inventory.TPM) error {
	node := "/dev/tpmrm" + strings.TrimPrefix(v.Device, "tpm")
	dev, err := h.Open(ctx, host.TPM, node)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &inventory.PartError{ComponentID: v.ID, Source: node, Err: sysfs.Cause(err)}
	}
	defer dev.Close() //nolint:errcheck // nothing is lost with it
	id, list, err := tpm.Identify(ctx, dev)
	if id != (tpm.Identity{}) {
		v.Sources = append(v.Sources, node)
	}
	if id.Family != "" {
		v.Version = id.Family
	}
	v.Revision, v.ManufacturerID, v.Model, v.Firmware = id.Revision, id.ManufacturerID, id.Model, id.Firmware
	v.OwnerSet, v.LockedOut, v.LockoutCount, v.LockoutLimit = id.OwnerSet, id.LockedOut, id.LockoutCount, id.LockoutLimit
	v.PCRBanks = list
	if err != nil {
		return &inventory.PartError{ComponentID: v.ID, Source: node + " GetCapability", Err: err}
	}
	return nil
}

// banks takes the PCR banks from sysfs (Linux 5.12) where the module was not
// asked.
func banks(ctx context.Context, h *host.Host, v *inventory.TPM) error {
	if v.PCRBanks != nil {
		return nil
	}
	dir := path.Join(tpmClassDir, v.Device)
	names, err := h.ReadDir(ctx, dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return &inventory.PartError{ComponentID: v.ID, Field: "pcr_banks", Source: dir, Err: sysfs.Cause(err)}
	}
	for _, n := range names {
		if bank, ok := strings.CutPrefix(n, "pcr-"); ok {
			v.PCRBanks = append(v.PCRBanks, sysfs.Clean(bank))
		}
	}
	return nil
}

// complete fills in from the firmware's tables what is not known better.
func complete(v *inventory.TPM, d smbios.TPMDevice) {
	before := *v
	if v.Version == "" {
		v.Version = d.SpecificationVersion()
	}
	if v.ManufacturerID == "" {
		v.ManufacturerID = d.VendorID()
	}
	if first, second, ok := d.FirmwareVersion(); ok && v.Firmware == "" {
		switch d.SpecificationVersion() {
		case "2.0":
			v.Firmware = tpm.Version(first, second)
		case "1.2": // TPM_VERSION: major, minor, then the firmware's two bytes
			v.Firmware = version12(first)
		}
	}
	v.Description = d.Description()
	v.Manufacturer = tpm.Manufacturer(v.ManufacturerID)
	if before.Version != v.Version || before.ManufacturerID != v.ManufacturerID || before.Firmware != v.Firmware || v.Description != "" || v.Device == "" {
		v.Sources = append(v.Sources, dmi.TablePath)
	}
}
