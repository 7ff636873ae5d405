package nvme_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/nvme"
)

// TestCapturedControllers decodes the Identify Controller captures and
// compares every line of expected/id-ctrl.txt.
func TestCapturedControllers(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	captures := os.DirFS(root)
	files, err := fs.Glob(captures, "nvme/*/identify_controller.bin")
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, file := range files {
		dir := path.Dir(file)
		t.Run(path.Base(dir), func(t *testing.T) {
			t.Parallel()
			b, err := fs.ReadFile(captures, path.Join(dir, "identify_controller.bin"))
			if err != nil {
				t.Fatal(err)
			}
			c, err := nvme.DecodeController(b)
			if err != nil {
				t.Fatal(err)
			}
			text, err := fs.ReadFile(captures, path.Join(dir, "expected", "id-ctrl.txt"))
			if err != nil {
				t.Fatal(err)
			}
			kelvin := func(k *uint16) string {
				if k == nil {
					return "0"
				}
				return fmt.Sprint(*k)
			}
			capacity := "0"
			if c.TotalCapacity != nil {
				capacity = c.TotalCapacity.String()
			}
			got := map[string]string{
				"vid": fmt.Sprintf("%#x", c.VendorID), "ssvid": fmt.Sprintf("%#x", c.SubsystemVendorID),
				"sn": c.SerialNumber, "mn": c.ModelNumber, "fr": c.FirmwareRevision,
				"ieee": c.IEEEOUI,
				"cmic": fmt.Sprint(uint8(c.MultiPath)), "mdts": fmt.Sprint(c.MaxTransfer), "cntlid": fmt.Sprint(c.ControllerID),
				"ver": fmt.Sprintf("%#x", uint32(c.Version)), "oacs": fmt.Sprintf("%#x", c.OptionalAdmin),
				"frmw":     fmt.Sprintf("%#x", c.FirmwareSlots<<1),
				"wctemp_K": kelvin(c.WarningTempKelvin), "cctemp_K": kelvin(c.CriticalTempKelvin),
				"tnvmcap": capacity, "nn": fmt.Sprint(c.Namespaces),
			}
			compared := 0
			for line := range strings.Lines(string(text)) {
				key, want, ok := strings.Cut(strings.TrimSpace(line), ": ")
				if !ok || strings.HasPrefix(key, "#") {
					continue
				}
				if key == "rab" { // not kept
					continue
				}
				if got[key] != want {
					t.Errorf("%s = %q, want %q", key, got[key], want)
				}
				compared++
			}
			if compared < 15 {
				t.Errorf("only %d values compared", compared)
			}
		})
	}
}
