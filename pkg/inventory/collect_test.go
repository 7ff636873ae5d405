package inventory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

func fan(id string) inventory.PowerSupply {
	return inventory.PowerSupply{Meta: inventory.Meta{ID: id}}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	list := func(v []inventory.PowerSupply, err error) inventory.Collector {
		return inventory.List("psu", "power_supplies", func(context.Context) ([]inventory.PowerSupply, error) { return v, err })
	}
	for _, test := range []struct {
		name   string
		c      inventory.Collector
		want   inventory.Status
		issues int
		data   string
	}{
		{"ok", list([]inventory.PowerSupply{fan("psu:1")}, nil), inventory.StatusOK, 0, `[{"id":"psu:1"}]`},
		{"looked and found none", list([]inventory.PowerSupply{}, nil), inventory.StatusOK, 0, `[]`},
		{"absent", list(nil, nil), inventory.StatusAbsent, 0, ``},
		{"partial", list([]inventory.PowerSupply{fan("psu:1")}, errors.Join(broken, errors.New("torn"))), inventory.StatusPartial, 2, `[{"id":"psu:1"}]`},
		{"failed", list(nil, broken), inventory.StatusFailed, 1, ``},
		{"none and failed", list([]inventory.PowerSupply{}, broken), inventory.StatusFailed, 1, `[]`},
		{"denied", list(nil, fmt.Errorf("open: %w", fs.ErrPermission)), inventory.StatusDenied, 1, ``},
		{"timeout before denied", list(nil, errors.Join(fs.ErrPermission, context.DeadlineExceeded, broken)), inventory.StatusTimeout, 3, ``},
		{"denied before failed", list(nil, errors.Join(broken, fs.ErrPermission)), inventory.StatusDenied, 2, ``},
		{"stuck", list(nil, inventory.ErrStuck), inventory.StatusTimeout, 1, ``},
		{"panic", inventory.List("psu", "power_supplies", func(context.Context) ([]inventory.PowerSupply, error) { panic("ouch") }), inventory.StatusFailed, 1, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := inventory.Collect(t.Context(), []inventory.Collector{test.c})
			if got := r.Collectors[0].Status; got != test.want {
				t.Errorf("status %s, want %s", got, test.want)
			}
			if len(r.Issues) != test.issues || (r.Collectors[0].Error == "") != (test.issues == 0) {
				t.Errorf("issues %v, error %q", r.Issues, r.Collectors[0].Error)
			}
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if has := strings.Contains(string(b), `"power_supplies":`+test.data); has != (test.data != "") && test.data != "" {
				t.Errorf("want power_supplies %s in %s", test.data, b)
			}
			if test.data == "" && strings.Contains(string(b), `"power_supplies":`) {
				t.Errorf("power_supplies in %s", b)
			}
		})
	}
}

func TestFinishedPartsSurviveTheDeadline(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	slow := inventory.New("psu", []string{"power_supplies"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
		p := fan("psu:1")
		s.Put(&p)
		<-release // deaf to its context, as a call in the kernel is
		late := fan("psu:2")
		s.Put(&late)
		return true, nil
	})
	quick := inventory.Single("board", "board", func(context.Context) (*inventory.Board, error) {
		return &inventory.Board{Meta: inventory.Meta{ID: "board"}}, nil
	})
	start := time.Now()
	r := inventory.Collect(t.Context(), []inventory.Collector{slow, quick}, inventory.WithTimeout(100*time.Millisecond))
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
	if len(r.PowerSupplies) != 1 || r.Board == nil {
		t.Errorf("power supplies %v, board %v", r.PowerSupplies, r.Board)
	}
	if r.Collectors[0].Status != inventory.StatusPartial || r.Collectors[1].Status != inventory.StatusOK {
		t.Errorf("%+v", r.Collectors)
	}
	if len(r.Issues) != 1 || r.Issues[0].Kind != inventory.KindTimeout || r.Issues[0].Collector != "psu" {
		t.Errorf("%+v", r.Issues)
	}
}

func TestCancelledRunStillReports(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := inventory.New("psu", []string{"power_supplies"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		p := fan("psu:1")
		s.Put(&p)
		cancel()
		<-ctx.Done()
		return true, ctx.Err()
	})
	r := inventory.Collect(ctx, []inventory.Collector{c})
	if len(r.PowerSupplies) != 1 || r.Collectors[0].Status != inventory.StatusPartial || r.Issues[0].Kind != inventory.KindNotCollected {
		t.Errorf("%+v %+v", r.Collectors, r.Issues)
	}
}

func TestOnlyAndSkip(t *testing.T) {
	t.Parallel()
	var ran atomic.Int32
	c := func(name string) inventory.Collector {
		return inventory.New(name, nil, func(context.Context, *inventory.Sink) (bool, error) { ran.Add(1); return true, nil })
	}
	r := inventory.Collect(t.Context(), []inventory.Collector{c("a"), c("b"), c("c")}, inventory.WithOnly("a", "b"), inventory.WithSkip("b"))
	var got []inventory.Status
	for _, o := range r.Collectors {
		got = append(got, o.Status)
	}
	if diff := cmp.Diff([]inventory.Status{"ok", "not_run", "not_run"}, got); diff != "" || ran.Load() != 1 {
		t.Error(diff, ran.Load())
	}
}

func TestIssuesNameThePart(t *testing.T) {
	t.Parallel()
	err := errors.Join(
		&inventory.PartError{ComponentID: "pci:1", Field: "vpd", Source: "/sys/x", Err: fmt.Errorf("tag 3: %w", inventory.ErrMalformed)},
		fmt.Errorf("wrapped: %w", &inventory.PartError{ComponentID: "pci:0", Err: errors.ErrUnsupported}),
	)
	c := inventory.List("pcie", "pcie_devices", func(context.Context) ([]inventory.PCIeDevice, error) { return nil, err })
	got := inventory.Collect(t.Context(), []inventory.Collector{c}).Issues
	want := []inventory.Issue{
		{ComponentID: "pci:0", Kind: inventory.KindUnsupported, Detail: "unsupported operation", Collector: "pcie"},
		{ComponentID: "pci:1", Field: "vpd", Kind: inventory.KindMalformed, Source: "/sys/x", Detail: "tag 3: malformed data", Collector: "pcie"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestExtensionAndObserver(t *testing.T) {
	t.Parallel()
	type raid struct{ Volumes int }
	var mu sync.Mutex
	var seen []string
	r := inventory.Collect(t.Context(), []inventory.Collector{
		inventory.ExtensionOf("acme.example/raid", func(context.Context) (*raid, error) { return &raid{2}, nil }),
	}, inventory.WithObserver(func(e inventory.Event) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case e.Component != nil:
			seen = append(seen, "component "+e.Component.Kind())
		case e.Outcome != nil:
			seen = append(seen, "ended "+string(e.Outcome.Status))
		default:
			seen = append(seen, "began "+e.Collector)
		}
	}))
	if got := string(r.Extensions["acme.example/raid"]); got != `{"Volumes":2}` {
		t.Error(got)
	}
	if diff := cmp.Diff([]string{"began acme.example/raid", "component extension", "ended ok"}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestOnceIsSharedWithinARunOnly(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	c := func(name string) inventory.Collector {
		return inventory.New(name, nil, func(_ context.Context, s *inventory.Sink) (bool, error) {
			s.Run().Once("k", func() any { made.Add(1); time.Sleep(time.Millisecond); return 1 })
			return true, nil
		})
	}
	for run := range 2 {
		inventory.Collect(t.Context(), []inventory.Collector{c("a"), c("b"), c("c")})
		if int(made.Load()) != run+1 {
			t.Errorf("run %d: made %d times", run, made.Load())
		}
	}
}

func TestEachBoundsRecoversAndTimesOut(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	items := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	release := make(chan struct{})
	defer close(release)
	errs := inventory.Each(t.Context(), 3, time.Second, items, func(_ context.Context, i int) error {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		switch i {
		case 2:
			panic("two")
		case 5:
			<-release
		case 7:
			return errors.New("seven")
		}
		time.Sleep(time.Millisecond)
		return nil
	})
	for i, err := range errs {
		var p *inventory.PanicError
		switch {
		case i == 2 && errors.As(err, &p):
		case i == 5 && errors.Is(err, context.DeadlineExceeded):
		case i == 7 && err != nil && err.Error() == "seven":
		case i != 2 && i != 5 && i != 7 && err == nil:
		default:
			t.Errorf("item %d: %v", i, err)
		}
	}
	if most.Load() > 4 { // three, and the one left behind
		t.Errorf("%d at once", most.Load())
	}
}

func TestCompareNatural(t *testing.T) {
	t.Parallel()
	sorted := []string{"", "a", "a1", "a01", "a2", "a10", "a10b", "b", "nvme0n1", "nvme0n2", "nvme10n1"}
	for i, a := range sorted {
		for j, b := range sorted {
			got := inventory.CompareNatural(a, b)
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%q, %q: %d", a, b, got)
			}
		}
	}
}

func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	var ids inventory.IDs
	var got []string
	for _, id := range []string{"a", "a#2", "a", "a", "b"} {
		got = append(got, ids.Unique(id))
	}
	seen := map[string]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%q twice in %q", id, got)
		}
		seen[id] = true
	}
}

// TestTurns: collectors that only read run one after the other, those that ask
// devices beside them, and one that takes long holds back nobody.
func TestTurns(t *testing.T) {
	t.Parallel()
	const n = 40
	var mu sync.Mutex
	running, most := 0, 0
	enter := func(d int) {
		mu.Lock()
		defer mu.Unlock()
		running += d
		most = max(most, running)
	}
	list := make([]inventory.Collector, 0, n+1)
	for i := range n {
		list = append(list, inventory.New(fmt.Sprint(i), nil, func(context.Context, *inventory.Sink) (bool, error) {
			enter(1)
			defer enter(-1)
			time.Sleep(time.Millisecond)
			return true, nil
		}).TakingTurns())
	}
	asked := make(chan struct{})
	list = append(list, inventory.New("device", nil, func(context.Context, *inventory.Sink) (bool, error) {
		close(asked)
		return true, nil
	}))
	inventory.Collect(t.Context(), list)
	if limit := max(1, runtime.GOMAXPROCS(0)/2); most > limit {
		t.Errorf("%d at once, want %d at most", most, limit)
	}

	// Each waits for all the others, more than may run at once: they come to
	// an end only because a turn is not waited for for ever.
	together := runtime.GOMAXPROCS(0) + 1
	var begun sync.WaitGroup
	begun.Add(together)
	list = nil
	for i := range together {
		list = append(list, inventory.New(fmt.Sprint(i), nil, func(ctx context.Context, _ *inventory.Sink) (bool, error) {
			begun.Done()
			_, err := inventory.Await(ctx, func(context.Context) (struct{}, error) { begun.Wait(); return struct{}{}, nil })
			return true, err
		}).TakingTurns())
	}
	for _, c := range inventory.Collect(t.Context(), list, inventory.WithTimeout(10*time.Second)).Collectors {
		if c.Status != inventory.StatusOK {
			t.Errorf("%+v", c)
		}
	}
	<-asked
}
