package pcie_test

import (
	"archive/tar"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// TestTrees compares captured machines with a plain reading of their files.
func TestTrees(t *testing.T) {
	t.Parallel()
	corpus := os.Getenv("BEE_FIXTURES")
	if corpus == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	archives, err := filepath.Glob(filepath.Join(corpus, "sysfs-trees", "*", "*.tar.*"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no trees", err)
	}
	for _, archive := range archives {
		t.Run(filepath.Base(filepath.Dir(archive)), func(t *testing.T) {
			t.Parallel()
			root := extract(t, archive)
			if root == "" {
				t.Skip("no /sys in it")
			}
			compareTree(t, root)
		})
	}
}

func compareTree(t *testing.T, root string) {
	t.Helper()
	h, err := host.Static(root)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	got, err := pcie.Read(t.Context(), h)
	for _, e := range leaves(err) {
		if !errors.Is(e, os.ErrPermission) {
			t.Errorf("unexpected: %v", e)
		}
	}
	base := filepath.Join(root, "sys/bus/pci/devices")
	entries, err := os.ReadDir(base)
	if err != nil {
		if got != nil {
			t.Errorf("no PCI, but %d functions", len(got))
		}
		t.Skip("no PCI in it")
	}
	if len(got) != len(entries) {
		t.Errorf("%d functions, want %d", len(got), len(entries))
	}
	facts := 0
	for _, d := range got {
		dir := filepath.Join(base, d.Address)
		for field, v := range map[string][2]string{
			"vendor_id":               {d.VendorID, hexOf(dir, "vendor")},
			"device_id":               {d.DeviceID, hexOf(dir, "device")},
			"class_id":                {d.ClassID, hexOf(dir, "class")},
			"subsystem_vendor_id":     {d.SubsystemVendorID, noZero(hexOf(dir, "subsystem_vendor"), "")},
			"subsystem_device_id":     {d.SubsystemDeviceID, noZero(hexOf(dir, "subsystem_device"), hexOf(dir, "subsystem_vendor"))},
			"revision":                {d.Revision, hexOf(dir, "revision")},
			"driver":                  {d.Driver, linkOf(dir, "driver")},
			"numa_node":               {number(d.NUMANode), noNegative(text(dir, "numa_node"))},
			"iommu_group":             {number(d.IOMMUGroup), linkOf(dir, "iommu_group")},
			"label":                   {d.Label, text(dir, "label")},
			"parent":                  {d.Parent, parentOf(dir)},
			"parent_id":               {strings.TrimPrefix(d.ParentID, "pci:"), parentOf(dir)},
			"pcie_link.current_width": {widthOf(d.Link), text(dir, "current_link_width")},
		} {
			if v[1] == "" && (strings.HasPrefix(field, "subsystem") || field == "revision") && text(dir, strings.TrimSuffix(field, "_id")) == "" {
				continue // known from elsewhere
			}
			facts++
			if v[0] != v[1] {
				t.Errorf("%s: %s is %q, want %q", d.Address, field, v[0], v[1])
			}
		}
		if d.VendorID != "" && d.Vendor == "" || d.ClassID != "" && d.Class == "" {
			t.Errorf("%s: no name of vendor %s or class %s", d.Address, d.VendorID, d.ClassID)
		}
	}
	t.Logf("%d functions, %d facts", len(got), facts)
}

func text(dir, name string) string {
	b, _ := os.ReadFile(filepath.Join(dir, name))
	return strings.TrimSpace(string(b))
}

func hexOf(dir, name string) string { return strings.TrimPrefix(text(dir, name), "0x") }

func linkOf(dir, name string) string {
	s, err := os.Readlink(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return filepath.Base(s)
}

func parentOf(dir string) string {
	s, err := os.Readlink(dir)
	if err != nil {
		return ""
	}
	if up := filepath.Base(filepath.Dir(filepath.Clean(s))); strings.Contains(up, ".") {
		return up
	}
	return ""
}

func noZero(s, vendor string) string {
	if s == "0000" && (vendor == "" || vendor == "0000") {
		return ""
	}
	return s
}

func noNegative(s string) string {
	if strings.HasPrefix(s, "-") {
		return ""
	}
	return s
}

func number(p *int) string {
	if p == nil {
		return ""
	}
	return strconv.Itoa(*p)
}

func widthOf(l *inventory.PCIeLink) string {
	if l == nil {
		return ""
	}
	return number(l.CurrentWidth)
}

// leaves takes joined errors apart.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range j.Unwrap() {
			all = append(all, leaves(e)...)
		}
		return all
	}
	return []error{err}
}

// extract unpacks an archive and returns the directory that holds sys, "" when
// there is none.
func extract(t testing.TB, archive string) string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir := t.TempDir()
	for tr := tar.NewReader(unzip(t, f)); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Skip("archive: ", err)
		}
		if !filepath.IsLocal(h.Name) || !strings.Contains(h.Name, "/sys/") || !strings.Contains(h.Name, "pci") {
			continue
		}
		unpack(t, filepath.Join(dir, h.Name), h, tr)
	}
	for _, pattern := range [...]string{"sys", "*/sys"} {
		if m, _ := filepath.Glob(filepath.Join(dir, pattern)); len(m) > 0 {
			return filepath.Dir(m[0])
		}
	}
	return ""
}

func unzip(t testing.TB, f *os.File) io.Reader {
	t.Helper()
	if !strings.HasSuffix(f.Name(), ".gz") {
		return bzip2.NewReader(f)
	}
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unpack(t testing.TB, name string, h *tar.Header, r io.Reader) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	switch h.Typeflag {
	case tar.TypeDir:
		err = errors.Join(err, os.MkdirAll(name, 0o755))
	case tar.TypeSymlink:
		err = errors.Join(err, os.Symlink(h.Linkname, name))
	case tar.TypeReg:
		b, readErr := io.ReadAll(r)
		err = errors.Join(err, readErr, os.WriteFile(name, b, 0o600))
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
}
