package lab

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed guest/init guest/labsync guest/labtrace guest/labrun/main.go kmod/*.c
var sources embed.FS

// guestPrograms are the programs of the tools layer, found by name in the
// packages; their libraries follow.
func guestPrograms() []string {
	return strings.Fields(`
		dmidecode biosdecode lspci setpci lsusb lshw hwinfo lscpu lsmem numactl
		lsblk blkid smartctl nvme lsscsi mdadm
		sg_logs sg_inq sg_vpd sg_ses sg_modes sg_readcap sg_sat_identify sg_luns sg_map sg_turs sg_raw
		ipmitool ipmi-fru ipmi-sensors ipmi-sel bmc-info ipmi-locate
		ethtool ip edac-util rasdaemon sensors
		bash strace jq udevadm dmesg timeout setsid`)
}

// guestData are files and folders that those programs read.
func guestData() []string {
	return strings.Fields(`
		usr/share/misc usr/share/ipmitool usr/share/smartmontools var/lib/smartmontools
		etc/nvme etc/sensors3.conf usr/lib/udev etc/freeipmi`)
}

// guestModules are loaded on demand in the guest, with what they depend on.
func guestModules() []string {
	return strings.Fields(`
		nvme ahci ata_piix sd_mod sr_mod sg ses enclosure megaraid_sas mptsas mpt3sas
		virtio_pci virtio_scsi virtio_blk virtio_net virtio_console
		e1000e e1000 igb vmxnet3 bonding bridge veth 8021q ipmi_si ipmi_devintf ipmi_ssif
		scsi_debug null_blk nvmet nvmet-tcp nvme-tcp target_core_mod tcm_loop target_core_iblock target_core_file
		mce-inject aer_inject i2c-i801 i2c-dev coretemp drivetemp dmi-sysfs jc42 ee1004
		xhci_pci ehci-pci uhci-hcd usb-storage uas mmc_block sdhci-pci
		dm-mod dm-flakey dm-delay dm-multipath dm-round-robin raid1 faulty md-mod
		msr cpuid ext4 vfat loop configfs`)
}

// layers are the parts of the initramfs that do not change from run to run.
type layers struct{ base, tools string }

// layers builds the base (busybox, kmod, kernel modules, the lab's own
// programs) and the tools (the witnesses).
func (c *cache) layers(ctx context.Context, kernel kernel) (layers, error) {
	root, err := c.rootfs(ctx, "rootfs", guestPackages())
	if err != nil {
		return layers{}, err
	}
	modules, err := c.kernelModules(ctx, kernel)
	if err != nil {
		return layers{}, err
	}
	labrun, err := c.labrun(ctx)
	if err != nil {
		return layers{}, err
	}
	base, err := c.step(ctx, "base", keyOf("3", root, modules, labrun, embedded("guest/init", "guest/labsync", "guest/labtrace"),
		kernel.version, strings.Join(guestModules(), " ")), func(dst string) error {
		return c.buildBase(ctx, dst, root, modules, labrun, kernel)
	})
	if err != nil {
		return layers{}, err
	}
	tools, err := c.step(ctx, "tools", keyOf("3", root, strings.Join(guestPrograms(), " "), strings.Join(guestData(), " ")), func(dst string) error {
		return buildTools(dst, root)
	})
	if err != nil {
		return layers{}, err
	}
	return layers{filepath.Join(base, "cpio"), filepath.Join(tools, "cpio")}, nil
}

func embedded(names ...string) string {
	var all strings.Builder
	for _, n := range names {
		data, err := sources.ReadFile(n)
		if err != nil {
			panic(err) // The name is written a few lines above.
		}
		all.Write(data)
	}
	return all.String()
}

func (c *cache) buildBase(ctx context.Context, dst, root, modules, labrun string, k kernel) error {
	a := archive{}
	for _, d := range []string{"usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "usr/local/bin", "etc", "dev", "proc", "sys", "run", "tmp", "out", "payload", "root"} {
		a.put(d, entry{mode: modeDir})
	}
	for _, l := range []string{"bin", "sbin", "lib", "lib64"} {
		a.put(l, entry{mode: modeLink, data: []byte("usr/" + l)})
	}
	for _, p := range []string{"busybox", "kmod"} {
		if err := addProgram(a, root, p); err != nil {
			return err
		}
	}
	for _, l := range []string{"modprobe", "insmod", "rmmod", "lsmod", "modinfo", "depmod"} {
		a.put("usr/sbin/"+l, entry{mode: modeLink, data: []byte("../bin/kmod")})
	}
	if _, ok := a["usr/bin/kmod"]; !ok {
		return errors.New("package kmod has no bin/kmod")
	}
	for name, to := range map[string]string{"init": "init", "labsync": "usr/local/bin/labsync", "labtrace": "usr/local/bin/labtrace"} {
		a.put(to, entry{mode: modeExec, data: []byte(embedded("guest/" + name))})
	}
	if err := a.file("usr/local/bin/labrun", filepath.Join(labrun, "labrun")); err != nil {
		return err
	}
	a.put("etc/passwd", entry{mode: modeFile, data: []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")})
	a.put("etc/group", entry{mode: modeFile, data: []byte("root:x:0:\ndisk:x:6:\nnogroup:x:65534:\n")})
	a.put("etc/os-release", entry{mode: modeFile, data: []byte("ID=lab\nPRETTY_NAME=\"Lab guest\"\n")})
	if err := addModules(ctx, a, modules, k, guestModules()); err != nil {
		return err
	}
	return writeArchive(a, filepath.Join(dst, "cpio"))
}

func buildTools(dst, root string) error {
	a := archive{}
	for _, p := range guestPrograms() {
		if err := addProgram(a, root, p); err != nil {
			return err
		}
	}
	if udevd, err := findInRoot(root, "lib/systemd/systemd-udevd"); err == nil {
		if err := addFile(a, root, "usr/lib/systemd/systemd-udevd", udevd); err != nil {
			return err
		}
	}
	for _, l := range []string{"libnss_files.so.2"} {
		if err := addLibrary(a, root, l); err != nil {
			return err
		}
	}
	for _, d := range guestData() {
		from, err := findInRoot(root, d)
		if err != nil {
			continue // Not every release has every one of them.
		}
		if err := a.dir(d, from); err != nil {
			return err
		}
	}
	return writeArchive(a, filepath.Join(dst, "cpio"))
}

func writeArchive(a archive, to string) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := a.write(f); err != nil {
		f.Close() //nolint:errcheck // The write's error matters more.
		return err
	}
	return f.Close()
}

// findInRoot finds a path in the unpacked packages, whether or not the release
// has merged /bin into /usr/bin, and follows links below the root.
func findInRoot(root, rel string) (string, error) {
	rel = strings.TrimPrefix(path.Clean("/"+rel), "/")
	short := strings.TrimPrefix(rel, "usr/")
	for _, r := range []string{rel, short, "usr/" + short} {
		full := filepath.Join(root, r)
		st, err := os.Lstat(full)
		if err != nil {
			continue
		}
		if st.Mode()&os.ModeSymlink == 0 {
			return full, nil
		}
		target, err := os.Readlink(full)
		if err != nil {
			return "", err
		}
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(r), target)
		}
		return findInRoot(root, target)
	}
	return "", fmt.Errorf("%s: in none of the packages", rel)
}

func addProgram(a archive, root, name string) error {
	for _, dir := range []string{"usr/sbin", "usr/bin"} {
		if from, err := findInRoot(root, dir+"/"+name); err == nil {
			return addFile(a, root, dir+"/"+name, from)
		}
	}
	return fmt.Errorf("program %s: in none of the packages", name)
}

// addFile adds a file under a name and, when it is an ELF file, its libraries.
func addFile(a archive, root, name, from string) error {
	if _, ok := a[name]; ok {
		return nil
	}
	if err := a.file(name, from); err != nil {
		return err
	}
	libs := neededLibraries(from)
	if len(libs) > 0 {
		if loader, err := findInRoot(root, "lib64/ld-linux-x86-64.so.2"); err == nil {
			if err := a.file("usr/lib64/ld-linux-x86-64.so.2", loader); err != nil {
				return err
			}
		}
	}
	for _, l := range libs {
		if err := addLibrary(a, root, l); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func addLibrary(a archive, root, soname string) error {
	for _, dir := range []string{"usr/lib/x86_64-linux-gnu", "usr/lib", "usr/lib64", "usr/lib/systemd"} {
		if from, err := findInRoot(root, dir+"/"+soname); err == nil {
			return addFile(a, root, dir+"/"+soname, from)
		}
	}
	matches, err := filepath.Glob(filepath.Join(root, "usr/lib/x86_64-linux-gnu/*", soname))
	if err == nil && len(matches) > 0 {
		return addFile(a, root, "usr/lib/x86_64-linux-gnu/"+soname, matches[0])
	}
	return fmt.Errorf("library %s: in none of the packages", soname)
}
