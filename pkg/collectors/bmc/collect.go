// Package bmc collects the baseboard management controller: who it is, its
// network, sensors, event log, and the inventory of the parts it knows.
package bmc

import (
	"context"
	"errors"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// lastEvents is how many entries of the event log are read, the newest ones.
// A log can hold ten thousand, and some controllers take 200 ms for each.
const lastEvents = 50

// Collector makes the collector "bmc".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("bmc", []string{"bmc"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		return collect(ctx, h.ForRun(s.Run()), func(b *inventory.BMC) { s.Put(b) })
	})
}

// Read describes the BMC; nil, nil when the machine has no interface to one.
func Read(ctx context.Context, h *host.Host) (*inventory.BMC, error) {
	var last *inventory.BMC
	_, err := collect(ctx, h, func(b *inventory.BMC) { last = b })
	return last, err
}

// collect reads one thing after the other until the deadline, which is ahead
// of the collector's own, and hands over what it has, however it ends. The
// repository comes early because the psu collector is waiting for the same
// records, identity and log before the many sensors.
func collect(ctx context.Context, h *host.Host, put func(*inventory.BMC)) (bool, error) {
	ctx, cancel := bmclink.WithDeadline(ctx)
	defer cancel()
	link, release, err := bmclink.Open(ctx, h)
	defer release()
	if link == nil {
		return false, err
	}
	r := &reader{link: link, bmc: &inventory.BMC{Meta: inventory.Meta{ID: "bmc", Sources: []string{link.Path}}}}
	defer func() { put(r.bmc) }()
	for _, step := range []func(context.Context){r.identity, r.records, r.network, r.events, r.frus, r.sensors} {
		if step(ctx); r.lost {
			break
		}
	}
	return true, errors.Join(r.errs...)
}

// reader asks one BMC.
type reader struct {
	link   *bmclink.Link
	bmc    *inventory.BMC
	listed []listed // sensors of the repository
	parts  []*ipmi.FRULocator
	errs   []error
	lost   bool // the way to the BMC is gone: asking on would only take time
}

// listed is a sensor of the repository. A record may stand for several, one
// numbered after the other; not every controller has all that it announces so.
type listed struct {
	ipmi.Sensor
	announced bool // by the record of the sensor before it
}

// check keeps an error for a field, unless it only says that the controller
// cannot do this; true: there is an answer.
func (r *reader) check(field string, err error) bool {
	if err == nil {
		return true
	}
	if bmclink.Lost(err) {
		r.lost = true
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		r.errs = append(r.errs, &inventory.PartError{ComponentID: "bmc", Field: field, Source: r.link.Path, Err: err})
	}
	return false
}

// optional is check for what many controllers do not have and say so in many
// ways.
func (r *reader) optional(field string, err error) bool {
	if bmclink.Declined(err) {
		return false
	}
	return r.check(field, err)
}

func (r *reader) identity(ctx context.Context) {
	id := r.link.ID
	b := r.bmc
	b.Firmware, b.IPMIVersion = id.Firmware, id.IPMIVersion
	b.DeviceID, b.ProductID, b.ManufacturerID = id.DeviceID, id.ProductID, id.ManufacturerID
	if id.ManufacturerID != nil {
		b.Manufacturer = ipmi.ManufacturerName(*id.ManufacturerID)
	}
	if test, err := r.link.SelfTest(ctx); r.check("self_test", err) {
		b.SelfTest = selfTest(test)
	}
	if r.lost {
		return
	}
	if c, err := r.link.ChassisStatus(ctx); r.check("chassis", err) {
		b.Chassis = &inventory.ChassisStatus{PowerOn: &c.PowerOn, RestorePolicy: c.RestorePolicy, Faults: c.Faults, LastEvents: c.LastEvents}
	}
	if r.lost {
		return
	}
	guid, ok, err := r.link.SystemGUID(ctx)
	if bmclink.Declined(err) {
		guid, ok, err = r.link.DeviceGUID(ctx)
	}
	if r.optional("guid", err) && ok {
		b.GUID = guid.Best()
	}
}

func (r *reader) network(ctx context.Context) {
	channel, ok, err := r.link.LANChannel(ctx)
	if r.optional("lan", err) && ok {
		lan, err := r.link.LAN(ctx, channel)
		if r.optional("lan", err) || errors.Is(err, inventory.ErrMalformed) || r.lost {
			r.bmc.LAN = lanOf(lan)
			r.bmc.MAC = r.bmc.LAN.MAC
		}
	}
	if r.lost {
		return
	}
	if p, err := r.link.PowerReading(ctx); r.optional("power_watts", err) && p.Active {
		r.bmc.PowerWatts = new(uint32(p.CurrentWatts))
	}
}

func (r *reader) events(ctx context.Context) {
	info, err := r.link.SELInfo(ctx)
	if !r.check("sel", err) {
		return
	}
	sel := &inventory.SEL{
		Entries:   new(int(info.Entries)),
		Overflow:  &info.Overflow,
		LastAddAt: info.LastAddAt, LastEraseAt: info.LastEraseAt,
	}
	if info.FreeBytes != nil {
		sel.FreeBytes = new(int(*info.FreeBytes))
	}
	r.bmc.SEL = sel
	entries, err := r.link.SELTail(ctx, lastEvents, info)
	r.check("sel.last", err)
	for _, e := range entries {
		sel.Last = append(sel.Last, eventOf(e, r.causeOf(e)))
	}
}
