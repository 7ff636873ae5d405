package psu

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// gatherer walks the sensor data repository once and asks about power supplies
// as it meets them; other sensors are left to the bmc collector.
type gatherer struct {
	link   *bmclink.Link
	bays   map[place]*bay
	others []*ipmi.FRULocator // FRU devices the repository ties to no power supply
	faults []fault
	lost   bool // the way to the BMC is gone: asking on would only take time
}

// fault is an error of a bay, whose id is not known before the walk ends.
type fault struct {
	bay   *bay // nil: of all
	field string
	err   error
}

func (g *gatherer) fail(b *bay, field string, err error) {
	g.lost = g.lost || bmclink.Lost(err)
	g.faults = append(g.faults, fault{b, field, err})
}

func (g *gatherer) errors() error {
	var errs []error
	for _, f := range g.faults {
		e := &inventory.PartError{Field: f.field, Source: g.link.Path, Err: f.err}
		if f.bay != nil {
			e.ComponentID = f.bay.id
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// list gives the bays that are power supplies, those with inventory or with a
// sensor of their own state, and names them. A temperature alone makes no bay.
func (g *gatherer) list() []*bay {
	var all []*bay
	for _, b := range g.bays {
		if b.located || b.told {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *bay) int { return a.compare(b.place) })
	var ids inventory.IDs
	for _, b := range all {
		b.id = ids.Unique(b.baseID())
	}
	return all
}

func (g *gatherer) walk(ctx context.Context) {
	for r, err := range g.link.Records(ctx) {
		switch {
		case err == nil:
			g.record(ctx, &r)
		case errors.Is(err, inventory.ErrMalformed):
			// A record that makes no sense is the bmc collector's to report.
		default: // the end of the walk costs power supplies, too
			g.fail(nil, "", err)
		}
		if g.lost {
			return
		}
	}
	g.byContent(ctx)
}

func (g *gatherer) record(ctx context.Context, r *ipmi.Record) {
	e, ok := r.Entity()
	switch {
	case !ok, r.MCLocator != nil:
	case e.ID != ipmi.EntityPowerSupply:
		if r.FRULocator != nil {
			g.others = append(g.others, r.FRULocator)
		}
	case r.FRULocator != nil:
		g.fru(ctx, g.bay(e, r.FRULocator.AccessAddr), r.FRULocator)
	case r.Sensor != nil:
		for _, s := range r.Sensor.Shared() {
			g.sensor(ctx, g.bay(s.Entity, s.OwnerID), &s)
		}
	}
}

func (g *gatherer) bay(e ipmi.Entity, owner uint8) *bay {
	p := placeOf(e, owner)
	b := g.bays[p]
	if b == nil {
		b = &bay{place: p}
		g.bays[p] = b
	}
	return b
}

func (g *gatherer) fru(ctx context.Context, b *bay, l *ipmi.FRULocator) {
	if s := slotName(l.Name); s != "" {
		b.slot = s
	}
	fru, err := g.link.FRU(ctx, l)
	g.take(b, l, fru, err)
	switch {
	case err == nil, errors.Is(err, ipmi.ErrBlankFRU), errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported):
	default:
		g.fail(b, "serial_number", err)
	}
}

// take gives a bay its inventory: with an error, what was read before it.
func (g *gatherer) take(b *bay, l *ipmi.FRULocator, fru ipmi.FRU, err error) {
	b.located, b.fruErr = true, err
	if l.Logical {
		b.fruID = &l.DeviceID
	}
	if err == nil || fru.Board != nil || fru.Product != nil || len(fru.Multi) > 0 {
		b.fru = &fru
	}
}

func (g *gatherer) sensor(ctx context.Context, b *bay, s *ipmi.Sensor) {
	watts := s.HasAnalog && s.Analog.Unit.String() == "watts" && direction(s.Name) != ""
	state := ofState(s)
	if s.EventOnly || g.lost || !state && !watts && s.Type != ipmi.SensorPresence && s.Type != ipmi.SensorPowerSupply {
		return
	}
	if b.slot == "" {
		b.slot = slotName(s.Name)
	}
	field := "status"
	if watts {
		field = direction(s.Name) + "_watts"
	}
	r, err := g.link.Reading(ctx, s)
	switch {
	case bmclink.Declined(err), errors.Is(err, errors.ErrUnsupported):
		return // the repository names a sensor the controller does not have
	case err != nil:
		g.fail(b, field, err)
		return
	case r.Status != ipmi.ReadingOK:
		return
	}
	switch {
	case !watts:
	case direction(s.Name) == "input":
		b.input = r.Value
	default:
		b.output = r.Value
	}
	if s.Threshold() {
		return // beyond a limit of watts or volts: a verdict on the reading
	}
	b.states = append(b.states, r.States...)
	if state {
		silent := s.EventType == ipmi.EventTypeSensorSpecific && s.ReadingMask&1 != 0 && r.Raw.States&1 == 0
		b.silent = silent && (b.silent || !b.told)
		b.told = true
	}
}

// ofState says whether a sensor tells the supply's own state, rather than that
// it is there, or of redundancy with others.
func ofState(s *ipmi.Sensor) bool {
	const predictive, severity = 0x04, 0x07 // IPMI table 42-2
	if s.Type != ipmi.SensorPowerSupply {
		return false
	}
	return s.EventType == ipmi.EventTypeSensorSpecific || s.EventType == predictive || s.EventType == severity
}

// byContent looks for power supplies among FRU devices that the repository
// does not call so, when it calls none so: one that carries a power supply
// record is one. A name proves nothing.
func (g *gatherer) byContent(ctx context.Context) {
	for _, b := range g.bays {
		if b.located {
			return
		}
	}
	known := g.list()
	const most = 64 // no machine has more, whatever the controller says
	for _, l := range g.others {
		fru, err := g.link.FRU(ctx, l)
		if bmclink.Lost(err) {
			g.fail(nil, "", err)
			return
		}
		if !slices.ContainsFunc(fru.Multi, func(m ipmi.MultiRecord) bool { return m.Type == ipmi.MultiPowerSupply }) {
			continue
		}
		b := sameSlot(known, slotName(l.Name))
		if len(known) == 0 { // else sensors have told of the bays already
			b = &bay{place: place{instance: uint8(len(g.bays) + 1)}, slot: slotName(l.Name)}
			g.bays[b.place] = b
		}
		if b != nil {
			g.take(b, l, fru, err)
		}
		if len(g.bays) >= most {
			return
		}
	}
}

// sameSlot is the one bay of that number.
func sameSlot(bays []*bay, slot string) *bay {
	n := number(slot)
	if n == "" {
		return nil
	}
	var hit *bay
	for _, b := range bays {
		if number(b.name()) == n {
			if hit != nil {
				return nil
			}
			hit = b
		}
	}
	return hit
}
