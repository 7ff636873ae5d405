package psu

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// gatherer walks the sensor data repository once and asks about power supplies
// as it meets them; other sensors are left to the bmc collector.
type gatherer struct {
	link    *bmclink.Link
	bays    map[uint8]*bay
	unknown []*ipmi.FRULocator // FRU devices the repository ties to no power supply
	errs    []error
}

// list gives the bays that are power supplies: those with inventory, or with a
// sensor of their own state. A temperature alone makes no bay.
func (g *gatherer) list() []*bay {
	var all []*bay
	for _, b := range g.bays {
		if b.fruID != nil || b.told {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b *bay) int { return int(a.instance) - int(b.instance) })
	return all
}

func (g *gatherer) walk(ctx context.Context) {
	for r, err := range g.link.Records(ctx) {
		if err != nil {
			// A record that makes no sense is the bmc collector's to report;
			// an end of the walk costs power supplies too.
			if bmclink.Lost(err) {
				g.fail("", "", err)
				return
			}
			continue
		}
		g.record(ctx, &r)
	}
	if len(g.list()) == 0 {
		g.byContent(ctx)
	}
}

func (g *gatherer) fail(id, field string, err error) {
	g.errs = append(g.errs, &inventory.PartError{ComponentID: id, Field: field, Source: g.link.Path, Err: err})
}

func (g *gatherer) record(ctx context.Context, r *ipmi.Record) {
	e, ok := r.Entity()
	if !ok || e.ID != entityPSU {
		if r.FRULocator != nil {
			g.unknown = append(g.unknown, r.FRULocator)
		}
		return
	}
	b := g.bays[e.Instance]
	if b == nil {
		b = &bay{instance: e.Instance}
		g.bays[e.Instance] = b
	}
	switch {
	case r.FRULocator != nil:
		g.fru(ctx, b, r.FRULocator)
	case r.Sensor != nil:
		for _, s := range r.Sensor.Shared() {
			g.sensor(ctx, b, &s)
		}
	}
}

func (g *gatherer) fru(ctx context.Context, b *bay, l *ipmi.FRULocator) {
	b.slot = slotName(l.Name, "fru")
	b.fruID = &l.DeviceID
	fru, err := g.link.FRU(ctx, l)
	switch {
	case err == nil:
		b.fru = &fru
	case errors.Is(err, ipmi.ErrBlankFRU), errors.Is(err, fs.ErrNotExist):
		b.fruErr = err
	default:
		b.fruErr = err
		g.fail(b.id(), "serial_number", err)
		if errors.Is(err, inventory.ErrMalformed) {
			b.fru = &fru
		}
	}
}

func (g *gatherer) sensor(ctx context.Context, b *bay, s *ipmi.Sensor) {
	status := s.Type == ipmi.SensorPowerSupply || s.Type == ipmi.SensorPresence
	watts := s.HasAnalog && s.Analog.Unit.String() == "watts"
	if s.EventOnly || !status && !watts {
		return
	}
	if b.slot == "" {
		b.slot = slotName(s.Name, "status", "presence", "input", "power", "in", "out", "output")
	}
	r, err := g.link.Reading(ctx, s)
	if err != nil {
		if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrNotExist) {
			g.fail(b.id(), "status", err)
		}
		return
	}
	if r.Status != ipmi.ReadingOK {
		return
	}
	switch {
	case watts && r.Value != nil:
		switch direction(s.Name) {
		case "input":
			b.input = r.Value
		case "output":
			b.output = r.Value
		}
	case status:
		b.told = b.told || s.Type == ipmi.SensorPowerSupply
		b.states = append(b.states, r.States...)
	}
}

// byContent looks for power supplies among FRU devices that the repository
// does not call so: one that carries a power supply record is one. A name
// proves nothing.
func (g *gatherer) byContent(ctx context.Context) {
	for _, l := range g.unknown {
		fru, err := g.link.FRU(ctx, l)
		if bmclink.Lost(err) {
			g.fail("", "", err)
			return
		}
		if err != nil || !slices.ContainsFunc(fru.Multi, func(m ipmi.MultiRecord) bool { return m.Type == ipmi.MultiPowerSupply }) {
			continue
		}
		n := uint8(len(g.bays) + 1)
		g.bays[n] = &bay{instance: n, slot: slotName(l.Name, "fru"), fru: &fru, fruID: &l.DeviceID}
	}
}

func (b *bay) id() string {
	if b.slot != "" {
		return inventory.IDOf("psu", b.slot)
	}
	return fmt.Sprintf("psu:%d", b.instance)
}

// slotName takes the words off a name that say what the record is rather than
// which supply. A name without a number tells no supply from another.
func slotName(name string, words ...string) string {
	fields := strings.Fields(name)
	for len(fields) > 0 && slices.Contains(words, strings.ToLower(fields[len(fields)-1])) {
		fields = fields[:len(fields)-1]
	}
	s := strings.Join(fields, " ")
	if !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	return s
}

// direction tells input from output by the words of a sensor's name; "" when
// it does not say.
func direction(name string) string {
	for w := range strings.FieldsFuncSeq(strings.ToLower(name), func(c rune) bool { return c < 'a' || c > 'z' }) {
		switch w {
		case "in", "input", "pin":
			return "input"
		case "out", "output", "pout":
			return "output"
		}
	}
	return ""
}
