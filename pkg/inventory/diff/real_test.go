package diff_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// TestThisHostTwice: two runs on one machine differ in readings only.
func TestThisHostTwice(t *testing.T) {
	t.Parallel()
	h, err := host.Live()
	if err != nil {
		t.Skip(err)
	}
	defer h.Close()
	first := inventory.Collect(t.Context(), collectors.Default(h))
	time.Sleep(1100 * time.Millisecond) // so that the uptime moves
	second := inventory.Collect(t.Context(), collectors.Default(h))
	got := reports(t, first, second)
	if len(got.Differences) > 0 {
		t.Error(lines(got))
	}
}

// TestCapturedMachines: a captured machine read twice is the same, and what is
// taken out of it is one line.
func TestCapturedMachines(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	dirs, err := filepath.Glob(filepath.Join(root, "smbios", "*", "DMI"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no machines below %s: %v", root, err)
	}
	all := map[string]*inventory.Report{}
	for _, dmi := range dirs {
		all[filepath.Base(filepath.Dir(dmi))] = captured(t, filepath.Dir(dmi))
	}
	modules := 0
	for name, r := range all {
		again := captured(t, filepath.Join(root, "smbios", name))
		if got := reports(t, r, again); !got.Same {
			t.Errorf("%s, read twice:\n%s", name, lines(got))
		}
		if r.Memory == nil {
			continue
		}
		for i, m := range r.Memory.Modules {
			if m.Present == nil || !*m.Present {
				continue
			}
			modules++
			again.Memory.Modules[i] = inventory.MemoryModule{Meta: m.Meta, Slot: m.Slot, Bank: m.Bank, Present: new(false)}
			got := reports(t, r, again)
			if len(got.Differences) != 1 || !strings.HasPrefix(string(got.Differences[0].Kind), "removed") {
				t.Errorf("%s without %s:\n%s", name, m.ID, lines(got))
			}
			again.Memory.Modules[i] = m
			again.Memory.Modules[i].SerialNumber = "another"
			got = reports(t, r, again)
			if m.SerialNumber != "" && (len(got.Differences) != 1 || got.Differences[0].Kind != "replaced") {
				t.Errorf("%s with another %s:\n%s", name, m.ID, lines(got))
			}
			again.Memory.Modules[i] = m
		}
	}
	t.Logf("%d machines, %d modules", len(all), modules)
}

// captured is the report of a captured SMBIOS table.
func captured(t *testing.T, dir string) *inventory.Report {
	t.Helper()
	root := t.TempDir()
	tables := filepath.Join(root, "sys/firmware/dmi/tables")
	if err := os.MkdirAll(tables, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"DMI", "smbios_entry_point"} {
		data, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tables, f), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h, err := host.Static(root)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	return inventory.Collect(t.Context(), collectors.Default(h))
}
