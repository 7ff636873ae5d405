package render

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

func (p *page) drives(list []inventory.Drive) {
	if list == nil {
		return
	}
	p.heading("Drives (%d)", len(list))
	var rows [][]string
	for _, d := range list {
		place := ""
		if d.Enclosure != nil {
			place = join(":", d.Enclosure.ID, d.Enclosure.Slot)
		}
		health, temp, used := "", "", ""
		if h := d.Health; h != nil {
			health, temp, used = string(h.Status), opt(h.TempCelsius, " C"), opt(h.PercentageUsed, " %")
		}
		rows = append(rows, []string{
			d.Device, string(d.Protocol), DriveSize(d.SizeBytes), join(" ", d.Vendor, d.Model),
			d.SerialNumber, d.Firmware, place, temp, used, health,
		})
	}
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "NAME", Min: 5},
			{Title: "BUS"},
			{Title: "SIZE", Right: true},
			{Title: "MODEL", Min: 12},
			{Title: "SERIAL", Min: 10},
			{Title: "FW", Min: 4},
			{Title: "SLOT", Min: 4},
			{Title: "TEMP", Right: true},
			{Title: "USED", Right: true},
			{Title: "HEALTH"},
		}, rows)
	}
	for _, d := range list {
		if d.Health == nil {
			continue
		}
		for _, reason := range d.Health.Reasons {
			p.note(2, "%s: %s", join("", d.Device), reason)
		}
	}
}

func (p *page) controllers(list []inventory.StorageController) {
	if len(list) == 0 {
		return
	}
	p.heading("Storage controllers (%d)", len(list))
	var rows [][]string
	for _, c := range list {
		hidden := ""
		if c.HidesDrives != nil && *c.HidesDrives {
			hidden = "may hide drives"
		}
		rows = append(rows, []string{
			c.PCIAddress, c.ControllerKind, c.Driver, join(" ", c.Vendor, c.Model), c.SerialNumber, c.Firmware,
			join(", ", string(c.Health), labelled("battery", c.BatteryState), hidden),
		})
	}
	p.grid([]column{
		{Title: "ADDRESS"},
		{Title: "KIND"},
		{Title: "DRIVER", Min: 6},
		{Title: "MODEL", Min: 12},
		{Title: "SERIAL", Min: 8},
		{Title: "FW", Min: 6},
		{Title: "STATE", Min: 8},
	}, rows)
}

func (p *page) volumes(list []inventory.LogicalDrive) {
	if len(list) == 0 {
		return
	}
	p.heading("Logical drives (%d)", len(list))
	var rows [][]string
	for _, v := range list {
		rows = append(rows, []string{
			v.Device, v.Name, v.Level, DriveSize(v.SizeBytes), v.State, fmt.Sprint(len(v.MemberIDs)), string(v.Health),
		})
	}
	p.grid([]column{
		{Title: "DEVICE", Min: 5},
		{Title: "NAME", Min: 6},
		{Title: "LEVEL"},
		{Title: "SIZE", Right: true},
		{Title: "STATE", Min: 8},
		{Title: "DRIVES", Right: true},
		{Title: "HEALTH"},
	}, rows)
}
