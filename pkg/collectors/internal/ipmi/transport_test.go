package ipmi_test

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

func deviceIDRequest(timeout time.Duration) device.Request {
	return ipmi.Command{Target: ipmi.BMC(), NetFn: ipmi.NetFnApp, Code: 1}.Request(timeout)
}

func answer(data ...byte) ipmi.Message { return ipmi.Message{NetFn: 0x07, Cmd: 0x01, Data: data} }

func TestLink(t *testing.T) {
	t.Parallel()
	late := answer(0, 0xEE)
	late.Late = 1
	event := answer(1, 2, 3)
	event.Event = true
	cut := answer(0, 1)
	cut.Cut = true
	cutLate := late
	cutLate.Cut = true
	other := ipmi.Message{NetFn: 0x0B, Cmd: 0x11, Data: []byte{0}}
	slow := answer(0, 0x20)
	slow.After = time.Second
	for name, tt := range map[string]struct {
		in      []ipmi.Message
		data    []byte
		err     error
		elapsed time.Duration
	}{
		"answer":                 {in: []ipmi.Message{answer(0, 0x20, 0x81)}, data: []byte{0x20, 0x81}},
		"slow":                   {in: []ipmi.Message{slow}, data: []byte{0x20}, elapsed: time.Second},
		"late answers first":     {in: []ipmi.Message{late, event, cutLate, answer(0, 0x20)}, data: []byte{0x20}},
		"no completion code":     {in: []ipmi.Message{answer()}, err: inventory.ErrMalformed},
		"longer than may be":     {in: []ipmi.Message{cut}, err: inventory.ErrMalformed},
		"answer to another":      {in: []ipmi.Message{other}, err: inventory.ErrMalformed},
		"driver gone":            {in: []ipmi.Message{{Err: syscall.ENODEV}}, err: syscall.ENODEV},
		"none":                   {err: context.DeadlineExceeded, elapsed: 2 * time.Second},
		"only late answers":      {in: []ipmi.Message{late, late}, err: context.DeadlineExceeded, elapsed: 2 * time.Second},
		"nothing but old events": {in: repeat(event, 300), err: inventory.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &ipmi.ScriptedPort{OnSend: func(ipmi.Command) []ipmi.Message { return tt.in }}
				l := ipmi.NewLink(p)
				start := time.Now()
				resp, err := l.Exchange(t.Context(), deviceIDRequest(2*time.Second))
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				if string(resp.Data) != string(tt.data) {
					t.Errorf("data % x, want % x", resp.Data, tt.data)
				}
				if took := time.Since(start); took < tt.elapsed || took > tt.elapsed+10*time.Millisecond {
					t.Errorf("took %v, want %v", took, tt.elapsed)
				}
			})
		})
	}
}

func repeat[T any](v T, n int) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = v
	}
	return all
}

func TestLinkDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &ipmi.ScriptedPort{OnSend: func(ipmi.Command) []ipmi.Message { return nil }}
		l := ipmi.NewLink(p)
		ctx, cancel := context.WithTimeout(t.Context(), 333*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := l.Exchange(ctx, deviceIDRequest(0))
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 335*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
		if _, err := l.Exchange(ctx, deviceIDRequest(0)); !errors.Is(err, context.DeadlineExceeded) || len(p.Sent) != 1 {
			t.Errorf("%v: %d messages sent, the second after the deadline", err, len(p.Sent))
		}
	})
}

// A second exchange waits for the first one, and gives up with its context.
func TestLinkSerial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := answer(0, 0x20)
		slow.After = time.Second
		p := &ipmi.ScriptedPort{OnSend: func(ipmi.Command) []ipmi.Message { return []ipmi.Message{slow} }}
		l := ipmi.NewLink(p)
		done := make(chan error)
		go func() {
			_, err := l.Exchange(t.Context(), deviceIDRequest(0))
			done <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := l.Exchange(ctx, deviceIDRequest(0)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second exchange: %v", err)
		}
		if err := <-done; err != nil || len(p.Sent) != 1 {
			t.Errorf("first exchange: %v, %d messages sent", err, len(p.Sent))
		}
		if err := l.Close(); err != nil || !p.Closed {
			t.Error("not closed", err)
		}
	})
}
