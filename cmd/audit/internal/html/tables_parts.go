package html

import (
	"fmt"
	"slices"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// topologyTable lists all that has a place: its memory node, the processor
// next to it, the slot or bay.
func (p *page) topologyTable() {
	t := table{id: "topology", title: "Where things sit", columns: []column{{"Part", false}, {"Kind", false}, {"Node", true}, {"Processor", false}, {"Slot or bay", false}, {"Address", false}}}
	names := render.Places(p.r)
	add := func(id, kind string, node *int, cpu, address string) {
		x := names[id]
		t.rows = append(t.rows, row{component: id, cells: cells(x.Name, kind, opt(node, ""), names[cpu].Name, x.Slot, address)})
	}
	for i := range p.r.Storage {
		d := &p.r.Storage[i]
		add(d.ID, "drive", d.NUMANode, d.CPUID, d.PCIAddress)
	}
	for i := range p.r.Network {
		n := &p.r.Network[i]
		add(n.ID, "network", n.NUMANode, n.CPUID, join(" ", n.PCIAddress, n.BusAddress))
	}
	for i := range p.r.GPUs {
		g := &p.r.GPUs[i]
		add(g.ID, "GPU", g.NUMANode, g.CPUID, g.PCIAddress)
	}
	for i := range p.r.CXLDevices {
		d := &p.r.CXLDevices[i]
		add(d.ID, "CXL memory", d.NUMANode, d.CPUID, d.PCIAddress)
	}
	p.linkOnly(t)
	t = table{id: "enclosures", title: "Enclosures", columns: []column{{"Enclosure", false}, {"Drives", true}, {"Bays", false}}}
	bays := map[string][]string{}
	var order []string
	for i := range p.r.Storage {
		e := p.r.Storage[i].Enclosure
		if e == nil || e.ID == "" {
			continue
		}
		if bays[e.ID] == nil {
			order = append(order, e.ID)
		}
		bays[e.ID] = append(bays[e.ID], join(" ", e.Slot, "("+names[p.r.Storage[i].ID].Name+")"))
	}
	for _, id := range order {
		slices.SortFunc(bays[id], inventory.CompareNatural)
		t.rows = append(t.rows, row{cells: cells(strings.TrimPrefix(id, "enclosure:"), fmt.Sprint(len(bays[id])), strings.Join(bays[id], ", "))})
	}
	p.table(t)
}

// linkOnly writes a table whose rows stand for parts that have their own row
// elsewhere, where links to them shall lead.
func (p *page) linkOnly(t table) {
	for i := range t.rows {
		t.rows[i].guest = true
	}
	p.table(t)
}

// driveDetailTables are what drives say beyond one line each.
func (p *page) driveDetailTables() {
	spaces := table{id: "namespaces", title: "NVMe namespaces", columns: []column{{"Drive", false}, {"Namespace", true}, {"Device", false}, {"Size", true}, {"Used", true}, {"Block", true}, {"EUI-64", false}, {"NGUID", false}, {"UUID", false}}}
	smart := table{id: "smart", title: "SMART attributes", columns: []column{{"Drive", false}, {"ID", true}, {"Attribute", false}, {"Value", true}, {"Worst", true}, {"Threshold", true}, {"Raw", true}, {"Kind", false}, {"Failed", false}}}
	tests := table{id: "selftests", title: "Self-tests of drives", columns: []column{{"Drive", false}, {"Type", false}, {"Result", false}, {"At hour", true}, {"Failing LBA", true}}}
	counters := table{id: "errorcounters", title: "Error counters of drives", columns: []column{{"Drive", false}, {"Direction", false}, {"Corrected", true}, {"Uncorrected", true}, {"Retries", true}, {"Processed", true}}}
	for i := range p.r.Storage {
		d := &p.r.Storage[i]
		name := join(" ", d.Device, d.SerialNumber)
		for _, n := range d.Namespaces {
			r := row{component: d.ID, cells: cells(name, fmt.Sprint(n.NSID), n.Device, "", "", opt(n.BlockBytes, " B"), n.EUI64, n.NGUID, n.UUID)}
			r.cells[3], r.cells[4] = keyed(render.DriveSize(n.SizeBytes), n.SizeBytes), keyed(render.DriveSize(n.UsedBytes), n.UsedBytes)
			spaces.rows = append(spaces.rows, r)
		}
		h := d.Health
		if h == nil {
			continue
		}
		for _, a := range h.Attributes {
			class := literal("")
			switch a.WhenFailed {
			case "now":
				class = "critical"
			case "past":
				class = "warning"
			}
			smart.rows = append(smart.rows, row{component: d.ID, class: class, cells: cells(name, fmt.Sprint(a.ID), a.Name, fmt.Sprint(a.Value), fmt.Sprint(a.Worst), opt(a.Threshold, ""), string(a.Raw), map[bool]string{true: "pre-failure", false: "old age"}[a.PreFail], a.WhenFailed)})
		}
		for _, s := range h.SelfTests {
			tests.rows = append(tests.rows, row{component: d.ID, cells: cells(name, s.Type, s.Result, opt(s.PowerOnHours, ""), string(s.FailingLBA))})
		}
		for _, k := range []string{"read", "write", "verify"} {
			if c, ok := h.ErrorCounters[k]; ok {
				counters.rows = append(counters.rows, row{component: d.ID, cells: cells(name, k, opt(c.TotalCorrected, ""), opt(c.Uncorrected, ""), opt(c.Retries, ""), string(c.BytesProcessed))})
			}
		}
	}
	for _, t := range []table{spaces, smart, tests, counters} {
		for i := range t.rows {
			t.rows[i].own = true
		}
		p.linkOnly(t)
	}
}

// portTables are what is plugged into network ports and what is at their
// other end.
func (p *page) portTables() {
	modules := table{id: "modules", title: "Modules and cables in ports", columns: []column{{"Port", false}, {"Type", false}, {"Module", false}, {"Serial", false}, {"Media", false}, {"Length", true}, {"Temp.", true}, {"Light in", false}, {"Light out", false}, {"Alarms", false}}}
	switches := table{id: "lldp", title: "Switch ports (LLDP)", columns: []column{{"Port", false}, {"Switch", false}, {"Switch port", false}, {"Description", false}, {"VLAN", true}, {"Address", false}, {"Chassis", false}}}
	bonds := table{id: "bonds", title: "Bonds, bridges, teams", columns: []column{{"Interface", false}, {"Part of", false}, {"Kind", false}, {"Mode", false}, {"State", false}, {"Link", false}, {"Failures", true}, {"Aggregator", true}}}
	rdma := table{id: "rdma", title: "RDMA ports", columns: []column{{"Interface", false}, {"Device", false}, {"Port", true}, {"Link layer", false}, {"State", false}, {"Physical", false}, {"Rate", true}, {"Port GUID", false}, {"Firmware", false}, {"Board", false}}}
	for i := range p.r.Network {
		n := &p.r.Network[i]
		if m := n.Module; m != nil {
			alarms := render.ModuleAlarms(m)
			class := literal("")
			if len(alarms) > 0 {
				class = "warning"
			}
			light := func(of func(inventory.NICLane) *float64) string {
				return strings.TrimSpace(render.Light("", m.Lanes, of))
			}
			r := row{component: n.ID, class: class, cells: cells(n.Name, m.Type, join(" ", m.Vendor, m.PartNumber, m.Revision), m.SerialNumber, strings.Join(m.Media, ", "), opt(m.LengthMeters, " m"), "",
				light(func(l inventory.NICLane) *float64 { return l.RxPowerMilliwatts }), light(func(l inventory.NICLane) *float64 { return l.TxPowerMilliwatts }), strings.Join(alarms, ", "))}
			r.cells[6] = keyed(decimals(m.TempCelsius, 1, " °C"), m.TempCelsius)
			modules.rows = append(modules.rows, r)
		}
		for k := range n.LLDP {
			l := &n.LLDP[k]
			switches.rows = append(switches.rows, row{component: n.ID, cells: cells(n.Name, l.SystemName, l.PortID, l.PortDescription, opt(l.VLANID, ""), strings.Join(l.ManagementAddresses, ", "), l.ChassisID)})
		}
		if m := n.Master; m != nil {
			bonds.rows = append(bonds.rows, row{component: n.ID, cells: cells(n.Name, m.Name, m.Type, m.Mode, m.State, m.MIIStatus, opt(m.LinkFailures, ""), opt(m.AggregatorID, ""))})
		}
		for k := range n.RDMA {
			x := &n.RDMA[k]
			rdma.rows = append(rdma.rows, row{component: n.ID, cells: cells(n.Name, x.Device, fmt.Sprint(x.Port), x.LinkLayer, x.State, x.PhysState, join(" ", opt(x.RateGbps, " Gb/s"), x.Width), x.PortGUID, x.Firmware, x.BoardID)})
		}
	}
	for _, t := range []table{modules, switches, bonds, rdma} {
		for i := range t.rows {
			t.rows[i].own = true
		}
		p.linkOnly(t)
	}
}

// gpuErrorTable are the RAS counters of GPUs and accelerators.
func (p *page) gpuErrorTable() {
	t := table{id: "gpuerrors", title: "Error counters of GPUs", columns: []column{{"GPU", true}, {"Address", false}, {"ECC", false}, {"Corrected", true}, {"Uncorrected", true}, {"Corrected for life", true}, {"Uncorrected for life", true}, {"Link replays", true}, {"Not zero", false}}}
	for i := range p.r.GPUs {
		g := &p.r.GPUs[i]
		e := g.ECC
		if e == nil && g.BlockErrors == nil && g.LastXid == nil && g.RemappedRows == nil && g.RetiredPages == nil {
			continue
		}
		if e == nil {
			e = &inventory.GPUECC{}
		}
		on := ""
		if e.Enabled != nil {
			on = map[bool]string{true: "on", false: "off"}[*e.Enabled]
		}
		t.rows = append(t.rows, row{component: g.ID, own: true, cells: cells(opt(g.Index, ""), g.PCIAddress, on, opt(e.VolatileCorrected, ""), opt(e.VolatileUncorrected, ""), opt(e.AggregateCorrected, ""), opt(e.AggregateUncorrected, ""), opt(g.PCIeReplays, ""), strings.Join(render.GPUErrors(g), ", "))})
	}
	p.linkOnly(t)
}

// memoryControllerTable is how EDAC sees the modules.
func (p *page) memoryControllerTable() {
	t := table{id: "edac", title: "Memory controllers", columns: []column{{"Controller", false}, {"Row", false}, {"Label", false}, {"Location", false}, {"Size", true}, {"Corrected", true}, {"Uncorrected", true}, {"Slot", false}}}
	for i := range p.r.Memory.Controllers {
		c := &p.r.Memory.Controllers[i]
		name := strings.TrimPrefix(c.ID, "memory_controller:")
		r := row{component: c.ID, cells: cells(name, "", c.Name, "all", "", opt(c.CorrectedErrors, ""), opt(c.UncorrectedErrors, ""), "")}
		r.cells[4] = keyed(render.MemorySize(c.SizeBytes), c.SizeBytes)
		t.rows = append(t.rows, r)
		for _, m := range c.Modules {
			r := row{component: c.ID, own: true, cells: cells(name, m.Name, m.Label, m.Location, "", opt(m.CorrectedErrors, ""), opt(m.UncorrectedErrors, ""), strings.TrimPrefix(m.ModuleID, "dimm:"))}
			r.cells[4] = keyed(render.MemorySize(m.SizeBytes), m.SizeBytes)
			t.rows = append(t.rows, r)
		}
	}
	p.linkOnly(t)
}
