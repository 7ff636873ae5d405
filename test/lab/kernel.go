package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// kernel is a kernel of the host that the guest runs too.
type kernel struct{ version, image string }

// findKernel takes the newest installed kernel with image, modules and
// headers, or the one that BEE_LAB_KERNEL names.
func findKernel() (kernel, error) {
	versions, err := filepath.Glob("/lib/modules/*")
	if err != nil {
		return kernel{}, err
	}
	if v := os.Getenv("BEE_LAB_KERNEL"); v != "" {
		versions = []string{"/lib/modules/" + v}
	}
	slices.SortFunc(versions, compareVersions)
	for _, v := range slices.Backward(versions) {
		k := kernel{filepath.Base(v), "/boot/vmlinuz-" + filepath.Base(v)}
		if readable(k.image) && readable(v+"/modules.dep") && readable(v+"/build/Makefile") {
			return k, nil
		}
	}
	packages := []string{"linux-image-amd64", "linux-headers-amd64"}
	if release, err := os.ReadFile("/etc/os-release"); err == nil && strings.Contains(string(release), "ID=ubuntu") {
		packages = []string{"linux-image-generic", "linux-headers-generic"}
	}
	return kernel{}, fmt.Errorf("no kernel with image, modules and headers: %w", missingPackages(packages))
}

func readable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// compareVersions orders "6.1.0-56" after "6.1.0-9".
func compareVersions(a, b string) int {
	x, y := numbers(a), numbers(b)
	if c := slices.Compare(x, y); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func numbers(s string) []int {
	var out []int
	in := false
	for _, r := range s {
		if r < '0' || r > '9' {
			in = false
			continue
		}
		if !in {
			out = append(out, 0)
		}
		in = true
		out[len(out)-1] = out[len(out)-1]*10 + int(r-'0')
	}
	return out
}

// kernelModules compiles the lab's own modules against the host's headers.
func (c *cache) kernelModules(ctx context.Context, k kernel) (string, error) {
	names := []string{"labhang", "labedac", "labpci", "labsfp"}
	key := keyOf("1", k.version, embedded("kmod/labhang.c", "kmod/labedac.c", "kmod/labpci.c", "kmod/labsfp.c"))
	return c.step(ctx, "kmod", key, func(dst string) error {
		if err := need("make", "make", "gcc", "gcc"); err != nil {
			return err
		}
		makefile := ""
		for _, n := range names {
			makefile += "obj-m += " + n + ".o\n"
			if err := os.WriteFile(filepath.Join(dst, n+".c"), []byte(embedded("kmod/"+n+".c")), 0o644); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dst, "Makefile"), []byte(makefile), 0o644); err != nil {
			return err
		}
		return run(ctx, dst, "make", "-s", "-C", "/lib/modules/"+k.version+"/build", "M="+dst, "modules")
	})
}

// addModules adds the wanted modules, what they depend on, and their index.
func addModules(ctx context.Context, a archive, own string, k kernel, wanted []string) error {
	if err := need("modprobe", "kmod", "depmod", "kmod"); err != nil {
		return err
	}
	files := map[string]bool{}
	for _, m := range wanted {
		// A module that this kernel does not have is no error: a profile that
		// needs it says so in the guest's log.
		out, err := output(ctx, "modprobe", "-S", k.version, "--show-depends", m)
		if err != nil && ctx.Err() != nil {
			return err
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Fields(line); len(f) >= 2 && f[0] == "insmod" {
				files[f[1]] = true
			}
		}
	}
	if len(files) == 0 {
		return errors.New("modprobe knows none of the guest's modules")
	}
	tmp, err := os.MkdirTemp("", "lab-modules-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) //nolint:errcheck // A leftover costs only space.
	from, to := "/lib/modules/"+k.version, filepath.Join(tmp, "lib/modules", k.version)
	for f := range files {
		rel, err := filepath.Rel(from, f)
		if err != nil || strings.HasPrefix(rel, "..") {
			rel = filepath.Join("extra", filepath.Base(f))
		}
		if err := copyFile(f, filepath.Join(to, rel)); err != nil {
			return err
		}
	}
	var built []string
	if own != "" {
		if built, err = filepath.Glob(filepath.Join(own, "*.ko")); err != nil {
			return err
		}
	}
	for _, f := range built {
		if err := copyFile(f, filepath.Join(to, "extra", filepath.Base(f))); err != nil {
			return err
		}
	}
	for _, f := range []string{"modules.builtin", "modules.builtin.modinfo", "modules.order"} {
		if err := copyFile(filepath.Join(from, f), filepath.Join(to, f)); err != nil {
			return err
		}
	}
	if err := run(ctx, tmp, "depmod", "-b", tmp, k.version); err != nil {
		return err
	}
	// The files are read while the temporary folder exists.
	return a.load("usr/lib/modules/"+k.version, to)
}

// load adds a folder with the content of its files.
func (a archive) load(name, from string) error {
	b := archive{}
	if err := b.dir(name, from); err != nil {
		return err
	}
	for n, e := range b {
		if e.from != "" {
			data, err := os.ReadFile(e.from)
			if err != nil {
				return err
			}
			e.data, e.from = data, ""
		}
		a.put(n, e)
	}
	return nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// labrun compiles the guest's job runner.
func (c *cache) labrun(ctx context.Context) (string, error) {
	source := embedded("guest/labrun/main.go")
	return c.step(ctx, "labrun", keyOf("1", source), func(dst string) error {
		for name, text := range map[string]string{"main.go": source, "go.mod": "module labrun\n\ngo 1.26\n"} {
			if err := os.WriteFile(filepath.Join(dst, name), []byte(text), 0o644); err != nil {
				return err
			}
		}
		return run(ctx, dst, "env", "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=", "GOWORK=off", "go", "build", "-trimpath", "-ldflags=-s -w", "-o", "labrun", ".")
	})
}
