package render

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

func (p *page) board(b *inventory.Board) {
	if b == nil {
		return
	}
	p.heading("Board and firmware")
	if b.BIOS != nil {
		p.pair("Firmware", join(" ", b.BIOS.Vendor, b.BIOS.Version, b.BIOS.ReleaseDate))
	}
	p.pair("SMBIOS", b.SMBIOSVersion)
	boards := b.Baseboards
	if len(boards) == 0 && b.Baseboard != nil {
		boards = []inventory.Baseboard{*b.Baseboard}
	}
	for _, x := range boards {
		p.pair("Board", join(", ", join(" ", x.Manufacturer, x.ProductName, x.Version), x.Type, labelled("serial", x.SerialNumber), labelled("asset", x.AssetTag)))
	}
	enclosures := b.ChassisAll
	if len(enclosures) == 0 && b.Chassis != nil {
		enclosures = []inventory.Chassis{*b.Chassis}
	}
	for _, x := range enclosures {
		height := ""
		if x.HeightU != nil {
			height = fmt.Sprintf("%d U", *x.HeightU)
		}
		p.pair("Chassis", join(", ", join(" ", x.Manufacturer, x.Type), height, labelled("serial", x.SerialNumber), labelled("asset", x.AssetTag)))
	}
	if p.All {
		for _, s := range b.Slots {
			p.pair("Slot", join(", ", s.Designation, s.Type, s.Usage, s.PCIAddress))
		}
		for _, s := range b.OEMStrings {
			p.pair("OEM string", s)
		}
	}
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}

func (p *page) cpus(list []inventory.CPU) {
	if list == nil {
		return
	}
	p.heading("Processors (%s)", countOf(list, func(c inventory.CPU) bool { return present(c.Present) }))
	var rows [][]string
	for _, c := range list {
		if !present(c.Present) {
			rows = append(rows, []string{c.Socket, "empty", "", "", "", "", ""})
			continue
		}
		cores := opt(c.Cores, "")
		if c.CoresEnabled != nil && c.Cores != nil && *c.CoresEnabled != *c.Cores {
			cores = fmt.Sprintf("%d of %d", *c.CoresEnabled, *c.Cores)
		}
		status := c.Status
		if status == "enabled" {
			status = ""
		}
		rows = append(rows, []string{c.Socket, c.Model, cores, opt(c.Threads, ""), opt(c.MaxSpeedMHz, ""), c.Microcode, status})
	}
	p.grid([]column{
		{Title: "SOCKET", Min: 6},
		{Title: "MODEL", Min: 20},
		{Title: "CORES", Right: true},
		{Title: "THREADS", Right: true},
		{Title: "MAX MHZ", Right: true},
		{Title: "MICROCODE", Min: 9},
		{Title: "STATUS", Min: 8},
	}, rows)
}

func (p *page) memory(m *inventory.Memory) {
	if m == nil {
		return
	}
	p.heading("Memory (%s)", MemorySize(m.SizeBytes))
	p.pair("Usable", MemorySize(m.UsableBytes))
	p.pair("At most", MemorySize(m.MaxCapacityBytes))
	p.pair("ECC", m.ECC)
	var rows [][]string
	empty := 0
	for _, x := range m.Modules {
		if !present(x.Present) && !p.All {
			empty++
			continue
		}
		speed := opt(x.ConfiguredSpeedMTs, "")
		if x.SpeedMTs != nil && x.ConfiguredSpeedMTs != nil && *x.SpeedMTs != *x.ConfiguredSpeedMTs {
			speed = fmt.Sprintf("%d/%d", *x.ConfiguredSpeedMTs, *x.SpeedMTs)
		} else if x.ConfiguredSpeedMTs == nil {
			speed = opt(x.SpeedMTs, "")
		}
		sz := MemorySize(x.SizeBytes)
		if !present(x.Present) {
			sz = "empty"
		}
		errs := join(" ", countErrors(x.CorrectedErrors, "ce"), countErrors(x.UncorrectedErrors, "ue"))
		rows = append(rows, []string{slotName(x.Bank, x.Slot), sz, x.Type, speed, x.Manufacturer, x.PartNumber, x.SerialNumber, errs})
	}
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "SLOT", Min: 12},
			{Title: "SIZE", Right: true},
			{Title: "TYPE"},
			{Title: "MT/S", Right: true},
			{Title: "MAKER", Min: 7},
			{Title: "PART", Min: 10},
			{Title: "SERIAL", Min: 8},
			{Title: "ERRORS"},
		}, rows)
	}
	if empty > 0 {
		p.note(2, "%s empty", plural(empty, "slot"))
	}
}

// slotName is the locator, and the bank where that says more.
func slotName(bank, slot string) string {
	if slot == "" {
		return bank
	}
	return slot
}

func countErrors(n *uint64, unit string) string {
	if n == nil || *n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", *n, unit)
}
