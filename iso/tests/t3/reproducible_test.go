//go:build isolab

package t3

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/test/lab"
)

// TestReproducible: the same sources make the same medium, byte for byte. The
// kernel is the distribution's; everything else is made twice.
func TestReproducible(t *testing.T) {
	t.Parallel()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	var before string
	for range 2 {
		dir := t.TempDir()
		tree, err := lab.NewTree(t.Context(), os.Stderr, "isoroot", packages())
		if err != nil {
			t.Fatal(err)
		}
		if err := writeParts(t.Context(), tree, dir); err != nil {
			t.Fatal(err)
		}
		stage, image := filepath.Join(dir, "stage"), filepath.Join(dir, "bee.iso")
		if err := writeStage(t.Context(), s.top, stage, stageOptions{binaries: s.binaries}); err != nil {
			t.Fatal(err)
		}
		if err := writeISO(t.Context(), partsIn(s.parts.kernel, dir), filepath.Join(s.top, "iso/builder"), stage, "", image); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"initramfs", "userland", "modloop", "efi.img", "stage/bee.apkovl.tar.gz", "stage/boot/bee.cpio", "bee.iso"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || len(data) == 0 {
				t.Fatalf("%s: %d bytes, %v", name, len(data), err)
			}
			if before == "" {
				continue
			}
			first, err := os.ReadFile(filepath.Join(before, name))
			if err != nil || !bytes.Equal(first, data) {
				t.Errorf("%s differs: %v", name, err)
			}
		}
		before = dir
	}
}
