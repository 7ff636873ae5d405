package render

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

func (p *page) network(list []inventory.NIC) {
	if list == nil {
		return
	}
	p.heading("Network (%d)", len(list))
	var rows [][]string
	for _, n := range list {
		link := map[string]string{"yes": "up", "no": "down", "-": "-"}[yesNo(n.LinkUp)]
		mac := n.PermanentMAC
		if mac == "" {
			mac = n.MAC
		}
		rows = append(rows, []string{n.Name, mac, link, opt(n.SpeedMbps, " Mb/s"), n.Driver, n.Firmware, n.PCIAddress})
	}
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "NAME", Min: 6},
			{Title: "MAC"},
			{Title: "LINK"},
			{Title: "SPEED", Right: true},
			{Title: "DRIVER", Min: 6},
			{Title: "FW", Min: 6},
			{Title: "ADDRESS", Min: 10},
		}, rows)
	}
	for i := range list {
		p.ports(&list[i])
	}
}

// ports says what an interface belongs to, what is plugged into it and what is
// at the other end.
func (p *page) ports(n *inventory.NIC) {
	if n.Master != nil {
		p.note(2, "%s is in %s", n.Name, Bond(n.Master))
	}
	if m := n.Module; m != nil {
		p.note(2, "%s has %s", n.Name, join(", ", ModuleName(m), ModuleReadings(m)))
		if alarms := ModuleAlarms(m); len(alarms) > 0 {
			p.note(4, "alarm: %s", strings.Join(alarms, ", "))
		}
	}
	for i := range n.LLDP {
		p.note(2, "%s leads to %s", n.Name, SwitchPort(&n.LLDP[i]))
	}
	for i := range n.RDMA {
		p.note(2, "%s is RDMA %s", n.Name, RDMA(&n.RDMA[i]))
	}
}

func (p *page) bmc(b *inventory.BMC) {
	if b == nil {
		return
	}
	p.heading("BMC")
	p.pair("Product", join(" ", b.Manufacturer, b.Product))
	p.pair("Firmware", b.Firmware)
	p.pair("IPMI", b.IPMIVersion)
	p.pair("MAC", b.MAC)
	if l := b.LAN; l != nil {
		p.pair("Address", join(", ", l.IP, l.IPSource))
	}
	p.pair("Self test", b.SelfTest)
	if b.PowerWatts != nil {
		p.pair("Power", fmt.Sprintf("%d W", *b.PowerWatts))
	}
	if s := b.SEL; s != nil {
		overflow := ""
		if s.Overflow != nil && *s.Overflow {
			overflow = "overflowed"
		}
		p.pair("Event log", join(", ", opt(s.Entries, " entries"), overflow))
	}
	p.sensors(b.Sensors)
}

// sensors lists those that are not well; all with All.
func (p *page) sensors(list []inventory.Sensor) {
	if list == nil {
		return
	}
	var rows [][]string
	for _, s := range list {
		if !p.All && s.Health != inventory.HealthWarning && s.Health != inventory.HealthCritical {
			continue
		}
		value := s.Unavailable
		if s.Value != nil {
			value = join(" ", fmt.Sprintf("%g", *s.Value), s.Unit)
		} else if len(s.States) > 0 {
			value = join(", ", s.States...)
		}
		rows = append(rows, []string{s.Name, s.Type, value, string(s.Health)})
	}
	p.pair("Sensors", fmt.Sprintf("%d, %d not well", len(list), count(list, func(s inventory.Sensor) bool {
		return s.Health == inventory.HealthWarning || s.Health == inventory.HealthCritical
	})))
	if len(rows) > 0 {
		p.grid([]column{{Title: "SENSOR", Min: 10}, {Title: "TYPE", Min: 8}, {Title: "VALUE", Min: 12}, {Title: "HEALTH"}}, rows)
	}
}

func count[T any](list []T, is func(T) bool) int {
	n := 0
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

func (p *page) extensions(m map[string]json.RawMessage) {
	if len(m) == 0 {
		return
	}
	p.heading("Extensions (%d)", len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		p.note(2, "%s (%s)", k, plural(len(m[k]), "byte"))
		if p.All {
			p.note(4, "%s", m[k])
		}
	}
}
