package bmclink_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

// counted counts how often it was opened and closed.
type counted struct {
	*hosttest.Source
	bmc    *ipmitest.BMC
	opened atomic.Int32
	closed atomic.Int32
}

func (c *counted) Open(p host.Protocol, name string) (host.Device, error) {
	if name != "/dev/ipmi/0" {
		return c.Source.Open(p, name)
	}
	c.opened.Add(1)
	return &closing{c.bmc, &c.closed}, nil
}

type closing struct {
	*ipmitest.BMC
	closed *atomic.Int32
}

func (c *closing) Close() error {
	c.closed.Add(1)
	return nil
}

// collector opens the link and says what came of it.
func collector(h *host.Host, name string, links chan<- *bmclink.Link) inventory.Collector {
	return inventory.New(name, nil, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		l, release, err := bmclink.Open(ctx, h.ForRun(s.Run()))
		defer release()
		links <- l
		return l != nil, err
	})
}

// TestShared: one link and one device id for all collectors of a run, closed
// with the run.
func TestShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		src := &counted{Source: &hosttest.Source{}, bmc: &ipmitest.BMC{Faults: ipmitest.Faults{Latency: time.Second}}}
		h := host.New(src)
		links := make(chan *bmclink.Link, 2)
		r := inventory.Collect(t.Context(), []inventory.Collector{collector(h, "a", links), collector(h, "b", links)})
		if one, other := <-links, <-links; one == nil || one != other || one.Path != "/dev/ipmi/0" || one.ID.Firmware == "" {
			t.Errorf("%+v and %+v: %+v", one, other, r.Issues)
		}
		if src.opened.Load() != 1 || src.closed.Load() != 1 || len(src.bmc.Requests()) != 1 {
			t.Errorf("opened %d, closed %d, %d requests", src.opened.Load(), src.closed.Load(), len(src.bmc.Requests()))
		}
	})
}

// TestSilent: the second collector is told at once, and neither waits longer
// than its own deadline.
func TestSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for timeout, want := range map[time.Duration]time.Duration{time.Minute: 10100 * time.Millisecond, 3 * time.Second: 3 * time.Second} {
			src := &counted{Source: &hosttest.Source{}, bmc: &ipmitest.BMC{Faults: ipmitest.Faults{SilentEvery: 1}}}
			h := host.New(src)
			links := make(chan *bmclink.Link, 2)
			start := time.Now()
			r := inventory.Collect(t.Context(), []inventory.Collector{collector(h, "a", links), collector(h, "b", links)}, inventory.WithTimeout(timeout))
			if took := time.Since(start); took > want {
				t.Errorf("%v with a deadline of %v", took, timeout)
			}
			for _, c := range r.Collectors {
				if c.Status != inventory.StatusTimeout {
					t.Errorf("%+v", c)
				}
			}
			synctest.Wait()
			time.Sleep(time.Minute) // those left behind come back
			synctest.Wait()
			if src.closed.Load() == 0 {
				t.Error("the device stays open")
			}
		}
	})
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	l, release, err := bmclink.Open(t.Context(), (&hosttest.Source{}).Host())
	release()
	if l != nil || err != nil {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestDeclined(t *testing.T) {
	t.Parallel()
	src := &counted{Source: &hosttest.Source{}, bmc: &ipmitest.BMC{}}
	l, release, err := bmclink.Open(t.Context(), host.New(src))
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.SelfTest(t.Context()) // the scripted controller does not know it
	if !bmclink.Declined(err) || bmclink.Lost(err) {
		t.Error(err)
	}
	if bmclink.Declined(inventory.ErrMalformed) || !bmclink.Lost(context.DeadlineExceeded) || bmclink.Lost(errors.New("other")) {
		t.Error("misjudged")
	}
	release()
	if src.closed.Load() != 1 {
		t.Error("not closed")
	}
}
