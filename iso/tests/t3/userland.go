//go:build isolab

package t3

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"example.com/bee/test/lab"
)

//go:embed standin
var standin embed.FS

// packages are what the userland is made of; they are unpacked, not installed.
func packages() []string {
	return []string{"busybox-static", "kmod", "openrc", "dropbear-bin", "opendoas", "libpam-modules", "ipmitool", "pciutils", "dmidecode"}
}

// earlyModules are in the initramfs: what finds the medium. The real one has
// drivers of RAID controllers too, and leaves them alone by blacklist=; it has
// no file system of a customer's disk.
func earlyModules() []string {
	return strings.Fields(`loop squashfs isofs nls_iso8859-1 nls_utf8 ahci ata_piix sd_mod sr_mod cdrom
		usb-storage uas xhci_pci ehci-pci uhci-hcd virtio_pci virtio_blk virtio_scsi`)
}

// allModules are on the medium.
func allModules() []string {
	return append(earlyModules(), strings.Fields(`
		nvme megaraid_sas mptsas mpt3sas sg ses enclosure e1000e e1000 igb ixgbe vmxnet3 virtio_net bonding 8021q
		ipmi_si ipmi_devintf ipmi_ssif acpi_ipmi i2c-i801 i2c-dev coretemp drivetemp dmi-sysfs
		vfat nls_cp437 nls_ascii ext4 md-mod raid1 dm-mod cdc_ether rndis_host usbnet af_packet efivarfs
		button evdev hid-generic usbhid pcspkr iTCO_wdt nouveau`)...)
}

// parts are the pieces of the medium that do not depend on the apkovl.
type parts struct {
	kernel, initramfs, userland, modloop, efi string
}

// buildParts makes them, or finds them in the lab's cache.
func buildParts(ctx context.Context, log io.Writer) (parts, error) {
	built, err := lab.Build(ctx, log)
	if err != nil {
		return parts{}, err
	}
	tree, err := lab.NewTree(ctx, log, "isoroot", packages())
	if err != nil {
		return parts{}, err
	}
	sources, err := standinText()
	if err != nil {
		return parts{}, err
	}
	key := []string{"9", tree.Root(), built.Version, sources, strings.Join(earlyModules(), " "), strings.Join(allModules(), " "), early}
	dir, err := lab.Cached(ctx, log, "isoparts", key, func(dst string) error { return writeParts(ctx, tree, dst) })
	return partsIn(built.Kernel, dir), err
}

func partsIn(kernel, dir string) parts {
	in := func(name string) string { return filepath.Join(dir, name) }
	return parts{kernel, in("initramfs"), in("userland"), in("modloop"), in("efi.img")}
}

func writeParts(ctx context.Context, t *lab.Tree, dir string) error {
	if err := writeInitramfs(ctx, t.Empty(), filepath.Join(dir, "initramfs")); err != nil {
		return err
	}
	if err := writeModloop(ctx, t.Empty(), dir); err != nil {
		return err
	}
	if err := writeEFI(ctx, dir); err != nil {
		return err
	}
	return writeUserland(ctx, t, filepath.Join(dir, "userland"))
}

// standinText is the content of all stand-ins, as a key.
func standinText() (string, error) {
	var all strings.Builder
	err := fs.WalkDir(standin, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := standin.ReadFile(p)
		all.WriteString(p + "\n" + string(data))
		return err
	})
	return all.String(), err
}

func writeInitramfs(ctx context.Context, t *lab.Tree, to string) error {
	base(t)
	if err := t.Programs("busybox", "kmod"); err != nil {
		return err
	}
	if err := applets(ctx, t); err != nil {
		return err
	}
	script, err := standin.ReadFile("standin/init")
	if err != nil {
		return err
	}
	t.Text("init", string(script), 0o755)
	if err := t.Modules(ctx, earlyModules()); err != nil {
		return err
	}
	return t.Write(to)
}

// writeModloop packs the modules; zstd, since xz takes long to unpack without
// hardware support.
func writeModloop(ctx context.Context, t *lab.Tree, dir string) error {
	if err := t.Modules(ctx, allModules()); err != nil {
		return err
	}
	tmp := filepath.Join(dir, "modloop.d")
	if err := t.WriteDir(tmp); err != nil {
		return err
	}
	// Alpine's holds the firmware too; some stands for all.
	firmware := filepath.Join(tmp, "usr/lib/modules/firmware/bee")
	if err := os.MkdirAll(firmware, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(firmware, "test.bin"), []byte("firmware\n"), 0o644); err != nil {
		return err
	}
	if err := run(ctx, "mksquashfs", filepath.Join(tmp, "usr/lib"), filepath.Join(dir, "modloop"),
		"-comp", "zstd", "-Xcompression-level", "3", "-all-root", "-no-progress", "-quiet"); err != nil {
		return err
	}
	return os.RemoveAll(tmp)
}

// base makes the folders; all programs are in usr/bin.
func base(t *lab.Tree) {
	for _, d := range []string{"usr/bin", "usr/lib", "usr/lib64", "dev", "proc", "sys", "run", "mnt", "media", "etc"} {
		t.Folder(d, 0o755)
	}
	t.Folder("tmp", 0o1777)
	t.Folder("root", 0o700)
	for _, l := range []string{"bin", "lib", "lib64"} {
		t.Link(l, "usr/"+l)
	}
	t.Link("sbin", "usr/bin")
	t.Link("usr/sbin", "bin")
	for _, l := range []string{"modprobe", "insmod", "rmmod", "lsmod", "modinfo", "depmod"} {
		t.Link("usr/bin/"+l, "kmod")
	}
}

// applets links every name that busybox answers to and that nothing else has.
func applets(ctx context.Context, t *lab.Tree) error {
	out, err := exec.CommandContext(ctx, filepath.Join(t.Root(), "bin/busybox"), "--list").Output()
	if err != nil {
		return err
	}
	for name := range strings.FieldsSeq(string(out)) {
		if !t.Has("usr/bin/" + name) {
			t.Link("usr/bin/"+name, "busybox")
		}
	}
	return nil
}

func writeUserland(ctx context.Context, t *lab.Tree, to string) error {
	base(t)
	if err := t.Programs("busybox", "kmod", "openrc", "openrc-run", "rc-service", "rc-update", "rc-status", "supervise-daemon",
		"openrc-shutdown", "dropbear", "dropbearkey", "doas", "ipmitool", "lspci", "dmidecode"); err != nil {
		return err
	}
	t.Mode("usr/bin/doas", 0o4755)
	for _, d := range []string{"lib/rc", "etc/rc.conf"} {
		if err := t.Copy(strings.Replace(d, "lib/", "usr/lib/", 1), filepath.Join(t.Root(), d)); err != nil {
			return err
		}
	}
	// doas asks PAM even when it needs no password.
	if err := t.File("usr/lib/x86_64-linux-gnu/security/pam_permit.so", "lib/x86_64-linux-gnu/security/pam_permit.so"); err != nil {
		return err
	}
	t.Text("etc/pam.d/doas", "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\nsession optional pam_permit.so\n", 0o644)
	t.Text("etc/pam.d/other", "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n", 0o644)
	if err := applets(ctx, t); err != nil {
		return err
	}
	scripts, err := standin.ReadDir("standin/init.d")
	if err != nil {
		return err
	}
	for _, s := range scripts {
		text, err := standin.ReadFile("standin/init.d/" + s.Name())
		if err != nil {
			return err
		}
		t.Text("etc/init.d/"+s.Name(), string(text), 0o755)
	}
	t.Text("etc/insserv.conf", "", 0o644)
	t.Text("etc/fstab", "", 0o644)
	t.Text("etc/shells", "/bin/sh\n", 0o644)
	// As Alpine has them: root's password is blank until something is done.
	t.Text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n", 0o644)
	t.Text("etc/group", "root:x:0:\ntty:x:5:\ndisk:x:6:\nshadow:x:42:\nuucp:x:14:\nnogroup:x:65534:\n", 0o644)
	t.Text("etc/shadow", "root::0:::::\nnobody:!::0:::::\n", 0o640)
	t.Text("etc/os-release", "ID=bee-test\nPRETTY_NAME=\"test userland\"\n", 0o644)
	t.Text("etc/issue", "bee test userland \\n \\l\n\n", 0o644)
	t.Folder("usr/lib/firmware", 0o755)
	for _, d := range []string{"etc/insserv.conf.d", "var/log", "var/lib", "var/run", "etc/modules-load.d", "home"} {
		t.Folder(d, 0o755)
	}
	for _, level := range []string{"sysinit", "boot", "default", "shutdown", "nonetwork"} {
		t.Folder("etc/runlevels/"+level, 0o755)
	}
	return t.Write(to)
}
