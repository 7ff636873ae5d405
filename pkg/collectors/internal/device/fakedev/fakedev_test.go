package fakedev_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
)

// recorder is a TB that keeps what it is told.
type recorder struct {
	errs     []string
	cleanups []func()
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { r.errs = append(r.errs, fmt.Sprintf(f, a...)) }
func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) finish() {
	for _, f := range r.cleanups {
		f()
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	d := fakedev.New(t, device.SCSI,
		fakedev.Exchange{Command: []byte{1}, Data: []byte{9}, ReadLen: 2, Status: []byte{0}, Reply: []byte{1, 2, 3}},
		fakedev.Exchange{Command: []byte{2}, ReadLen: fakedev.AnyLen, Err: broken},
		fakedev.Exchange{ReadLen: 7, Status: []byte{2}},
	)
	got, err := d.Exchange(t.Context(), device.Request{Command: []byte{1}, Data: []byte{9}, ReadLen: 2})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(device.Response{Status: []byte{0}, Data: []byte{1, 2}}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := d.Exchange(t.Context(), device.Request{Command: []byte{2}, ReadLen: 99}); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	if _, err := d.Exchange(t.Context(), device.Request{Command: []byte{0xAA}}); err != nil {
		t.Error(err)
	}
	if d.Left() != 0 || len(d.Requests()) != 3 || d.Protocol() != device.SCSI {
		t.Errorf("left %d, requests %d", d.Left(), len(d.Requests()))
	}
	if err := d.Close(); err != nil || !d.Closed() {
		t.Error("not closed")
	}
	if _, err := d.Exchange(t.Context(), device.Request{}); !errors.Is(err, fakedev.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	one := fakedev.Exchange{Command: []byte{1}, Data: []byte{2}, ReadLen: 3}
	good := device.Request{Command: []byte{1}, Data: []byte{2}, ReadLen: 3}
	for name, tt := range map[string]struct {
		unordered bool
		reqs      []device.Request
		wantErrs  int
	}{
		"all issued":  {reqs: []device.Request{good}},
		"not issued":  {wantErrs: 1},
		"too many":    {reqs: []device.Request{good, good}, wantErrs: 1},
		"command":     {reqs: []device.Request{{Command: []byte{7}, Data: []byte{2}, ReadLen: 3}}, wantErrs: 2},
		"data":        {reqs: []device.Request{{Command: []byte{1}, ReadLen: 3}}, wantErrs: 2},
		"read length": {reqs: []device.Request{{Command: []byte{1}, Data: []byte{2}}}, wantErrs: 2},
		"unordered":   {unordered: true, reqs: []device.Request{{Command: []byte{7}}}, wantErrs: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			d := fakedev.New(r, device.IPMI, one)
			if tt.unordered {
				r = &recorder{}
				d = fakedev.NewUnordered(r, device.IPMI, one)
			}
			for _, req := range tt.reqs {
				_, _ = d.Exchange(t.Context(), req)
			}
			r.finish()
			if len(r.errs) != tt.wantErrs {
				t.Errorf("%d errors, want %d: %q", len(r.errs), tt.wantErrs, r.errs)
			}
		})
	}
}

func TestUnordered(t *testing.T) {
	t.Parallel()
	d := fakedev.NewUnordered(t, device.NVMeAdmin,
		fakedev.Exchange{Command: []byte{1}, Status: []byte{1}},
		fakedev.Exchange{Command: []byte{2}, Status: []byte{2}},
	)
	for _, c := range []byte{2, 1} {
		got, err := d.Exchange(t.Context(), device.Request{Command: []byte{c}})
		if err != nil || got.Status[0] != c {
			t.Errorf("command %d: %v %v", c, got, err)
		}
	}
}

func TestDelayAndBlock(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	close(release)
	d := fakedev.New(t, device.SCSI,
		fakedev.Exchange{Delay: time.Millisecond},
		fakedev.Exchange{Delay: time.Hour},
		fakedev.Exchange{Block: release},
	)
	if _, err := d.Exchange(t.Context(), device.Request{}); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := d.Exchange(ctx, device.Request{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("late answer: %v", err)
	}
	if _, err := d.Exchange(ctx, device.Request{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	if _, err := d.Exchange(t.Context(), device.Request{}); err != nil {
		t.Error(err)
	}
}

func TestFunc(t *testing.T) {
	t.Parallel()
	d := fakedev.NewFunc(t, device.SCSI, func(_ context.Context, req device.Request) (device.Response, error) {
		return device.Response{Data: req.Command}, nil
	})
	got, err := d.Exchange(t.Context(), device.Request{Command: []byte{5}})
	if err != nil || got.Data[0] != 5 || len(d.Requests()) != 1 {
		t.Errorf("%v %v", got, err)
	}
}
