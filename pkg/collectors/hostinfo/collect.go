// Package hostinfo collects what the running system says of itself: names,
// kernel, firmware mode, clock and the keys the machine could be known by.
package hostinfo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	kernelDir = "/proc/sys/kernel"
	efiDir    = "/sys/firmware/efi"
	// The variable of UEFI 2.10 section 3.3, below the global vendor GUID.
	secureBootVar = "efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
)

// Collector makes the collector "host".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("host", []string{"host"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		h := h.ForRun(s.Run())
		if synced := h.ClockSynchronized(); synced != nil {
			s.Put(&inventory.Clock{Synchronized: *synced})
		}
		v, err := Read(ctx, h)
		if v == nil {
			return false, err
		}
		s.Put(v)
		return true, err
	})
}

// Read describes the running system. It is nil, nil below a root that has none
// of the files a system has, nor SMBIOS tables to know the machine by.
func Read(ctx context.Context, h *host.Host) (*inventory.Host, error) {
	r := &reader{h: h, v: &inventory.Host{Meta: inventory.Meta{ID: "host"}}}
	r.kernel(ctx)
	r.system(ctx)
	r.firmware(ctx)
	r.identity(ctx)
	err := errors.Join(r.errs...)
	if len(r.v.Sources) == 0 {
		return nil, err
	}
	return r.v, err
}

type reader struct {
	h    *host.Host
	v    *inventory.Host
	errs []error
}

func (r *reader) attrs(ctx context.Context, dir string, names ...string) *sysfs.Attrs {
	return sysfs.Read(ctx, r.h, "host", dir, names...)
}

// done keeps an attribute set's errors and, when it gave something, its source.
func (r *reader) done(a *sysfs.Attrs, source string, gave bool) {
	if err := a.Err(); err != nil {
		r.errs = append(r.errs, err)
	}
	if gave {
		r.v.Sources = append(r.v.Sources, source)
	}
}

func (r *reader) kernel(ctx context.Context) {
	a := r.attrs(ctx, kernelDir, "hostname", "osrelease", "version", "arch")
	r.v.Hostname = r.hostname(ctx, a)
	r.v.Kernel = a.Text("osrelease", "kernel")
	r.v.KernelVersion = a.Text("version", "kernel_version")
	r.v.Architecture = a.Text("arch", "architecture")
	r.done(a, kernelDir, r.v.Kernel != "" || r.v.Hostname != "")

	a = r.attrs(ctx, "/proc", "uptime", "version")
	if first, _, ok := strings.Cut(a.Text("uptime", "uptime_seconds"), "."); ok {
		if n, err := strconv.ParseUint(first, 10, 64); err == nil {
			r.v.UptimeSeconds = &n
		}
	}
	if words := strings.Fields(a.Text("version", "kernel")); r.v.Kernel == "" && len(words) > 2 {
		r.v.Kernel = words[2] // "Linux version 6.1.0 (...)": captured trees may hold no more
		r.v.Sources = append(r.v.Sources, "/proc/version")
	}
	r.done(a, "/proc/uptime", r.v.UptimeSeconds != nil)
}

// hostname is the machine's name. /proc shows everybody the name of the UTS
// namespace he is in (kernel: kernel/utsname_sysctl.c): to a program in a
// container that of the container, even below the machine's root.
func (r *reader) hostname(ctx context.Context, a *sysfs.Attrs) string {
	name := a.Text("hostname", "hostname")
	first, err := r.h.Readlink(ctx, "/proc/1/ns/uts")
	if err != nil {
		return name
	}
	own, err := r.h.Readlink(ctx, "/proc/self/ns/uts")
	if err != nil || own == first {
		return name
	}
	const source = "/etc/hostname"
	etc := r.attrs(ctx, "/etc", "hostname")
	machine, _, _ := strings.Cut(string(etc.Bytes("hostname", "hostname")), "\n")
	machine = sysfs.Clean(machine)
	r.done(etc, source, machine != "")
	switch machine {
	case "":
		r.errs = append(r.errs, &inventory.PartError{
			ComponentID: "host", Field: "hostname", Source: source,
			Err: fmt.Errorf("the kernel names the container, %q: %w", name, inventory.ErrNotCollected),
		})
		return ""
	case name:
		return name
	}
	r.v.Provenance = map[string]inventory.Provenance{"hostname": {
		Source: source, Rejected: map[string]string{path.Join(kernelDir, "hostname"): name},
	}}
	return machine
}

func (r *reader) system(ctx context.Context) {
	a := r.attrs(ctx, "/etc", "os-release", "bee-release")
	release := string(a.Bytes("os-release", "os"))
	source := "/etc/os-release"
	r.v.BeeRelease = a.Text("bee-release", "bee_release")
	r.done(a, "/etc/bee-release", r.v.BeeRelease != "")
	if release == "" {
		a = r.attrs(ctx, "/usr/lib", "os-release")
		release, source = string(a.Bytes("os-release", "os")), "/usr/lib/os-release"
		r.done(a, "", false)
	}
	if r.v.OS = prettyName(release); r.v.OS != "" {
		r.v.Sources = append(r.v.Sources, source)
	}
}

// prettyName finds PRETTY_NAME in os-release(5), else NAME and VERSION.
func prettyName(release string) string {
	fields := map[string]string{}
	for line := range strings.Lines(release) {
		k, v, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok {
			fields[k] = sysfs.Clean(strings.Trim(v, `"'`))
		}
	}
	if n := fields["PRETTY_NAME"]; n != "" {
		return n
	}
	return strings.TrimSpace(fields["NAME"] + " " + fields["VERSION"])
}

// firmware tells UEFI by its sysfs folder. Its absence means BIOS only where
// the folder above is there to miss it, and whole: a captured tree may hold no
// more than the SMBIOS tables.
func (r *reader) firmware(ctx context.Context) {
	names, err := r.h.ReadDir(ctx, "/sys/firmware")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.errs = append(r.errs, &inventory.PartError{ComponentID: "host", Field: "boot_mode", Source: "/sys/firmware", Err: sysfs.Cause(err)})
		}
		return
	}
	has := func(name string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
	switch {
	case has("efi"):
		r.v.BootMode = inventory.BootUEFI
		r.v.Sources = append(r.v.Sources, efiDir)
	case has("dmi") && (has("acpi") || has("memmap")): // all that a PC has, and no EFI
		r.v.BootMode = inventory.BootBIOS
		return
	default:
		return
	}
	a := r.attrs(ctx, efiDir, secureBootVar)
	// Four bytes of variable attributes, then the state.
	if b := a.Bytes(secureBootVar, "secure_boot"); len(b) == 5 && b[4] <= 1 {
		r.v.SecureBoot = new(b[4] == 1)
	} else if b != nil {
		a.Fail(secureBootVar, "secure_boot", inventory.ErrMalformed)
	}
	r.done(a, "", false)
}

func (r *reader) identity(ctx context.Context) {
	id := &r.v.Identity
	a := r.attrs(ctx, "/etc", "machine-id")
	id.MachineID = machineID(a.Text("machine-id", "identity.machine_id"))
	r.done(a, "/etc/machine-id", id.MachineID.Usable)

	a = r.attrs(ctx, kernelDir, "random/boot_id")
	id.BootID = plain(a.Text("random/boot_id", "identity.boot_id"))
	r.done(a, "", false)

	id.BMCMAC = inventory.IdentityKey{Reason: "not_available"}
	t, err := dmi.Read(ctx, r.h) // its errors are the board collector's to report
	id.SystemUUID, id.SystemSerial, id.BaseboardSerial = firmwareKeys(t, err)
	if id.SystemUUID.Value+id.SystemSerial.Value+id.BaseboardSerial.Value != "" {
		r.v.Sources = append(r.v.Sources, dmi.TablePath)
	}
}
