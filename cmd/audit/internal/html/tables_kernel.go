package html

import (
	"fmt"
	"strings"

	"example.com/bee/cmd/internal/render"
)

// kernelTables are what the kernel knows beyond the parts: its own sensors,
// CXL memory, TPMs, firmware it can update.
func (p *page) kernelTables() {
	t := table{id: "cxl", title: "CXL memory", columns: []column{{"Device", false}, {"Address", false}, {"Volatile", true}, {"Persistent", true}, {"Serial", false}, {"Firmware", false}, {"Security", false}}}
	for i := range p.r.CXLDevices {
		d := &p.r.CXLDevices[i]
		r := row{component: d.ID, cells: cells(d.Device, d.PCIAddress, "", "", d.SerialNumber, d.Firmware, d.SecurityState)}
		r.cells[2] = keyed(render.MemorySize(d.VolatileBytes), d.VolatileBytes)
		r.cells[3] = keyed(render.MemorySize(d.PersistentBytes), d.PersistentBytes)
		t.rows = append(t.rows, r)
	}
	p.table(t)
	t = table{id: "hostsensors", title: "Sensors of the kernel", columns: []column{{"Chip", false}, {"Sensor", false}, {"Type", false}, {"Value", true}, {"Alarms", false}, {"Health", false}}}
	for i := range p.r.Sensors {
		s := &p.r.Sensors[i]
		r := row{component: s.ID, class: healthClass(s.Health), cells: cells(s.Chip, s.Name, s.Type, "", join(", ", append([]string{s.Unavailable}, s.Alarms...)...), string(s.Health))}
		if s.Value != nil {
			r.cells[3] = keyed(join(" ", fmt.Sprintf("%g", *s.Value), s.Unit), s.Value)
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
	if x := p.r.Trust; x != nil {
		p.raw("<section id=\"trust\"><h2>Trust</h2>\n<dl class=\"facts\">\n")
		p.pair("Secure boot", onOff(x.SecureBoot))
		p.pair("Setup mode", yesNo(x.SetupMode))
		p.pair("Lockdown", x.Lockdown)
		p.pair("Kernel taint", strings.Join(x.KernelTaint, ", "))
		p.raw("</dl></section>\n")
		t = table{id: "tpms", title: "TPMs", columns: []column{{"Device", false}, {"Version", false}, {"Maker", false}, {"Model", false}, {"Firmware", false}, {"PCR banks", false}, {"Locked out", false}}}
		for i := range x.TPMs {
			d := &x.TPMs[i]
			t.rows = append(t.rows, row{component: d.ID, cells: cells(d.Device, d.Version, join(" ", d.ManufacturerID, d.Manufacturer), d.Model, d.Firmware, strings.Join(d.PCRBanks, ", "), yesNo(d.LockedOut))})
		}
		p.table(t)
	}
	t = table{id: "firmware", title: "Firmware that can be updated", columns: []column{{"Class", false}, {"Type", false}, {"Version", true}, {"Oldest", true}, {"Last tried", true}, {"How it ended", false}}}
	for i := range p.r.Firmware {
		f := &p.r.Firmware[i]
		t.rows = append(t.rows, row{component: f.ID, cells: cells(f.GUID, f.Type, opt(f.Version, ""), opt(f.LowestVersion, ""), opt(f.LastAttemptVersion, ""), f.LastAttemptStatus)})
	}
	p.table(t)
}
