package pciconf_test

import (
	"archive/tar"
	"compress/bzip2"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciconf"
)

// TestLikeSysfs decodes the config and resource attributes of captured trees
// and compares with what the kernel wrote next to them.
func TestLikeSysfs(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	captures := os.DirFS(root)
	trees, err := fs.Glob(captures, "sysfs-trees/hwloc-*/*.tar.bz2")
	if err != nil || len(trees) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	functions := 0
	for _, name := range trees {
		for dir, attrs := range pciAttributes(t, captures, name) {
			config := attrs["config"]
			c, err := pciconf.Decode([]byte(config))
			if err != nil {
				t.Errorf("%s: %v", dir, err)
				continue
			}
			functions++
			got := fmt.Sprintf("0x%04x 0x%04x 0x%06x", *c.VendorID, *c.DeviceID, uint32(c.Class))
			want := strings.TrimSpace(attrs["vendor"]) + " " + strings.TrimSpace(attrs["device"]) + " " + strings.TrimSpace(attrs["class"])
			if got != want {
				t.Errorf("%s: %s, want %s", dir, got, want)
			}
			all, err := pciconf.DecodeResource([]byte(attrs["resource"]))
			if err != nil {
				t.Errorf("%s: %v", dir, err)
			}
			sameAddresses(t, dir, c.BARs, all)
		}
	}
	if functions < 10 {
		t.Errorf("%d functions only", functions)
	}
}

// sameAddresses checks that every register with an address has the one that
// the kernel lists, and kind and width with it.
func sameAddresses(t *testing.T, dir string, bars []pciconf.BAR, all []pciconf.Resource) {
	t.Helper()
	for _, b := range bars {
		for _, r := range all {
			if r.Kind != pciconf.ResourceBAR || r.Index != b.Index || r.Unassigned() {
				continue
			}
			if b.Address != r.Start || b.IO != (r.Flags&0x100 != 0) || b.Prefetchable != (!b.IO && r.Flags&0x8 != 0) {
				t.Errorf("%s: register %+v, resource %+v", dir, b, r)
			}
		}
	}
}

// pciAttributes reads the attributes of every function of a tree, by directory.
func pciAttributes(t testing.TB, captures fs.FS, name string) map[string]map[string]string {
	t.Helper()
	f, err := captures.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string]map[string]string{}
	for tr := tar.NewReader(bzip2.NewReader(f)); ; {
		h, err := tr.Next()
		if err == io.EOF { //nolint:errorlint // tar returns it bare
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		dir, file := path.Split(h.Name)
		if h.Typeflag != tar.TypeReg || !strings.Contains(dir, "/devices/pci") || h.Size > 4096 {
			continue
		}
		b, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		if all[dir] == nil {
			all[dir] = map[string]string{}
		}
		all[dir][file] = string(b)
	}
	for dir, attrs := range all {
		if attrs["config"] == "" || attrs["class"] == "" {
			delete(all, dir)
		}
	}
	return all
}
