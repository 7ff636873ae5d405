package lab

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// guestPackages are the Debian packages whose programs are the witnesses in
// the guest. They are downloaded and unpacked, never installed.
func guestPackages() []string {
	return []string{
		"busybox-static", "kmod", "bash", "coreutils", "udev", "util-linux", "iproute2", "strace", "jq",
		"dmidecode", "pciutils", "pci.ids", "usbutils", "lshw", "hwinfo", "numactl",
		"smartmontools", "nvme-cli", "sg3-utils", "lsscsi", "mdadm",
		"ipmitool", "freeipmi-tools", "ethtool", "edac-utils", "rasdaemon", "lm-sensors",
		"libmount1", "libudev1", "libjq1", "libonig5",
	}
}

// unneeded packages of the closure: big, and nothing of the guest calls them.
var unneeded = regexp.MustCompile(`^(adduser|cdebconf|debconf.*|passwd|perl.*|libperl5.*|libdb.*-perl|libdebian-installer4|libtextwrap1|lsb-base|install-info|dpkg|tar|libelogind0|libsnmp-base|systemd.*|dbus.*)$`)

// rootfs downloads the closure of packages and unpacks it into a folder.
func (c *cache) rootfs(ctx context.Context, name string, packages []string) (string, error) {
	release, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "", fmt.Errorf("lab rootfs: %w (the lab needs Debian or Ubuntu)", err)
	}
	key := keyOf("2", string(release), strings.Join(packages, " "), unneeded.String())
	return c.step(ctx, name, key, func(dst string) error {
		if err := need("apt-get", "apt", "apt-cache", "apt", "dpkg-deb", "dpkg"); err != nil {
			return err
		}
		closure, err := packageClosure(ctx, packages)
		if err != nil {
			return err
		}
		debs, err := os.MkdirTemp(c.dir, "debs-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(debs) //nolint:errcheck // A leftover costs only space.
		get := append([]string{"download", "-qq", "-o", "APT::Sandbox::User=root"}, closure...)
		if err := run(ctx, debs, "apt-get", get...); err != nil {
			return fmt.Errorf("%w (run `apt-get update`?)", err)
		}
		files, err := filepath.Glob(filepath.Join(debs, "*.deb"))
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := run(ctx, debs, "dpkg-deb", "-x", f, dst); err != nil {
				return err
			}
		}
		return prune(dst)
	})
}

func packageClosure(ctx context.Context, packages []string) ([]string, error) {
	args := []string{
		"depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks",
		"--no-replaces", "--no-enhances", "--no-pre-depends",
	}
	out, err := output(ctx, "apt-cache", append(args, packages...)...)
	if err != nil {
		return nil, fmt.Errorf("%w (run `apt-get update`?)", err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		name := strings.TrimSpace(line)
		// Dependencies are indented; names in <> are virtual; foreign ones carry an architecture.
		if name == "" || line[0] == ' ' || line[0] == '<' || line[0] == '|' || strings.Contains(name, ":") || unneeded.MatchString(name) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// prune removes what no program reads at run time.
func prune(dir string) error {
	for _, d := range []string{
		"lib/udev/hwdb.d", "usr/lib/udev/hwdb.d", "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info",
		"usr/share/lintian", "usr/share/bash-completion", "usr/share/zsh", "usr/share/bug",
	} {
		if err := os.RemoveAll(filepath.Join(dir, d)); err != nil {
			return err
		}
	}
	return shortenEnterpriseNumbers(filepath.Join(dir, "usr/share/misc/enterprise-numbers.txt"))
}

// shortenEnterpriseNumbers keeps the vendors of servers: ipmitool reads the
// file of 4.7 MB at every start, which takes longer than its work here.
func shortenEnterpriseNumbers(path string) error {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	keep := " 2 9 11 15 42 94 161 311 343 373 674 2623 4769 5771 6653 7154 10368 10876 19046 20301 47196 47488 "
	var out bytes.Buffer
	kept := 0
	for i, line := range bytes.SplitAfter(data, []byte("\n")) {
		word := string(bytes.TrimSpace(line))
		if i > 60 && len(line) > 0 && line[0] >= '0' && line[0] <= '9' && strings.Contains(keep, " "+word+" ") {
			kept = 4 // The number, the organisation, the contact, the mail address.
		}
		if i < 60 || kept > 0 {
			out.Write(line)
		}
		kept--
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// need takes pairs of program and package and names every package missing.
func need(pairs ...string) error {
	var missing []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if _, err := exec.LookPath(pairs[i]); err != nil {
			missing = append(missing, pairs[i+1])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return missingPackages(slices.Compact(missing))
}

func missingPackages(names []string) error {
	return fmt.Errorf("missing on this machine: apt-get install %s (or run test/lab/setup.sh)", strings.Join(names, " "))
}

// run runs a program and puts what it said into the error.
func run(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, first(args), err, tail(out, 3000))
	}
	return nil
}

func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", name, first(args), err, tail(stderr.Bytes(), 800))
	}
	return out, nil
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func tail(b []byte, n int) string {
	b = bytes.TrimSpace(b)
	if len(b) > n {
		b = b[len(b)-n:]
	}
	return string(b)
}
