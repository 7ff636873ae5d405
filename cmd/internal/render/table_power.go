package render

import (
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

func (p *page) powerSupplies(list []inventory.PowerSupply) {
	if list == nil {
		return
	}
	p.heading("Power supplies (%s)", countOf(list, func(s inventory.PowerSupply) bool { return present(s.Present) }))
	var rows [][]string
	for _, s := range list {
		if !present(s.Present) {
			rows = append(rows, []string{s.Slot, "empty", "", "", "", "", ""})
			continue
		}
		rows = append(rows, []string{
			s.Slot, join(" ", s.Manufacturer, s.Model), s.PartNumber, s.SerialNumber,
			opt(s.CapacityWatts, " W"), watts(s.InputWatts), join(", ", string(s.Status), string(s.Health)),
		})
	}
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "SLOT", Min: 5},
			{Title: "MODEL", Min: 12},
			{Title: "PART", Min: 8},
			{Title: "SERIAL", Min: 8},
			{Title: "RATED", Right: true},
			{Title: "INPUT", Right: true},
			{Title: "STATUS", Min: 8},
		}, rows)
	}
}

func watts(w *float64) string {
	if w == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f W", *w)
}

func (p *page) gpus(list []inventory.GPU) {
	if list == nil {
		return
	}
	p.heading("GPUs (%d)", len(list))
	var rows [][]string
	for _, g := range list {
		power := watts(g.PowerWatts)
		if g.PowerLimitWatts != nil {
			power = join(" of ", power, watts(g.PowerLimitWatts))
		}
		state := g.State
		if state == "ok" {
			state = ""
		}
		rows = append(rows, []string{
			opt(g.Index, ""), g.PCIAddress, g.Name, MemorySize(g.MemoryBytes), g.SerialNumber,
			opt(g.TempCelsius, " C"), power, join(", ", state, string(g.Health)),
		})
	}
	if len(rows) > 0 {
		p.grid([]column{
			{Title: "GPU", Right: true},
			{Title: "ADDRESS"},
			{Title: "NAME", Min: 10},
			{Title: "MEMORY", Right: true},
			{Title: "SERIAL", Min: 8},
			{Title: "TEMP", Right: true},
			{Title: "POWER", Right: true},
			{Title: "STATE", Min: 8},
		}, rows)
	}
	for i := range list {
		if errs := GPUErrors(&list[i]); len(errs) > 0 {
			p.note(2, "GPU %s: %s", join(" ", opt(list[i].Index, ""), list[i].PCIAddress), strings.Join(errs, ", "))
		}
	}
}
