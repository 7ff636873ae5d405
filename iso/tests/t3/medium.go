//go:build isolab

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

// bootMenu is one of the two menus of the real image, as its profile writes it;
// words go onto every entry's command line.
func bootMenu(ctx context.Context, builder, function, words string) (string, error) {
	const script = `. "$1/mkimg.bee.sh"; hostname=bee kernel_flavors=lts
		initfs_cmdline=$(bee_initfs_cmdline) kernel_cmdline=$(bee_kernel_cmdline); "$2"`
	out, err := exec.CommandContext(ctx, "sh", "-c", script, "sh", builder, function).Output()
	if err != nil {
		return "", fmt.Errorf("mkimg.bee.sh: %s: %w", function, err)
	}
	if function == "bee_grub_config" {
		words = strings.ReplaceAll(words, `"`, `\"`)
	}
	var menu strings.Builder
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 0 && (f[0] == "APPEND" || f[0] == "linux") {
			line = strings.TrimRight(line, "\n") + " " + words + "\n"
		}
		menu.WriteString(line)
	}
	return menu.String(), nil
}

// early finds the medium from inside grub's own image.
const early = "search --no-floppy --file --set=root /boot/userland.cpio\nset prefix=($root)/boot/grub\nconfigfile ($root)/boot/grub/grub.cfg\n"

// writeEFI makes the FAT image that UEFI firmware boots.
func writeEFI(ctx context.Context, dir string) error {
	config, program, image := filepath.Join(dir, "early.cfg"), filepath.Join(dir, "bootx64.efi"), filepath.Join(dir, "efi.img")
	if err := os.WriteFile(config, []byte(early), 0o644); err != nil {
		return err
	}
	if err := run(ctx, "grub-mkimage", "-O", "x86_64-efi", "-o", program, "-p", "/boot/grub", "-c", config,
		"part_gpt", "part_msdos", "fat", "iso9660", "search", "search_fs_file", "normal", "linux", "configfile", "echo", "minicmd", "serial", "terminal", "test"); err != nil {
		return err
	}
	if err := run(ctx, "mformat", "-C", "-f", "2880", "-N", "20231114", "-i", image, "::"); err != nil {
		return err
	}
	if err := run(ctx, "mmd", "-i", image, "::EFI", "::EFI/BOOT"); err != nil {
		return err
	}
	return run(ctx, "mcopy", "-i", image, program, "::EFI/BOOT/BOOTX64.EFI")
}

// writeISO makes a hybrid image. stage is what build.sh --stage-only left.
func writeISO(ctx context.Context, p parts, builder, stage, words, to string) error {
	tmp, err := os.MkdirTemp("", "iso-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // A leftover costs only space.
	files := map[string]string{}
	for name, function := range map[string]string{"syslinux.cfg": "bee_syslinux_config", "grub.cfg": "bee_grub_config"} {
		if files[name], err = bootMenu(ctx, builder, function, words); err != nil {
			return err
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(tmp, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	const isolinux, modules = "/usr/lib/ISOLINUX/", "/usr/lib/syslinux/modules/bios/"
	return run(ctx, "xorriso", "-as", "mkisofs", "-quiet", "-o", to, "-V", "BEE_TEST", "--set_all_file_dates", "="+epoch, "-J", "-joliet-long", "-R",
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

// epoch is the time of everything on the medium: the same sources make the same
// bytes.
const epoch = "1700000000"

// run runs a program of the host and puts what it said into the error.
func run(ctx context.Context, name string, args ...string) error {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+epoch)
	if err := cmd.Run(); err != nil {
		text := said.String()
		if len(text) > 2000 {
			text = text[len(text)-2000:]
		}
		return fmt.Errorf("%s: %w: %s (is everything of iso/tests/t3/setup.sh installed?)", name, err, text)
	}
	return nil
}
