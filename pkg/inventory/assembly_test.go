package inventory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

func components() []inventory.Component {
	return []inventory.Component{
		&inventory.Clock{}, &inventory.Host{}, &inventory.Board{}, &inventory.CPU{}, &inventory.Memory{},
		&inventory.Drive{}, &inventory.StorageController{}, &inventory.LogicalDrive{}, &inventory.PCIeDevice{},
		&inventory.PowerSupply{}, &inventory.GPU{}, &inventory.CXLDevice{}, &inventory.NIC{}, &inventory.HostSensor{},
		&inventory.Trust{}, &inventory.FirmwareResource{}, &inventory.BMC{},
		&inventory.Extension{Key: "acme.example/x", Data: json.RawMessage(`{"a":"<&>"}`)},
	}
}

// TestEventsComeBackAsTheyWent: every field of every component, filled, empty
// and with empty lists.
func TestEventsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	for _, c := range components() {
		if _, ok := c.(*inventory.Extension); !ok {
			sameAfterwards(t, c)
			fill(t, reflect.ValueOf(c).Elem(), "", 0)
		}
		sameAfterwards(t, c)
	}
	sameAfterwards(t, &inventory.Memory{Modules: []inventory.MemoryModule{}})
	for _, e := range []inventory.Event{
		{Collector: "psu"},
		{Collector: "psu", Found: true, Outcome: &inventory.Outcome{Name: "psu", Sections: []string{"power_supplies"}, Status: inventory.StatusOK}},
		{
			Collector: "psu", Outcome: &inventory.Outcome{Status: inventory.StatusFailed, Error: "x"},
			Issues: []inventory.Issue{{Kind: inventory.KindIO, Detail: "x\n<y>"}},
		},
	} {
		if diff := cmp.Diff(e, there(t, e)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
}

func sameAfterwards(t *testing.T, c inventory.Component) {
	t.Helper()
	want := inventory.Event{Collector: "c", Component: c}
	if diff := cmp.Diff(want, there(t, want)); diff != "" {
		t.Errorf("%s: -want +got\n%s", c.Kind(), diff)
	}
}

// there is an event after the way to another process.
func there(t *testing.T, e inventory.Event) inventory.Event {
	t.Helper()
	line, err := inventory.EncodeEvent(e)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
		t.Errorf("not one line: %q", line)
	}
	back, err := inventory.DecodeEvent(line)
	if err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return back
}

func TestEventsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		``, `null`, `{}`, `[]`, `{"collector":""}`, `{"collector":"c","kind":"none"}` + "\t{}", `{"collector":"c","kind":"cpu"}`,
		`{"collector":"c","kind":"cpu"}` + "\t3", `{"collector":"c","kind":"cpu","outcome":{}}` + "\t{}",
		`{"collector":"c"}` + "\t{}", `{"collector":"c"`,
	} {
		if e, err := inventory.DecodeEvent([]byte(line)); !errors.Is(err, inventory.ErrMalformed) || !reflect.ValueOf(e).IsZero() {
			t.Errorf("%s: %+v, %v", line, e, err)
		}
	}
	nan := &inventory.HostSensor{}
	for i := range reflect.TypeOf(nan).Elem().NumField() {
		if f := reflect.ValueOf(nan).Elem().Field(i); f.Type() == reflect.TypeFor[*float64]() {
			f.Set(reflect.ValueOf(new(math.NaN())))
		}
	}
	if line, err := inventory.EncodeEvent(inventory.Event{Collector: "c", Component: nan}); err == nil {
		t.Errorf("a number that is none was written: %s", line)
	}
}

func FuzzDecodeEvent(f *testing.F) {
	for _, c := range components() {
		line, err := inventory.EncodeEvent(inventory.Event{Collector: "c", Component: c})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"collector":"c","outcome":{"status":"ok"},"found":true,"issues":[{"kind":"io","detail":"x"}]}`))
	list := []inventory.Collector{inventory.New("c", []string{"cpus"}, nil)}
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := inventory.DecodeEvent(line)
		if err != nil {
			if !reflect.ValueOf(e).IsZero() {
				t.Fatalf("%v, and %+v", err, e)
			}
			return
		}
		again, err := inventory.EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := inventory.DecodeEvent(again); err != nil {
			t.Fatalf("%v: %s", err, again)
		}
		a := inventory.NewAssembly(list)
		_ = a.Add(e)
		if _, err := json.Marshal(a.Report(nil)); err != nil {
			t.Fatal(err)
		}
	})
}

// machine is a list of collectors that end in every way there is.
func machine() []inventory.Collector {
	psu := func(name string, n int, found bool, err error) inventory.Collector {
		return inventory.New(name, []string{"power_supplies", "sensors"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
			for i := range n {
				p := fan(fmt.Sprintf("psu:%s-%d", name, i))
				s.Put(&p)
			}
			return found, err
		})
	}
	return []inventory.Collector{
		psu("ok", 2, true, nil), psu("empty", 0, true, nil), psu("absent", 0, false, nil), psu("skipped", 1, true, nil),
		psu("partial", 1, true, errors.Join(errors.New("a"), &inventory.PartError{ComponentID: "psu:x", Err: fs.ErrPermission})),
		psu("denied", 0, false, fs.ErrPermission), psu("failed", 0, false, errors.New("x")),
		inventory.New("gpu", []string{"gpus"}, func(context.Context, *inventory.Sink) (bool, error) { return true, nil }),
		inventory.New("panics", []string{"network"}, func(context.Context, *inventory.Sink) (bool, error) { panic("x") }),
		inventory.New("acme", []string{"extensions"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
			s.Put(&inventory.Extension{Key: "acme.example/x", Data: json.RawMessage(`{"a":"<&>", "b":1e3}`)})
			return true, nil
		}),
	}
}

func options(more ...inventory.Option) []inventory.Option {
	clock := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	return append([]inventory.Option{inventory.WithClock(clock), inventory.WithSkip("skipped"), inventory.WithTool(inventory.Tool{Name: "t"})}, more...)
}

// TestAssemblyIsWhatCollectMakes: the way of the events makes no difference.
func TestAssemblyIsWhatCollectMakes(t *testing.T) {
	t.Parallel()
	want := written(t, inventory.Collect(t.Context(), machine(), options()...))
	told := 0
	a := inventory.NewAssembly(machine(), options(inventory.WithObserver(func(inventory.Event) { told++ }))...)
	sent := 0
	r := inventory.Collect(t.Context(), machine(), options(inventory.WithEventsOnly(), inventory.WithObserver(func(e inventory.Event) {
		sent++
		if err := a.Add(there(t, e)); err != nil {
			t.Error(err)
		}
	}))...)
	if len(r.PowerSupplies) > 0 || r.Extensions != nil || len(r.Findings) > 0 {
		t.Errorf("kept beside the events: %s", written(t, r))
	}
	if !a.Done() {
		t.Error("not done")
	}
	if diff := cmp.Diff(want, written(t, a.Report(nil))); diff != "" {
		t.Errorf("-collected +assembled\n%s", diff)
	}
	if told != sent || sent == 0 {
		t.Errorf("%d events told, %d sent", told, sent)
	}
}

func written(t *testing.T, r *inventory.Report) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAssemblyOfALostRun: what was told is kept, the rest says why.
func TestAssemblyOfALostRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		cause  error
		begun  inventory.Status // without a part
		kind   inventory.IssueKind
		detail string
	}{
		{nil, inventory.StatusFailed, inventory.KindNotCollected, "was lost with 0 components handed over: the run ended before the collector did: not collected"},
		{errors.New("killed"), inventory.StatusFailed, inventory.KindIO, "was lost with 0 components handed over: killed"},
		{fmt.Errorf("hung: %w", context.DeadlineExceeded), inventory.StatusTimeout, inventory.KindTimeout, "ended by its deadline with 0 components handed over: hung: context deadline exceeded"},
		{context.Canceled, inventory.StatusTimeout, inventory.KindNotCollected, "cancelled with 0 components handed over: context canceled"},
	} {
		list := []inventory.Collector{
			inventory.New("ended", []string{"gpus"}, nil), inventory.New("spoke", []string{"power_supplies"}, nil),
			inventory.New("begun", []string{"sensors"}, nil), inventory.New("waiting", []string{"network"}, nil),
		}
		a := inventory.NewAssembly(list)
		p := fan("psu:1")
		for _, e := range []inventory.Event{
			{Collector: "ended"},
			{Collector: "ended", Found: true, Outcome: &inventory.Outcome{Name: "lie", Status: inventory.StatusOK}},
			{Collector: "spoke"},
			{Collector: "spoke", Component: &p},
			{Collector: "begun"},
		} {
			if err := a.Add(e); err != nil {
				t.Fatal(err)
			}
		}
		if a.Done() {
			t.Error("done")
		}
		r := a.Report(test.cause)
		for i, want := range []inventory.Status{inventory.StatusOK, inventory.StatusPartial, test.begun, test.begun} {
			if c := r.Collectors[i]; c.Status != want || c.Name != list[i].Name() || cmp.Diff(c.Sections, list[i].Sections()) != "" {
				t.Errorf("%v: %+v, want %s", test.cause, c, want)
			}
		}
		if len(r.PowerSupplies) != 1 || r.GPUs == nil || r.Sensors != nil || r.Network != nil {
			t.Errorf("%v: %s", test.cause, written(t, r))
		}
		if len(r.Issues) != 3 || r.Issues[1] != (inventory.Issue{Collector: "begun", Kind: test.kind, Detail: test.detail}) {
			t.Errorf("%v: %+v", test.cause, r.Issues)
		}
	}
}

func TestAssemblyRefuses(t *testing.T) {
	t.Parallel()
	a := inventory.NewAssembly([]inventory.Collector{inventory.New("c", nil, nil), inventory.New("skipped", nil, nil)}, inventory.WithSkip("skipped"))
	over := inventory.Event{Collector: "c", Outcome: &inventory.Outcome{Status: inventory.StatusAbsent}}
	for _, e := range []inventory.Event{
		{Collector: "stranger"},
		{Collector: "skipped"},
		{Collector: "c", Outcome: &inventory.Outcome{Status: "splendid"}},
		{Collector: "c", Outcome: &inventory.Outcome{Status: inventory.StatusNotRun}},
	} {
		if err := a.Add(e); !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	if err := a.Add(over); err != nil {
		t.Error(err)
	}
	if err := a.Add(over); !errors.Is(err, inventory.ErrMalformed) {
		t.Errorf("ended twice: %v", err)
	}
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	a.SetTimes(began, began.Add(2*time.Second), 1500*time.Millisecond)
	if r := a.Report(nil); r.StartedAt != began || r.FinishedAt != began.Add(2*time.Second) || r.DurationMS != 1500 || len(r.Issues) > 0 {
		t.Errorf("%s", written(t, r))
	}
}

// TestAPanicCostsNoReport: not in a rule, either.
func TestAPanicCostsNoReport(t *testing.T) {
	t.Parallel()
	r := inventory.Collect(t.Context(), nil)
	r.Attempt("assess", func() { panic("no such slot") })
	want := []inventory.Issue{{Kind: inventory.KindIO, Source: "assess", Detail: "panic: no such slot"}}
	if diff := cmp.Diff(want, r.Issues); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
