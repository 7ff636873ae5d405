package render

import (
	"fmt"
	"math"
	"strings"

	"example.com/bee/pkg/inventory"
)

// SwitchPort is what a switch said of itself in one line: its name, its port,
// the VLAN.
func SwitchPort(l *inventory.LLDPNeighbor) string {
	name := l.SystemName
	if name == "" {
		name = l.ChassisID
	}
	vlan := ""
	if l.VLANID != nil {
		vlan = fmt.Sprintf("VLAN %d", *l.VLANID)
	}
	port := labelled("port", l.PortID)
	if l.PortDescription != "" && l.PortDescription != l.PortID {
		port += " (" + l.PortDescription + ")"
	}
	return join(", ", name, port, vlan)
}

// Bond says which bond, bridge or team an interface belongs to, and how it
// fares there.
func Bond(m *inventory.NICMaster) string {
	if m == nil {
		return ""
	}
	mii := ""
	if m.MIIStatus != "" && m.MIIStatus != "up" {
		mii = "link " + m.MIIStatus
	}
	failures := ""
	if m.LinkFailures != nil && *m.LinkFailures > 0 {
		failures = plural(int(min(*m.LinkFailures, math.MaxInt32)), "link failure")
	}
	group := ""
	if m.AggregatorID != nil {
		group = fmt.Sprintf("aggregator %d", *m.AggregatorID)
	}
	return join(", ", join(" ", m.Type, m.Name), m.Mode, m.State, mii, failures, group)
}

// ModuleName is what is printed on a transceiver or cable.
func ModuleName(m *inventory.NICModule) string {
	return join(", ", m.Type, join(" ", m.Vendor, m.PartNumber, m.Revision), labelled("serial", m.SerialNumber))
}

// ModuleReadings are the temperature and the light of each lane, in dBm as
// optics are specified.
func ModuleReadings(m *inventory.NICModule) string {
	temp := ""
	if m.TempCelsius != nil {
		temp = fmt.Sprintf("%.1f C", *m.TempCelsius)
	}
	return join(", ", temp, Light("RX", m.Lanes, func(l inventory.NICLane) *float64 { return l.RxPowerMilliwatts }),
		Light("TX", m.Lanes, func(l inventory.NICLane) *float64 { return l.TxPowerMilliwatts }))
}

// Light is the optical power of all lanes: "RX -2.1/-2.3 dBm".
func Light(title string, lanes []inventory.NICLane, of func(inventory.NICLane) *float64) string {
	var list []string
	for _, l := range lanes {
		switch v := of(l); {
		case v == nil:
		case *v <= 0:
			list = append(list, "none")
		default:
			list = append(list, fmt.Sprintf("%.1f", 10*math.Log10(*v)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return title + " " + strings.Join(list, "/") + " dBm"
}

// ModuleAlarms are the readings of a module beyond its own limits, and the
// flags it raises.
func ModuleAlarms(m *inventory.NICModule) []string {
	var list []string
	judge := func(key, what string, v *float64) {
		t, known := m.Thresholds[key]
		switch {
		case v == nil || !known || t.LowAlarm >= t.HighAlarm:
		case *v > t.HighAlarm:
			list = append(list, what+" above alarm")
		case *v < t.LowAlarm:
			list = append(list, what+" below alarm")
		case *v > t.HighWarning:
			list = append(list, what+" above warning")
		case *v < t.LowWarning:
			list = append(list, what+" below warning")
		}
	}
	judge("temp_celsius", "temperature", m.TempCelsius)
	judge("voltage_volts", "voltage", m.VoltageVolts)
	for _, l := range m.Lanes {
		lane := ""
		if len(m.Lanes) > 1 {
			lane = fmt.Sprintf(" lane %d", l.Lane)
		}
		judge("rx_power_milliwatts", "RX power"+lane, l.RxPowerMilliwatts)
		judge("tx_power_milliwatts", "TX power"+lane, l.TxPowerMilliwatts)
		judge("tx_bias_milliamperes", "TX bias"+lane, l.TxBiasMilliamperes)
	}
	for _, flag := range []struct {
		set  *bool
		want bool
		word string
	}{{m.TxFault, true, "TX fault"}, {m.RxLOS, true, "no light received"}, {m.ChecksumsOK, false, "checksums wrong"}} {
		if flag.set != nil && *flag.set == flag.want {
			list = append(list, flag.word)
		}
	}
	if m.State == "fault" {
		list = append(list, "fault")
	}
	return list
}

// RDMA is an InfiniBand or RoCE port in one line.
func RDMA(p *inventory.RDMAPort) string {
	return join(", ", fmt.Sprintf("%s/%d", p.Device, p.Port), p.LinkLayer, join(" ", p.State, p.PhysState), join(" ", opt(p.RateGbps, " Gb/s"), p.Width), p.Firmware, p.BoardID, labelled("GUID", p.PortGUID))
}

// GPUErrors are the error counters of a GPU that are not zero.
func GPUErrors(g *inventory.GPU) []string {
	var list []string
	add := func(what string, n *uint64) {
		if positive(n) {
			list = append(list, fmt.Sprintf("%s %d", what, *n))
		}
	}
	count := func(what string, n *int) {
		if n != nil && *n > 0 {
			list = append(list, fmt.Sprintf("%s %d", what, *n))
		}
	}
	if e := g.ECC; e != nil {
		add("corrected", e.VolatileCorrected)
		add("uncorrected", e.VolatileUncorrected)
		add("corrected for life", e.AggregateCorrected)
		add("uncorrected for life", e.AggregateUncorrected)
	}
	if p := g.RetiredPages; p != nil {
		count("pages retired for single bits", p.SingleBit)
		count("pages retired for double bits", p.DoubleBit)
	}
	if x := g.RemappedRows; x != nil {
		count("rows remapped for correctable errors", x.Correctable)
		count("rows remapped for uncorrectable errors", x.Uncorrectable)
		if x.Failure != nil && *x.Failure {
			list = append(list, "row remapping failed")
		}
	}
	for _, k := range sortedKeys(g.BlockErrors) {
		e := g.BlockErrors[k]
		add(k+" corrected", e.Corrected)
		add(k+" uncorrected", e.Uncorrected)
	}
	if x := g.LastXid; x != nil {
		list = append(list, join(" ", fmt.Sprintf("Xid %d", x.Code), x.Detail))
	}
	return list
}
