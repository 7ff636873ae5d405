package host

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/inventory"
)

// Bounds on calls under way, those that never come back included. One class of
// call may not use up the whole allowance: a shelf of dead drives must not
// cost the BMC's answer.
const (
	totalSlots  = 16
	deviceSlots = 10 // calls of one device protocol
	fileSlots   = 4  // reads of one attribute, on whatever device
	dirSlots    = 8
	// folderStuck is when a folder's files are no longer asked: a dead device
	// hangs in each of its attributes, and would use up everything.
	folderStuck = 3
)

// StuckError says that an earlier call has not come back. It is
// inventory.ErrStuck.
type StuckError struct {
	Name  string    // the file, or protocol and device
	Since time.Time // when the call was made
}

func (e StuckError) Error() string {
	return fmt.Sprintf("%s: stuck since %s", e.Name, e.Since.UTC().Format(time.RFC3339))
}

// Is makes errors.Is(err, inventory.ErrStuck) true.
func (e StuckError) Is(target error) bool { return target == inventory.ErrStuck }

var (
	errFolderStuck  = fmt.Errorf("other files of its folder are stuck: %w", inventory.ErrStuck)
	errTooMany      = fmt.Errorf("too many other calls are stuck: %w", inventory.ErrStuck)
	errCallDeadline = fmt.Errorf("no answer: %w", context.DeadlineExceeded)
)

// A call is one thing that may block for ever.
type call struct {
	key      string // calls with one key share a fate
	op       string // what is done to a file; "": a device is asked
	folder   string // files of one folder are one device's; "": not a file
	class    string // calls with one class share slots
	slots    int
	deadline time.Duration

	ask   Op
	limit int        // of a file
	dev   *deviceAsk // of a device
}

// failed is the error of a call that gave no answer. That of a file is a
// path's, as all errors of files are.
func (c *call) failed(err error) error {
	switch {
	case c.op == "":
		return fmt.Errorf("%s: %w", c.key, err)
	case c.dev != nil:
		return &fs.PathError{Op: c.op, Path: c.dev.name, Err: err}
	}
	return &fs.PathError{Op: c.op, Path: c.key, Err: err}
}

// guard admits calls that may never return, and remembers those that have not.
type guard struct {
	tap     Tap // nil: nobody wants to know
	watch   watch
	mu      sync.Mutex
	total   occupancy
	classes map[string]*occupancy
	stuck   map[string]*stuckKey
	waiters int
	changed chan struct{} // closed when a slot becomes free or stuck and somebody waits
}

// occupancy counts the slots in use, and those of them whose call is stuck.
type occupancy struct{ used, stuck int }

type stuckKey struct {
	folder string
	since  time.Time
	count  int
}

func newGuard() *guard {
	return &guard{classes: map[string]*occupancy{}, stuck: map[string]*stuckKey{}, changed: make(chan struct{})}
}

func (g *guard) list() []StuckError {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []StuckError
	for name, c := range g.stuck {
		all = append(all, StuckError{name, c.since})
	}
	slices.SortFunc(all, func(a, b StuckError) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// enter takes a slot for the call. It waits while slots are used by calls that
// still have their time, and refuses when they are used by stuck ones.
func (g *guard) enter(ctx context.Context, c *call) error {
	for {
		g.mu.Lock()
		if s, ok := g.stuck[c.key]; ok {
			g.mu.Unlock()
			return StuckError{c.key, s.since}
		}
		if c.folder != "" && g.stuckIn(c.folder) >= folderStuck {
			g.mu.Unlock()
			return c.failed(errFolderStuck)
		}
		class := g.classes[c.class]
		if class == nil {
			class = &occupancy{}
			g.classes[c.class] = class
		}
		if class.stuck >= c.slots || g.total.stuck >= totalSlots {
			g.mu.Unlock()
			return c.failed(errTooMany)
		}
		if class.used < c.slots && g.total.used < totalSlots {
			class.used++
			g.total.used++
			g.mu.Unlock()
			return nil
		}
		wait := g.changed
		g.waiters++
		g.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return c.failed(inventory.Cause(ctx))
		}
	}
}

// stuckIn counts the files of a folder that are stuck, of which there are never
// many. The caller holds the lock.
func (g *guard) stuckIn(folder string) int {
	n := 0
	for _, s := range g.stuck {
		if s.folder == folder {
			n++
		}
	}
	return n
}

// leave gives the call's slot back, or, when the call is still in it, marks it
// stuck; back is the end of a stuck one.
func (g *guard) leave(c *call) { g.change(c, -1, 0, time.Time{}) }

func (g *guard) stick(c *call, since time.Time) { g.change(c, 0, 1, since) }

func (g *guard) back(c *call) { g.change(c, -1, -1, time.Time{}) }

func (g *guard) change(c *call, used, stuck int, since time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	class := g.classes[c.class]
	class.used += used
	class.stuck += stuck
	g.total.used += used
	g.total.stuck += stuck
	if class.used == 0 {
		delete(g.classes, c.class) // attribute names come from the machine: keep no history
	}
	if stuck != 0 {
		k := g.stuck[c.key]
		if k == nil {
			k = &stuckKey{folder: c.folder, since: since}
			g.stuck[c.key] = k
		}
		if k.count += stuck; k.count == 0 {
			delete(g.stuck, c.key)
		}
	}
	if g.waiters > 0 {
		g.waiters = 0
		close(g.changed)
		g.changed = make(chan struct{})
	}
}
