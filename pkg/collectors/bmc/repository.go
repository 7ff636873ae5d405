package bmc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

const entityPSU = 0x0A // IPMI table 43-13: the psu collector's

// repository reads every sensor and FRU that the sensor data repository
// names. FRU 0 is the controller's own and needs no record.
func (r *reader) repository(ctx context.Context) {
	r.fru(ctx, &ipmi.FRULocator{Name: "", Logical: true, AccessAddr: 0x20}, true)
	var ids inventory.IDs
	for record, err := range r.link.Records(ctx) {
		if r.lost {
			return
		}
		if err != nil {
			r.check("sensors", err)
			continue
		}
		switch {
		case record.FRULocator != nil:
			if l := record.FRULocator; l.Entity.ID != entityPSU && (l.DeviceID != 0 || l.AccessAddr != 0x20) {
				r.fru(ctx, l, false)
			}
		case record.Sensor != nil:
			for _, s := range record.Sensor.Shared() {
				if !s.EventOnly {
					r.sensor(ctx, &ids, &s)
				}
				r.nameEvents(&s)
			}
		}
	}
}

func (r *reader) sensor(ctx context.Context, ids *inventory.IDs, s *ipmi.Sensor) {
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
	reading, err := r.link.Reading(ctx, s)
	switch {
	case err == nil:
		apply(&v, reading)
		if thresholds, err := r.link.Thresholds(ctx, s); r.check("sensors", err) && len(thresholds) > 0 {
			v.Thresholds = map[string]float64{}
			for _, t := range thresholds {
				v.Thresholds[t.Kind.String()] = t.Value
			}
		}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported):
		v.Unavailable = "not_present"
	default:
		v.Unavailable = string(inventory.KindOf(err))
		r.check("sensors", err)
	}
	r.bmc.Sensors = append(r.bmc.Sensors, v)
}

// apply gives a sensor its reading. A threshold sensor's states are what its
// health says already.
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

func (r *reader) fru(ctx context.Context, l *ipmi.FRULocator, own bool) {
	f, err := r.link.FRU(ctx, l)
	malformed := errors.Is(err, inventory.ErrMalformed)
	switch {
	case errors.Is(err, ipmi.ErrBlankFRU), errors.Is(err, fs.ErrNotExist), errors.Is(err, errors.ErrUnsupported):
		return
	case err != nil && !malformed:
		r.check("frus", err)
		return
	}
	v := fruOf(f, l)
	v.ID = fmt.Sprintf("fru:%02x:%d", l.AccessAddr, l.DeviceID)
	if own {
		v.Entity = ""
		if f.Product != nil && f.Product.Name != nil {
			r.bmc.Product = *f.Product.Name
		}
	}
	if malformed {
		v.Damaged = append(v.Damaged, err.Error())
		r.check("frus", err)
	}
	r.bmc.FRUs = append(r.bmc.FRUs, v)
}
