// Package fakedev is a scripted device.Device for tests: it says which
// requests must come, answers them, and fails the test when a request differs,
// comes too much, or never came.
package fakedev

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
)

// ErrUnexpected is what a request gets that the script does not hold.
var ErrUnexpected = errors.New("fakedev: unexpected request")

// ErrClosed is what a request gets after Close.
var ErrClosed = errors.New("fakedev: device is closed")

// AnyLen as Exchange.ReadLen accepts every ReadLen.
const AnyLen = -1

// TB is the part of testing.TB a fake device needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// An Exchange is one expected request and its answer.
type Exchange struct {
	Name    string // said when it fails; may be empty
	Command []byte // the expected command bytes, all of them; nil accepts any
	Data    []byte // the expected bytes sent with it
	ReadLen int    // the expected ReadLen, or AnyLen

	Status []byte        // Response.Status
	Reply  []byte        // Response.Data; cut to the request's ReadLen, as a kernel does
	Err    error         // returned instead of a Response
	Delay  time.Duration // the answer comes this late; a cancelled context ends the wait
	// Block, when not nil, holds the exchange until it is closed, whatever the
	// context says: a system call stuck in the kernel.
	Block <-chan struct{}
}

// A Device is a scripted device. It is safe for use by several goroutines.
type Device struct {
	tb        TB
	protocol  device.Protocol
	unordered bool
	handler   func(context.Context, device.Request) (device.Response, error)

	mu       sync.Mutex
	script   []Exchange
	requests []device.Request
	closed   bool
}

var _ device.Device = (*Device)(nil)

// New returns a device that expects exactly the given exchanges, in order.
// When the test ends, exchanges that were never issued fail it.
func New(tb TB, protocol device.Protocol, script ...Exchange) *Device {
	d := &Device{tb: tb, protocol: protocol, script: slices.Clone(script)}
	tb.Cleanup(d.check)
	return d
}

// NewUnordered is New for callers that may ask in any order: each request
// takes the first exchange left that it matches.
func NewUnordered(tb TB, protocol device.Protocol, script ...Exchange) *Device {
	d := New(tb, protocol, script...)
	d.unordered = true
	return d
}

// NewFunc returns a device that answers by a function, for simulated drives
// rather than scripts. Nothing is expected of it; Requests still tells what
// was asked.
func NewFunc(tb TB, protocol device.Protocol, handler func(context.Context, device.Request) (device.Response, error)) *Device {
	return &Device{tb: tb, protocol: protocol, handler: handler}
}

// Protocol returns the protocol the device was made for.
func (d *Device) Protocol() device.Protocol { return d.protocol }

// Requests returns a copy of every request seen so far, in order of arrival.
func (d *Device) Requests() []device.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.requests)
}

// Left returns how many scripted exchanges were not issued yet.
func (d *Device) Left() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.script)
}

// Close implements device.Device.
func (d *Device) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return nil
}

// Closed says whether Close was called.
func (d *Device) Closed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closed
}

// Exchange implements device.Device.
func (d *Device) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	d.tb.Helper()
	if err := ctx.Err(); err != nil {
		return device.Response{}, err
	}
	e, err := d.take(req)
	if err != nil {
		if !errors.Is(err, ErrClosed) {
			d.tb.Errorf("%v", err)
		}
		return device.Response{}, err
	}
	if d.handler != nil {
		return d.handler(ctx, req)
	}
	if e.Block != nil {
		<-e.Block
	}
	if e.Delay > 0 {
		timer := time.NewTimer(e.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return device.Response{}, ctx.Err()
		}
	}
	if e.Err != nil {
		return device.Response{}, e.Err
	}
	return device.Response{
		Status: bytes.Clone(e.Status),
		Data:   bytes.Clone(e.Reply[:min(len(e.Reply), max(req.ReadLen, 0))]),
	}, nil
}

// take books a request and removes the exchange it matches from the script.
func (d *Device) take(req device.Request) (Exchange, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return Exchange{}, ErrClosed
	}
	req.Command, req.Data = bytes.Clone(req.Command), bytes.Clone(req.Data)
	d.requests = append(d.requests, req)
	if d.handler != nil {
		return Exchange{}, nil
	}
	if len(d.script) == 0 {
		return Exchange{}, fmt.Errorf("%w: %s: request %d: script is at its end, got command % x", ErrUnexpected, d.protocol, len(d.requests), req.Command)
	}
	if d.unordered {
		for i, e := range d.script {
			if mismatch(e, req) == "" {
				d.script = slices.Delete(d.script, i, i+1)
				return e, nil
			}
		}
		return Exchange{}, fmt.Errorf("%w: %s: request %d: none of %d exchanges left matches command % x", ErrUnexpected, d.protocol, len(d.requests), len(d.script), req.Command)
	}
	e := d.script[0]
	if why := mismatch(e, req); why != "" {
		return Exchange{}, fmt.Errorf("%w: %s: request %d %s: %s", ErrUnexpected, d.protocol, len(d.requests), e.Name, why)
	}
	d.script = d.script[1:]
	return e, nil
}

// mismatch says how a request differs from what is expected, or nothing.
func mismatch(e Exchange, req device.Request) string {
	switch {
	case e.Command != nil && !bytes.Equal(e.Command, req.Command):
		return fmt.Sprintf("command\n got % x\nwant % x", req.Command, e.Command)
	case e.Command != nil && !bytes.Equal(e.Data, req.Data):
		return fmt.Sprintf("data\n got % x\nwant % x", req.Data, e.Data)
	case e.Command != nil && e.ReadLen != AnyLen && e.ReadLen != req.ReadLen:
		return fmt.Sprintf("read length %d, want %d", req.ReadLen, e.ReadLen)
	}
	return ""
}

// check fails the test for what was never issued.
func (d *Device) check() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.script {
		d.tb.Errorf("fakedev: %s: exchange %q % x was never issued", d.protocol, e.Name, e.Command)
	}
}
