package accel_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/accel"
	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, accel.Collector, collectortest.OnMachine("one of each", mixed()))
}

func byID(t *testing.T, s *hosttest.Source) map[string]inventory.GPU {
	t.Helper()
	all, err := accel.Read(t.Context(), s.Host())
	if err != nil {
		t.Error(err)
	}
	m := map[string]inventory.GPU{}
	for _, g := range all {
		m[g.ID] = g
	}
	return m
}

func TestWhatIsListed(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for id, g := range byID(t, mixed()) {
		got[id] = g.Vendor + " " + g.Driver + " " + g.State
	}
	if diff := cmp.Diff(map[string]string{
		"gpu:0000:03:00.0": "AMD amdgpu ok", "gpu:0000:04:00.0": "AMD  no_driver", "gpu:0000:05:00.0": "Intel xe ok",
		"gpu:0000:06:00.0": "Intel i915 ok", "gpu:0000:07:00.0": "Habana habanalabs ok", "gpu:0000:08:00.0": "AMD vfio-pci foreign_driver",
		"gpu:0000:09:00.1": "AMD amdxdna ok", "gpu:fdab0000.npu": " rocket ok",
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAMD(t *testing.T) {
	t.Parallel()
	want := inventory.GPU{
		Meta:       inventory.Meta{ID: "gpu:0000:03:00.0", ParentID: "pci:0000:03:00.0", Sources: []string{"/sys/bus/pci/devices/0000:03:00.0"}},
		PCIAddress: "0000:03:00.0", Name: "Instinct MI100", Vendor: "AMD", UUID: "2150e7d042a1124a", PartNumber: "102-D34304-00",
		VBIOS: "113-D3430400-037", Driver: "amdgpu", State: "ok",
		MemoryBytes: new(uint64(34342961152)), MemoryUsedBytes: new(uint64(6782976)), BusyPercent: new(7), PCIeReplays: new(uint64(3)),
		TempCelsius: new(31), TempMemoryCelsius: new(30), TempSlowdownCelsius: new(100), TempShutdownCelsius: new(105),
		PowerWatts: new(39.0), PowerLimitWatts: new(200.0), PowerDefaultWatts: new(290.0), PowerMaxWatts: new(290.0), FanPercent: new(13),
		ClocksMHz: map[string]int{"graphics": 19, "memory": 1200}, ClocksMaxMHz: map[string]int{"graphics": 1502, "memory": 1200},
		Firmware: map[string]string{"vcn": "0x01101015"},
		ECC:      &inventory.GPUECC{VolatileCorrected: new(uint64(5)), VolatileUncorrected: new(uint64(2))},
		BlockErrors: map[string]inventory.GPUBlockErrors{
			"gfx": {Corrected: new(uint64(1)), Uncorrected: new(uint64(0))}, "sdma": {Corrected: new(uint64(0)), Uncorrected: new(uint64(1))},
		},
		RetiredPages: &inventory.GPURetiredPages{DoubleBit: new(2), Pending: new(true)},
	}
	if diff := cmp.Diff(want, byID(t, mixed())["gpu:0000:03:00.0"]); diff != "" {
		t.Error(diff)
	}
}

func TestIntelAndHabana(t *testing.T) {
	t.Parallel()
	all := byID(t, mixed())
	g := all["gpu:0000:05:00.0"]
	if *g.MemoryBytes != 64<<30 || g.ClocksMHz["graphics"] != 600 || g.ClocksMaxMHz["graphics"] != 1600 || *g.TempCelsius != 55 || *g.TempMemoryCelsius != 50 ||
		*g.PowerLimitWatts != 600 || cmp.Diff([]string{"hw_thermal_slowdown"}, g.ThrottleReasons) != "" {
		t.Errorf("xe: %+v", g)
	}
	g = all["gpu:0000:06:00.0"]
	if g.ClocksMHz["graphics"] != 0 || g.ClocksMaxMHz["graphics"] != 1300 || g.MemoryBytes != nil {
		t.Errorf("i915: %+v", g)
	}
	g = all["gpu:0000:07:00.0"]
	if g.Name != "GAUDI2 HL-225" || *g.PowerLimitWatts != 600 || cmp.Diff(map[string]string{"cpucp": "hl-gaudi2-1.10.0", "cpld": "0x00000009"}, g.Firmware) != "" {
		t.Errorf("habana: %+v", g)
	}
}

// TestVerdicts judges as NVIDIA's are judged.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	r := inventory.Collect(t.Context(), []inventory.Collector{accel.Collector(mixed().Host())})
	r.PCIeDevices = []inventory.PCIeDevice{
		{Meta: inventory.Meta{ID: "pci:0000:04:00.0"}, Address: "0000:04:00.0", ClassID: "030000"},
		{
			Meta: inventory.Meta{ID: "pci:0000:03:00.0"}, Address: "0000:03:00.0", ClassID: "038000", NUMANode: new(1),
			Link: &inventory.PCIeLink{CurrentWidth: new(16), MaxWidth: new(16), Degraded: new(false)},
		},
	}
	r.CPUs = []inventory.CPU{{Meta: inventory.Meta{ID: "cpu:B"}, NUMANodes: []int{1}}}
	for range 2 {
		r.Join()
		r.Assess()
	}
	got := map[string]string{}
	for _, f := range r.Findings {
		got[f.ComponentID+" "+f.Code] = string(f.Severity)
	}
	if diff := cmp.Diff(map[string]string{
		"gpu:0000:03:00.0 gpu.uncorrected_errors": "critical", "gpu:0000:03:00.0 gpu.block_errors": "critical",
		"gpu:0000:03:00.0 gpu.retired_pages": "info", "gpu:0000:03:00.0 gpu.page_retirement_pending": "warning",
		"gpu:0000:03:00.0 gpu.power_limited": "info", "gpu:0000:05:00.0 gpu.throttled": "warning",
		"gpu:0000:04:00.0 gpu.no_driver": "info", "gpu:0000:08:00.0 gpu.foreign_driver": "info",
	}, got); diff != "" {
		t.Error(diff)
	}
	for _, g := range r.GPUs {
		want := inventory.HealthOK
		switch g.ID {
		case "gpu:0000:03:00.0":
			want = inventory.HealthCritical
			if g.NUMANode == nil || *g.NUMANode != 1 || g.CPUID != "cpu:B" || g.Link == nil || *g.Link.CurrentWidth != 16 {
				t.Errorf("%+v", g)
			}
		case "gpu:0000:05:00.0":
			want = inventory.HealthWarning
		case "gpu:0000:04:00.0", "gpu:0000:08:00.0":
			want = inventory.HealthUnknown
		}
		if g.Health != want {
			t.Errorf("%s: %s, want %s", g.ID, g.Health, want)
		}
	}
	if n := r.Topology.Nodes[0]; *n.Node != 1 || cmp.Diff([]string{"gpu:0000:03:00.0"}, n.GPUs) != "" {
		t.Errorf("%+v", r.Topology)
	}
}

// TestAsleep: a GPU that sleeps is not asked what would wake it.
func TestAsleep(t *testing.T) {
	t.Parallel()
	s := mixed()
	const dir = "/sys/devices/pci0000:00/0000:03:00.0/"
	s.Files[dir+"power/runtime_status"] = "suspended\n"
	s.Errors = map[string]error{}
	for name := range s.Files {
		if name == dir+"gpu_busy_percent" || name == dir+"ras/umc_err_count" || name == dir+"hwmon/hwmon4/temp1_input" {
			s.Errors[name] = syscall.EIO
		}
	}
	if g := byID(t, s)["gpu:0000:03:00.0"]; g.VBIOS == "" || g.TempCelsius != nil || g.State != "ok" {
		t.Errorf("%+v", g)
	}
}

// TestDying: what a device does not say costs that field alone.
func TestDying(t *testing.T) {
	t.Parallel()
	s := mixed()
	const dir = "/sys/devices/pci0000:00/0000:03:00.0/"
	s.Errors = map[string]error{dir + "vbios_version": syscall.EIO, dir + "hwmon/hwmon4/temp1_input": syscall.EIO}
	all, err := accel.Read(t.Context(), s.Host())
	if err == nil || len(all) != 8 || all[0].VBIOS != "" || all[0].UUID == "" || *all[0].TempCelsius != 34 {
		t.Errorf("%d, %v", len(all), err)
	}
}

// TestCaptured lists the accelerators of captured machines.
func TestCaptured(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"ghw-amd64-accel": {"gpu:0000:00:04.0"},
		"ghw-amd64-415ee03b8c4d1c4f07ae2e9d8b3d3d6d": {"gpu:0000:00:02.0"},
		"ghw-amd64-61797caf7c0b6bca1725ad7975ed4773": {"gpu:0000:0a:00.0"},
	}
	for _, tree := range fixture.Trees(t, "sys/bus/pci", "sys/devices/pci", "sys/class") {
		h, err := host.Static(tree.Root)
		if err != nil {
			t.Fatal(err)
		}
		all, err := accel.Read(t.Context(), h)
		if err != nil {
			t.Errorf("%s: %v", tree.Name, err)
		}
		var ids []string
		for _, g := range all {
			ids = append(ids, g.ID)
			t.Logf("%s: %s %s %q %q %s", tree.Name, g.ID, g.Vendor, g.Name, g.Driver, g.State)
		}
		if diff := cmp.Diff(want[tree.Name], ids); diff != "" {
			t.Errorf("%s: %s", filepath.Base(tree.Root), diff)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	many := machine()
	for i := range 200 {
		many.function("0000:"+string("0123456789abcdef"[i/16])+string("0123456789abcdef"[i%16])+":00.0", "0x8086", "0x1234", "0x020000", "e")
	}
	for name, s := range map[string]*hosttest.Source{"none": {}, "mixed": mixed(), "200 functions": many.Source} {
		b.Run(name, func(b *testing.B) {
			h := host.New(s)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := accel.Read(b.Context(), h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
