package memory_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/memory"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

func withTable(structures ...*smbiostest.Structure) *hosttest.Source {
	table := smbiostest.Table(structures...)
	return &hosttest.Source{
		Files: map[string]string{
			dmi.TablePath:   string(table),
			dmi.EntryPath:   string(smbiostest.Entry3(3, 2, 0, len(table))),
			"/proc/meminfo": "MemTotal:       1000 kB\nMemFree: 1 kB\n",
		},
		Errors: map[string]error{},
	}
}

func TestModulesAndSums(t *testing.T) {
	t.Parallel()
	flash := smbiostest.MemoryArray(1, 1, 2<<20).U8(5, 0x05) // use: flash memory
	bios := smbiostest.MemoryModule(3, "BIOS", 2, "F1").U16(4, 0x1001)
	m, err := memory.Read(t.Context(), withTable(
		smbiostest.MemoryArray(0, 3, 64<<30), flash,
		smbiostest.MemoryModule(0, "A1", 16384, "S1"), smbiostest.EmptySlot(1, "A2"), smbiostest.MemoryModule(2, "A1", 32768, "S2"), bios,
	).Host())
	if err != nil {
		t.Fatal(err)
	}
	if *m.SizeBytes != 48<<30 || *m.Slots != 3 || *m.Populated != 2 || *m.UsableBytes != 1000<<10 {
		t.Errorf("size %d, %d slots, %d populated, %d usable", *m.SizeBytes, *m.Slots, *m.Populated, *m.UsableBytes)
	}
	if len(m.Modules) != 4 || len(m.Arrays) != 2 {
		t.Fatalf("%d modules, %d arrays", len(m.Modules), len(m.Arrays))
	}
	if e := m.Modules[1]; *e.Present || e.SizeBytes != nil || e.SerialNumber != "" || e.Slot != "A2" {
		t.Errorf("empty slot %+v", e)
	}
	if a, b := m.Modules[0].ID, m.Modules[2].ID; a == b || !strings.HasSuffix(b, "#2") {
		t.Errorf("ids %q, %q", a, b)
	}
}

// TestPersistentMemory: what of a module is set up as persistent memory is not
// RAM, the rest is.
func TestPersistentMemory(t *testing.T) {
	t.Parallel()
	const optane, unknown = 7, 1<<64 - 1
	module := func(i uint16, persistent, volatile uint64) *smbiostest.Structure {
		return smbiostest.MemoryModule(i, "P", 128<<10, "S").U8(0x28, optane).U64(0x34, persistent).U64(0x3C, volatile)
	}
	for name, tt := range map[string]struct {
		persistent, volatile, want uint64
	}{
		"all of it":                     {126 << 30, 0, 0},
		"a part":                        {96 << 30, 32 << 30, 32 << 30},
		"none of it":                    {0, 128 << 30, 128 << 30},
		"not said":                      {unknown, unknown, 128 << 30},
		"not said how much is RAM":      {100 << 30, unknown, 28 << 30},
		"more persistent than its size": {200 << 30, unknown, 0},
	} {
		dram := smbiostest.MemoryModule(0, "A1", 32768, "S1")
		m, err := memory.Read(t.Context(), withTable(smbiostest.MemoryArray(0, 2, 1<<40), dram, module(1, tt.persistent, tt.volatile)).Host())
		if err != nil || *m.SizeBytes != 32<<30+tt.want || *m.Populated != 2 || *m.Modules[1].SizeBytes != 128<<30 {
			t.Errorf("%s: size %d of RAM, %d modules, %v", name, *m.SizeBytes, *m.Populated, err)
		}
	}
}

func TestWithoutTables(t *testing.T) {
	t.Parallel()
	s := &hosttest.Source{Files: map[string]string{
		"/proc/meminfo": "MemTotal: 900 kB\n",
		"/sys/devices/system/memory/block_size_bytes": "8000000\n",
		"/sys/devices/system/memory/memory0/state":    "online\n",
		"/sys/devices/system/memory/memory7/state":    "online\n",
	}}
	m, err := memory.Read(t.Context(), s.Host())
	if err != nil || m.SizeBytes == nil || *m.SizeBytes != 2*0x8000000 || m.Slots != nil || m.Modules != nil {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := memory.Read(t.Context(), (&hosttest.Source{}).Host()); m != nil || err != nil {
		t.Errorf("empty root: %v, %v", m, err)
	}
	denied := withTable(smbiostest.MemoryModule(0, "A1", 16384, "S1"))
	denied.Errors[dmi.TablePath] = fs.ErrPermission
	m, err = memory.Read(t.Context(), denied.Host())
	if m == nil || m.UsableBytes == nil || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("tables denied: %+v, %v", m, err)
	}
}

const mc = "/sys/devices/system/edac/mc/mc0/"

func TestErrorsPerModule(t *testing.T) {
	t.Parallel()
	s := withTable(smbiostest.MemoryModule(0, "DIMM_A1", 1024, "S1"), smbiostest.MemoryModule(1, "DIMM_A2", 1024, "S2"))
	for k, v := range map[string]string{
		"mc_name": "acme", "size_mb": "2048", "ce_count": "5", "ue_count": "0", "ce_noinfo_count": "0", "ue_noinfo_count": "0",
		"dimm0/dimm_label": "DIMM_A1", "dimm0/dimm_ce_count": "0", "dimm0/dimm_ue_count": "0", "dimm0/size": "1024",
		"rank10/dimm_label": "DIMM_A2", "rank10/dimm_ce_count": "5", "rank10/dimm_ue_count": "0", "rank10/dimm_location": "channel 1 slot 0",
		"csrow0/ch0_ce_count": "99",
	} {
		s.Files[mc+k] = v + "\n"
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{memory.Collector(s.Host())})
	mods := r.Memory.Modules
	if *mods[0].CorrectedErrors != 0 || *mods[1].CorrectedErrors != 5 || *mods[1].UncorrectedErrors != 0 {
		t.Errorf("%+v", mods)
	}
	if len(r.Findings) != 1 || r.Findings[0].ComponentID != mods[1].ID || r.Findings[0].Severity != inventory.SeverityWarning {
		t.Errorf("%+v", r.Findings)
	}
	if len(r.Memory.Controllers[0].Modules) != 2 {
		t.Errorf("both layouts counted: %+v", r.Memory.Controllers[0].Modules)
	}
}

func TestErrorsPerRow(t *testing.T) {
	t.Parallel()
	s := withTable(smbiostest.MemoryModule(0, "DIMM_A1", 1024, "S1"), smbiostest.MemoryModule(1, "DIMM_B1", 1024, "S2"))
	for k, v := range map[string]string{
		"csrow0/ch0_dimm_label": "DIMM_A1", "csrow0/ch0_ce_count": "2", "csrow0/ch1_dimm_label": "DIMM_B1", "csrow0/ch1_ce_count": "0", "csrow0/ue_count": "1",
		"csrow1/ce_count": "4", "csrow1/ue_count": "x",
	} {
		s.Files[mc+k] = v + "\n"
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{memory.Collector(s.Host())})
	if c := r.Memory.Modules[0].CorrectedErrors; c == nil || *c != 2 {
		t.Errorf("%+v", r.Memory.Modules)
	}
	codes := map[string]int{}
	for _, f := range r.Findings {
		codes[f.Code]++
		if f.Severity == inventory.SeverityCritical && f.ComponentID != "memory_controller:mc0" {
			t.Errorf("an uncorrected error of two modules was told to one: %+v", f)
		}
	}
	if codes["memory.uncorrected_errors"] != 1 || codes["memory.corrected_errors"] != 2 {
		t.Errorf("%+v", r.Findings)
	}
	if len(r.Issues) != 1 || r.Issues[0].Kind != inventory.KindMalformed {
		t.Errorf("%+v", r.Issues)
	}
}

func TestCapturedEDAC(t *testing.T) {
	t.Parallel()
	dir := fixture.Dir(t, "edac", "node-exporter", "edac")
	s := &hosttest.Source{Files: map[string]string{}}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		s.Files["/sys/devices/system/edac/"+filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := memory.Read(t.Context(), s.Host())
	if err != nil || len(m.Controllers) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	var sum uint64
	for _, e := range m.Controllers[0].Modules {
		if e.CorrectedErrors != nil {
			sum += *e.CorrectedErrors
		}
	}
	if want := *m.Controllers[0].CorrectedErrors; want == 0 && sum == 0 || len(m.Controllers[0].Modules) == 0 {
		t.Errorf("%d of %d errors told to rows: %+v", sum, want, m.Controllers[0].Modules)
	}
}

func BenchmarkRead(b *testing.B) {
	h := withTable(smbiostest.Server()...).Host()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := memory.Read(b.Context(), h); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTotalsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for path, text := range map[string]string{
		"/proc/meminfo": "MemTotal: many kB\n",
		"/sys/devices/system/memory/block_size_bytes": "zz\n",
	} {
		s := &hosttest.Source{Files: map[string]string{
			"/proc/meminfo": "MemTotal: 900 kB\n",
			"/sys/devices/system/memory/block_size_bytes": "8000000\n",
			"/sys/devices/system/memory/memory0/state":    "online\n",
		}}
		s.Files[path] = text
		m, err := memory.Read(t.Context(), s.Host())
		if m == nil || !errors.Is(err, inventory.ErrMalformed) || (m.SizeBytes == nil) == (m.UsableBytes == nil) {
			t.Errorf("%s: %+v, %v", path, m, err)
		}
	}
}

func TestArraysThatDiffer(t *testing.T) {
	t.Parallel()
	const none, multiBit = 3, 6
	for want, second := range map[string]*smbiostest.Structure{
		"mixed":         smbiostest.MemoryArray(1, 1, 1<<30).U8(6, none),
		"multi_bit_ecc": smbiostest.MemoryArray(1, 1, 1<<30).U8(6, multiBit),
	} {
		m, err := memory.Read(t.Context(), withTable(smbiostest.MemoryArray(0, 1, 1<<30).U8(6, multiBit), second).Host())
		if err != nil || m.ECC != want || *m.MaxCapacityBytes != 2<<30 {
			t.Errorf("%+v, %v, want %q", m, err, want)
		}
	}
}
