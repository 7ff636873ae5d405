package cpu_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/cpu"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

// machine is a server of two packages with two cores of two threads each.
func machine() *hosttest.Source {
	s := &hosttest.Source{Files: map[string]string{}, Errors: map[string]error{}, Hang: map[string]bool{}}
	const dir = "/sys/devices/system/cpu/"
	s.Files[dir+"online"] = "0-7\n"
	s.Files[dir+"present"] = "0-7\n"
	s.Files[dir+"offline"] = "8-63\n"
	s.Files[dir+"vulnerabilities/meltdown"] = "Not affected\n"
	var info strings.Builder
	for n := range 8 {
		pkg, core := n/4, n/2
		d := fmt.Sprintf("%scpu%d/", dir, n)
		s.Files[d+"topology/physical_package_id"] = strconv.Itoa(pkg) + "\n"
		s.Files[d+"topology/thread_siblings"] = fmt.Sprintf("%08x\n", 3<<(core*2))
		s.Files[d+"thermal_throttle/core_throttle_count"] = "3\n"
		s.Files[d+"thermal_throttle/package_throttle_count"] = strconv.Itoa(5+n) + "\n"
		s.Files[d+"cache/index0/level"] = "1\n"
		s.Files[d+"cache/index0/type"] = "Data\n"
		s.Files[d+"cache/index0/size"] = "32K\n"
		s.Files[d+"cache/index0/shared_cpu_list"] = fmt.Sprintf("%d-%d\n", core*2, core*2+1)
		s.Files[d+"cache/index1/level"] = "3\n"
		s.Files[d+"cache/index1/type"] = "Unified\n"
		s.Files[d+"cache/index1/size"] = "8192K\n"
		s.Files[d+"cache/index1/shared_cpu_map"] = []string{"0000000f\n", "000000f0\n"}[pkg]
		fmt.Fprintf(&info, "processor\t: %d\nvendor_id\t: GenuineIntel\nmodel name\t: Acme Turbo\nstepping\t: 7\nmicrocode\t: 0x%d\n\n", n, 10+pkg)
	}
	s.Files["/proc/cpuinfo"] = info.String()
	s.Files["/sys/devices/system/node/node0/cpulist"] = "0-3\n"
	s.Files["/sys/devices/system/node/node1/cpulist"] = "4-5\n"
	s.Files["/sys/devices/system/node/node2/cpulist"] = "6-7\n"
	return s
}

func withTable(s *hosttest.Source, structures ...*smbiostest.Structure) {
	table := smbiostest.Table(structures...)
	s.Files[dmi.TablePath] = string(table)
	s.Files[dmi.EntryPath] = string(smbiostest.Entry3(3, 2, 0, len(table)))
}

func TestWithoutSMBIOS(t *testing.T) {
	t.Parallel()
	cpus, err := cpu.Read(t.Context(), machine().Host())
	if err != nil || len(cpus) != 2 {
		t.Fatalf("%v, %v", cpus, err)
	}
	c := cpus[1]
	want := inventory.CPU{
		Meta:    inventory.Meta{ID: "cpu:package1", Sources: []string{"/proc/cpuinfo", "/sys/devices/system/cpu"}},
		Present: new(true), Manufacturer: "Intel", Model: "Acme Turbo",
		Cores: new(uint32(2)), Threads: new(uint32(4)), OnlineThreads: new(uint32(4)), PackageID: new(1),
		Stepping: new(uint32(7)), Microcode: "0x11", NUMANodes: []int{1, 2},
		Caches: []inventory.Cache{
			{Level: 1, Type: "data", SizeBytes: 32 << 10, Count: new(uint32(2))},
			{Level: 3, Type: "unified", SizeBytes: 8 << 20, Count: new(uint32(1))},
		},
		Vulnerabilities: map[string]string{"meltdown": "Not affected"},
		Throttle:        &inventory.Throttle{PackageCount: new(uint64(12)), CoreCount: new(uint64(6))},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSocketsOfTheTable(t *testing.T) {
	t.Parallel()
	s := machine()
	withTable(s, smbiostest.Processor(1, "CPU1", "Acme Turbo (R)", 2, 4), smbiostest.EmptySocket(2, "CPU2"), smbiostest.Processor(3, "CPU3", "acme  turbo", 2, 4), smbiostest.EmptySocket(4, "CPU3"))
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 4 {
		t.Fatalf("%v, %v", cpus, err)
	}
	if cpus[0].Microcode != "0x10" || cpus[2].Microcode != "0x11" || cpus[1].Microcode != "" {
		t.Errorf("packages went to the wrong sockets: %+v", cpus)
	}
	if cpus[1].Present == nil || *cpus[1].Present || cpus[1].Model != "" || cpus[1].Cores != nil {
		t.Errorf("empty socket: %+v", cpus[1])
	}
	if p := cpus[0].Provenance["model"]; p.Rejected["/proc/cpuinfo"] != "Acme Turbo" || cpus[2].Provenance != nil {
		t.Errorf("provenance: %+v, %+v", cpus[0].Provenance, cpus[2].Provenance)
	}
	if cpus[2].ID != "cpu:CPU3" || cpus[3].ID != "cpu:CPU3#2" {
		t.Errorf("ids %q, %q", cpus[2].ID, cpus[3].ID)
	}
}

func TestPackagesThatCannotBeToldApartGoToNoSocket(t *testing.T) {
	t.Parallel()
	s := machine()
	withTable(s, smbiostest.Processor(1, "CPU1", "A", 2, 4), smbiostest.Processor(2, "CPU2", "A", 2, 4), smbiostest.Processor(3, "CPU3", "A", 2, 4))
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 3 || cpus[0].PackageID != nil {
		t.Errorf("%+v, %v", cpus, err)
	}
}

func TestASocketFewerThanPackagesGetsNone(t *testing.T) {
	t.Parallel()
	s := machine()
	withTable(s, smbiostest.Processor(1, "CPU1", "A", 2, 4), smbiostest.EmptySocket(2, "CPU2"))
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 2 || cpus[0].PackageID != nil || cpus[0].Microcode != "" {
		t.Errorf("%+v, %v", cpus, err)
	}
}

func TestADisabledSocketRunsNothing(t *testing.T) {
	t.Parallel()
	s := machine()
	const populatedAndDisabledByFirmware = 1<<6 | 3
	withTable(s, smbiostest.Processor(1, "CPU1", "A", 2, 4),
		smbiostest.Processor(2, "CPU2", "A", 2, 4).U8(0x18, populatedAndDisabledByFirmware),
		smbiostest.Processor(3, "CPU3", "A", 2, 4))
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 3 || cpus[0].Microcode != "0x10" || cpus[1].PackageID != nil || cpus[2].Microcode != "0x11" {
		t.Errorf("%+v, %v", cpus, err)
	}
}

// TestDisabledAndRunning: some firmware calls every processor disabled by
// itself, and the machine runs on them.
func TestDisabledAndRunning(t *testing.T) {
	t.Parallel()
	s := machine()
	const populatedAndDisabledByFirmware = 1<<6 | 3
	withTable(s, smbiostest.Processor(1, "CPU1", "Acme Turbo", 2, 4).U8(0x18, populatedAndDisabledByFirmware),
		smbiostest.Processor(2, "CPU2", "B", 2, 4).U8(0x18, populatedAndDisabledByFirmware),
		smbiostest.EmptySocket(3, "CPU3"))
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 3 {
		t.Fatalf("%+v, %v", cpus, err)
	}
	for i, microcode := range []string{"0x10", "0x11"} {
		c := cpus[i]
		if c.Microcode != microcode || c.Status != "enabled" || c.Provenance["status"].Rejected[dmi.TablePath] != "disabled_by_bios" {
			t.Errorf("%+v", c)
		}
	}
	if cpus[1].Provenance["model"].Rejected["/proc/cpuinfo"] != "Acme Turbo" {
		t.Errorf("the model's provenance is lost: %+v", cpus[1].Provenance)
	}
	// Where the kernel does not say, so does bee: the firmware's word stays.
	delete(s.Files, "/proc/cpuinfo")
	for name := range s.Files {
		if strings.HasPrefix(name, "/sys/devices/") {
			delete(s.Files, name)
		}
	}
	if cpus, err = cpu.Read(t.Context(), s.Host()); err != nil || cpus[0].Status != "disabled_by_bios" {
		t.Errorf("%+v, %v", cpus, err)
	}
}

// TestOfflineThreadsOfTwoPackages: whose they are is not known.
func TestOfflineThreadsOfTwoPackages(t *testing.T) {
	t.Parallel()
	s := machine()
	s.Files["/sys/devices/system/cpu/online"] = "0-6\n"
	s.Files["/sys/devices/system/cpu/offline"] = "7-63\n"
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 2 || cpus[0].OfflineCPUs != nil || cpus[1].OfflineCPUs != nil || *cpus[1].OnlineThreads != 3 {
		t.Errorf("%+v, %v", cpus, err)
	}
}

// TestOneCacheUnderTwoIndices: some hypervisors list it so.
func TestOneCacheUnderTwoIndices(t *testing.T) {
	t.Parallel()
	s := machine()
	for n := range 8 {
		for _, a := range []string{"level", "type", "size", "shared_cpu_map"} {
			dir := fmt.Sprintf("/sys/devices/system/cpu/cpu%d/cache/", n)
			s.Files[dir+"index2/"+a] = s.Files[dir+"index1/"+a]
		}
	}
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 2 || len(cpus[0].Caches) != 2 || *cpus[0].Caches[1].Count != 1 {
		t.Errorf("%+v, %v", cpus, err)
	}
}

func TestOfflineThreadsOfASinglePackage(t *testing.T) {
	t.Parallel()
	s := &hosttest.Source{Files: map[string]string{
		"/sys/devices/system/cpu/online":                            "0\n",
		"/sys/devices/system/cpu/present":                           "0-1\n",
		"/sys/devices/system/cpu/offline":                           "1-7\n",
		"/sys/devices/system/cpu/cpu0/topology/physical_package_id": "-1\n",
		"/sys/devices/system/cpu/cpu1/online":                       "0\n",
	}}
	cpus, err := cpu.Read(t.Context(), s.Host())
	if err != nil || len(cpus) != 1 || !cmp.Equal(cpus[0].OfflineCPUs, []int{1}) || *cpus[0].PackageID != 0 {
		t.Errorf("%+v, %v", cpus, err)
	}
}

func TestLessNeverNothing(t *testing.T) {
	t.Parallel()
	denied := machine()
	withTable(denied, smbiostest.Processor(1, "CPU1", "A", 2, 4))
	denied.Errors[dmi.TablePath] = fs.ErrPermission
	cpus, err := cpu.Read(t.Context(), denied.Host())
	if len(cpus) != 2 || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("tables denied: %d, %v", len(cpus), err)
	}

	sick := machine()
	sick.Errors["/sys/devices/system/cpu/cpu2/cache/index0/size"] = errors.New("input/output error")
	sick.Files["/sys/devices/system/cpu/cpu4/cache/index0/size"] = "many"
	cpus, err = cpu.Read(t.Context(), sick.Host())
	if len(cpus) != 2 || !errors.Is(err, inventory.ErrMalformed) || !strings.Contains(err.Error(), "cpu2/cache/index0/size") {
		t.Errorf("sick attributes: %d, %v", len(cpus), err)
	}

	closed := machine()
	closed.Errors["/sys/devices/system/cpu/vulnerabilities"] = fs.ErrPermission
	if cpus, err := cpu.Read(t.Context(), closed.Host()); len(cpus) != 2 || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a folder that may not be listed: %d, %v", len(cpus), err)
	}

	if cpus, err := cpu.Read(t.Context(), (&hosttest.Source{}).Host()); cpus != nil || err != nil {
		t.Errorf("empty root: %v, %v", cpus, err)
	}
}

var lscpuCache = regexp.MustCompile(`^(L\d[di]?) cache: +([\d.]+) (KiB|MiB) \((\d+) instances?\)`)

// TestCapturedMachines compares with lscpu's reading of the same trees.
func TestCapturedMachines(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, tree := range fixture.Trees(t, "sys/devices/system/", "proc/cpuinfo") {
		b, err := os.ReadFile(filepath.Join(tree.Expected, "lscpu.txt"))
		if err != nil {
			continue
		}
		checked++
		h, err := host.Static(tree.Root)
		if err != nil {
			t.Fatal(err)
		}
		cpus, err := cpu.Read(t.Context(), h)
		if err != nil {
			t.Errorf("%s: %v", tree.Name, err)
		}
		compare(t, tree.Name, cpus, string(b))
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	if checked < 10 {
		t.Errorf("only %d trees had something to compare with", checked)
	}
}

func compare(t *testing.T, name string, cpus []inventory.CPU, lscpu string) {
	t.Helper()
	threads := 0
	caches := map[string][2]uint64{}
	for _, c := range cpus {
		threads += int(*c.OnlineThreads)
		for _, k := range c.Caches {
			if k.Count == nil {
				continue
			}
			n := fmt.Sprintf("L%d", k.Level)
			if k.Type != "unified" {
				n += k.Type[:1]
			}
			v := caches[n]
			caches[n] = [2]uint64{v[0] + k.SizeBytes*uint64(*k.Count), v[1] + uint64(*k.Count)}
		}
	}
	for line := range strings.Lines(lscpu) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.Join(strings.Fields(value), " ")
		switch key {
		case "Socket(s)":
			if value != strconv.Itoa(len(cpus)) {
				t.Errorf("%s: %d packages, lscpu %s", name, len(cpus), value)
			}
		case "Model name":
			if cpus[0].Model != value {
				t.Errorf("%s: model %q, lscpu %q", name, cpus[0].Model, value)
			}
		case "Core(s) per socket":
			if cpus[0].Cores == nil || strconv.Itoa(int(*cpus[0].Cores)) != value {
				t.Errorf("%s: cores %v, lscpu %s", name, cpus[0].Cores, value)
			}
		case "NUMA node(s)":
			nodes := map[int]bool{}
			for _, c := range cpus {
				for _, n := range c.NUMANodes {
					nodes[n] = true
				}
			}
			// lscpu also counts the memory of GPUs as nodes.
			if all, err := strconv.Atoi(value); err != nil || len(nodes) > all || len(nodes) == 0 {
				t.Errorf("%s: nodes %v, lscpu %s", name, nodes, value)
			}
		}
		// Trees that were made by hand keep files of processors that are offline.
		if m := lscpuCache.FindStringSubmatch(line); m != nil && !strings.Contains(lscpu, "Off-line CPU(s) list") {
			size, _ := strconv.ParseFloat(m[2], 64)
			unit := map[string]float64{"KiB": 1 << 10, "MiB": 1 << 20}[m[3]]
			got := caches[m[1]]
			if strconv.FormatUint(got[1], 10) != m[4] || math.Abs(size-float64(got[0])/unit) > 0.06 {
				t.Errorf("%s: %s: %d bytes in %d, lscpu %s", name, m[1], got[0], got[1], strings.TrimSpace(line))
			}
		}
	}
	if threads == 0 {
		t.Errorf("%s: no threads", name)
	}
}

func BenchmarkRead(b *testing.B) {
	s := machine()
	withTable(s, smbiostest.Server()...)
	h := s.Host()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cpu.Read(b.Context(), h); err != nil {
			b.Fatal(err)
		}
	}
}
