package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/nvml"
)

// TestNVMLFromTheWorker: the worker starts the helper, and a helper that hangs
// costs its GPU, whatever becomes of it.
func TestNVMLFromTheWorker(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles the helper")
	}
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("unshare is not there")
	}
	driver := t.TempDir() // to lie at /proc/driver
	if err := os.MkdirAll(filepath.Join(driver, "nvidia"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(driver, "nvidia", "version"), []byte("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		fault []string
		limit time.Duration
	}{
		"sound": {nil, time.Minute},
		"hangs": {nvml.Fault("hang", nvidia.FnTemperature, 1), 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			helper := nvml.Helper(t, t.TempDir())
			library := nvml.Library(t, nvml.H100s(3), test.fault...)
			cmd := program(t, "audit")
			cmd.Args = []string{
				"unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
				`mount --bind "$1" /proc/driver && echo mounted >&2 && shift && exec "$@"`, "sh",
				driver, linked(t, cmd), "--only", "nvidia", "--nvml-helper", helper, "--timeout", test.limit.String(),
			}
			cmd.Path = unshare
			cmd.Env = append(os.Environ(), "BEE_NVML_LIBRARY="+library)
			begun := time.Now()
			err := cmd.Run()
			if said := cmd.Stderr.(*bytes.Buffer).String(); !strings.Contains(said, "mounted") {
				t.Skipf("nothing can be mounted here: %s", said)
			}
			if err != nil {
				t.Fatalf("%v: %s", err, cmd.Stderr)
			}
			if took := time.Since(begun); took > test.limit+2*time.Second {
				t.Errorf("took %s", took)
			}
			var r inventory.Report
			if err := json.Unmarshal(cmd.Stdout.(*bytes.Buffer).Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if len(r.GPUs) == 0 || r.GPUs[0].Name == "" || test.fault == nil && len(r.GPUs) != 3 {
				t.Errorf("%d GPUs: %+v", len(r.GPUs), r.Issues)
			}
			nobodyRuns(t, helper)
		})
	}
}

// nobodyRuns fails when a program is still running after a while.
func nobodyRuns(t *testing.T, path string) {
	t.Helper()
	var left []string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		left = nil
		links, err := filepath.Glob("/proc/[0-9]*/exe")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range links {
			if to, err := os.Readlink(l); err == nil && to == path {
				left = append(left, l)
			}
		}
		if left == nil {
			return
		}
	}
	t.Errorf("left behind: %s", left)
}
