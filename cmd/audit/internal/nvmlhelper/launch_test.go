package nvmlhelper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit/internal/nvmlhelper"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

// launcher makes one whose helper loads a stand-in with these GPUs.
func launcher(t *testing.T, d *nvidia.Data, macros ...string) *nvmlhelper.Launcher {
	t.Helper()
	l := nvmlhelper.New(nvmlmock.Helper(t, t.TempDir()))
	l.Args = []string{"-library", nvmlmock.Library(t, d, macros...), "-driver", nvmlmock.DriverFile(t)}
	if _, err := nvmlhelper.Commands("/", "amd64", l.Helper); err != nil {
		t.Skip(err)
	}
	return l
}

func TestReadGPUs(t *testing.T) {
	t.Parallel()
	d, err := launcher(t, nvmlmock.EightWithOneSick(), "NOISE").ReadGPUs(t.Context(), 8)
	if err != nil || !d.Done || len(d.GPUs) != 8 {
		t.Fatal(err)
	}
	gpus, err := nvidia.Translate(d)
	if err != nil || *gpus[5].ECC.VolatileUncorrected != 3 {
		t.Errorf("%v", err)
	}
}

// One bad GPU of three: the others are there, and it is blamed.
func TestOneBad(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"crash", "abort", "hang"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			l := launcher(t, nvmlmock.H100s(3), nvmlmock.Fault(how, nvidia.FnSerial, 1)...)
			l.Hasten(20*time.Second, time.Second, 3*time.Second)
			d, err := l.ReadGPUs(t.Context(), 3)
			if d == nil || len(d.GPUs) != 3 || !d.GPUs[0].Complete || d.GPUs[1].Complete || !d.GPUs[2].Complete {
				t.Fatalf("%+v, %v", d, err)
			}
			var s *nvidia.StoppedError
			if !errors.As(err, &s) || s.During.String() != "nvmlDeviceGetSerial, GPU 1" {
				t.Fatalf("%v", err)
			}
			want := map[string]string{"crash": nvidia.Crash, "abort": nvidia.Crash, "hang": nvidia.Hang}[how]
			if s.How != want || errors.Is(err, context.DeadlineExceeded) != (how == "hang") {
				t.Errorf("%v", err)
			}
			t.Log(err)
		})
	}
}

// The last one being bad needs no second attempt; every one being bad ends.
func TestAllBad(t *testing.T) {
	t.Parallel()
	l := launcher(t, nvmlmock.H100s(1), nvmlmock.Fault("crash", nvidia.FnSerial, 0)...)
	d, err := l.ReadGPUs(t.Context(), 1)
	if d == nil || len(d.GPUs) != 1 || err == nil || strings.Count(err.Error(), "crash") != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	l = launcher(t, nvmlmock.H100s(2), nvmlmock.Fault("crash", nvidia.FnInitWithFlags, -1)...)
	d, err = l.ReadGPUs(t.Context(), 2)
	if d == nil || len(d.GPUs) != 0 || err == nil || !strings.Contains(err.Error(), "crash in nvmlInitWithFlags") {
		t.Errorf("%+v, %v", d, err)
	}
}

// A helper that nothing can end costs the deadline and a second at most, keeps
// what arrived, and is not joined by others.
func TestImmortal(t *testing.T) {
	t.Parallel()
	l := launcher(t, nvmlmock.H100s(3), nvmlmock.Fault("hang", nvidia.FnTemperature, 1)...)
	l.Hasten(4*time.Second, 0, time.Minute)
	end := l.Immortal()
	start := time.Now()
	d, err := l.ReadGPUs(t.Context(), 3)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if d == nil || len(d.GPUs) != 2 || !d.GPUs[0].Complete || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", d, err)
	}
	start = time.Now()
	if d, err := l.ReadGPUs(t.Context(), 3); d != nil || !errors.Is(err, inventory.ErrStuck) || time.Since(start) > time.Second {
		t.Errorf("%+v, %v", d, err)
	}
	end()
	deadline := time.Now().Add(5 * time.Second)
	for errors.Is(err, context.DeadlineExceeded) || errors.Is(err, inventory.ErrStuck) {
		l.Hasten(time.Second, 0, 100*time.Millisecond)
		_, err = l.ReadGPUs(t.Context(), 3)
		var s *nvidia.StoppedError
		if errors.As(err, &s) {
			break // it was started again
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// The whole way, with other collectors beside: a bad GPU costs itself only.
func TestCollect(t *testing.T) {
	t.Parallel()
	machine := &hosttest.Source{Files: map[string]string{"/proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"}, Links: map[string]string{}}
	for i, a := range []string{"0000:1b:00.0", "0000:2b:00.0", "0000:3b:00.0"} {
		dir := "/sys/bus/pci/devices/" + a
		machine.Files[dir+"/vendor"], machine.Files[dir+"/class"], machine.Files[dir+"/device"] = "0x10de\n", "0x030200\n", "0x2330\n"
		machine.Links[dir+"/driver"] = "../../../bus/pci/drivers/nvidia"
		machine.Files["/proc/driver/nvidia/gpus/"+a+"/information"] = fmt.Sprintf("Model: \t\t NVIDIA H100 80GB HBM3\nDevice Minor: \t %d\n", i)
	}
	other := inventory.New("other", []string{"network"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
		s.Put(&inventory.NIC{Name: "eth0"})
		return true, nil
	})
	for _, how := range []string{"crash", "abort", "hang", "hang for good"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			kind, _, forGood := strings.Cut(how, " ")
			l := launcher(t, nvmlmock.H100s(3), nvmlmock.Fault(kind, nvidia.FnSerial, 1)...)
			limit := 20 * time.Second
			l.Hasten(limit, 0, 3*time.Second)
			if forGood {
				limit = 5 * time.Second
				l.Hasten(limit, 0, time.Minute)
				t.Cleanup(l.Immortal())
			}
			start := time.Now()
			r := inventory.Collect(t.Context(), []inventory.Collector{nvidia.Collector(machine.Host(), l.ReadGPUs), other})
			if took := time.Since(start); took > limit+time.Second {
				t.Errorf("took %v", took)
			}
			if len(r.GPUs) != 3 || len(r.Network) != 1 || r.GPUs[0].SerialNumber == "" || r.GPUs[1].SerialNumber != "" || r.GPUs[1].Health != inventory.HealthUnknown ||
				(r.GPUs[2].SerialNumber == "") != forGood || r.GPUs[2].Name == "" {
				t.Errorf("%d GPUs, %d issues: %+v", len(r.GPUs), len(r.Issues), r.Issues)
			}
			if r.Collectors[0].Status != inventory.StatusPartial || r.Collectors[1].Status != inventory.StatusOK {
				t.Errorf("%+v", r.Collectors)
			}
			if len(r.Issues) != 1 || r.Issues[0].ComponentID != "gpu:0000:2b:00.0" || !strings.HasPrefix(r.Issues[0].Detail, kind2(kind)+" in nvmlDeviceGetSerial, GPU 1") {
				t.Errorf("%+v", r.Issues)
			}
			for _, f := range r.Findings {
				t.Errorf("%+v", f)
			}
		})
	}
}

func kind2(how string) string {
	if how == "hang" {
		return nvidia.Hang
	}
	return nvidia.Crash
}

// The caller's deadline and its change of mind count too.
func TestContext(t *testing.T) {
	t.Parallel()
	l := launcher(t, nvmlmock.H100s(2), nvmlmock.Fault("hang", nvidia.FnTemperature, 1)...)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	asked := time.Now()
	d, err := l.ReadGPUs(ctx, 2)
	if late := time.Since(asked); late > 8*time.Second { // the machine may be busy
		t.Errorf("the caller's four seconds took %v", late)
	}
	if d == nil || len(d.GPUs) != 2 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%+v, %v", d, err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	start := time.Now()
	if _, err := l.ReadGPUs(ctx, 2); err == nil || time.Since(start) > 3*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "audit-nvml")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

// Things that are not the helper.
func TestImpostors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"ends at once":   {"exit 7", "exit status 7"},
		"says nothing":   {"exec sleep 60", "hang"},
		"something else": {"echo hello >&3", "malformed"},
		"next version":   {`echo '{"hello":{"protocol":9}}' >&3`, "protocol 9"},
		"endless":        {`echo '{"hello":{"protocol":1}}' >&3; exec cat /dev/zero >&3`, "longer than"},
		"a grandchild":   {`echo '{"hello":{"protocol":1}}' >&3; sleep 60 & exit 3`, "hang"},
		"loader's word":  {`echo "Error loading shared library x: No such file" >&2; exit 127`, "Error loading"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := nvmlhelper.New(script(t, c.text))
			l.Hasten(3*time.Second, 0, 3*time.Second)
			start := time.Now()
			d, err := l.ReadGPUs(t.Context(), 1)
			if err == nil || !strings.Contains(err.Error(), c.want) || time.Since(start) > 4*time.Second {
				t.Errorf("%+v, %v after %v", d, err, time.Since(start))
			}
		})
	}
}

func TestFind(t *testing.T) {
	helper := script(t, "exit 0")
	t.Setenv(nvmlhelper.Variable, helper)
	if got, err := nvmlhelper.Find(""); got != helper || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := nvmlhelper.Find("/nowhere/audit-nvml"); got != "/nowhere/audit-nvml" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.Chmod(helper, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := nvmlhelper.Find(""); !errors.Is(err, os.ErrPermission) {
		t.Errorf("%v", err)
	}
	t.Setenv(nvmlhelper.Variable, "")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := nvmlhelper.Find(""); got != filepath.Join(filepath.Dir(self), "audit-nvml") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	const glibc, musl, gcompat = "lib64/ld-linux-x86-64.so.2", "lib/ld-musl-x86_64.so.1", "lib/libgcompat.so.0"
	for name, c := range map[string]struct {
		system  []string
		private bool
		want    [][]string
	}{
		"glibc":             {[]string{glibc}, false, [][]string{{"H"}}},
		"glibc and musl":    {[]string{glibc, musl}, false, [][]string{{"H"}}},
		"Alpine":            {[]string{musl, gcompat, glibc}, false, [][]string{{"/" + musl, "--preload", "/" + gcompat, "H"}}},
		"Alpine without":    {[]string{musl}, false, nil},
		"nothing":           {nil, false, nil},
		"private":           {nil, true, [][]string{{"D/glibc/ld-linux-x86-64.so.2", "--library-path", "D/glibc:/usr/lib:/usr/lib64:/usr/local/lib/nvidia", "H"}}},
		"private and glibc": {[]string{glibc}, true, [][]string{{"D/glibc/ld-linux-x86-64.so.2", "--library-path", "D/glibc:/usr/lib:/usr/lib64:/usr/local/lib/nvidia", "H"}, {"H"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, dir := t.TempDir(), t.TempDir()
			files := []string{}
			for _, f := range c.system {
				files = append(files, filepath.Join(root, f))
			}
			if c.private {
				files = append(files, filepath.Join(dir, "glibc", "ld-linux-x86-64.so.2"))
			}
			for _, f := range files {
				if err := os.MkdirAll(filepath.Dir(f), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(f, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := nvmlhelper.Commands(root, "amd64", filepath.Join(dir, "audit-nvml"))
			for _, command := range got {
				for i := range command {
					command[i] = strings.ReplaceAll(strings.Replace(command[i], filepath.Join(dir, "audit-nvml"), "H", 1), dir, "D")
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != (c.want != nil) || err != nil && !errors.Is(err, nvmlhelper.ErrNoLoader) {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	if _, err := nvmlhelper.Commands("/", "riscv64", "/x"); !errors.Is(err, nvmlhelper.ErrNoLoader) {
		t.Error(err)
	}
}
