package inventory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

// deaf is a collector that hands over one part and then hears nothing.
func deaf(release <-chan struct{}, put func()) inventory.Collector {
	return inventory.New("psu", []string{"power_supplies", "sensors"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
		p := fan("psu:1")
		s.Put(&p)
		put()
		<-release
		return true, nil
	})
}

func TestHowACollectorEnded(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	signal := errors.New("terminated signal received")
	for _, test := range []struct {
		name   string
		cancel error // nil: let the deadline pass
		kind   inventory.IssueKind
		detail string
	}{
		{"deadline", nil, inventory.KindTimeout, "ended by its deadline with 1 components handed over: context deadline exceeded"},
		{"cancelled", context.Canceled, inventory.KindNotCollected, "cancelled with 1 components handed over: context canceled"},
		{"cancelled with a cause", signal, inventory.KindNotCollected, "cancelled with 1 components handed over: context canceled: terminated signal received"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			limit, put := 50*time.Millisecond, func() {}
			if test.cancel != nil {
				limit, put = time.Hour, func() { cancel(test.cancel) }
			}
			r := inventory.Collect(ctx, []inventory.Collector{deaf(release, put)}, inventory.WithTimeout(limit))
			want := []inventory.Issue{{Kind: test.kind, Detail: test.detail, Collector: "psu"}}
			if diff := cmp.Diff(want, r.Issues); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if r.Collectors[0].Status != inventory.StatusPartial || len(r.PowerSupplies) != 1 {
				t.Errorf("%+v, %v", r.Collectors, r.PowerSupplies)
			}
			if r.Sensors != nil {
				t.Error("a section nobody came to is said to be empty")
			}
		})
	}
}

func TestNothingBeforeACancelIsATimeout(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("shutting down"))
	c := inventory.New("psu", nil, func(ctx context.Context, _ *inventory.Sink) (bool, error) {
		<-ctx.Done()
		return false, ctx.Err()
	})
	r := inventory.Collect(ctx, []inventory.Collector{c})
	if r.Collectors[0].Status != inventory.StatusTimeout || r.Issues[0].Kind != inventory.KindNotCollected {
		t.Errorf("%+v %+v", r.Collectors, r.Issues)
	}
}

// TestEachLeafIsAnIssue: a deadline does not melt what was known into one, and
// neither does a wrapping.
func TestEachLeafIsAnIssue(t *testing.T) {
	t.Parallel()
	a := &inventory.PartError{ComponentID: "drive:a", Field: "health", Source: "/dev/sda", Err: fs.ErrPermission}
	c := inventory.New("psu", nil, func(ctx context.Context, _ *inventory.Sink) (bool, error) {
		<-ctx.Done()
		two := errors.Join(errors.New("one"), fmt.Errorf("two: %w", inventory.ErrMalformed))
		return false, errors.Join(a,
			&inventory.PartError{ComponentID: "drive:b", Err: ctx.Err()},
			&inventory.PartError{ComponentID: "drive:c", Source: "/dev/sdc", Err: errors.Join(&inventory.PartError{Field: "model", Err: errors.New("x")}, errors.New("y"))},
			fmt.Errorf("wrapped: %w", two),
			fmt.Errorf("%w: %w", errors.ErrUnsupported, errors.New("old firmware")),
			&inventory.PartError{ComponentID: "drive:d"}, &inventory.PartError{ComponentID: "drive:d"},
			ctx.Err())
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	got := inventory.Collect(ctx, []inventory.Collector{c}).Issues
	for i := range got {
		got[i].Collector = ""
	}
	want := []inventory.Issue{
		{Kind: inventory.KindTimeout, Detail: "ended by its deadline with 0 components handed over: context deadline exceeded"},
		{Kind: inventory.KindUnsupported, Detail: "unsupported operation: old firmware"},
		{Kind: inventory.KindIO, Detail: "wrapped: one"},
		{Kind: inventory.KindMalformed, Detail: "wrapped: two: malformed data"},
		{ComponentID: "drive:a", Field: "health", Source: "/dev/sda", Kind: inventory.KindDenied, Detail: "permission denied"},
		{ComponentID: "drive:b", Kind: inventory.KindTimeout, Detail: "context deadline exceeded"},
		{ComponentID: "drive:c", Source: "/dev/sdc", Kind: inventory.KindIO, Detail: "y"},
		{ComponentID: "drive:c", Field: "model", Source: "/dev/sdc", Kind: inventory.KindIO, Detail: "x"},
		{ComponentID: "drive:d", Kind: inventory.KindIO, Detail: "no reason given"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestAnObserverThatPanicsCostsItsCollector(t *testing.T) {
	t.Parallel()
	c := func(name string) inventory.Collector {
		return inventory.New(name, nil, func(context.Context, *inventory.Sink) (bool, error) { return true, nil })
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{c("a"), c("b")}, inventory.WithObserver(func(e inventory.Event) {
		if e.Collector == "a" {
			panic("ouch")
		}
	}))
	b, err := json.Marshal(r.Collectors)
	if err != nil || r.Collectors[0].Status != inventory.StatusFailed || r.Collectors[0].Name != "a" || r.Collectors[1].Status != inventory.StatusOK || len(r.Issues) != 1 {
		t.Errorf("%s %v %v", b, r.Issues, err)
	}
	if strings.Contains(string(b), "null") {
		t.Errorf("null in %s", b)
	}
}

func TestCollectorThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	c := inventory.New("a", nil, func(context.Context, *inventory.Sink) (bool, error) { runtime.Goexit(); return true, nil })
	if r := inventory.Collect(t.Context(), []inventory.Collector{c}); r.Collectors[0].Status != inventory.StatusFailed {
		t.Errorf("%+v", r.Collectors)
	}
}

// TestFinally: what a collector that was left behind opens is closed, too.
func TestFinally(t *testing.T) {
	t.Parallel()
	var run *inventory.Run
	var closed []string
	c := inventory.New("a", nil, func(_ context.Context, s *inventory.Sink) (bool, error) {
		run = s.Run()
		run.Finally(func() { closed = append(closed, "in time") })
		return true, nil
	})
	inventory.Collect(t.Context(), []inventory.Collector{c})
	run.Finally(func() { closed = append(closed, "late") })
	if !slices.Equal(closed, []string{"in time", "late"}) {
		t.Error(closed)
	}
}

func TestEachBeginsNothingAfterTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range inventory.Each(ctx, 100, time.Second, make([]int, 100), func(context.Context, int) error {
		t.Error("begun")
		return nil
	}) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestDuplicateNamesAreFoundByTheirFirst(t *testing.T) {
	t.Parallel()
	id := func(s string) inventory.CPU { return inventory.CPU{Meta: inventory.Meta{ID: s}} }
	r := &inventory.Report{CPUs: []inventory.CPU{id("cpu:CPU #1"), id("cpu:CPU#2"), id("cpu:A"), id("cpu:A#2")}}
	r.Join()
	r.Assess()
	if len(r.Findings) != 1 || r.Findings[0].Code != "identity.duplicate_id" || r.Findings[0].ComponentID != "cpu:A#2" {
		t.Errorf("%+v", r.Findings)
	}
}

// TestWhatComesLateIsDropped: the report is out, and its observers are gone.
func TestWhatComesLateIsDropped(t *testing.T) {
	t.Parallel()
	release, done := make(chan struct{}), make(chan struct{})
	c := inventory.New("psu", []string{"power_supplies"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
		<-release
		p := fan("psu:late")
		s.Put(&p)
		close(done)
		return true, nil
	})
	over := false
	start := time.Now()
	r := inventory.Collect(t.Context(), []inventory.Collector{c}, inventory.WithTimeout(50*time.Millisecond),
		inventory.WithObserver(func(e inventory.Event) {
			if over {
				t.Errorf("heard of %+v", e)
			}
		}))
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
	over = true
	close(release)
	<-done
	if len(r.PowerSupplies) != 0 || r.Collectors[0].Status != inventory.StatusTimeout {
		t.Errorf("%+v", r)
	}
}

// TestCollectorsGetLessThanTheRun, so that the report is there on time.
func TestCollectorsGetLessThanTheRun(t *testing.T) {
	t.Parallel()
	for _, limit := range []time.Duration{time.Minute, time.Hour} {
		c := inventory.New("x", nil, func(ctx context.Context, _ *inventory.Sink) (bool, error) {
			end, ok := ctx.Deadline()
			if left := time.Until(end); !ok || left >= limit || left < limit*8/10 {
				t.Errorf("%v of %v", left, limit)
			}
			if d := inventory.DeviceDeadline(ctx, time.Hour); d >= time.Until(end) || d < limit/2 {
				t.Errorf("a device gets %v of %v", d, limit)
			}
			if d := inventory.DeviceDeadline(ctx, time.Millisecond); d != time.Millisecond {
				t.Errorf("a device that wants little gets %v", d)
			}
			return true, nil
		})
		inventory.Collect(t.Context(), []inventory.Collector{c}, inventory.WithTimeout(limit))
	}
	if d := inventory.DeviceDeadline(t.Context(), time.Hour); d != time.Hour {
		t.Errorf("without a deadline: %v", d)
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for want, errs := range map[inventory.IssueKind][]error{
		inventory.KindStuck:        {inventory.ErrStuck, errors.Join(context.DeadlineExceeded, inventory.ErrStuck)},
		inventory.KindTimeout:      {context.DeadlineExceeded, errors.Join(fs.ErrPermission, context.DeadlineExceeded)},
		inventory.KindDenied:       {fs.ErrPermission},
		inventory.KindNotCollected: {inventory.ErrNotCollected, context.Canceled},
		inventory.KindMalformed:    {inventory.ErrMalformed},
		inventory.KindUnsupported:  {errors.ErrUnsupported},
		inventory.KindIO:           {errors.New("input/output error"), fs.ErrNotExist},
	} {
		for _, err := range errs {
			if got := inventory.KindOf(fmt.Errorf("x: %w", err)); got != want {
				t.Errorf("%v: %s, want %s", err, got, want)
			}
		}
	}
}

// TestCollectJoinsAndAssesses, and orders by place: the domains of Intel VMD
// have five digits and come last.
func TestCollectJoinsAndAssesses(t *testing.T) {
	t.Parallel()
	function := func(address string) inventory.PCIeDevice {
		return inventory.PCIeDevice{Meta: inventory.Meta{ID: "pci:" + address}, Address: address}
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{
		inventory.List("pcie", "pcie_devices", func(context.Context) ([]inventory.PCIeDevice, error) {
			return []inventory.PCIeDevice{function("10000:01:00.0"), function("0000:02:00.0"), function("2000:01:00.0")}, nil
		}),
		inventory.Single("memory", "memory", func(context.Context) (*inventory.Memory, error) {
			return &inventory.Memory{
				Modules: []inventory.MemoryModule{{Meta: inventory.Meta{ID: "dimm:A1"}, Slot: "A1"}},
				Controllers: []inventory.MemoryController{{Name: "mc0", Modules: []inventory.EDACModule{
					{Name: "dimm0", Label: "A1", UncorrectedErrors: new(uint64(1))},
				}}},
			}, nil
		}),
	})
	var order []string
	for i := range r.PCIeDevices {
		order = append(order, r.PCIeDevices[i].Address)
	}
	if want := []string{"0000:02:00.0", "2000:01:00.0", "10000:01:00.0"}; !slices.Equal(order, want) {
		t.Errorf("order %q", order)
	}
	if len(r.Findings) != 1 || r.Findings[0].ComponentID != "dimm:A1" || r.Findings[0].Severity != inventory.SeverityCritical {
		t.Errorf("one error is one finding, of its module: %+v", r.Findings)
	}
	once, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	r.Join() // may be repeated
	r.Assess()
	twice, err := json.Marshal(r)
	if diff := cmp.Diff(string(once), string(twice)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
