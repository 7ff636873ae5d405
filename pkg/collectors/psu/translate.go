package psu

import (
	"cmp"
	"errors"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

const sourceBMC = "ipmi"

func translate(bays []*bay) []inventory.PowerSupply {
	all := make([]inventory.PowerSupply, 0, len(bays))
	for _, b := range bays {
		p := inventory.PowerSupply{
			Meta:       inventory.Meta{ID: b.id, Sources: []string{sourceBMC}},
			Slot:       b.name(),
			FRUID:      b.fruID,
			Present:    b.present(),
			InputWatts: b.input, OutputWatts: b.output,
		}
		for _, s := range b.states {
			p.States = append(p.States, s.Name)
		}
		if b.fru != nil {
			fill(&p, b.fru)
		} else if errors.Is(b.fruErr, inventory.ErrMalformed) {
			p.Damaged = append(p.Damaged, "header")
		}
		if p.Present == nil || *p.Present {
			p.Status = b.status()
			p.Health = health(p.Status)
		}
		all = append(all, p)
	}
	return all
}

func health(s inventory.PSUStatus) inventory.Health {
	switch s {
	case inventory.PSUStatusOK:
		return inventory.HealthOK
	case inventory.PSUStatusFailed, inventory.PSUStatusInputLost:
		return inventory.HealthCritical
	case inventory.PSUStatusPredictiveFailure, inventory.PSUStatusConfigurationError:
		return inventory.HealthWarning
	case inventory.PSUStatusUnknown:
	}
	return inventory.HealthUnknown
}

// fill takes identity and capacity from the FRU: the product area names the
// supply as sold, the board area stands in for it.
func fill(p *inventory.PowerSupply, f *ipmi.FRU) {
	if a := f.Product; a != nil {
		p.Manufacturer, p.Model = str(a.Manufacturer), str(a.Name)
		p.PartNumber, p.SerialNumber = str(a.PartNumber), str(a.SerialNumber)
		p.Revision, p.AssetTag = str(a.Version), str(a.AssetTag)
	}
	if a := f.Board; a != nil {
		p.Manufacturer = cmp.Or(p.Manufacturer, str(a.Manufacturer))
		p.Model = cmp.Or(p.Model, str(a.ProductName))
		p.PartNumber = cmp.Or(p.PartNumber, str(a.PartNumber))
		p.SerialNumber = cmp.Or(p.SerialNumber, str(a.SerialNumber))
	}
	for _, m := range f.Multi {
		if ps := m.PowerSupply; ps != nil {
			if ps.CapacityWatts != nil {
				p.CapacityWatts = new(uint32(*ps.CapacityWatts))
			}
			p.HotPluggable = &ps.HotSwap
		}
	}
	for _, d := range f.Damaged {
		p.Damaged = append(p.Damaged, string(d.Area)+": "+d.Reason)
	}
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
