package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// query is the questioning of one drive. It owns all it holds: when it is left
// behind because the drive hangs, nothing it goes on to write is seen.
type query struct {
	drive inventory.Drive
	unit  *unit  // the path asked by; read only
	node  string // /dev/sda
	errs  []error
}

func newQuery(d *inventory.Drive) *query {
	q := &query{drive: *d}
	q.drive.Namespaces = slices.Clone(d.Namespaces)
	q.drive.Sources = slices.Clone(d.Sources)
	q.drive.Paths = slices.Clone(d.Paths)
	q.drive.FirmwareSlots = maps.Clone(d.FirmwareSlots)
	return q
}

// fail notes what could not be read of the drive.
func (q *query) fail(field string, err error) {
	q.errs = append(q.errs, &inventory.PartError{Field: field, Source: q.node, Err: sysfs.Cause(err)})
}

// health is the drive's, made when the first of it is known.
func (q *query) health() *inventory.DriveHealth {
	if q.drive.Health == nil {
		q.drive.Health = &inventory.DriveHealth{}
	}
	return q.drive.Health
}

// answered says that the drive gave an answer, whatever it was: an error that
// is not an answer is of the way to the drive, and further questions are
// pointless.
func answered(err error) bool {
	var n nvme.StatusError
	var s *scsi.StatusError
	var m megaraid.StatusError
	return err == nil || errors.As(err, &n) || errors.As(err, &s) || errors.As(err, &m) ||
		errors.Is(err, inventory.ErrMalformed) || errors.Is(err, nvme.ErrTooManyNamespaces) || errors.Is(err, errors.ErrUnsupported)
}

// tell asks one question. What the drive does not support is silence; every
// other failure is noted against the field. more is false when there is no
// point in asking further.
func tell[T any](q *query, field string, ask func() (T, error), use func(T)) (more bool) {
	v, err := ask()
	switch {
	case err == nil:
		use(v)
	case errors.Is(err, errors.ErrUnsupported):
	default:
		q.fail(field, err)
	}
	return answered(err)
}

// open opens the drive's device node. On a live machine a node that is missing
// is an issue; a captured tree has none at all, and that is none.
func (q *query) open(ctx context.Context, h *host.Host, p host.Protocol) host.Device {
	dev, err := h.Open(ctx, p, q.node)
	if err == nil {
		return dev
	}
	if errors.Is(err, fs.ErrNotExist) {
		if names, dirErr := h.ReadDir(ctx, "/dev"); dirErr != nil || !slices.Contains(names, "null") {
			return nil
		}
		err = fmt.Errorf("no such device node: %w", fs.ErrNotExist)
	}
	q.fail("health", err)
	return nil
}
