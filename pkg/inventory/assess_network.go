package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// assessNetwork judges interfaces, their links and their modules.
func assessNetwork(a *assessment) {
	owner := map[string]*NIC{} // by permanent address
	for i := range a.r.Network {
		n := &a.r.Network[i]
		if n.BMCLink != nil && *n.BMCLink {
			continue // the BMC's own affair, down as long as nobody uses it
		}
		a.judgeCarrier(n)
		a.judgeSpeed(n)
		a.judgeModule(n)
		a.judgeNetworkErrors(n)
		for j := range n.RDMA {
			a.judgeRDMA(n, &n.RDMA[j])
		}
		if n.PermanentMAC == "" {
			continue
		}
		if first := owner[n.PermanentMAC]; first != nil && !together(first, n) {
			a.add(SeverityWarning, "network.duplicate_mac", n.ID,
				fmt.Sprintf("%s and %s have the same permanent address %s", first.Name, n.Name, n.PermanentMAC),
				map[string]string{"permanent_mac": n.PermanentMAC, "other": first.ID})
		} else if first == nil {
			owner[n.PermanentMAC] = n
		}
	}
}

// together is true for interfaces that share an address on purpose: ports of
// one device, and a virtual machine's two ways to one network.
func together(x, y *NIC) bool {
	return x.PCIAddress != "" && x.PCIAddress == y.PCIAddress ||
		x.Master != nil && x.Master.Name == y.Name || y.Master != nil && y.Master.Name == x.Name
}

func isUp(n *NIC) bool   { return n.LinkUp != nil && *n.LinkUp }
func isDown(n *NIC) bool { return n.LinkUp != nil && !*n.LinkUp }

// judgeCarrier: servers have ports nobody uses, and many systems switch all of
// them on. A missing carrier is a warning where something says that there
// should be one; else, on a port that is switched on, information.
func (a *assessment) judgeCarrier(n *NIC) {
	if !isDown(n) || n.AdminUp == nil || !*n.AdminUp {
		return
	}
	evidence := map[string]string{}
	var reasons []string
	if n.Master != nil {
		reasons = append(reasons, "it belongs to "+n.Master.Name)
		evidence["master"] = n.Master.Name
	}
	if n.Module != nil {
		reasons = append(reasons, "a module is plugged in")
		evidence["module"] = name(strings.TrimSpace(n.Module.Vendor+" "+n.Module.PartNumber), n.Module.Type)
		if n.Module.RxLOS != nil {
			evidence["rx_los"] = strconv.FormatBool(*n.Module.RxLOS)
		}
	}
	// Every interface changes once when it is switched on without a cable, if
	// at all; one that had a carrier and lost it changed twice or more.
	if n.CarrierChanges != nil && *n.CarrierChanges >= 2 {
		reasons = append(reasons, "it had one before")
		evidence["carrier_changes"] = uintText(n.CarrierChanges)
	}
	if n.LinkDownReason != "" {
		evidence["reason"] = n.LinkDownReason
	}
	severity := SeverityInfo
	if len(reasons) > 0 {
		severity = SeverityWarning
	}
	text := n.Name + " is switched on and has no carrier"
	if len(reasons) > 0 {
		text += ", though " + strings.Join(reasons, " and ")
	}
	if n.LinkDownReason != "" {
		text += " (" + strings.ReplaceAll(n.LinkDownReason, "_", " ") + ")"
	}
	a.add(severity, "network.link_down", n.ID, text, evidence)
}

// judgeSpeed compares the negotiated speed with what the slower of interface,
// module and far end can. Where the far end did not say, it may be the slow
// one: that is information.
func (a *assessment) judgeSpeed(n *NIC) {
	if !isUp(n) || n.SpeedMbps == nil || n.MaxSpeedMbps == nil {
		return
	}
	best := *n.MaxSpeedMbps
	evidence := map[string]string{"speed_mbps": number(*n.SpeedMbps), "max_speed_mbps": number(*n.MaxSpeedMbps)}
	if n.Module != nil && n.Module.MaxSpeedMbps != nil {
		best = min(best, *n.Module.MaxSpeedMbps)
		evidence["module_max_speed_mbps"] = number(*n.Module.MaxSpeedMbps)
	}
	severity := SeverityInfo
	if n.PartnerMaxSpeedMbps != nil {
		best = min(best, *n.PartnerMaxSpeedMbps)
		evidence["partner_max_speed_mbps"] = number(*n.PartnerMaxSpeedMbps)
		severity = SeverityWarning
	}
	text := fmt.Sprintf("%s runs at %d of %d Mb/s", n.Name, *n.SpeedMbps, best)
	if n.AdvertisedMaxSpeedMbps != nil && *n.AdvertisedMaxSpeedMbps < best {
		evidence["advertised_max_speed_mbps"] = number(*n.AdvertisedMaxSpeedMbps)
		text += fmt.Sprintf("; it is set to offer no more than %d", *n.AdvertisedMaxSpeedMbps)
	} else if severity == SeverityInfo {
		text += "; what the far end can is not known"
	}
	if *n.SpeedMbps < best {
		a.add(severity, "network.speed_below_maximum", n.ID, text, evidence)
	}
	if n.Duplex == "half" && *n.SpeedMbps >= 100 {
		a.add(SeverityWarning, "network.half_duplex", n.ID,
			fmt.Sprintf("%s runs at half duplex: one end does not negotiate", n.Name), map[string]string{"duplex": n.Duplex})
	}
}

func number[T ~uint32 | ~uint64](v T) string { return strconv.FormatUint(uint64(v), 10) }

// judgeModule reports faults, and readings outside the module's own limits.
func (a *assessment) judgeModule(n *NIC) {
	m := n.Module
	if m == nil {
		return
	}
	what := name(strings.TrimSpace(m.Vendor+" "+m.PartNumber), m.Type) + " in " + n.Name
	evidence := map[string]string{}
	if m.SerialNumber != "" {
		evidence["serial_number"] = m.SerialNumber
	}
	switch {
	case m.State == "fault":
		a.add(SeverityCritical, "network.module_fault", n.ID, what+" says that it is faulty", evidence)
	case m.TxFault != nil && *m.TxFault:
		a.add(SeverityCritical, "network.module_fault", n.ID, what+" has switched its laser off after a fault", evidence)
	case m.ChecksumsOK != nil && !*m.ChecksumsOK:
		a.add(SeverityInfo, "network.module_checksum", n.ID, what+": the checksums of its identity do not hold", evidence)
	}
	a.judgeReading(n, what, "temperature", "temp_celsius", 0, m.TempCelsius)
	a.judgeReading(n, what, "supply voltage", "voltage_volts", 0, m.VoltageVolts)
	// Without a link light is expected neither way: a laser is off when its
	// interface is.
	if !isUp(n) {
		return
	}
	for i := range m.Lanes {
		l := &m.Lanes[i]
		a.judgeReading(n, what, "received power", "rx_power_milliwatts", l.Lane, l.RxPowerMilliwatts)
		a.judgeReading(n, what, "sent power", "tx_power_milliwatts", l.Lane, l.TxPowerMilliwatts)
		a.judgeReading(n, what, "laser current", "tx_bias_milliamperes", l.Lane, l.TxBiasMilliamperes)
	}
}

// judgeReading compares a reading with its limits: beyond an alarm limit is a
// warning, beyond a warning limit information; too hot is critical.
func (a *assessment) judgeReading(n *NIC, what, reading, field string, lane int, value *float64) {
	t, ok := n.Module.Thresholds[field]
	if !ok || value == nil {
		return
	}
	severity, limit, side := SeverityInfo, 0.0, ""
	switch v := *value; {
	case v > t.HighAlarm:
		severity, limit, side = SeverityWarning, t.HighAlarm, "above the alarm limit"
		if field == "temp_celsius" {
			severity = SeverityCritical
		}
	case v < t.LowAlarm:
		severity, limit, side = SeverityWarning, t.LowAlarm, "below the alarm limit"
	case v > t.HighWarning:
		limit, side = t.HighWarning, "above the warning limit"
	case v < t.LowWarning:
		limit, side = t.LowWarning, "below the warning limit"
	default:
		return
	}
	evidence := map[string]string{field: decimals(*value), "limit": decimals(limit)}
	text := fmt.Sprintf("%s: %s of %s is %s of %s", what, reading, moduleReading(field, *value), side, moduleReading(field, limit))
	if lane > 0 {
		evidence["lane"] = strconv.Itoa(lane)
		if len(n.Module.Lanes) > 1 {
			text += fmt.Sprintf(" on lane %d", lane)
		}
	}
	a.add(severity, "network.optical_alarm", n.ID, text, evidence)
}

func decimals(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }

// moduleReading writes a reading as a person at a switch reads it: power in dBm.
func moduleReading(field string, v float64) string {
	switch field {
	case "temp_celsius":
		return fmt.Sprintf("%.1f C", v)
	case "voltage_volts":
		return fmt.Sprintf("%.2f V", v)
	case "tx_bias_milliamperes":
		return fmt.Sprintf("%.1f mA", v)
	}
	if v <= 0 {
		return "0 mW"
	}
	return fmt.Sprintf("%.1f dBm", 10*math.Log10(v))
}

// Errors of the cable are normal in single numbers (a plug pulled, a switch
// restarted). More than these, and one in a million frames, is a bad cable,
// plug or module: a sound 10 Gb/s link loses one in a hundred million.
const (
	manyFrameErrors   = 100
	framesPerBadFrame = 1_000_000
)

// judgeNetworkErrors reports damaged frames. Those dropped for want of memory
// or a listener are no fault of the hardware.
func (a *assessment) judgeNetworkErrors(n *NIC) {
	c := n.Counters
	if c == nil {
		return
	}
	evidence := map[string]string{}
	var rx, tx uint64
	for _, e := range []struct {
		name string
		v    *uint64
		sum  *uint64
	}{
		{"rx_crc_errors", c.RxCRCErrors, &rx},
		{"rx_frame_errors", c.RxFrameErrors, &rx},
		{"tx_carrier_errors", c.TxCarrierErrors, &tx},
	} {
		if e.v != nil && *e.v > 0 {
			*e.sum += *e.v
			evidence[e.name] = uintText(e.v)
		}
	}
	if rx == 0 && tx == 0 {
		return
	}
	evidence["rx_packets"], evidence["tx_packets"] = string(c.RxPackets), string(c.TxPackets)
	severity := SeverityInfo
	if frequent(rx, c.RxPackets) || frequent(tx, c.TxPackets) {
		severity = SeverityWarning
	}
	a.add(severity, "network.errors", n.ID,
		fmt.Sprintf("%s: %d received frames were damaged, %d were sent without a carrier", n.Name, rx, tx), evidence)
}

func frequent(errors uint64, packets Decimal) bool {
	all, err := strconv.ParseUint(string(packets), 10, 64)
	return errors >= manyFrameErrors && (err != nil || errors > all/framesPerBadFrame)
}

// judgeRDMA: a port whose cable works and which is not active waits for its
// subnet manager.
func (a *assessment) judgeRDMA(n *NIC, p *RDMAPort) {
	what := fmt.Sprintf("%s port %d", p.Device, p.Port)
	if p.LinkLayer == "infiniband" && p.PhysState == "linkup" && p.State != "" && p.State != "active" && p.State != "active_defer" {
		a.add(SeverityWarning, "network.rdma_not_active", n.ID,
			fmt.Sprintf("%s has a link, but is %s: no subnet manager has set it up", what, p.State),
			map[string]string{"state": p.State, "phys_state": p.PhysState})
	}
	var total uint64
	evidence := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(p.Counters)) {
		switch k {
		case "symbol_error", "port_rcv_errors", "link_error_recovery", "local_link_integrity_errors", "excessive_buffer_overrun_errors":
			if v := p.Counters[k]; v > 0 {
				total += v
				evidence[k] = number(v)
			}
		}
	}
	if total == 0 {
		return
	}
	severity := SeverityInfo
	if total >= manyFrameErrors || cmp.Or(p.Counters["local_link_integrity_errors"], p.Counters["excessive_buffer_overrun_errors"]) > 0 {
		severity = SeverityWarning
	}
	a.add(severity, "network.rdma_errors", n.ID, fmt.Sprintf("%s: %d link errors since its counters were cleared", what, total), evidence)
}
