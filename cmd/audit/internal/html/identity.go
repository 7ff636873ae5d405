package html

import (
	"fmt"
	"strings"
	"time"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// pair is one line of a list of facts; nothing when the value is missing.
func (p *page) pair(name literal, value string) {
	if value == "" || value == "-" {
		return
	}
	p.raw("<div><dt>", name, "</dt><dd>")
	p.text(value)
	p.raw("</dd></div>\n")
}

func (p *page) identity() {
	h, b, m := p.r.Host, p.r.Board, p.r.Memory
	if h == nil && b == nil && m == nil {
		return
	}
	p.raw("<section id=\"machine\"><h2>Machine</h2>\n<dl class=\"facts\">\n")
	if b != nil {
		p.boardFacts(b)
	}
	if m != nil {
		p.pair("Memory", join(", ", render.MemorySize(m.SizeBytes), m.ECC, filled(m)))
	}
	if h != nil {
		p.pair("Host name", h.Hostname)
		p.pair("Runs", join(", ", h.OS, join(" ", h.Kernel, h.Architecture)))
		boot := string(h.BootMode)
		if h.SecureBoot != nil {
			boot = join(", ", boot, "secure boot "+map[bool]string{true: "on", false: "off"}[*h.SecureBoot])
		}
		p.pair("Boot", boot)
		p.pair("Release", h.BeeRelease)
		p.keys(&h.Identity)
	}
	p.raw("</dl></section>\n")
}

func filled(m *inventory.Memory) string {
	if m.Slots == nil || m.Populated == nil {
		return ""
	}
	return fmt.Sprintf("%d of %d slots filled", *m.Populated, *m.Slots)
}

func (p *page) boardFacts(b *inventory.Board) {
	if s := b.System; s != nil {
		p.pair("System", join(" ", s.Manufacturer, s.ProductName, s.Version))
		p.pair("Serial number", s.SerialNumber)
		p.pair("SKU", s.SKUNumber)
		p.pair("UUID", s.UUID)
	}
	if c := b.Chassis; c != nil {
		p.pair("Asset tag", c.AssetTag)
		p.pair("Chassis", join(", ", join(" ", c.Manufacturer, strings.ReplaceAll(c.Type, "_", " ")), opt(c.HeightU, " U"), c.SerialNumber))
	}
	if x := b.Baseboard; x != nil {
		p.pair("Board", join(", ", join(" ", x.Manufacturer, x.ProductName, x.Version), x.SerialNumber))
	}
	if x := b.BIOS; x != nil {
		p.pair("Firmware", join(" ", x.Vendor, x.Version, x.ReleaseDate))
	}
}

// keys names the serial numbers that cannot tell this machine from others.
func (p *page) keys(id *inventory.Identity) {
	for _, k := range []struct {
		name string
		key  inventory.IdentityKey
	}{{"system serial", id.SystemSerial}, {"system UUID", id.SystemUUID}, {"baseboard serial", id.BaseboardSerial}} {
		if !k.key.Usable && k.key.Value != "" {
			p.pair("Not usable", fmt.Sprintf("%s %s: %s", k.name, k.key.Value, k.key.Reason))
		}
	}
}

func (p *page) bmcTables() {
	b := p.r.BMC
	if b == nil {
		return
	}
	p.raw("<section id=\"bmc\"><h2>BMC</h2>\n<dl class=\"facts\">\n")
	p.pair("Product", join(" ", b.Manufacturer, b.Product))
	p.pair("Firmware", b.Firmware)
	p.pair("IPMI", b.IPMIVersion)
	p.pair("MAC", b.MAC)
	if l := b.LAN; l != nil {
		p.pair("Address", join(", ", l.IP, l.IPSource))
	}
	p.pair("Self test", b.SelfTest)
	p.pair("Power draw", opt(b.PowerWatts, " W"))
	p.raw("</dl></section>\n")
	t := table{id: "sensors", title: "Sensors", columns: []column{{"Sensor", false}, {"Type", false}, {"Value", true}, {"State", false}, {"Health", false}}}
	for i := range b.Sensors {
		s := &b.Sensors[i]
		r := row{component: s.ID, class: healthClass(s.Health), cells: cells(s.Name, s.Type, "", join(", ", append([]string{s.Unavailable}, s.States...)...), string(s.Health))}
		if s.Value != nil {
			r.cells[2] = keyed(join(" ", fmt.Sprintf("%g", *s.Value), s.Unit), s.Value)
		}
		t.rows = append(t.rows, r)
	}
	p.table(t)
	if b.SEL != nil {
		t := table{id: "events", title: "Event log, latest", columns: []column{{"Record", true}, {"Time", false}, {"Sensor", false}, {"Event", false}, {"Asserted", false}, {"Detail", false}, {"Part", false}}}
		for _, e := range b.SEL.Last {
			at := ""
			if e.At != nil {
				at = e.At.UTC().Format(time.RFC3339)
			}
			t.rows = append(t.rows, row{cells: cells(fmt.Sprint(e.RecordID), at, join(" ", e.SensorType, e.Sensor), e.Event, yesNo(e.Asserted), e.Detail, e.ComponentID)})
		}
		p.table(t)
	}
	t = table{id: "frus", title: "Field replaceable units", columns: []column{{"Unit", false}, {"Board", false}, {"Board serial", false}, {"Product", false}, {"Product serial", false}, {"Damaged", false}}}
	for _, f := range b.FRUs {
		t.rows = append(t.rows, row{cells: cells(f.Name, join(" ", f.BoardManufacturer, f.BoardProduct), f.BoardSerialNumber, join(" ", f.ProductManufacturer, f.ProductName), f.ProductSerialNumber, strings.Join(f.Damaged, ", "))})
	}
	p.table(t)
}
