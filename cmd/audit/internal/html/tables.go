package html

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

func (p *page) tables() {
	p.topologyTable()
	p.cpuTable()
	p.memoryTable()
	p.driveTable()
	p.driveDetailTables()
	p.controllerTables()
	p.gpuTable()
	p.gpuErrorTable()
	p.pcieTable()
	p.networkTable()
	p.portTables()
	p.powerTable()
	p.bmcTables()
	p.kernelTables()
	p.boardTables()
	p.outcomeTables()
}

func healthClass(h inventory.Health) literal {
	switch h {
	case inventory.HealthCritical:
		return "critical"
	case inventory.HealthWarning:
		return "warning"
	case inventory.HealthOK, inventory.HealthUnknown:
	}
	return ""
}

func (p *page) cpuTable() {
	t := table{id: "cpus", title: "Processors", columns: []column{{"Socket", false}, {"Model", false}, {"Cores", true}, {"Threads", true}, {"Max MHz", true}, {"Microcode", false}, {"Serial", false}, {"Status", false}}}
	for i := range p.r.CPUs {
		c := &p.r.CPUs[i]
		r := row{component: c.ID, cells: cells(c.Socket, c.Model, opt(c.Cores, ""), opt(c.Threads, ""), opt(c.MaxSpeedMHz, ""), c.Microcode, c.SerialNumber, c.Status)}
		if c.CoresEnabled != nil && c.Cores != nil && *c.CoresEnabled != *c.Cores {
			r.cells[2] = keyed(fmt.Sprintf("%d of %d", *c.CoresEnabled, *c.Cores), c.Cores)
		}
		if !present(c.Present) {
			r.class, r.cells[7].text = "empty", "empty"
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) memoryTable() {
	m := p.r.Memory
	if m == nil {
		return
	}
	t := table{id: "memory", title: "Memory modules", columns: []column{{"Slot", false}, {"Bank", false}, {"Size", true}, {"Type", false}, {"MT/s", true}, {"Rated", true}, {"Maker", false}, {"Part", false}, {"Serial", false}, {"Corrected", true}, {"Uncorrected", true}}}
	for i := range m.Modules {
		d := &m.Modules[i]
		r := row{component: d.ID, cells: cells(d.Slot, d.Bank, "", d.Type, opt(d.ConfiguredSpeedMTs, ""), opt(d.SpeedMTs, ""), d.Manufacturer, d.PartNumber, d.SerialNumber, opt(d.CorrectedErrors, ""), opt(d.UncorrectedErrors, ""))}
		r.cells[2] = keyed(render.MemorySize(d.SizeBytes), d.SizeBytes)
		if !present(d.Present) {
			r.class, r.cells[2] = "empty", cell{"empty", "0"}
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
	p.memoryControllerTable()
}

func (p *page) driveTable() {
	t := table{id: "drives", title: "Drives", columns: []column{{"Name", false}, {"Bay", false}, {"Bus", false}, {"Size", true}, {"Model", false}, {"Serial", false}, {"Firmware", false}, {"Temp.", true}, {"Used", true}, {"Hours", true}, {"Media errors", true}, {"Health", false}}}
	names := render.Places(p.r)
	for i := range p.r.Storage {
		d := &p.r.Storage[i]
		h := d.Health
		if h == nil {
			h = &inventory.DriveHealth{}
		}
		r := row{component: d.ID, class: healthClass(h.Status), cells: cells(d.Device, names[d.ID].Slot, string(d.Protocol), "", join(" ", d.Vendor, d.Model), d.SerialNumber, d.Firmware, opt(h.TempCelsius, " °C"), opt(h.PercentageUsed, " %"), opt(h.PowerOnHours, ""), opt(h.MediaErrors, ""), join(": ", string(h.Status), strings.Join(h.Reasons, "; ")))}
		r.cells[3] = keyed(render.DriveSize(d.SizeBytes), d.SizeBytes)
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) controllerTables() {
	t := table{id: "controllers", title: "Storage controllers", columns: []column{{"Address", false}, {"Kind", false}, {"Driver", false}, {"Model", false}, {"Serial", false}, {"Firmware", false}, {"Battery", false}, {"Health", false}}}
	for i := range p.r.StorageControllers {
		c := &p.r.StorageControllers[i]
		t.rows = append(t.rows, row{component: c.ID, class: healthClass(c.Health), cells: cells(c.PCIAddress, c.ControllerKind, c.Driver, join(" ", c.Vendor, c.Model), c.SerialNumber, c.Firmware, c.BatteryState, string(c.Health))})
	}
	p.table(t)
	t = table{id: "volumes", title: "Logical drives", columns: []column{{"Device", false}, {"Name", false}, {"Level", false}, {"Size", true}, {"State", false}, {"Members", true}, {"Health", false}}}
	for i := range p.r.LogicalDrives {
		l := &p.r.LogicalDrives[i]
		r := row{component: l.ID, class: healthClass(l.Health), cells: cells(l.Device, l.Name, l.Level, "", l.State, fmt.Sprint(len(l.MemberIDs)), string(l.Health))}
		r.cells[3] = keyed(render.DriveSize(l.SizeBytes), l.SizeBytes)
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) gpuTable() {
	t := table{id: "gpus", title: "GPUs", columns: []column{{"GPU", true}, {"Address", false}, {"Name", false}, {"Memory", true}, {"Serial", false}, {"VBIOS", false}, {"Driver", false}, {"Temp.", true}, {"Power", true}, {"Link", false}, {"NVLinks", true}, {"State", false}}}
	for i := range p.r.GPUs {
		g := &p.r.GPUs[i]
		links := ""
		if g.NVLinks != nil {
			links = fmt.Sprint(len(g.NVLinks))
		}
		r := row{component: g.ID, class: healthClass(g.Health), cells: cells(opt(g.Index, ""), g.PCIAddress, g.Name, "", g.SerialNumber, g.VBIOS, g.DriverVersion, opt(g.TempCelsius, " °C"), "", render.LinkText(g.Link), links, join(", ", g.State, string(g.Health)))}
		r.cells[3] = keyed(render.MemorySize(g.MemoryBytes), g.MemoryBytes)
		r.cells[8] = keyed(join(" of ", decimals(g.PowerWatts, 0, " W"), decimals(g.PowerLimitWatts, 0, " W")), g.PowerWatts)
		if g.State == "lost" {
			r.class = "critical"
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) pcieTable() {
	t := table{id: "pcie", title: "PCI functions", columns: []column{{"Address", false}, {"Class", false}, {"Device", false}, {"Driver", false}, {"Slot", false}, {"Label", false}, {"Link", false}, {"Node", true}, {"Errors", false}, {"Serial", false}}}
	for i := range p.r.PCIeDevices {
		d := &p.r.PCIeDevices[i]
		t.rows = append(t.rows, row{component: d.ID, cells: cells(d.Address, d.Class, deviceName(d), d.Driver, d.Slot, d.Label, render.LinkText(d.Link), opt(d.NUMANode, ""), busErrors(d.AER), d.SerialNumber)})
	}
	p.table(t)
}

// busErrors are the counters that are not zero.
func busErrors(a *inventory.AER) string {
	if a == nil {
		return ""
	}
	var list []string
	for _, c := range []struct {
		word string
		n    *uint64
	}{{"fatal", a.Fatal}, {"nonfatal", a.Nonfatal}, {"correctable", a.Correctable}} {
		if c.n != nil && *c.n > 0 {
			list = append(list, fmt.Sprintf("%d %s", *c.n, c.word))
		}
	}
	return strings.Join(list, ", ")
}

func deviceName(d *inventory.PCIeDevice) string {
	if name := join(" ", d.Vendor, d.Device); name != "" {
		return name
	}
	return join(":", d.VendorID, d.DeviceID)
}

func (p *page) networkTable() {
	t := table{id: "network", title: "Network", columns: []column{{"Name", false}, {"MAC", false}, {"Link", false}, {"Speed", true}, {"At most", true}, {"Driver", false}, {"Firmware", false}, {"Address", false}, {"Slot", false}, {"Part of", false}, {"Leads to", false}, {"Errors", true}}}
	names := render.Places(p.r)
	for i := range p.r.Network {
		n := &p.r.Network[i]
		link, mac := "", n.PermanentMAC
		if n.LinkUp != nil {
			link = map[bool]string{true: "up", false: "down"}[*n.LinkUp]
		}
		if mac == "" {
			mac = n.MAC
		}
		r := row{component: n.ID, cells: cells(n.Name, mac, link, "", "", n.Driver, n.Firmware, join(" ", n.PCIAddress, n.BusAddress), names[n.ID].Slot, "", "", "")}
		r.cells[3] = keyed(opt(n.SpeedMbps, " Mb/s"), n.SpeedMbps)
		r.cells[4] = keyed(opt(n.MaxSpeedMbps, " Mb/s"), n.MaxSpeedMbps)
		if m := n.Master; m != nil {
			r.cells[9].text = m.Name
		}
		if len(n.LLDP) > 0 {
			r.cells[10].text = render.SwitchPort(&n.LLDP[0])
		}
		if c := n.Counters; c != nil {
			r.cells[11].text = join(" / ", opt(c.RxErrors, ""), opt(c.TxErrors, ""))
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) powerTable() {
	t := table{id: "power", title: "Power supplies", columns: []column{{"Bay", false}, {"Model", false}, {"Part", false}, {"Serial", false}, {"Rated", true}, {"Input", true}, {"Output", true}, {"Status", false}}}
	for i := range p.r.PowerSupplies {
		s := &p.r.PowerSupplies[i]
		r := row{component: s.ID, class: healthClass(s.Health), cells: cells(s.Slot, join(" ", s.Manufacturer, s.Model), s.PartNumber, s.SerialNumber, opt(s.CapacityWatts, " W"), decimals(s.InputWatts, 0, " W"), decimals(s.OutputWatts, 0, " W"), string(s.Status))}
		if !present(s.Present) {
			r.class, r.cells[7].text = "empty", "empty"
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
}

func (p *page) boardTables() {
	b := p.r.Board
	if b == nil {
		return
	}
	t := table{id: "slots", title: "Slots of the board", columns: []column{{"Slot", false}, {"Type", false}, {"Width", false}, {"Usage", false}, {"Address", false}}}
	for _, s := range b.Slots {
		r := row{cells: cells(s.Designation, s.Type, s.Width, s.Usage, s.PCIAddress)}
		if s.Usage == "available" {
			r.class = "empty"
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
	t = table{id: "onboard", title: "Devices on the board", columns: []column{{"Label", false}, {"Type", false}, {"Instance", true}, {"Enabled", false}, {"Address", false}}}
	for _, d := range b.OnboardDevices {
		t.rows = append(t.rows, row{cells: cells(d.Designation, d.Type, opt(d.Instance, ""), yesNo(d.Enabled), d.PCIAddress)})
	}
	p.table(t)
	t = table{id: "connectors", title: "Connectors of the board", columns: []column{{"Inside", false}, {"Kind", false}, {"Outside", false}, {"Kind", false}, {"For", false}}}
	for _, c := range b.Connectors {
		t.rows = append(t.rows, row{cells: cells(c.Internal, c.InternalType, c.External, c.ExternalType, c.PortType)})
	}
	p.table(t)
}

// outcomeTables: how the reading went.
func (p *page) outcomeTables() {
	t := table{id: "collectors", title: "Collectors", columns: []column{{"Collector", false}, {"Status", false}, {"Time", true}, {"Error", false}}}
	for _, c := range p.r.Collectors {
		r := row{cells: cells(c.Name, string(c.Status), "", c.Error)}
		r.cells[2] = keyed(fmt.Sprintf("%d ms", c.DurationMS), &c.DurationMS)
		switch c.Status {
		case inventory.StatusFailed, inventory.StatusTimeout, inventory.StatusDenied, inventory.StatusPartial:
			r.class = "warning"
		case inventory.StatusAbsent, inventory.StatusNotRun:
			r.class = "empty"
		case inventory.StatusOK:
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
	t = table{id: "issues", title: "What could not be read", columns: []column{{"Part", false}, {"Field", false}, {"Why", false}, {"Source", false}, {"Detail", false}, {"Collector", false}}}
	for _, i := range p.r.Issues {
		t.rows = append(t.rows, row{cells: cells(i.ComponentID, i.Field, string(i.Kind), i.Source, i.Detail, i.Collector)})
	}
	p.table(t)
	t = table{id: "extensions", title: "Extensions", columns: []column{{"Key", false}, {"Data", false}}}
	for _, k := range slices.Sorted(maps.Keys(p.r.Extensions)) {
		t.rows = append(t.rows, row{cells: cells(k, short(p.r.Extensions[k]))})
	}
	p.table(t)
}

// short keeps foreign data from flooding the page; the whole of it is in the
// raw report.
func short(data json.RawMessage) string {
	const most = 400
	s := string(data)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " ..."
	}
	return s
}
