package storage

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// Storage is all that the collector finds. A nil list means that the machine
// has no such interface.
type Storage struct {
	Drives        []inventory.Drive
	Controllers   []inventory.StorageController
	LogicalDrives []inventory.LogicalDrive
}

// Read returns the drives in the order of their devices, those behind a RAID
// controller last; nil, nil when the machine has no block devices and no
// storage controllers. With drives, the error names what could not be read of
// which, as [inventory.PartError]s.
func Read(ctx context.Context, h *host.Host) ([]inventory.Drive, error) {
	all, err := ReadAll(ctx, h)
	if all == nil {
		return nil, err
	}
	return all.Drives, err
}

// ReadAll is Read with controllers and volumes.
func ReadAll(ctx context.Context, h *host.Host) (*Storage, error) {
	var r inventory.Report
	found, err := read(ctx, h, r.Add)
	if !found {
		return nil, err
	}
	slices.SortStableFunc(r.Storage, func(a, b inventory.Drive) int {
		if (a.Device == "") != (b.Device == "") {
			if a.Device == "" {
				return 1
			}
			return -1
		}
		return inventory.CompareNatural(a.Device+" "+a.ID, b.Device+" "+b.ID)
	})
	return &Storage{
		Drives:        append([]inventory.Drive{}, r.Storage...),
		Controllers:   append([]inventory.StorageController{}, r.StorageControllers...),
		LogicalDrives: append([]inventory.LogicalDrive{}, r.LogicalDrives...),
	}, err
}

// Collector fills storage, storage_controllers and logical_drives, handing over
// each drive as soon as it has answered.
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("storage", []string{"storage", "storage_controllers", "logical_drives"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return read(ctx, h.ForRun(s.Run()), s.Put)
	})
}

// read calls emit for every part, one call at a time and none after it has
// returned.
func read(ctx context.Context, h *host.Host, emit func(inventory.Component)) (found bool, err error) {
	m := survey(ctx, h)
	if !m.found && len(m.controllers) == 0 {
		return false, m.err()
	}
	if len(m.drives)+len(m.controllers)+len(m.volumes) == 0 && len(m.errs) > 0 {
		return false, m.err()
	}
	for _, c := range m.controllers {
		m.errs = append(m.errs, c.errs...)
		emit(&c.part)
	}
	m.askAll(ctx, h, emit)
	for _, c := range m.controllers {
		if c.set != nil {
			c.set.settle()
		}
	}
	for _, v := range m.volumes {
		emit(v)
	}
	return true, m.err()
}

// askAll questions the drives side by side and emits each as it is done.
// What is known of those that did not answer in time follows at the end, early
// enough for the collector's own deadline.
func (m *machine) askAll(ctx context.Context, h *host.Host, emit func(inventory.Component)) {
	ctx, cancel := inventory.Bound(ctx, inventory.DeviceDeadline(ctx, time.Hour))
	defer cancel()
	drives := m.drives
	var mu sync.Mutex
	done := make([]bool, len(drives))
	closed := false
	finish := func(i int, part *inventory.Drive, more []error) {
		if closed || done[i] {
			return
		}
		done[i] = true
		d := drives[i]
		if part.SerialNumber == "" { // a stick's: of one with a drive inside, the drive's own is better
			part.SerialNumber = d.units[0].usbSerial
		}
		part.ID = d.part.ID
		if part.ID == "" {
			part.ID = m.ids.Unique(d.lateID(part))
		}
		d.join(part.ID)
		blame(part.ID, more)
		blame(part.ID, d.errs)
		m.errs = append(append(m.errs, d.errs...), more...)
		part.Judge()
		emit(part)
	}
	index := make([]int, len(drives))
	for i := range index {
		index[i] = i
	}
	deadline := inventory.DeviceDeadline(ctx, driveDeadline)
	missed := inventory.Each(ctx, sideBySide, deadline, index, func(ctx context.Context, i int) error {
		ctx, cancel := inventory.Bound(ctx, deadline*9/10)
		defer cancel()
		part, more := drives[i].ask(ctx, h)
		mu.Lock()
		defer mu.Unlock()
		finish(i, part, more)
		return nil
	})
	mu.Lock()
	defer mu.Unlock()
	for i := range drives {
		if !done[i] { // what sysfs told of it is still worth having
			part := newQuery(&drives[i].part).drive
			finish(i, &part, []error{&inventory.PartError{Field: "health", Err: errors.Join(missed[i])}})
		}
	}
	closed = true
}

// lateID names a drive that sysfs did not.
func (d *drive) lateID(part *inventory.Drive) string {
	if u := d.units[0]; u.behind != nil && part.WWN == "" && part.SerialNumber == "" && part.Device == "" {
		return u.behind.positionalID(u.at.function())
	}
	return driveID(part)
}

// join tells a RAID controller's volumes what their member is called.
func (d *drive) join(id string) {
	for _, u := range d.units {
		if u.behind != nil {
			u.set.ids[u.behind.pd.DeviceID] = id
		}
	}
}

// ask questions one drive, by the first path that leads to it.
func (d *drive) ask(ctx context.Context, h *host.Host) (*inventory.Drive, []error) {
	var errs []error
	for _, u := range d.units {
		q := newQuery(&d.part)
		q.unit, q.node = u, "/dev/"+u.name
		done := q.send(ctx, h)
		errs = append(errs, q.errs...)
		if done || len(q.errs) == 0 || ctx.Err() != nil || u == d.units[len(d.units)-1] {
			return &q.drive, errs
		}
	}
	return &newQuery(&d.part).drive, errs
}

// send chooses the command set by what sysfs says the device is.
func (q *query) send(ctx context.Context, h *host.Host) (done bool) {
	if q.unit.behind != nil && q.drive.Device == "" {
		return q.megaraid(ctx, h)
	}
	switch q.drive.Protocol {
	case inventory.ProtocolNVMe:
		return q.nvme(ctx, h)
	case inventory.ProtocolSATA, inventory.ProtocolSAS, inventory.ProtocolSCSI, inventory.ProtocolUSB:
		return q.disk(ctx, h)
	}
	return true // virtio, MMC: there is nothing to ask
}
