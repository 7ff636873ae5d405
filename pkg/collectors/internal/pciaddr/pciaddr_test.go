package pciaddr_test

import (
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciaddr"
)

func TestLast(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"": "", "/": "", "mem0": "", "../../devices/platform/coretemp.0/hwmon/hwmon0": "",
		"0000:01:00.0": "0000:01:00.0",
		"../../../devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0/mem0":              "0000:0d:00.0",
		"../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0/nvme/n0": "10000:e1:00.0",
		"a/0000:01:00.8/b": "", "a/0000:0G:00.0/b": "", "0000-01:00.0": "", "0000:01:00.0/": "0000:01:00.0",
	} {
		if got := pciaddr.Last(target); got != want {
			t.Errorf("%q: %q, want %q", target, got, want)
		}
	}
}

func FuzzLast(f *testing.F) {
	f.Add("../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0")
	f.Add("0000:01:00")
	f.Fuzz(func(t *testing.T, target string) {
		got := pciaddr.Last(target)
		if got != "" && (!pciaddr.Valid(got) || !strings.Contains(target, got)) {
			t.Errorf("%q: %q", target, got)
		}
	})
}
