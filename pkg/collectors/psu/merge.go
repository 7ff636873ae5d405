package psu

import (
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// addDescribed adds what SMBIOS knows beyond the BMC, mostly the capacity, and
// keeps what it says otherwise. It returns the records that fit no supply.
func addDescribed(all []inventory.PowerSupply, described []smbios.PowerSupply) (rest []smbios.PowerSupply) {
	found, rest := match(all, described)
	for i, d := range found {
		if d == nil {
			continue
		}
		p := &all[i]
		p.Sources = append(p.Sources, dmi.TablePath)
		m := merger{p}
		m.text("manufacturer", &p.Manufacturer, d.Manufacturer())
		m.text("model", &p.Model, d.DeviceName())
		m.text("part_number", &p.PartNumber, d.PartNumber())
		m.text("serial_number", &p.SerialNumber, d.SerialNumber())
		m.text("revision", &p.Revision, d.Revision())
		m.text("asset_tag", &p.AssetTag, d.AssetTag())
		if w, ok := d.MaxPowerWatts(); ok {
			switch {
			case p.CapacityWatts == nil:
				p.CapacityWatts = new(uint32(w))
			case *p.CapacityWatts != uint32(w):
				m.rejected("capacity_watts", strconv.Itoa(int(w)))
			}
		}
		if hot, ok := d.HotReplaceable(); ok && p.HotPluggable == nil {
			p.HotPluggable = &hot
		}
	}
	return rest
}

// addUnseen adds the supplies that only SMBIOS names, in bays of which the BMC
// told nothing.
func addUnseen(all []inventory.PowerSupply, rest []smbios.PowerSupply) []inventory.PowerSupply {
	seen := map[string]bool{"": true}
	var ids inventory.IDs
	for i := range all {
		seen[number(all[i].Slot)] = true
		ids.Unique(all[i].ID)
	}
	for _, p := range translateSMBIOS(rest, len(all) > 0) {
		if !seen[number(p.Slot)] {
			p.ID = ids.Unique(p.ID)
			all = append(all, p)
		}
	}
	return all
}

// merger puts SMBIOS's values where the BMC has none. Where both speak, the
// BMC is believed: it read the supply itself.
type merger struct{ p *inventory.PowerSupply }

func (m merger) text(field string, have *string, other string) {
	switch {
	case *have == "":
		*have = other
	case other != "" && !strings.EqualFold(other, *have):
		m.rejected(field, other)
	}
}

func (m merger) rejected(field, value string) {
	if m.p.Provenance == nil {
		m.p.Provenance = map[string]inventory.Provenance{}
	}
	m.p.Provenance[field] = inventory.Provenance{Source: sourceBMC, Rejected: map[string]string{dmi.TablePath: value}}
}

// match finds each supply's record, nil where it is not sure: by serial
// number, else by the bay's number where not both have serial numbers. One
// record is of one supply. The records of none are the rest.
func match(all []inventory.PowerSupply, described []smbios.PowerSupply) (found []*smbios.PowerSupply, rest []smbios.PowerSupply) {
	found = make([]*smbios.PowerSupply, len(all))
	taken := make([]bool, len(described))
	pair := func(same func(p *inventory.PowerSupply, d *smbios.PowerSupply) bool) {
		for i := range all {
			if found[i] != nil {
				continue
			}
			if j, ok := onlyPair(i, len(all), len(described), func(i, j int) bool {
				return found[i] == nil && !taken[j] && same(&all[i], &described[j])
			}); ok {
				found[i], taken[j] = &described[j], true
			}
		}
	}
	pair(func(p *inventory.PowerSupply, d *smbios.PowerSupply) bool {
		return p.SerialNumber != "" && strings.EqualFold(p.SerialNumber, d.SerialNumber())
	})
	pair(func(p *inventory.PowerSupply, d *smbios.PowerSupply) bool {
		return cutShort(p.SerialNumber, d.SerialNumber())
	})
	pair(func(p *inventory.PowerSupply, d *smbios.PowerSupply) bool {
		n := number(p.Slot)
		return n != "" && n == number(d.Location()) && (p.SerialNumber == "" || d.SerialNumber() == "")
	})
	for j := range described {
		if !taken[j] {
			rest = append(rest, described[j])
		}
	}
	return found, rest
}

// onlyPair finds the j that fits i and nothing else, when nothing else fits i.
func onlyPair(i, rows, columns int, fits func(i, j int) bool) (int, bool) {
	hit, hits := -1, 0
	for j := range columns {
		if fits(i, j) {
			hit, hits = j, hits+1
		}
	}
	if hits != 1 {
		return -1, false
	}
	for other := range rows {
		if other != i && fits(other, hit) {
			return -1, false
		}
	}
	return hit, true
}

// cutShort says that one source cut the other's number short.
func cutShort(a, b string) bool {
	const least = 6
	return min(len(a), len(b)) >= least && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// number reduces the name of a bay to its number, when it is one of a power
// supply: "PS1", "PSU 01", "Power Supply 1" and "PSU 1 bay" are the same.
func number(s string) string {
	s = strings.ToLower(s)
	digits := strings.FieldsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
	letters := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, s)
	switch strings.ReplaceAll(strings.ReplaceAll(letters, "bay", ""), "slot", "") {
	case "", "ps", "psu", "powersupply", "pwrsupply", "powersupplyunit":
		if len(digits) == 1 {
			return strings.TrimLeft(digits[0], "0")
		}
	}
	return ""
}
