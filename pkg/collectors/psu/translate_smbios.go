package psu

import (
	"cmp"
	"fmt"
	"slices"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// translateSMBIOS lists power supplies by type 39 alone. It is nil when the
// table has no such record, or only ones nobody filled in. fed says that the
// machine is known to have others that feed it.
func translateSMBIOS(described []smbios.PowerSupply, fed bool) []inventory.PowerSupply {
	fed = fed || slices.ContainsFunc(described, feeds)
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
		// Templates of firmware have a capacity too, of a supply that is not
		// there or gives nothing.
		capable := p.CapacityWatts != nil && feeds(d)
		if p.Manufacturer+p.Model+p.PartNumber+p.SerialNumber == "" && !capable && !emptyBay {
			continue // nobody filled it in
		}
		if p.Present == nil || *p.Present {
			p.Status = statusOf(d, fed)
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

// feeds says whether the record can be of a supply that feeds the machine.
func feeds(d smbios.PowerSupply) bool {
	present, said := d.Present()
	unplugged, _ := d.Unplugged()
	return (present || !said) && !unplugged && d.Status() != "critical"
}

// statusOf believes that a supply gives nothing only where another feeds the
// machine, which would not run: there are boards that call all of them
// critical, and portable machines run on their battery.
func statusOf(d smbios.PowerSupply, fed bool) inventory.PSUStatus {
	unplugged, _ := d.Unplugged()
	switch {
	case unplugged && fed:
		return inventory.PSUStatusInputLost
	case unplugged:
		return inventory.PSUStatusUnknown
	case d.Status() == "ok":
		return inventory.PSUStatusOK
	case d.Status() == "critical" && fed:
		return inventory.PSUStatusFailed
	}
	return inventory.PSUStatusUnknown
}
