package t3

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// commandLine are the words of every boot entry, as those of the real image.
const commandLine = "modules=loop,squashfs,sd-mod,usb-storage apkovl=/bee.apkovl.tar.gz quiet loglevel=3 consoleblank=0 " +
	"modprobe.blacklist=nouveau,nova_core console=ttyS0,115200 console=tty0"

// early finds the medium from inside grub's own image.
const early = "search --no-floppy --file --set=root /boot/userland.cpio\nset prefix=($root)/boot/grub\nconfigfile ($root)/boot/grub/grub.cfg\n"

// writeEFI makes the FAT image that UEFI firmware boots.
func writeEFI(ctx context.Context, dir string) error {
	config, program, image := filepath.Join(dir, "early.cfg"), filepath.Join(dir, "bootx64.efi"), filepath.Join(dir, "efi.img")
	if err := os.WriteFile(config, []byte(early), 0o644); err != nil {
		return err
	}
	if err := run(ctx, "grub-mkimage", "-O", "x86_64-efi", "-o", program, "-p", "/boot/grub", "-c", config,
		"part_gpt", "part_msdos", "fat", "iso9660", "search", "search_fs_file", "normal", "linux", "configfile", "echo", "minicmd"); err != nil {
		return err
	}
	if err := run(ctx, "mformat", "-C", "-f", "2880", "-i", image, "::"); err != nil {
		return err
	}
	if err := run(ctx, "mmd", "-i", image, "::EFI", "::EFI/BOOT"); err != nil {
		return err
	}
	return run(ctx, "mcopy", "-i", image, program, "::EFI/BOOT/BOOTX64.EFI")
}

// writeISO makes a hybrid image. stage is what build.sh --stage-only left.
func writeISO(ctx context.Context, p parts, stage, words, to string) error {
	tmp, err := os.MkdirTemp("", "iso-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // A leftover costs only space.
	line := strings.TrimSpace(commandLine + " " + words)
	files := map[string]string{
		"syslinux.cfg": fmt.Sprintf("DEFAULT bee\nPROMPT 0\nTIMEOUT 1\nLABEL bee\n  KERNEL /boot/vmlinuz-lts\n  INITRD /boot/initramfs-lts,/boot/bee.cpio\n  APPEND %s\n", line),
		"grub.cfg": fmt.Sprintf("set timeout=0\nmenuentry bee {\n  linux /boot/vmlinuz-lts %s\n  initrd /boot/initramfs-lts /boot/bee.cpio\n}\n",
			strings.ReplaceAll(line, `"`, `\"`)),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(tmp, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	const isolinux, modules = "/usr/lib/ISOLINUX/", "/usr/lib/syslinux/modules/bios/"
	return run(ctx, "xorriso", "-as", "mkisofs", "-quiet", "-o", to, "-V", "BEE_TEST", "-J", "-joliet-long", "-R",
		"-b", "boot/syslinux/isolinux.bin", "-c", "boot/syslinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
		"-isohybrid-mbr", isolinux+"isohdpfx.bin",
		"-eltorito-alt-boot", "-e", "boot/grub/efi.img", "-no-emul-boot", "-isohybrid-gpt-basdat",
		"-graft-points",
		"boot/vmlinuz-lts="+p.kernel, "boot/initramfs-lts="+p.initramfs, "boot/modloop-lts="+p.modloop, "boot/userland.cpio="+p.userland,
		"boot/bee.cpio="+filepath.Join(stage, "boot/bee.cpio"), "bee.apkovl.tar.gz="+filepath.Join(stage, "bee.apkovl.tar.gz"),
		"boot/syslinux/isolinux.bin="+isolinux+"isolinux.bin", "boot/syslinux/ldlinux.c32="+modules+"ldlinux.c32",
		"boot/syslinux/syslinux.cfg="+filepath.Join(tmp, "syslinux.cfg"), "boot/syslinux/isolinux.cfg="+filepath.Join(tmp, "syslinux.cfg"),
		"boot/grub/grub.cfg="+filepath.Join(tmp, "grub.cfg"), "boot/grub/efi.img="+p.efi)
}

// run runs a program of the host and puts what it said into the error.
func run(ctx context.Context, name string, args ...string) error {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		text := said.String()
		if len(text) > 2000 {
			text = text[len(text)-2000:]
		}
		return fmt.Errorf("%s: %w: %s (is everything of iso/tests/t3/setup.sh installed?)", name, err, text)
	}
	return nil
}
