//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/test/lab"
)

// uefi boots a profile through OVMF, which takes no SMBIOS tables as a whole.
func uefi(p *lab.Profile) {
	p.UEFI = true
	p.SMBIOS = nil
}

// TestUEFI boots the full server's hardware through OVMF.
func TestUEFI(t *testing.T) {
	b := start(t, plan{keys: true, tune: uefi})
	b.up(t, 90*time.Second)
	if state := b.audited(t, 60*time.Second); state != "done" {
		t.Errorf("audit: %s", state)
	}
	r := b.report(t)
	if r.Host == nil || r.Host.BootMode != "uefi" {
		t.Errorf("host %+v, want boot mode uefi", r.Host)
	}
	// The firmware's own tables.
	b.facts.SMBIOS.System.SerialNumber = r.Board.System.SerialNumber
	b.facts.SMBIOS.Arrays, b.facts.SMBIOS.Supplies, b.facts.SMBIOS.Processors = nil, nil, b.facts.SMBIOS.Processors[:len(r.CPUs)]
	b.plugged(t, r)
	b.smoke(t, b.root(), "sh -s")
}

// TestUSB boots the same image as a stick.
func TestUSB(t *testing.T) {
	b := start(t, plan{profile: "small", tune: withNIC, keys: true, media: func(b booted) []string {
		return []string{
			"-device", "qemu-xhci,id=usb", "-drive", "if=none,id=stick,format=raw,file=" + b.iso,
			"-device", "usb-storage,bus=usb.0,drive=stick,removable=on,bootindex=1",
		}
	}})
	b.up(t, 90*time.Second)
	b.audited(t, 60*time.Second)
	b.smoke(t, b.root(), "sh -s")
}

// TestPXE boots the netboot artefacts off QEMU's TFTP server: nothing but what
// the initramfs holds is ever fetched.
func TestPXE(t *testing.T) {
	var root string
	b := start(t, plan{keys: true, media: func(b booted) []string {
		root = filepath.Join(b.out, "tftp")
		if err := netboot(t, b, root); err != nil {
			t.Fatal(err)
		}
		// The card of the profile asks; its network serves.
		for i, a := range b.profile.Arguments {
			if strings.HasPrefix(a, "user,id=n0,") {
				b.profile.Arguments[i] = a + ",tftp=" + root + ",bootfile=pxelinux.0"
			}
			if strings.HasPrefix(a, "e1000e,id=nic0,") {
				b.profile.Arguments[i] = a + ",bootindex=1"
			}
		}
		return nil
	}, tune: func(p *lab.Profile) { p.Memory = "1536"; twoNodes(p, 768) }})
	b.up(t, 120*time.Second)
	if state := b.audited(t, 60*time.Second); state != "done" {
		t.Errorf("audit: %s", state)
	}
	b.plugged(t, b.report(t))
	b.smoke(t, b.root(), "sh -s")
	if s := b.field(t, "medium.status", "state"); s != "removable" && s != "running" {
		t.Errorf("medium: %s", s)
	}
}

// twoNodes changes the memory of the profile's two NUMA nodes.
func twoNodes(p *lab.Profile, mib int) {
	for i, a := range p.Arguments {
		if strings.HasPrefix(a, "memory-backend-ram,id=m") {
			p.Arguments[i] = fmt.Sprintf("%s,size=%dM", a[:strings.LastIndex(a, ",size=")], mib)
		}
	}
}

// netboot lays out what a TFTP server needs. The stand-in for the world's
// packages and the modules come in the initramfs, as there is no HTTP server.
func netboot(t *testing.T, b booted, root string) error {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(root, "pxelinux.cfg"), 0o755); err != nil {
		return err
	}
	tree, err := lab.NewTree(t.Context(), os.Stderr, "isoroot", packages())
	if err != nil {
		return err
	}
	extra := tree.Empty()
	for name, from := range map[string]string{"userland.cpio": b.shared.parts.userland, "modloop": b.shared.parts.modloop} {
		if err := extra.Copy(name, from); err != nil {
			return err
		}
	}
	if err := extra.Write(filepath.Join(root, "extra.cpio")); err != nil {
		return err
	}
	builder := filepath.Join(b.shared.top, "iso/builder")
	if err := run(t.Context(), "sh", filepath.Join(builder, "netboot.sh"), b.shared.parts.kernel, b.shared.parts.initramfs, b.shared.parts.modloop,
		filepath.Join(b.stage, "boot/bee.cpio"), root); err != nil {
		return err
	}
	if err := run(t.Context(), "cp", "/usr/lib/PXELINUX/pxelinux.0", "/usr/lib/syslinux/modules/bios/ldlinux.c32", root); err != nil {
		return err
	}
	menu, err := bootMenu(t.Context(), builder, "bee_syslinux_config", "")
	if err != nil {
		return err
	}
	menu = strings.NewReplacer("/boot/bee.cpio", "extra.cpio", "/boot/", "").Replace(menu)
	return os.WriteFile(filepath.Join(root, "pxelinux.cfg/default"), []byte(menu), 0o644)
}
