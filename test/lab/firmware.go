package lab

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// seaBIOS makes a copy of SeaBIOS that takes its SMBIOS tables from our own
// fw_cfg files. QEMU fills etc/smbios/* itself and lets no one replace them;
// with the two names changed to opt/smbios/* the guest gets exactly our bytes.
func (c *cache) seaBIOS(ctx context.Context) (string, error) {
	const from = "/usr/share/seabios/bios-256k.bin"
	image, err := os.ReadFile(from)
	if err != nil {
		return "", fmt.Errorf("%w: %w", err, missingPackages([]string{"seabios"}))
	}
	dir, err := c.step(ctx, "seabios", keyOf("1", string(image)), func(dst string) error {
		for _, name := range []string{"smbios-anchor", "smbios-tables"} {
			old := []byte("etc/smbios/" + name + "\x00")
			if n := bytes.Count(image, old); n != 1 {
				return fmt.Errorf("%s names %q %d times, want once", from, old, n)
			}
			image = bytes.Replace(image, old, []byte("opt/smbios/"+name+"\x00"), 1)
		}
		return os.WriteFile(filepath.Join(dst, "bios.bin"), image, 0o644)
	})
	return filepath.Join(dir, "bios.bin"), err
}

// ovmf finds the UEFI firmware.
func ovmf() (string, error) {
	for _, f := range []string{"/usr/share/qemu/OVMF.fd", "/usr/share/ovmf/OVMF.fd"} {
		if readable(f) {
			return f, nil
		}
	}
	return "", fmt.Errorf("no OVMF.fd: %w", missingPackages([]string{"ovmf"}))
}

// qemuWithNVMeModel makes a copy of QEMU whose NVMe drives say that they are
// of another model: the name is fixed in the program.
func (c *cache) qemuWithNVMeModel(ctx context.Context, qemu, model string) (string, error) {
	const fixed = "QEMU NVMe Ctrl"
	if len(model) != len(fixed) {
		return "", fmt.Errorf("nvme model %q: has to be %d characters", model, len(fixed))
	}
	st, err := os.Stat(qemu)
	if err != nil {
		return "", err
	}
	dir, err := c.step(ctx, "qemu", keyOf("1", model, st.ModTime().String()), func(dst string) error {
		program, err := os.ReadFile(qemu)
		if err != nil {
			return err
		}
		if !bytes.Contains(program, []byte(fixed)) {
			return fmt.Errorf("%s does not contain %q", qemu, fixed)
		}
		return os.WriteFile(filepath.Join(dst, "qemu"), bytes.ReplaceAll(program, []byte(fixed), []byte(model)), 0o755)
	})
	return filepath.Join(dir, "qemu"), err
}
