package main_test

import (
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	nvmlmock "example.com/bee/test/nvml"
)

// The helper must start under any loader: it needs the C library by names that
// glibc and musl both answer to, and no symbol at a version only one has.
func TestNeedsLittle(t *testing.T) {
	t.Parallel()
	f, err := elf.Open(nvmlmock.Helper(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	libs, err := f.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(libs)
	if want := []string{"libc.so.6", "libdl.so.2", "libpthread.so.0"}; !slices.Equal(libs, want) {
		t.Errorf("needs %q, want %q", libs, want)
	}
	symbols, err := f.ImportedSymbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Version != "" {
			t.Errorf("%s at version %s", s.Name, s.Version)
		}
	}
	if v, err := f.DynValue(elf.DT_VERNEED); err != nil || len(v) > 0 {
		t.Errorf("version requirements: %v, %v", v, err)
	}
	if len(symbols) > 40 {
		t.Errorf("%d imported symbols", len(symbols))
	}
}

// What the helper gave up before it loaded the library: seen from outside
// while it hangs there.
func TestRights(t *testing.T) {
	t.Parallel()
	lib := nvmlmock.Library(t, nvmlmock.H100s(1), nvmlmock.Fault("hang", nvidia.FnName, 0)...)
	helper := nvmlmock.Start(t, nvmlmock.Helper(t, t.TempDir()), "-library", lib, "-driver", nvmlmock.DriverFile(t))
	dec := nvidia.NewDecoder(helper)
	_ = helper.SetReadDeadline(time.Now().Add(10 * time.Second))
	for dec.Data() == nil || dec.Data().Pending == nil || dec.Data().Pending.Function != nvidia.FnName {
		if err := dec.Next(); err != nil {
			t.Fatal(err)
		}
	}
	status, err := os.ReadFile(filepath.Join("/proc", itoa(dec.Data().Hello.PID), "status"))
	if err != nil {
		t.Fatal(err)
	}
	const module, mknod = 1 << 16, 1 << 27 // CAP_SYS_MODULE, CAP_MKNOD
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":\t")
		switch key {
		case "CapEff", "CapPrm", "CapInh":
			if hex(t, value)&(module|mknod) != 0 {
				t.Errorf("%s: %s", key, value)
			}
		case "NoNewPrivs":
			if value != "1" {
				t.Errorf("%s: %s", key, value)
			}
		}
	}
	limits, err := os.ReadFile(filepath.Join("/proc", itoa(dec.Data().Hello.PID), "limits"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if words := strings.Fields(line); strings.HasPrefix(line, "Max core file size") && words[4] != "0" {
			t.Error(line)
		}
	}
}

// The program itself needs nothing: no loader, no library.
func TestAuditIsStatic(t *testing.T) {
	t.Parallel()
	f, err := elf.Open(nvmlmock.Build(t, t.TempDir(), "audit"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("a segment %s", p.Type)
		}
	}
}
