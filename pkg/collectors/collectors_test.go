package collectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

func Example() {
	h, err := host.Live() // keep it for the life of the agent
	if err != nil {
		return
	}
	defer h.Close()
	report := inventory.Collect(context.Background(), collectors.Default(h), inventory.WithTimeout(30*time.Second))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code, f.Message)
	}
}

// An integrator's own collector fills a section of its own.
func Example_thirdParty() {
	type volume struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	acme := inventory.ExtensionOf("acme.example/raid", func(context.Context) (*[]volume, error) {
		return &[]volume{{"v0", "optimal"}}, nil
	})
	report := inventory.Collect(context.Background(), []inventory.Collector{acme})
	fmt.Println(string(report.Extensions["acme.example/raid"]))
	// Output: [{"name":"v0","state":"optimal"}]
}

// TestTwoRunsAreEqual compares the bytes of two runs over each captured
// machine, times aside.
func TestTwoRunsAreEqual(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return time.Unix(1, 0) }
	for _, tree := range fixture.Trees(t) {
		h, err := host.Static(tree.Root)
		if err != nil {
			t.Fatal(err)
		}
		var runs [2]string
		for i := range runs {
			r := inventory.Collect(t.Context(), collectors.Default(h), inventory.WithClock(clock))
			if i == 1 { // to join and to judge once more changes nothing
				r.Join()
				r.Assess()
			}
			b, err := json.MarshalIndent(r, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			runs[i] = string(b)
		}
		if diff := cmp.Diff(runs[0], runs[1]); diff != "" {
			t.Errorf("%s: %s", tree.Name, diff)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestEmptyMachine: nothing there is absence, not failure.
func TestEmptyMachine(t *testing.T) {
	t.Parallel()
	r := inventory.Collect(t.Context(), collectors.Default((&hosttest.Source{}).Host()))
	for _, o := range r.Collectors {
		if o.Status != inventory.StatusAbsent {
			t.Errorf("%s: %s: %s", o.Name, o.Status, o.Error)
		}
	}
	if len(r.Issues)+len(r.Findings) > 0 {
		t.Errorf("%v %v", r.Issues, r.Findings)
	}
}

// everythingFails is a machine on which each access ends in the same error.
type everythingFails struct {
	hosttest.Source
	err error
}

func (s *everythingFails) ReadFile(name string, _ int) ([]byte, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: s.err}
}

func (s *everythingFails) ReadDir(name string) ([]string, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: s.err}
}

func (s *everythingFails) Readlink(name string) (string, error) {
	return "", &fs.PathError{Op: "readlink", Path: name, Err: s.err}
}

func (s *everythingFails) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: s.err}
}

// TestDeniedIsNotAbsent: every collector says why it has nothing.
func TestDeniedIsNotAbsent(t *testing.T) {
	t.Parallel()
	for want, err := range map[inventory.Status]error{
		inventory.StatusDenied: fs.ErrPermission,
		inventory.StatusFailed: errors.New("input/output error"),
	} {
		r := inventory.Collect(t.Context(), collectors.Default(host.New(&everythingFails{err: err})))
		for _, o := range r.Collectors {
			if o.Status != want {
				t.Errorf("%s: %s, want %s: %s", o.Name, o.Status, want, o.Error)
			}
		}
	}
}

func TestNamesAndOrder(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range collectors.Default(nil) {
		names = append(names, c.Name())
	}
	const order = "host board cpu memory storage pcie psu nvidia accelerators cxl network sensors firmware bmc"
	rest := order
	for _, n := range names {
		_, after, ok := strings.Cut(rest, n)
		if !ok {
			t.Errorf("%q is not in its place: %q", n, names)
		}
		rest = after
	}
}

func BenchmarkDefault(b *testing.B) {
	dir := fixture.Dir(b, "smbios", "infrasim-dell-r730")
	root := b.TempDir()
	to := filepath.Join(root, "sys/firmware/dmi/tables")
	if err := os.MkdirAll(to, 0o700); err != nil {
		b.Fatal(err)
	}
	for _, f := range []string{"DMI", "smbios_entry_point"} {
		data, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, f), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	h, err := host.Static(root)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		inventory.Collect(b.Context(), collectors.Default(h))
	}
}
