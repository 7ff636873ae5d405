package replay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// shelf is a collector of devices side by side that reads a few files of each.
func shelf(h *host.Host, deadline time.Duration, names ...string) inventory.Collector {
	return inventory.New("shelf", []string{"sensors"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		h := h.ForRun(s.Run())
		errs := inventory.Each(ctx, 3, inventory.DeviceDeadline(ctx, deadline), names, func(ctx context.Context, name string) error {
			ctx, cancel := inventory.Bound(ctx, inventory.DeviceDeadline(ctx, deadline)*9/10)
			defer cancel()
			var errs []error
			v := &inventory.HostSensor{Meta: inventory.Meta{ID: "sensor:" + name, Sources: []string{"/" + name}}}
			for _, f := range []string{"label", "input", "input", "limit"} {
				b, err := h.ReadFile(ctx, "/"+name+"/"+f)
				if err != nil {
					errs = append(errs, &inventory.PartError{ComponentID: v.ID, Field: f, Source: "/" + name + "/" + f, Err: err})
				}
				v.Name += string(b)
				if ctx.Err() != nil {
					errs = append(errs, fmt.Errorf("left at %s: %w", f, inventory.Cause(ctx)))
				}
			}
			s.Put(v)
			return errors.Join(errs...)
		})
		return true, errors.Join(errs...)
	})
}

func rack() *hosttest.Source {
	s := &hosttest.Source{Files: map[string]string{}, Hang: map[string]bool{}, Errors: map[string]error{}}
	for _, n := range []string{"a", "b", "c", "d", "e"} {
		for _, f := range []string{"label", "input", "limit"} {
			s.Files["/"+n+"/"+f] = n + f
		}
	}
	s.Errors["/d/limit"] = syscall.EIO
	s.Errors["/e/label"] = fs.ErrPermission
	return s
}

// both collects, replays, and returns the two reports and how long the second
// took.
func both(t *testing.T, src *hosttest.Source, deadline time.Duration, opts ...inventory.Option) (live, again []byte, took time.Duration, s *replay.Source) {
	t.Helper()
	defer src.Release()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := record.New(src, w, record.Info{})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a", "b", "c", "d", "e"}
	h := host.New(rec)
	live = encoded(t, inventory.Collect(t.Context(), []inventory.Collector{shelf(h, deadline, names...)}, append(opts, inventory.WithTimekeeper(rec))...))
	stuck := h.Stuck()
	if err := errors.Join(rec.Close(), w.Close("")); err != nil {
		t.Fatal(err)
	}
	s, err = replay.Load(&out)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	h = host.New(s)
	again = encoded(t, inventory.Collect(t.Context(), []inventory.Collector{shelf(h, deadline, names...)}, inventory.WithTimekeeper(s)))
	took = time.Since(begun)
	if got := h.Stuck(); len(got) != len(stuck) || len(got) > 0 && got[0].Name != stuck[0].Name {
		t.Errorf("stuck: %v, was %v", got, stuck)
	}
	return live, again, took, s
}

// TestHanging: a file that hangs is given up again, at once, and so is all that
// was refused because of it.
func TestHanging(t *testing.T) {
	t.Parallel()
	src := rack()
	src.Hang["/b/input"] = true
	live, again, took, _ := both(t, src, time.Minute)
	if !bytes.Equal(live, again) || !bytes.Contains(live, []byte("stuck since")) {
		t.Errorf("%s", firstDifference(live, again))
	}
	if took > time.Second {
		t.Errorf("took %s", took)
	}
}

// TestDeviceDeadline: one whose device's deadline passed, not the call's own.
func TestDeviceDeadline(t *testing.T) {
	t.Parallel()
	thrice(t, func() (live, again []byte) {
		src := rack()
		src.Hang["/b/input"], src.Hang["/d/label"] = true, true
		live, again, _, _ = both(t, src, 1500*time.Millisecond)
		if !bytes.Contains(live, []byte("left at")) {
			t.Errorf("no deadline passed: %s", live)
		}
		return live, again
	})
}

// TestCollectorDeadline: a collector that was cut short is so again.
func TestCollectorDeadline(t *testing.T) {
	t.Parallel()
	thrice(t, func() (live, again []byte) {
		src := rack()
		src.Hang["/a/input"], src.Hang["/b/input"], src.Hang["/c/input"] = true, true, true
		live, again, _, _ = both(t, src, time.Minute, inventory.WithTimeout(1900*time.Millisecond))
		return live, again
	})
}

// thrice compares again what a busy machine made differ: which of two deadlines
// close to each other passed first is not known then.
func thrice(t *testing.T, collect func() (live, again []byte)) {
	t.Helper()
	difference := ""
	for range 3 {
		live, again := collect()
		if bytes.Equal(live, again) {
			return
		}
		difference = firstDifference(live, again)
	}
	t.Errorf("%s", difference)
}

// TestAnswersOnce: an answer is given once, and what was not asked has none.
func TestAnswersOnce(t *testing.T) {
	t.Parallel()
	_, _, _, s := both(t, rack(), time.Minute)
	h := host.New(s)
	if _, err := h.ReadFile(t.Context(), "/a/label"); !errors.Is(err, replay.ErrNotRecorded) || inventory.KindOf(err) != inventory.KindNotCollected {
		t.Errorf("got %v", err)
	}
	if _, err := h.ReadFile(t.Context(), "/never"); !errors.Is(err, replay.ErrNotRecorded) {
		t.Errorf("got %v", err)
	}
	if _, err := h.Open(t.Context(), host.SCSI, "/dev/sda"); !errors.Is(err, replay.ErrNotRecorded) {
		t.Errorf("got %v", err)
	}
}

// TestLost: of a process that was lost the answers are used, and what it waited
// for is a timeout.
func TestLost(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	stream := archive.Append(nil, &archive.Header{Version: archive.Version, Start: began})
	stream = archive.Append(stream, &archive.Begin{ID: 1, Call: archive.Call{Op: archive.OpRead, Name: "/a", ReadLen: host.AttrLimit}})
	stream = archive.Append(stream, &archive.End{ID: 1, Answer: archive.Answer{Data: []byte("x")}})
	stream = archive.Append(stream, &archive.Begin{ID: 2, After: 2 * time.Second, Call: archive.Call{Op: archive.OpRead, Name: "/b", ReadLen: host.AttrLimit}})
	stream = append(stream, 'E', 200)
	for len(stream) > 0 { // in pieces
		n := min(7, len(stream))
		if _, err := w.Write(stream[:n]); err != nil {
			t.Fatal(err)
		}
		stream = stream[n:]
	}
	if err := w.Close("the process was lost"); err != nil {
		t.Fatal(err)
	}
	s, err := replay.Load(&out)
	if err != nil || s.Damage() == nil {
		t.Fatalf("%v, %v", err, s.Damage())
	}
	h := host.New(s)
	if b, err := h.ReadFile(t.Context(), "/a"); string(b) != "x" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := h.ReadFile(t.Context(), "/b"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	var stuck host.StuckError
	if _, err := h.ReadFile(t.Context(), "/b"); !errors.As(err, &stuck) || !stuck.Since.Equal(began.Add(2*time.Second)) {
		t.Errorf("%v", err)
	}
}
