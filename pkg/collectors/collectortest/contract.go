package collectortest

import (
	"context"
	"fmt"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// A Factory makes the collector under test for a host.
type Factory func(h *host.Host) inventory.Collector

// An Option adds to what the contract is tested on.
type Option func(*suite)

// OnMachine tests the contract on a machine, too. The collector must find
// something on it.
func OnMachine(name string, m *hosttest.Source) Option {
	return func(s *suite) { s.machines = append(s.machines, machine{name: name, src: m}) }
}

// OnTree tests the contract on a captured tree, too: the files below dir.
func OnTree(name, dir string) Option {
	return func(s *suite) { s.machines = append(s.machines, machine{name: name, dir: dir}) }
}

// AlwaysThere is for a collector whose interface no machine lacks, such as
// the kernel itself. It need not be absent on an empty machine, though it still
// may not panic or hang there.
func AlwaysThere() Option { return func(s *suite) { s.alwaysThere = true } }

// NoFiles is for a collector that reads devices only. It need not notice that
// files cannot be read.
func NoFiles() Option { return func(s *suite) { s.noFiles = true } }

// Run tests a collector against the contract, each clause as a subtest.
func Run(t *testing.T, factory Factory, opts ...Option) {
	t.Helper()
	s := newSuite(factory, opts)
	for _, c := range s.checks() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if err := c.check(t.Context(), t.TempDir()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Violations is Run for other frameworks: what the collector does against the
// contract, each clause an error. dir is an empty folder to work in.
func Violations(ctx context.Context, dir string, factory Factory, opts ...Option) []error {
	var errs []error
	for _, c := range newSuite(factory, opts).checks() {
		if err := c.check(ctx, dir); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errs
}

// suite is a collector under test and the machines to test it on.
type suite struct {
	factory     Factory
	machines    []machine
	alwaysThere bool
	noFiles     bool
}

func newSuite(factory Factory, opts []Option) *suite {
	s := &suite{factory: factory}
	for _, o := range opts {
		o(s)
	}
	return s
}

// check is one clause, on one machine.
type check struct {
	name  string
	check func(ctx context.Context, dir string) error
}

func (s *suite) checks() []check {
	list := []check{
		{"empty machine", s.checkEmpty},
		{"everything denied", s.checkDenied},
		{"everything fails", s.checkFailing},
		{"everything hangs", s.checkHanging},
		{"cancelled", s.checkCancelled},
	}
	for _, m := range s.machines {
		on := func(name string, f func(context.Context, string, machine) error) {
			list = append(list, check{m.name + "/" + name, func(ctx context.Context, dir string) error { return f(ctx, dir, m) }})
		}
		on("finds something", s.checkFinds)
		on("two runs are equal", s.checkRepeatable)
		on("ids, sources, sections", s.checkComponents)
		on("writes nothing", s.checkReadOnly)
		on("one file at a time fails", s.checkSingleFaults)
		on("garbage in every file", s.checkGarbage)
	}
	return list
}
