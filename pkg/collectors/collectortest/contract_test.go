package collectortest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// fans is a machine of a made-up kernel interface.
func fans() *hosttest.Source {
	return &hosttest.Source{Files: map[string]string{
		"/sys/class/fan/fan0/name":  "front\n",
		"/sys/class/fan/fan0/watts": "12\n",
		"/sys/class/fan/fan1/name":  "rear\n",
		"/sys/class/fan/fan1/watts": "13\n",
	}}
}

const fanDir = "/sys/class/fan"

// good keeps the contract.
func good(h *host.Host) inventory.Collector {
	return inventory.New("fan", []string{"power_supplies"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		names, err := h.ReadDir(ctx, fanDir)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		var errs []error
		for _, n := range names {
			p := &inventory.PowerSupply{Meta: inventory.Meta{ID: inventory.IDOf("fan", n), Sources: []string{"sysfs"}}}
			for i, r := range h.ReadAttrs(ctx, fanDir+"/"+n, "name", "watts") {
				if r.Err != nil {
					if !errors.Is(r.Err, fs.ErrNotExist) {
						errs = append(errs, &inventory.PartError{ComponentID: p.ID, Source: n, Err: r.Err})
					}
					continue
				}
				text := strings.TrimSpace(string(r.Data))
				if i == 0 {
					p.Model = text
				} else if w, err := strconv.ParseUint(text, 10, 32); err == nil {
					p.CapacityWatts = new(uint32(w))
				}
			}
			s.Put(p)
		}
		return true, errors.Join(errs...)
	})
}

func TestGoodCollector(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range fans().Files {
		if err := os.MkdirAll(dir+name[:strings.LastIndex(name, "/")], 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	collectortest.Run(t, good, collectortest.OnMachine("two fans", fans()), collectortest.OnTree("two captured fans", dir))
}

// TestBadCollectors: each clause catches the collector that breaks it.
func TestBadCollectors(t *testing.T) {
	t.Parallel()
	read := func(f func(ctx context.Context, h *host.Host, s *inventory.Sink) (bool, error)) collectortest.Factory {
		return func(h *host.Host) inventory.Collector {
			return inventory.New("bad", []string{"power_supplies"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
				return f(ctx, h, s)
			})
		}
	}
	put := func(s *inventory.Sink, ids ...string) {
		for _, id := range ids {
			s.Put(&inventory.PowerSupply{Meta: inventory.Meta{ID: id, Sources: []string{"sysfs"}}})
		}
	}
	var counter atomic.Int64 // an abandoned run may still be counting
	dir := t.TempDir()
	for clause, bad := range map[string]collectortest.Factory{
		"empty machine: status failed": read(func(ctx context.Context, h *host.Host, _ *inventory.Sink) (bool, error) {
			_, err := h.ReadDir(ctx, fanDir)
			return err == nil, err
		}),
		"everything denied: status absent": read(func(ctx context.Context, h *host.Host, s *inventory.Sink) (bool, error) {
			if _, err := h.ReadDir(ctx, fanDir); err != nil {
				return false, nil
			}
			put(s, "fan:1")
			return true, nil
		}),
		"everything fails: status ok": read(func(ctx context.Context, h *host.Host, _ *inventory.Sink) (bool, error) {
			_, err := h.ReadDir(ctx, fanDir)
			return !errors.Is(err, fs.ErrNotExist), nil
		}),
		"everything hangs: status ok": read(func(ctx context.Context, h *host.Host, s *inventory.Sink) (bool, error) {
			ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
			_, err := h.ReadDir(ctx, fanDir)
			put(s, "fan:1")
			return !errors.Is(err, fs.ErrNotExist), nil
		}),
		"fans/finds something: no components": read(func(context.Context, *host.Host, *inventory.Sink) (bool, error) {
			return false, nil
		}),
		"fans/two runs are equal: two runs differ": read(func(_ context.Context, _ *host.Host, s *inventory.Sink) (bool, error) {
			put(s, fmt.Sprint("fan:", counter.Add(1)))
			return true, nil
		}),
		`fans/ids, sources, sections: two components are called "fan:1"`: read(func(_ context.Context, _ *host.Host, s *inventory.Sink) (bool, error) {
			put(s, "fan:1", "fan:1")
			return true, nil
		}),
		`id "Fan 1" is not kind:name`: read(func(_ context.Context, _ *host.Host, s *inventory.Sink) (bool, error) {
			put(s, "Fan 1")
			return true, nil
		}),
		`names no sources`: read(func(_ context.Context, _ *host.Host, s *inventory.Sink) (bool, error) {
			s.Put(&inventory.PowerSupply{Meta: inventory.Meta{ID: "fan:1"}})
			return true, nil
		}),
		`fills section gpus; the collector announced ["power_supplies"]`: read(func(_ context.Context, _ *host.Host, s *inventory.Sink) (bool, error) {
			s.Put(&inventory.GPU{Meta: inventory.Meta{ID: "gpu:1", Sources: []string{"sysfs"}}})
			return true, nil
		}),
		"fans/writes nothing": read(func(context.Context, *host.Host, *inventory.Sink) (bool, error) {
			names, _ := os.ReadDir(dir)
			for _, n := range names { // where the folder of the clause lies
				_ = os.WriteFile(dir+"/"+n.Name()+"/written", nil, 0o600)
			}
			return true, nil
		}),
		"could not be read: 1 components instead of 2": read(func(ctx context.Context, h *host.Host, s *inventory.Sink) (bool, error) {
			for _, n := range []string{"fan0", "fan1"} {
				if _, err := h.ReadFile(ctx, fanDir+"/"+n+"/name"); err == nil {
					put(s, "fan:"+n)
				}
			}
			return true, nil
		}),
		"fans/garbage in every file": read(func(ctx context.Context, h *host.Host, s *inventory.Sink) (bool, error) {
			data, err := h.ReadFile(ctx, fanDir+"/fan0/name")
			if err != nil {
				return false, err
			}
			put(s, "fan:"+string(data[:4]))
			return true, nil
		}),
	} {
		errs := collectortest.Violations(t.Context(), dir, bad, collectortest.OnMachine("fans", fans()))
		if !strings.Contains(fmt.Sprint(errs), clause) {
			t.Errorf("%q is not among %v", clause, errs)
		}
	}
}

// TestBlindCollector never looks, so it cannot tell denied from absent.
func TestBlindCollector(t *testing.T) {
	t.Parallel()
	errs := collectortest.Violations(t.Context(), t.TempDir(), func(*host.Host) inventory.Collector {
		return inventory.New("blind", []string{"power_supplies"}, func(context.Context, *inventory.Sink) (bool, error) {
			return false, nil
		})
	})
	if len(errs) != 3 { // denied, failing, hanging
		t.Errorf("got %v", errs)
	}
}
