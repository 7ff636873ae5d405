package host_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// TestCallsAtOnceAreBounded: those beyond the bound wait, and are served.
func TestCallsAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		path string
		most int32
	}{
		"one attribute name": {"/%d/state", 4},
		"any":                {"/%[1]d/a%[1]d", 16},
	} {
		var now, most atomic.Int32
		h := host.New(&scripted{read: func(string) ([]byte, error) {
			n := now.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(2 * time.Millisecond)
			now.Add(-1)
			return []byte("1"), nil
		}})
		for i, err := range inventory.Each(t.Context(), 60, 30*time.Second, numbers(60), func(ctx context.Context, i int) error {
			_, err := h.ReadFile(ctx, fmt.Sprintf(test.path, i))
			return err
		}) {
			if err != nil {
				t.Errorf("%s: %d: %v", what, i, err)
			}
		}
		if most.Load() > test.most || most.Load() < 2 {
			t.Errorf("%s: %d at once", what, most.Load())
		}
	}
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestWhenAllSlotsAreStuckNobodyWaits: the answer comes at once.
func TestWhenAllSlotsAreStuckNobodyWaits(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	h := host.New(&scripted{read: func(string) ([]byte, error) { <-release; return nil, nil }})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	inventory.Each(t.Context(), 20, time.Minute, numbers(20), func(_ context.Context, i int) error {
		_, err := h.ReadFile(ctx, fmt.Sprintf("/%d/a%d", i, i))
		return err
	})
	if n := len(h.Stuck()); n != 16 {
		t.Errorf("%d stuck", n)
	}
	if _, err := h.ReadFile(t.Context(), "/other/name"); inventory.KindOf(err) != inventory.KindStuck {
		t.Error(err)
	}
}

// TestASlowCallBeforeAHungOne: the second has a time of its own, and no more.
func TestASlowCallBeforeAHungOne(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	h := host.New(&scripted{read: func(name string) ([]byte, error) {
		if name == "/d/hung" {
			<-release
		}
		time.Sleep(400 * time.Millisecond)
		return []byte("1"), nil
	}})
	start := time.Now()
	r := h.ReadAttrs(t.Context(), "/d", "slow", "hung")
	if r[0].Err != nil || inventory.KindOf(r[1].Err) != inventory.KindTimeout {
		t.Errorf("%v", r)
	}
	if d := time.Since(start); d < 2300*time.Millisecond {
		t.Errorf("the second was given up after %v", d-400*time.Millisecond)
	}
}

// lateSource opens its device when nobody waits any more.
type lateSource struct {
	hosttest.Source
	open   chan struct{}
	closed chan struct{}
}

func (s *lateSource) Open(host.Protocol, string) (host.Device, error) {
	<-s.open
	return &countingDevice{closed: s.closed}, nil
}

type countingDevice struct {
	exchanges atomic.Int32
	closed    chan struct{}
}

func (d *countingDevice) Exchange(context.Context, host.Request) (host.Response, error) {
	d.exchanges.Add(1)
	return host.Response{}, nil
}

func (d *countingDevice) Close() error { close(d.closed); return nil }

func TestADeviceOpenedTooLateIsClosed(t *testing.T) {
	t.Parallel()
	s := &lateSource{open: make(chan struct{}), closed: make(chan struct{})}
	h := host.New(s)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.Open(ctx, host.NVMeAdmin, "/dev/nvme0"); inventory.KindOf(err) != inventory.KindTimeout {
		t.Fatal(err)
	}
	close(s.open)
	select {
	case <-s.closed:
	case <-time.After(10 * time.Second):
		t.Error("left open")
	}
}

// TestOnlyReadingCommandsReachADevice, whatever the protocol, and whatever the
// source below the host would do.
func TestOnlyReadingCommandsReachADevice(t *testing.T) {
	t.Parallel()
	format := make([]byte, 40)
	format[0] = 0x80
	for protocol, command := range map[host.Protocol][]byte{
		host.NVMeAdmin: format,
		host.SCSI:      {0x04, 0, 0, 0, 0, 0},          // FORMAT UNIT
		host.IPMI:      {0x0F, 0x20, 0x00, 0x00, 0x02}, // Chassis Control
		host.MegaRAID:  make([]byte, 64),
		host.PCIConfig: {2},
		"unheard of":   {0},
	} {
		d := &countingDevice{closed: make(chan struct{})}
		src := &hosttest.Source{Devices: map[string]host.Device{string(protocol) + " /dev/x": d}}
		opened, err := src.Host().Open(t.Context(), protocol, "/dev/x")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := opened.Exchange(t.Context(), host.Request{Command: command}); err == nil || d.exchanges.Load() != 0 {
			t.Errorf("%s: sent, %v", protocol, err)
		}
	}
}

func TestSharedIsClosedWithItsRun(t *testing.T) {
	t.Parallel()
	h := (&hosttest.Source{}).Host()
	made, closed := 0, 0
	open := func() (int, func()) { made++; return made, func() { closed++ } }
	c := inventory.New("x", nil, func(_ context.Context, s *inventory.Sink) (bool, error) {
		for range 3 {
			_, release := host.Shared(h.ForRun(s.Run()), "key", open)
			release()
		}
		if closed != 0 {
			t.Error("closed while in use")
		}
		return true, nil
	})
	inventory.Collect(t.Context(), []inventory.Collector{c})
	if made != 1 || closed != 1 {
		t.Errorf("made %d, closed %d", made, closed)
	}
	_, release := host.Shared(h, "key", open)
	release()
	if made != 2 || closed != 2 {
		t.Errorf("outside of a run: made %d, closed %d", made, closed)
	}
}

// TestNoWayOutThroughProc: /proc's links to open files lead out of any tree.
func TestNoWayOutThroughProc(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/root/proc/self/status"); errors.Is(err, fs.ErrNotExist) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	h, err := host.LiveUnder("/proc/self/root")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if b, err := h.ReadFile(t.Context(), "/proc/self/status"); err != nil || len(b) == 0 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	for _, r := range h.ReadAttrs(t.Context(), "/proc/self", "root/proc/self/status", "cwd/host.go") {
		if r.Err == nil || errors.Is(r.Err, fs.ErrNotExist) {
			t.Errorf("%d bytes, %v", len(r.Data), r.Err)
		}
	}
	if b, err := h.ReadFile(t.Context(), "/proc/self/root/proc/self/status"); err == nil {
		t.Errorf("%d bytes", len(b))
	}
}
