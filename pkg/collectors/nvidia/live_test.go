package nvidia_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/nvidia"
)

// The same through real files, with as many functions as a big server has.
func BenchmarkNoHardwareFiles(b *testing.B) {
	root := b.TempDir()
	for i := range 200 {
		dir := filepath.Join(root, "sys/bus/pci/devices", fmt.Sprintf("0000:%02x:00.0", i))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "vendor"), []byte("0x8086\n"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	list := filepath.Join(root, "proc/bus/pci/devices")
	if err := os.MkdirAll(filepath.Dir(list), 0o700); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(list, []byte(procPCI(200, "80861521")), 0o600); err != nil {
		b.Fatal(err)
	}
	h, err := host.Static(root)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	b.ReportAllocs()
	for b.Loop() {
		if gpus, err := nvidia.Read(b.Context(), h, nil); gpus != nil || err != nil {
			b.Fatal(err)
		}
	}
}

// procPCI is /proc/bus/pci/devices with n functions of one id.
func procPCI(n int, id string) string {
	line := strings.Repeat("\t       0       ", 15)
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%02x00\t%s\t%s\tigb\n", i, id, line)
	}
	return b.String()
}
