package lab_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/bench/growth"
)

// TestFaultsHere does what needs no emulated machine.
func TestFaultsHere(t *testing.T) {
	t.Parallel()
	hostFaults(t, &table{})
}

// hostFaults are the faults that this machine can bear.
func hostFaults(t *testing.T, p *table) {
	t.Helper()
	const timeout = 30 * time.Second
	audit := built(t, "example.com/bee/cmd/audit")
	t.Run("functions", func(t *testing.T) {
		r := p.promise("4,096 PCI functions, answered from memory", "all of them in the report")
		src, err := growth.Machine{Functions: 4096, DIMMs: 16}.Source()
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		report := inventory.Collect(t.Context(), collectors.Default(host.New(src)), inventory.WithTimeout(timeout))
		took := time.Since(start)
		seen := map[string]bool{}
		for _, d := range report.PCIeDevices {
			seen[d.Address] = true
		}
		var complaints []string
		for _, is := range report.Issues {
			if is.Collector == "pcie" {
				complaints = append(complaints, fmt.Sprintf("%+v", is))
			}
		}
		if len(seen) != 4096 || took > timeout+2*time.Second {
			complaints = append(complaints, fmt.Sprintf("%d functions, %v", len(seen), took))
		}
		p.see(t, r, fmt.Sprintf("ended %.1f s, --timeout %v", took.Seconds(), timeout), fmt.Sprintf("%d functions, no issue", len(seen)), complaints)
	})
	whole, _ := collect(t, timeout, audit)
	deny := built(t, "example.com/bee/test/lab/guest/labdeny")
	lacking := concerned{withheld, "power_supplies", "storage_controllers", "new finding: warning storage.hidden_drives"}
	for _, f := range []struct {
		name, title, promised string
		argv                  []string
		concerned             concerned
		root                  bool
	}{
		{"descriptors", "64 open files allowed, on the machine of the tests", "the whole report the same", []string{"sh", "-c", `ulimit -n 64; exec "$@"`, "sh", audit}, nil, false},
		{"ioctls", "every ioctl refused (seccomp), on the machine of the tests", "what cannot be read is marked, what can is the same", []string{deny, "ioctl", audit}, lacking, false},
		{"user", "an ordinary user, on the machine of the tests", "what cannot be read is marked, what can is the same", []string{audit}, lacking, true},
	} {
		t.Run(f.name, func(t *testing.T) {
			r := p.promise(f.title, f.promised)
			if f.root && os.Geteuid() != 0 {
				t.Skip("is one already")
			}
			out, took := collectAs(t, f.root, timeout, f.argv...)
			complaints, mine, err := compareFault(whole, out, f.concerned)
			if err != nil {
				t.Fatal(err)
			}
			seen := "others the same"
			if f.concerned == nil && mine == 0 {
				seen = "the whole report the same"
			}
			p.see(t, r, fmt.Sprintf("ended %.1f s, --timeout %v", took.Seconds(), timeout), seen, complaints)
		})
	}
	t.Run("twice", func(t *testing.T) {
		r := p.promise("four audits at once, on the machine of the tests", "all reports the same as that of one alone")
		type result struct {
			out  []byte
			took time.Duration
		}
		results := make(chan result)
		for range 4 {
			go func() {
				out, took := collect(t, timeout, audit)
				results <- result{out, took}
			}()
		}
		var complaints []string
		var longest time.Duration
		for range 4 {
			got := <-results
			longest = max(longest, got.took)
			if got.out == nil {
				continue // said already
			}
			others, _, err := compareFault(whole, got.out, nil)
			if err != nil {
				others = append(others, err.Error())
			}
			complaints = append(complaints, others...)
		}
		p.see(t, r, fmt.Sprintf("ended %.1f s, --timeout %v", longest.Seconds(), timeout), "the whole reports the same", complaints)
	})
}

// built builds a program of the project as it ships.
func built(t *testing.T, pkg string) string {
	t.Helper()
	if b := os.Getenv("BEE_LAB_AUDIT"); b != "" && strings.HasSuffix(pkg, "/cmd/audit") {
		return b
	}
	dir, err := os.MkdirTemp("", "lab-program-") //nolint:usetesting // also another user runs it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	binary := filepath.Join(dir, filepath.Base(pkg))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return binary
}

// collect runs an audit here and returns its report and how long it took.
func collect(t *testing.T, timeout time.Duration, argv ...string) (report []byte, took time.Duration) {
	t.Helper()
	return collectAs(t, false, timeout, argv...)
}

func collectAs(t *testing.T, nobody bool, timeout time.Duration, argv ...string) (report []byte, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout+20*time.Second)
	defer cancel()
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], "--timeout", timeout.String())...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = &out, &said, "/"
	if nobody {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	start := time.Now()
	if err := cmd.Run(); err != nil {
		t.Errorf("%v: %v\n%s", argv, err, said.String())
		return nil, 0
	}
	took = time.Since(start)
	if took > timeout+2*time.Second {
		t.Errorf("%v took %v, limit %v", argv, took, timeout+2*time.Second)
	}
	return out.Bytes(), took
}
