package psu

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

const sourceBMC = "ipmi"

func translate(bays []*bay, described []smbios.PowerSupply) []inventory.PowerSupply {
	all := make([]inventory.PowerSupply, 0, len(bays))
	var ids inventory.IDs
	for _, b := range bays {
		p := inventory.PowerSupply{
			Meta:       inventory.Meta{ID: ids.Unique(b.id()), Sources: []string{sourceBMC}},
			Slot:       cmp.Or(b.slot, fmt.Sprintf("PSU %d", b.instance)),
			FRUID:      b.fruID,
			Present:    b.present(),
			InputWatts: b.input, OutputWatts: b.output,
		}
		for _, s := range b.states {
			p.States = append(p.States, s.Name)
		}
		if b.fru != nil {
			fill(&p, b.fru)
		}
		if p.Present == nil || *p.Present {
			p.Status = b.status()
			p.Health = health(p.Status)
		}
		all = append(all, p)
	}
	addDescribed(all, described)
	return all
}

// present decides by what sensors say; without any, a FRU that could be read
// is in its bay, and one the BMC does not find is not.
func (b *bay) present() *bool {
	for _, s := range b.states {
		switch s.Name {
		case "presence_detected", "entity_present":
			return new(true)
		case "entity_absent":
			return new(false)
		}
	}
	switch {
	case b.fru != nil && b.fruErr == nil:
		return new(true)
	case b.told, errors.Is(b.fruErr, fs.ErrNotExist):
		return new(false)
	}
	return nil
}

// status is the worst of the states (IPMI table 42-3, sensor type 08h).
func (b *bay) status() inventory.PSUStatus {
	if !b.told {
		return inventory.PSUStatusUnknown
	}
	has := map[string]bool{}
	for _, s := range b.states {
		has[s.Name] = true
	}
	switch {
	case has["failure_detected"]:
		return inventory.PSUStatusFailed
	case has["input_lost"], has["input_lost_or_out_of_range"], has["input_out_of_range"]:
		return inventory.PSUStatusInputLost
	case has["predictive_failure"]:
		return inventory.PSUStatusPredictiveFailure
	case has["configuration_error"]:
		return inventory.PSUStatusConfigurationError
	}
	return inventory.PSUStatusOK
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

// addDescribed adds what SMBIOS knows beyond the BMC, mostly the capacity. A
// record is a supply's when serial number or place says so.
func addDescribed(all []inventory.PowerSupply, described []smbios.PowerSupply) {
	for i := range all {
		p := &all[i]
		d := match(p, described)
		if d == nil {
			continue
		}
		p.Sources = append(p.Sources, dmi.TablePath)
		p.Manufacturer = cmp.Or(p.Manufacturer, d.Manufacturer())
		p.Model = cmp.Or(p.Model, d.DeviceName())
		p.PartNumber = cmp.Or(p.PartNumber, d.PartNumber())
		p.SerialNumber = cmp.Or(p.SerialNumber, d.SerialNumber())
		p.Revision = cmp.Or(p.Revision, d.Revision())
		if w, ok := d.MaxPowerWatts(); ok && p.CapacityWatts == nil {
			p.CapacityWatts = new(uint32(w))
		}
	}
}

func match(p *inventory.PowerSupply, described []smbios.PowerSupply) *smbios.PowerSupply {
	for i := range described {
		if s := described[i].SerialNumber(); s != "" && sameSerial(s, p.SerialNumber) {
			return &described[i]
		}
	}
	var hit *smbios.PowerSupply
	for i := range described {
		d := &described[i]
		if d.SerialNumber() != "" && p.SerialNumber != "" || place(d.Location()) == "" || place(d.Location()) != place(p.Slot) {
			continue
		}
		if hit != nil {
			return nil // two records for one place tell nothing
		}
		hit = d
	}
	return hit
}

// sameSerial allows for one source cutting the other's number short.
func sameSerial(a, b string) bool {
	const least = 6
	return a == b || len(a) >= least && len(b) >= least && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// place reduces the name of a bay to its number, when it is one of a power
// supply: "PS1", "PSU 1", "Power Supply 1" and "Pwr Supply 1" are the same.
func place(s string) string {
	var letters, digits strings.Builder
	for _, c := range strings.ToLower(s) {
		switch {
		case c >= 'a' && c <= 'z':
			letters.WriteRune(c)
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		}
	}
	switch letters.String() {
	case "ps", "psu", "powersupply", "pwrsupply", "psuslot", "powersupplyslot", "bay", "psubay", "powersupplybay":
		return strings.TrimLeft(digits.String(), "0")
	}
	return ""
}
