package ipmi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// How patient a client is with one command. A controller that says it is busy
// is asked again after 10, 20, 40, ... ms: 630 ms in all.
const (
	maxAttempts  = 7
	firstBackoff = 10 * time.Millisecond
	maxSilences  = 2 // attempts that got no answer, or one that made no sense

	// busTimeout is for one attempt at a controller behind the BMC. It answers
	// within fractions of a second or not at all.
	busTimeout = 2 * time.Second
)

// A Client sends commands to a controller and to those behind it. It may be
// used by several goroutines.
type Client struct {
	dev     device.Device
	timeout time.Duration

	mu    sync.Mutex
	sizes map[sizeKey]int // what a controller was found to accept
	deaf  map[Target]bool // controllers behind the BMC that do not answer
}

type sizeKey struct {
	target Target
	code   uint8
}

// NewClient returns a client on an open device. timeout is for one attempt at
// one command; zero is [DefaultTimeout].
func NewClient(dev device.Device, timeout time.Duration) *Client {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	return &Client{dev: dev, timeout: timeout, sizes: map[sizeKey]int{}, deaf: map[Target]bool{}}
}

// Do sends one command and returns the answer's data. It asks again, within
// bounds, when the controller is busy or did not answer. A controller's "no"
// is a [*CompletionError]; no answer is context.DeadlineExceeded. When a
// controller behind the BMC does not answer, that is the BMC's word for it
// (CompletionTimeout), and it is not asked again.
func (c *Client) Do(ctx context.Context, t Target, netFn NetFn, code uint8, data ...byte) ([]byte, error) {
	b, err := c.exchange(ctx, t, netFn, code, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", t, commandName(netFn, code, data), err)
	}
	return b, nil
}

func (c *Client) exchange(ctx context.Context, t Target, netFn NetFn, code uint8, data []byte) ([]byte, error) {
	timeout := c.timeout
	bridged := t.Channel != channelSystem
	if bridged {
		if c.isDeaf(t) {
			return nil, &CompletionError{Code: CompletionTimeout}
		}
		timeout = min(timeout, busTimeout)
	}
	b, err := c.attempts(ctx, Command{Target: t, NetFn: netFn, Code: code, Data: data}.Request(timeout), t, netFn)
	if bridged && err != nil && ctx.Err() == nil {
		if said, ok := codeOf(err); ok && said == CompletionTimeout || errors.Is(err, context.DeadlineExceeded) {
			c.setDeaf(t)
			return nil, &CompletionError{Code: CompletionTimeout}
		}
	}
	return b, err
}

func (c *Client) isDeaf(t Target) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deaf[t.WithLUN(0)]
}

func (c *Client) setDeaf(t Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf[t.WithLUN(0)] = true
}

func (c *Client) attempts(ctx context.Context, req device.Request, t Target, netFn NetFn) ([]byte, error) {
	pause := firstBackoff
	silences := 0
	for attempt := 1; ; attempt++ {
		resp, err := c.dev.Exchange(ctx, req)
		switch {
		case err == nil && len(resp.Status) == 0:
			err = fmt.Errorf("answer without a completion code: %w", inventory.ErrMalformed)
			silences++
		case err == nil && resp.Status[0] == 0:
			return resp.Data, nil
		case err == nil:
			code := CompletionCode(resp.Status[0])
			err = &CompletionError{Code: code}
			if code == CompletionTimeout && t.Channel != channelSystem {
				silences++ // the kernel's word for: nobody answered on the bus
			} else if !code.worthRetrying() && (netFn != NetFnStorage || code != storageBusy) {
				return nil, err
			}
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, inventory.ErrMalformed):
			silences++
		default:
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, errors.Join(ctx.Err(), err)
		}
		if attempt >= maxAttempts || silences >= maxSilences {
			return nil, err
		}
		if cerr := sleep(ctx, pause); cerr != nil {
			return nil, errors.Join(cerr, err)
		}
		pause *= 2
	}
}

// storageBusy is command specific: FRU device busy, or log being erased.
const storageBusy CompletionCode = 0x81

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// size returns how many bytes to ask a controller for with this command.
func (c *Client) size(t Target, code uint8, first int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.sizes[sizeKey{t, code}]; ok {
		return n
	}
	return first
}

// setSize remembers what it accepted.
func (c *Client) setSize(t Target, code uint8, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sizes[sizeKey{t, code}] = n
}

// gone says whether err means that asking on is of no use: time is up, or the
// way to the controller broke. A controller's "no" and bytes that make no
// sense cost only what was asked for.
func gone(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return true
	}
	_, answered := codeOf(err)
	return !answered && !errors.Is(err, inventory.ErrMalformed) &&
		!errors.Is(err, ErrBlankFRU) && !errors.Is(err, errors.ErrUnsupported)
}
