package screen

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// network has a row for each interface: link, speed, address or why
// there is none.
func (c *canvas) network(s source.State) block {
	b := block{label: "Network"}
	if len(s.NICs) == 0 {
		b.lines = []string{"no network interface"}
		return b
	}
	name, speed := 4, 0
	for _, n := range s.NICs {
		name = max(name, min(len(n.Name), 12))
		speed = max(speed, len(rate(n)))
	}
	const macLen = 17
	for _, n := range s.NICs {
		line := fmt.Sprintf("%-*s %-*s %s %-*s ", name, cut(n.Name, 12), macLen, cut(n.MAC, macLen), carrier(n), speed, rate(n))
		if c.width < narrow {
			b.lines = append(b.lines, fmt.Sprintf("%s %s %s %s", n.Name, n.MAC, strings.TrimSpace(carrier(n)), rate(n)))
			for _, part := range wrap(address(n, c.width-3), c.width-3) {
				b.lines = append(b.lines, "  "+part)
			}
			continue
		}
		if d := driver(s.Report.Report, n.Name); d != "" && c.width >= 100 {
			line += fmt.Sprintf("%-10s ", cut(d, 10))
		}
		room := c.width - margin - len(line)
		first := true
		for _, part := range wrap(address(n, room), max(room, 20)) {
			if !first {
				line = strings.Repeat(" ", len(line))
			}
			b.lines, first = append(b.lines, line+part), false
		}
	}
	b.item = true
	return b
}

func carrier(n source.NIC) string {
	switch {
	case n.Up != nil && !*n.Up:
		return "off "
	case n.Carrier == nil:
		return "?   "
	case *n.Carrier:
		return "up  "
	}
	return "down"
}

func rate(n source.NIC) string {
	switch v := n.SpeedMbps; {
	case v == 0:
		return ""
	case v >= 1000:
		return strconv.FormatFloat(float64(v)/1000, 'g', -1, 64) + " Gb/s"
	default:
		return fmt.Sprintf("%d Mb/s", v)
	}
}

// address is the interface's, or why it has none, and for how long: in the
// longest words that fit the room.
func address(n source.NIC, room int) string {
	if n.Address != "" {
		return n.Address
	}
	short := brief(n)
	long := orElse(n.Reason, short)
	span := ""
	if n.For > 0 && n.State != "off" {
		span = ", " + duration(n.For.Truncate(minuteIfLong(n.For)))
	}
	for _, s := range []string{long + span, long, short + span, short} {
		if len(s) <= room {
			return s
		}
	}
	return long + span
}

// brief is why there is no address, in a few words.
func brief(n source.NIC) string {
	switch n.State {
	case "no_carrier":
		return "no carrier (cable?)"
	case "asking":
		return "asking for an address"
	case "no_offer":
		return "no DHCP server answers"
	case "off":
		return "left alone"
	case "stored": // a report has no addresses
		return ""
	case "":
		if n.Carrier != nil && !*n.Carrier {
			return "no carrier (cable?)"
		}
		return "no address"
	}
	return orElse(n.Reason, n.State)
}

func driver(r *inventory.Report, name string) string {
	if r == nil {
		return ""
	}
	for i := range r.Network {
		if r.Network[i].Name == name {
			return render.Text(r.Network[i].Driver)
		}
	}
	return ""
}

// bmc is the way to the machine that needs no system.
func bmc(s source.State) block {
	b := block{label: "BMC"}
	r := s.Report.Report
	if r == nil {
		b.lines = []string{pending(s, "once the audit has read it")}
		return b
	}
	if r.BMC == nil {
		line := "none"
		for _, c := range r.Collectors {
			if c.Name == "bmc" && c.Status != inventory.StatusAbsent {
				line = "not read: " + words(": ", render.Text(string(c.Status)), render.Text(c.Error))
			}
		}
		b.lines = []string{line}
		return b
	}
	mac, ip := r.BMC.MAC, "no address"
	if l := r.BMC.LAN; l != nil {
		if mac == "" {
			mac = l.MAC
		}
		if l.IP != "" {
			ip = render.Text(l.IP)
		}
		if l.IPSource != "" {
			ip += " (" + render.Text(l.IPSource) + ")"
		}
		if l.VLANID != nil && l.VLANInUse != nil && *l.VLANInUse {
			ip += fmt.Sprintf(" VLAN %d", *l.VLANID)
		}
	}
	b.lines = []string{words(", ", ip, render.Text(mac), render.Text(r.BMC.Product))}
	return b
}
