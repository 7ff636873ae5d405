package psu

import (
	"cmp"
	"fmt"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// translateSMBIOS lists power supplies by type 39 alone. It is nil when the
// table has no such record, or only ones nobody filled in.
func translateSMBIOS(described []smbios.PowerSupply) []inventory.PowerSupply {
	var all []inventory.PowerSupply
	var ids inventory.IDs
	for i, d := range described {
		p := inventory.PowerSupply{
			Meta:         inventory.Meta{Sources: []string{dmi.TablePath}},
			Slot:         d.Location(),
			Present:      dmi.Ptr(d.Present()),
			Manufacturer: d.Manufacturer(),
			Model:        d.DeviceName(),
			PartNumber:   d.PartNumber(),
			SerialNumber: d.SerialNumber(),
			AssetTag:     d.AssetTag(),
			Revision:     d.Revision(),
			HotPluggable: dmi.Ptr(d.HotReplaceable()),
		}
		if w, ok := d.MaxPowerWatts(); ok {
			p.CapacityWatts = new(uint32(w))
		}
		emptyBay := p.Slot != "" && p.Present != nil && !*p.Present
		if p.Manufacturer+p.Model+p.PartNumber+p.SerialNumber == "" && p.CapacityWatts == nil && !emptyBay {
			continue // nobody filled it in
		}
		if p.Present == nil || *p.Present {
			p.Status = statusOf(d)
			p.Health = health(p.Status)
			if d.Status() == "non_critical" { // not ok, but of what kind the table does not say
				p.Health = inventory.HealthWarning
			}
		}
		p.ID = ids.Unique(inventory.IDOf("psu", cmp.Or(p.Slot, fmt.Sprint(i+1))))
		all = append(all, p)
	}
	return all
}

func statusOf(d smbios.PowerSupply) inventory.PSUStatus {
	if unplugged, ok := d.Unplugged(); ok && unplugged {
		return inventory.PSUStatusInputLost
	}
	switch d.Status() {
	case "ok":
		return inventory.PSUStatusOK
	case "critical":
		return inventory.PSUStatusFailed
	}
	return inventory.PSUStatusUnknown
}
