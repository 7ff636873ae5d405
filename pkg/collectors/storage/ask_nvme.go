package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/inventory"
)

// nvme asks a controller. more is false when another path to the drive should
// be tried.
func (q *query) nvme(ctx context.Context, h *host.Host) (done bool) {
	if s := q.unit.state; s != "" && s != "live" {
		// The kernel would hold the command until the controller is back, or
		// refuse it.
		q.fail("health", fmt.Errorf("controller is %s", s))
		return false
	}
	dev := q.open(ctx, h, host.NVMeAdmin)
	if dev == nil {
		return false
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	c := nvme.NewClient(dev)
	var ctrl *nvme.Controller
	more := tell(q, "health", func() (*nvme.Controller, error) { return c.IdentifyController(ctx) }, func(v *nvme.Controller) {
		ctrl = v
		applyController(&q.drive, v)
	})
	if ctrl == nil {
		return more
	}
	q.source("nvme admin " + q.node)
	// Health first: should time run out, it matters most.
	return q.nvmeLogs(ctx, c, ctrl) && q.nvmeNamespaces(ctx, c, ctrl)
}

func (q *query) source(s string) {
	if !slices.Contains(q.drive.Sources, s) {
		q.drive.Sources = append(q.drive.Sources, s)
	}
}

// nvmeLogs reads the logs the controller claims to have: the error log's count
// is in the health log, and asking for what is not there would make it longer.
func (q *query) nvmeLogs(ctx context.Context, c nvme.Client, ctrl *nvme.Controller) (more bool) {
	if !ctrl.SupportsLogs() {
		return true
	}
	if !tell(q, "health", func() (*nvme.SMARTLog, error) { return c.SMARTLog(ctx) }, func(s *nvme.SMARTLog) {
		q.drive.Health = nvmeHealth(s)
		limits(q.drive.Health, ctrl)
	}) {
		return false
	}
	if !tell(q, "firmware_slots", func() (*nvme.FirmwareLog, error) { return c.FirmwareLog(ctx) }, func(l *nvme.FirmwareLog) {
		q.drive.FirmwareSlots = firmwareSlots(l)
	}) {
		return false
	}
	return !ctrl.SupportsSelfTest() || tell(q, "health", func() (*nvme.SelfTestLog, error) { return c.SelfTestLog(ctx) }, func(l *nvme.SelfTestLog) {
		q.health().SelfTests = nvmeSelfTests(l)
	})
}

func (q *query) nvmeNamespaces(ctx context.Context, c nvme.Client, ctrl *nvme.Controller) (more bool) {
	ids, err := c.ActiveNamespaces(ctx, ctrl)
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		q.fail("namespaces", err)
		if !answered(err) {
			return false
		}
	}
	for _, id := range ids {
		if !tell(q, fmt.Sprintf("namespaces[%d]", id), func() (*nvme.NamespaceInfo, error) { return c.IdentifyNamespace(ctx, id) }, func(n *nvme.NamespaceInfo) {
			if !n.Inactive() {
				applyNamespace(&q.drive, id, n)
			}
		}) {
			return false
		}
	}
	slices.SortStableFunc(q.drive.Namespaces, func(a, b inventory.Namespace) int { return int(int64(a.NSID) - int64(b.NSID)) })
	sumNamespaces(&q.drive)
	applyCapacity(&q.drive, ctrl)
	return true
}
