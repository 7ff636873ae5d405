package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/nvidia"
	nvmlmock "example.com/bee/test/nvml"
)

// answered is what must come back of the readings of a machine: what was set
// and is asked for, as a set.
func answered(d *nvidia.Data) map[string]string {
	m := map[string]string{}
	add := func(all []nvidia.Reading) {
		for _, r := range all {
			if r.Return == nvidia.Success && r.Function != nvidia.FnHandle && r.Function != nvidia.FnInitWithFlags && r.Function != nvidia.FnMIGHandle {
				m[fmt.Sprint(r.String(), r.Args)] = fmt.Sprint(r.Numbers, r.Text)
			}
		}
	}
	add(d.System)
	for _, g := range d.GPUs {
		add(g.Readings)
		for _, in := range g.Instances {
			add(in.Readings)
		}
	}
	return m
}

// without leaves out what is only asked when something else is not answered.
func without(m map[string]string, functions ...nvidia.Function) map[string]string {
	for k := range m {
		for _, f := range functions {
			if strings.HasPrefix(k, string(f)+",") || strings.HasPrefix(k, string(f)+"(") {
				delete(m, k)
			}
		}
	}
	return m
}

func TestMachines(t *testing.T) {
	t.Parallel()
	helper := nvmlmock.Helper(t, t.TempDir())
	driver := nvmlmock.DriverFile(t)
	unasked := []nvidia.Function{nvidia.FnMemory, nvidia.FnThrottleReasons}
	for name, d := range map[string]*nvidia.Data{
		"two":       nvmlmock.H100s(2),
		"none":      nvmlmock.H100s(0),
		"lost":      nvmlmock.OneLost(),
		"mig":       nvmlmock.WithMIG(),
		"eight":     nvmlmock.EightWithOneSick(),
		"loud":      nvmlmock.H100s(2),
		"deep":      nvmlmock.H100s(2),
		"intruding": nvmlmock.H100s(2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			macros := map[string][]string{"loud": {"NOISE"}, "deep": {"DEEP_STACK=4000000"}}[name]
			lib := nvmlmock.Library(t, d, macros...)
			for _, loader := range loaders(t) {
				start := time.Now()
				res := nvmlmock.Run(t, 20*time.Second, append(loader, helper, "-library", lib, "-driver", driver)...)
				if res.Err != nil || res.Exit != 0 || !res.Data.Done {
					t.Fatalf("%v: %v, exit %d, %+v\n%s", loader, res.Err, res.Exit, res.Data, res.Stderr)
				}
				if diff := cmp.Diff(without(answered(d), unasked...), without(answered(res.Data), unasked...)); diff != "" {
					t.Errorf("%v (-set +got):\n%s", loader, diff)
				}
				if name == "loud" && res.Stdout == "" {
					t.Error("the stand-in was to print")
				}
				t.Logf("%v: %d GPUs in %v", loader, len(res.Data.GPUs), time.Since(start).Round(time.Millisecond))
			}
		})
	}
}

// loaders are the ways to start the helper on this machine: by itself, and
// under musl's loader where Debian's package of it is.
func loaders(t *testing.T) [][]string {
	t.Helper()
	all := [][]string{{}}
	if _, err := os.Stat(muslLoader); err == nil {
		all = append(all, []string{muslLoader})
	} else {
		t.Logf("not run under musl: %v", err)
	}
	return all
}

const muslLoader = "/lib/ld-musl-x86_64.so.1"

func TestFaults(t *testing.T) {
	t.Parallel()
	helper := nvmlmock.Helper(t, t.TempDir())
	driver := nvmlmock.DriverFile(t)
	for _, how := range []string{"crash", "abort", "hang"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			lib := nvmlmock.Library(t, nvmlmock.H100s(3), nvmlmock.Fault(how, nvidia.FnTemperature, 1)...)
			for _, loader := range loaders(t) {
				res := nvmlmock.Run(t, map[string]time.Duration{"hang": 4 * time.Second, "crash": 20 * time.Second, "abort": 20 * time.Second}[how], append(loader, helper, "-library", lib, "-driver", driver)...)
				if res.Data == nil || res.Data.Done || len(res.Data.GPUs) != 2 || !res.Data.GPUs[0].Complete || res.Data.GPUs[1].Complete {
					t.Fatalf("%v: %+v, %v", loader, res.Data, res.Err)
				}
				if p := res.Data.Pending; p == nil || p.Function != nvidia.FnTemperature || p.GPU != 1 {
					t.Errorf("%v: culprit %v", loader, p)
				}
				if r, ok := res.Data.GPUs[1].Reading(nvidia.FnSerial); !ok || r.Text != "1654423000001" {
					t.Errorf("%v: what was read of GPU 1 is lost", loader)
				}
				if (res.Err != nil) != (how == "hang") || res.Exit == 0 {
					t.Errorf("%v: %v, exit %d", loader, res.Err, res.Exit)
				}
				// The second attempt leaves it out.
				res = nvmlmock.Run(t, 20*time.Second, append(loader, helper, "-library", lib, "-driver", driver, "-skip", "1")...)
				if res.Err != nil || !res.Data.Done || len(res.Data.GPUs) != 2 || res.Data.GPUs[1].Index != 2 {
					t.Errorf("%v: second attempt: %v", loader, res.Err)
				}
			}
		})
	}
}

func TestOldDriver(t *testing.T) {
	t.Parallel()
	res := nvmlmock.Run(t, 20*time.Second, nvmlmock.Helper(t, t.TempDir()), "-driver", nvmlmock.DriverFile(t),
		"-library", nvmlmock.Library(t, nvmlmock.H100s(2), "OLD_DRIVER"))
	if res.Err != nil || !res.Data.Done || len(res.Data.GPUs) != 2 {
		t.Fatalf("%v: %+v", res.Err, res.Data)
	}
	g := res.Data.GPUs[1]
	for fn, want := range map[nvidia.Function]nvidia.Return{
		nvidia.FnMemoryV2:        nvidia.FunctionNotFound,
		nvidia.FnMemory:          nvidia.Success,
		nvidia.FnEventReasons:    nvidia.FunctionNotFound,
		nvidia.FnThrottleReasons: nvidia.Success,
		nvidia.FnRemappedRows:    nvidia.FunctionNotFound,
		nvidia.FnUUID:            nvidia.Success,
	} {
		if r, ok := g.Reading(fn); !ok || r.Return != want {
			t.Errorf("%s: %v, want %v", fn, r.Return, want)
		}
	}
}

func TestWrongStructs(t *testing.T) {
	t.Parallel()
	res := nvmlmock.Run(t, 20*time.Second, nvmlmock.Helper(t, t.TempDir()), "-driver", nvmlmock.DriverFile(t),
		"-library", nvmlmock.Library(t, nvmlmock.H100s(1), "WRONG_STRUCT"))
	if res.Err != nil || !res.Data.Done {
		t.Fatal(res.Err)
	}
	g := res.Data.GPUs[0]
	if r, _ := g.Reading(nvidia.FnMemoryV2); r.Return != nvidia.ArgumentVersion {
		t.Errorf("memory v2: %v", r.Return)
	}
	if r, _ := g.Reading(nvidia.FnMemory); r.Return != nvidia.Success || r.Numbers[0] != 81559<<20 {
		t.Errorf("memory: %+v", r)
	}
}

// The library, run by root, tries to make a device node and to load a module.
func TestCannotIntrude(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mknod(filepath.Join(dir, "control"), unix.S_IFCHR|0o600, 0x103); err != nil {
		t.Skipf("this process may not make device nodes either: %v", err)
	}
	node := filepath.Join(dir, "nvidiactl")
	lib := nvmlmock.Library(t, nvmlmock.H100s(1), fmt.Sprintf("INTRUDE=%q", node))
	for _, loader := range loaders(t) {
		res := nvmlmock.Run(t, 20*time.Second, append(loader, nvmlmock.Helper(t, t.TempDir()), "-library", lib, "-driver", nvmlmock.DriverFile(t))...)
		if res.Err != nil {
			t.Fatal(res.Err)
		}
		if r, _ := res.Data.SystemReading(nvidia.FnDriverVersion); r.Text != "mknod n module n" {
			t.Errorf("%v: %q", loader, r.Text)
		}
		if _, err := os.Lstat(node); err == nil {
			t.Errorf("%v: a device node appeared", loader)
		}
	}
}

// Without a driver the library is not even loaded.
func TestNoDriver(t *testing.T) {
	t.Parallel()
	lib := nvmlmock.Library(t, nvmlmock.H100s(1), nvmlmock.Fault("crash", nvidia.FnInitWithFlags, -1)...)
	res := nvmlmock.Run(t, 20*time.Second, nvmlmock.Helper(t, t.TempDir()), "-library", lib, "-driver", filepath.Join(t.TempDir(), "none"))
	if res.Err != nil || !res.Data.Done || len(res.Data.System) != 0 || len(res.Data.Notes) != 1 || res.Data.Notes[0].Kind != nvidia.NoteNoDriver {
		t.Errorf("%v: %+v", res.Err, res.Data)
	}
}

func TestNoLibrary(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "libnvidia-ml.so.1")
	if err := os.WriteFile(bad, []byte("\x7fELF but no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, loader := range loaders(t) {
		res := nvmlmock.Run(t, 20*time.Second, append(loader, nvmlmock.Helper(t, t.TempDir()), "-library", bad, "-driver", nvmlmock.DriverFile(t))...)
		if res.Err != nil || !res.Data.Done || len(res.Data.Notes) != 1 || res.Data.Notes[0].Kind != nvidia.NoteNoLibrary {
			t.Errorf("%v: %v: %+v", loader, res.Err, res.Data)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func hex(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
