package collectortest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

const normal = 30 * time.Second

func (s *suite) checkEmpty(ctx context.Context, _ string) error {
	o, err := s.observe(ctx, &faulty{Source: &hosttest.Source{}}, normal)
	if err != nil {
		return err
	}
	if s.alwaysThere {
		return nil
	}
	if got := o.outcome(); got.Status != inventory.StatusAbsent || len(o.parts) > 0 || len(o.report.Issues) > 0 {
		return fmt.Errorf("status %s with %d components and %d issues (%s), want absent and nothing", got.Status, len(o.parts), len(o.report.Issues), got.Error)
	}
	return nil
}

func (s *suite) checkDenied(ctx context.Context, _ string) error {
	return s.checkFault(ctx, fs.ErrPermission, inventory.KindDenied, inventory.StatusDenied)
}

func (s *suite) checkFailing(ctx context.Context, _ string) error {
	return s.checkFault(ctx, syscall.EIO, inventory.KindIO, inventory.StatusFailed)
}

// checkFault: denied is not absent. What is partly known without any access
// may be partial, but the reason must be among the issues.
func (s *suite) checkFault(ctx context.Context, fault error, kind inventory.IssueKind, status inventory.Status) error {
	for _, m := range append([]machine{{src: &hosttest.Source{}}}, s.machines...) {
		src, err := m.source()
		if err != nil {
			return err
		}
		o, err := s.observe(ctx, &faulty{Source: src, fail: fault}, normal)
		if err = errors.Join(err, src.Close()); err != nil {
			return err
		}
		got := o.outcome()
		if got.Status != status && got.Status != inventory.StatusPartial {
			return fmt.Errorf("status %s (%s), want %s", got.Status, got.Error, status)
		}
		named := false
		for _, i := range o.report.Issues {
			named = named || i.Kind == kind
		}
		if !named {
			return fmt.Errorf("no issue of kind %s among %+v", kind, o.report.Issues)
		}
	}
	return nil
}

func (s *suite) checkHanging(ctx context.Context, _ string) error {
	const deadline = 500 * time.Millisecond
	for _, m := range append([]machine{{src: &hosttest.Source{}}}, s.machines...) {
		src, err := m.source()
		if err != nil {
			return err
		}
		gate := make(chan struct{})
		o, err := s.observe(ctx, &faulty{Source: src, gate: gate}, deadline)
		close(gate) // what hung may go; the source stays open for it
		if err != nil {
			return err
		}
		switch got := o.outcome(); got.Status {
		case inventory.StatusTimeout, inventory.StatusPartial:
		default:
			return fmt.Errorf("status %s (%s), want timeout", got.Status, got.Error)
		}
	}
	return nil
}

func (s *suite) checkCancelled(ctx context.Context, _ string) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	for _, m := range append([]machine{{src: &hosttest.Source{}}}, s.machines...) {
		src, err := m.source()
		if err != nil {
			return err
		}
		begun := time.Now()
		_, err = s.observe(ctx, &faulty{Source: src}, normal)
		if err = errors.Join(err, src.Close()); err != nil {
			return err
		}
		if took := time.Since(begun); took > patience {
			return fmt.Errorf("came back %s after its context had ended", took)
		}
	}
	return nil
}
