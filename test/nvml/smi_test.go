package nvml_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

// report goes the whole way: what nvidia-smi printed becomes a library, the
// helper loads it, and what the helper writes becomes GPUs.
func report(t *testing.T, helper, smi string) []inventory.GPU {
	t.Helper()
	b, err := os.ReadFile(smi)
	if err != nil {
		t.Fatal(err)
	}
	d, err := nvmlmock.FromSMI(b)
	if err != nil {
		t.Fatal(err)
	}
	res := nvmlmock.Run(t, 20*time.Second, helper, "-library", nvmlmock.Library(t, d), "-driver", nvmlmock.DriverFile(t))
	if res.Err != nil || !res.Data.Done {
		t.Fatal(res.Err, res.Stderr)
	}
	gpus, err := nvidia.Translate(res.Data)
	if err != nil {
		t.Fatal(err)
	}
	return gpus
}

func fixtures(t *testing.T, pattern string) []string {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	found, err := filepath.Glob(filepath.Join(root, "gpu", pattern))
	if err != nil || len(found) == 0 {
		t.Skipf("no %s below BEE_FIXTURES", pattern)
	}
	return found
}

// facts are what the independent readings of a fixture are compared with: a
// missing value is "".
type facts map[string]string

func (f facts) check(t *testing.T, key, got string) int {
	t.Helper()
	want, ok := f[key]
	if !ok {
		return 0
	}
	if strings.Trim(strings.ToLower(want), "[]") == "n/a" || strings.HasPrefix(want, "[Requested") || strings.Trim(want, "0") == "" && len(want) > 5 ||
		strings.HasPrefix(want, "GPU-00000000-0000") {
		want = ""
	}
	if got != want {
		t.Errorf("%s: %q, want %q", key, got, want)
	}
	return 1
}

func TestXML(t *testing.T) {
	t.Parallel()
	files := fixtures(t, "*/nvidia-smi-q.xml")
	helper := nvmlmock.Helper(t, t.TempDir())
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			var want struct {
				Driver *string          `json:"driver_version"`
				CUDA   *string          `json:"cuda_version"`
				GPUs   []map[string]any `json:"gpus"`
			}
			b, err := os.ReadFile(filepath.Join(filepath.Dir(file), "expected", "keys.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &want); err != nil {
				t.Fatal(err)
			}
			gpus := report(t, helper, file)
			if len(gpus) != len(want.GPUs) {
				t.Fatalf("%d GPUs, want %d", len(gpus), len(want.GPUs))
			}
			n := 0
			for i, g := range gpus {
				f := facts{}
				for k, v := range want.GPUs[i] {
					if s, ok := v.(string); ok {
						f[k] = s
					}
				}
				if want.Driver != nil {
					f["driver_version"], f["cuda_version"] = *want.Driver, *want.CUDA
				}
				n += checkXML(t, f, g)
			}
			t.Logf("%d values compared", n)
		})
	}
}

func checkXML(t *testing.T, f facts, g inventory.GPU) (n int) {
	t.Helper()
	l := g.Link
	if l == nil {
		l = &inventory.PCIeLink{}
	}
	e := g.ECC
	if e == nil {
		e = &inventory.GPUECC{}
	}
	m := g.MIG
	if m == nil {
		m = &inventory.MIG{}
	}
	p := g.RetiredPages
	if p == nil {
		p = &inventory.GPURetiredPages{}
	}
	rows := g.RemappedRows
	if rows == nil {
		rows = &inventory.GPURemappedRows{}
	}
	if id, ok := f["bus_id"]; ok {
		f["bus_id"] = strings.ToLower(strings.TrimPrefix(id, "0000"))
	}
	f["arch"] = strings.ToLower(f["arch"])
	if f["arch"] == "" {
		delete(f, "arch")
	}
	powerLimit := watts(g.PowerLimitWatts)
	for key, got := range map[string]string{
		"driver_version": g.DriverVersion, "cuda_version": g.CUDAVersion,
		"product_name": g.Name, "arch": g.Architecture, "serial": g.SerialNumber, "uuid": g.UUID,
		"board_part": g.PartNumber, "vbios": g.VBIOS, "bus_id": g.PCIAddress,
		"mig": mode(m.Enabled), "persistence": mode(g.PersistenceMode), "ecc": mode(e.Enabled),
		"link_gen_cur": generation(l.CurrentSpeedGTs), "link_gen_max": generation(l.AttainableSpeedGTs),
		"link_w_cur": unit(l.CurrentWidth, "x"), "link_w_max": unit(l.AttainableWidth, "x"),
		"replay": count(g.PCIeReplays), "fb_total": mib(g.MemoryBytes), "fb_used": mib(g.MemoryUsedBytes),
		"temp": unit(g.TempCelsius, " C"), "temp_slow": unit(g.TempSlowdownCelsius, " C"),
		"power_limit": powerLimit, "power_draw": watts(g.PowerWatts),
		"retired_sbe": unit(p.SingleBit, ""), "retired_dbe": unit(p.DoubleBit, ""),
		"remap_corr": unit(rows.Correctable, ""), "remap_unc": unit(rows.Uncorrectable, ""),
		"remap_pending": yes(rows.Pending), "remap_fail": yes(rows.Failure),
		"clk_sm_max": clock(g.ClocksMaxMHz, "sm"),
	} {
		if key == "power_draw" && f["power_draw"] == "N/A" {
			continue // the instantaneous reading stands in
		}
		n += f.check(t, key, got)
	}
	return n
}

func TestText(t *testing.T) {
	t.Parallel()
	files := fixtures(t, "smi-text-*/idle-query-q.txt")
	helper := nvmlmock.Helper(t, t.TempDir())
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(filepath.Join(filepath.Dir(file), "expected", "idle-keys.txt"))
			if err != nil {
				t.Fatal(err)
			}
			f := facts{}
			for line := range strings.Lines(string(b)) {
				if key, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "gpu0 "), ": "); ok {
					f[key] = value
				}
			}
			gpus := report(t, helper, file)
			if len(gpus) != 1 {
				t.Fatalf("%d GPUs", len(gpus))
			}
			n := checkText(t, f, gpus[0])
			t.Logf("%d values compared", n)
			if n < 30 {
				t.Error("too few values to compare")
			}
		})
	}
}

func checkText(t *testing.T, f facts, g inventory.GPU) (n int) {
	t.Helper()
	l, e, p, rows := g.Link, g.ECC, g.RetiredPages, g.RemappedRows
	if e == nil {
		e = &inventory.GPUECC{}
	}
	if p == nil {
		p = &inventory.GPURetiredPages{}
	}
	if rows == nil {
		rows = &inventory.GPURemappedRows{}
	}
	f["pci.bus_id"] = strings.ToLower(strings.TrimPrefix(f["pci.bus_id"], "0000"))
	// At rest the clocks and with them these readings move between two runs of
	// nvidia-smi; what is compared does not.
	for key, got := range map[string]string{
		"driver_version": g.DriverVersion, "name": g.Name, "serial": g.SerialNumber, "uuid": g.UUID,
		"pci.bus_id": g.PCIAddress, "index": unit(g.Index, ""), "persistence_mode": mode(g.PersistenceMode),
		"vbios_version": g.VBIOS, "inforom.img": g.InfoROMVersion, "inforom.oem": g.InfoROM["oem"], "inforom.ecc": g.InfoROM["ecc"],
		"pcie.link.gen.max": generation(l.AttainableSpeedGTs), "pcie.link.gen.gpumax": generation(l.MaxSpeedGTs),
		"pcie.link.width.current": unit(l.CurrentWidth, ""), "pcie.link.width.max": unit(l.AttainableWidth, ""),
		"memory.total [MiB]": mib(g.MemoryBytes), "ecc.mode.current": mode(e.Enabled), "ecc.mode.pending": mode(e.Pending),
		"ecc.errors.corrected.volatile.total":    count(e.VolatileCorrected),
		"ecc.errors.uncorrected.volatile.total":  count(e.VolatileUncorrected),
		"ecc.errors.corrected.aggregate.total":   count(e.AggregateCorrected),
		"ecc.errors.uncorrected.aggregate.total": count(e.AggregateUncorrected),
		"retired_pages.single_bit_ecc.count":     unit(p.SingleBit, ""), "retired_pages.double_bit.count": unit(p.DoubleBit, ""),
		"retired_pages.pending":     yes(p.Pending),
		"remapped_rows.correctable": unit(rows.Correctable, ""), "remapped_rows.uncorrectable": unit(rows.Uncorrectable, ""),
		"remapped_rows.pending": yes(rows.Pending), "remapped_rows.failure": yes(rows.Failure),
		"enforced.power.limit [W]": watts(g.PowerLimitWatts), "power.default_limit [W]": watts(g.PowerDefaultWatts),
		"power.max_limit [W]": watts(g.PowerMaxWatts), "clocks.max.graphics [MHz]": clock(g.ClocksMaxMHz, "graphics"),
		"clocks.max.sm [MHz]": clock(g.ClocksMaxMHz, "sm"), "clocks.max.memory [MHz]": clock(g.ClocksMaxMHz, "memory"),
		"clocks_event_reasons.hw_slowdown":         active(g, "hw_slowdown"),
		"clocks_event_reasons.hw_thermal_slowdown": active(g, "hw_thermal_slowdown"),
	} {
		n += f.check(t, key, got)
	}
	return n
}

func mode(b *bool) string {
	return choose(b, "Enabled", "Disabled")
}

func yes(b *bool) string { return choose(b, "Yes", "No") }

func choose(b *bool, yes, no string) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return yes
	default:
		return no
	}
}

func unit(n *int, unit string) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n) + unit
}

func count(n *uint64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatUint(*n, 10)
}

func mib(n *uint64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%d MiB", *n>>20)
}

func watts(w *float64) string {
	if w == nil {
		return ""
	}
	return fmt.Sprintf("%.2f W", *w)
}

func generation(gts *float64) string {
	if gts == nil {
		return ""
	}
	return map[float64]string{2.5: "1", 5: "2", 8: "3", 16: "4", 32: "5", 64: "6"}[*gts]
}

func clock(all map[string]int, name string) string {
	mhz, ok := all[name]
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d MHz", mhz)
}

func active(g inventory.GPU, reason string) string {
	if g.ThrottleReasons == nil {
		return ""
	}
	for _, r := range g.ThrottleReasons {
		if r == reason {
			return "Active"
		}
	}
	return "Not Active"
}

// Our own text, in nvidia-smi's form, so that the reading of it is tested
// without the fixtures too.
func TestFromSMI(t *testing.T) {
	t.Parallel()
	const text = `==============NVSMI LOG==============

Driver Version                            : 550.1.2
CUDA Version                              : 12.4

Attached GPUs                             : 1
GPU 00000000:3B:00.0
    Product Name                          : Imaginary 9000
    GPU UUID                              : GPU-feedface-0000-0000-0000-000000000001
    PCI
        Device Id                         : 0xABCD10DE
        Bus Id                            : 00000000:3B:00.0
    ECC Mode
        Current                           : Enabled
        Pending                           : Disabled
    ECC Errors
        Volatile
            SRAM Correctable              : 1
            DRAM Correctable              : 2
    Temperature
        GPU Current Temp                  : 33 C
        Memory Current Temp               : N/A
`
	d, err := nvmlmock.FromSMI([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got := &nvidia.Data{}
	if err := nvidia.Ask(t.Context(), nvmlmock.API(d), got, nil); err != nil {
		t.Fatal(err)
	}
	gpus, err := nvidia.Translate(got)
	if err != nil || len(gpus) != 1 {
		t.Fatal(err)
	}
	g := gpus[0]
	if g.Name != "Imaginary 9000" || g.CUDAVersion != "12.4" || g.PCIAddress != "0000:3b:00.0" || *g.ECC.VolatileCorrected != 3 ||
		!*g.ECC.Enabled || *g.ECC.Pending || *g.TempCelsius != 33 || g.TempMemoryCelsius != nil {
		t.Errorf("%+v", g)
	}
}
