package bmc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

const controllerAddr = 0x20 // the BMC's own slave address

// records walks the sensor data repository, and then reads what it says of
// power supplies: the psu collector wants the same, and what the session has
// read it need not wait for behind all other sensors.
func (r *reader) records(ctx context.Context) {
	for record, err := range r.link.Records(ctx) {
		switch {
		case err != nil:
			r.check("sensors", err)
		case record.FRULocator != nil:
			r.parts = append(r.parts, record.FRULocator)
		case record.MCLocator != nil && record.MCLocator.Addr == controllerAddr:
			r.bmc.Product = record.MCLocator.Name
		case record.Sensor != nil:
			for i, s := range record.Sensor.Shared() {
				r.listed = append(r.listed, listed{s, i > 0})
			}
		}
		if r.lost {
			return
		}
	}
	r.powerSupplies(ctx)
}

func (r *reader) powerSupplies(ctx context.Context) {
	for _, l := range r.parts {
		if l.Entity.ID == ipmi.EntityPowerSupply {
			if _, err := r.link.FRU(ctx, l); bmclink.Lost(err) {
				r.check("sensors", err)
				return
			}
		}
	}
	for i := range r.listed {
		if s := &r.listed[i]; s.Entity.ID == ipmi.EntityPowerSupply && !s.EventOnly {
			if _, err := r.link.Reading(ctx, &s.Sensor); bmclink.Lost(err) {
				r.check("sensors", err)
				return
			}
		}
	}
}

// sensors reads every sensor the repository names, except those that only
// send events. When a record announces more sensors than the controller has,
// the first that it does not know is the end of them.
func (r *reader) sensors(ctx context.Context) {
	var ids inventory.IDs
	known := true
	for i := range r.listed {
		l := &r.listed[i]
		if l.EventOnly || l.announced && !known {
			continue
		}
		reading, err := r.link.Reading(ctx, &l.Sensor)
		known = !bmclink.Declined(err)
		if known || !l.announced {
			r.sensor(ctx, &ids, &l.Sensor, reading, err)
		}
		if r.lost {
			return
		}
	}
}

func (r *reader) sensor(ctx context.Context, ids *inventory.IDs, s *ipmi.Sensor, reading ipmi.SensorReading, err error) {
	v := inventory.Sensor{
		ID:     ids.Unique(inventory.IDOf("sensor", s.Name, s.Entity.String())),
		Name:   s.Name,
		Number: &s.Number,
		Type:   s.Type.String(),
		Entity: s.Entity.String(),
		Health: inventory.HealthUnknown,
	}
	if s.HasAnalog {
		v.Unit = s.Analog.Unit.String()
	}
	switch {
	case err == nil:
		apply(&v, reading)
		r.thresholds(ctx, &v, s)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported):
		v.Unavailable = "not_present"
	case bmclink.Declined(err):
		v.Unavailable = "refused"
	default:
		v.Unavailable = string(inventory.KindOf(err))
		r.check("sensors", err)
	}
	r.bmc.Sensors = append(r.bmc.Sensors, v)
}

// apply gives a sensor its reading.
func apply(v *inventory.Sensor, r ipmi.SensorReading) {
	if r.Status != ipmi.ReadingOK {
		v.Unavailable = string(r.Status)
		return
	}
	v.Value, v.Health = r.Value, r.Health
	for _, s := range r.States {
		v.States = append(v.States, s.Name)
	}
}

func (r *reader) thresholds(ctx context.Context, v *inventory.Sensor, s *ipmi.Sensor) {
	limits, err := r.link.Thresholds(ctx, s)
	if !r.optional("sensors", err) || len(limits) == 0 {
		return
	}
	v.Thresholds = map[string]float64{}
	for _, t := range limits {
		v.Thresholds[t.Kind.String()] = t.Value
	}
}

// frus reads the field replaceable units that are not power supplies. FRU 0 is
// the controller's own and needs no record.
func (r *reader) frus(ctx context.Context) {
	var ids inventory.IDs
	r.fru(ctx, &ids, &ipmi.FRULocator{Logical: true, AccessAddr: controllerAddr}, true)
	for _, l := range r.parts {
		if r.lost {
			return
		}
		if l.Entity.ID != ipmi.EntityPowerSupply && (l.DeviceID != 0 || l.AccessAddr != controllerAddr) {
			r.fru(ctx, &ids, l, false)
		}
	}
}

func (r *reader) fru(ctx context.Context, ids *inventory.IDs, l *ipmi.FRULocator, own bool) {
	f, err := r.link.FRU(ctx, l)
	header := false
	switch {
	case err == nil:
	case errors.Is(err, ipmi.ErrBlankFRU), errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported):
		return
	default:
		r.check("frus", err)
		header = errors.Is(err, inventory.ErrMalformed) && f.Chassis == nil && f.Board == nil && f.Product == nil && len(f.Damaged) == 0
		if !header && len(f.Damaged) == 0 {
			return // nothing of it was read
		}
	}
	v := fruOf(f, l)
	v.ID = ids.Unique(fmt.Sprintf("fru:%02x:%d", l.AccessAddr, l.DeviceID))
	if own {
		v.Entity = ""
	}
	if header {
		v.Damaged = append(v.Damaged, "header")
	}
	r.bmc.FRUs = append(r.bmc.FRUs, v)
}
