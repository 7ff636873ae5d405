package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

func sortedKeys[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), inventory.CompareNatural)
}

func (p *page) cxl(list []inventory.CXLDevice) {
	if len(list) == 0 {
		return
	}
	p.heading("CXL memory (%d)", len(list))
	var rows [][]string
	for i := range list {
		d := &list[i]
		rows = append(rows, []string{d.Device, d.PCIAddress, MemorySize(d.VolatileBytes), MemorySize(d.PersistentBytes), d.SerialNumber, d.Firmware, d.SecurityState})
	}
	p.grid([]column{
		{Title: "DEVICE", Min: 5},
		{Title: "ADDRESS", Min: 10},
		{Title: "VOLATILE", Right: true},
		{Title: "PERSISTENT", Right: true},
		{Title: "SERIAL", Min: 8},
		{Title: "FW", Min: 6},
		{Title: "SECURITY", Min: 8},
	}, rows)
}

// hostSensors lists those that are not well; all with All.
func (p *page) hostSensors(list []inventory.HostSensor) {
	if len(list) == 0 {
		return
	}
	ill := func(s inventory.HostSensor) bool {
		return s.Health == inventory.HealthWarning || s.Health == inventory.HealthCritical
	}
	p.heading("Sensors of the kernel (%d, %d not well)", len(list), count(list, ill))
	var rows [][]string
	for _, s := range list {
		if !p.All && !ill(s) {
			continue
		}
		value := s.Unavailable
		if s.Value != nil {
			value = join(" ", fmt.Sprintf("%g", *s.Value), s.Unit)
		}
		rows = append(rows, []string{s.Chip, s.Name, s.Type, value, strings.Join(s.Alarms, " "), string(s.Health)})
	}
	if len(rows) > 0 {
		p.grid([]column{{Title: "CHIP", Min: 8}, {Title: "SENSOR", Min: 10}, {Title: "TYPE", Min: 8}, {Title: "VALUE", Min: 12}, {Title: "ALARMS", Min: 8}, {Title: "HEALTH"}}, rows)
	}
}

// trust is how the system was started and what its TPMs say.
func (p *page) trust(t *inventory.Trust) {
	if t == nil {
		return
	}
	p.heading("Trust")
	p.pair("Secure boot", map[string]string{"yes": "on", "no": "off"}[yesNo(t.SecureBoot)])
	p.pair("Setup mode", yesNo(t.SetupMode))
	p.pair("Lockdown", t.Lockdown)
	p.pair("Kernel taint", strings.Join(t.KernelTaint, ", "))
	for i := range t.TPMs {
		x := &t.TPMs[i]
		locked := ""
		if x.LockedOut != nil && *x.LockedOut {
			locked = "locked out"
		}
		p.pair("TPM", join(", ", x.Device, x.Version, join(" ", x.Manufacturer, x.Model), labelled("firmware", x.Firmware), labelled("banks", strings.Join(x.PCRBanks, " ")), locked))
	}
	if t.TPMs != nil && len(t.TPMs) == 0 {
		p.pair("TPM", "none")
	}
}

func (p *page) firmware(list []inventory.FirmwareResource) {
	if len(list) == 0 {
		return
	}
	p.heading("Firmware that can be updated (%d)", len(list))
	var rows [][]string
	for i := range list {
		f := &list[i]
		rows = append(rows, []string{f.GUID, f.Type, opt(f.Version, ""), opt(f.LowestVersion, ""), f.LastAttemptStatus})
	}
	p.grid([]column{
		{Title: "CLASS", Min: 12},
		{Title: "TYPE", Min: 8},
		{Title: "VERSION", Right: true},
		{Title: "OLDEST", Right: true},
		{Title: "LAST UPDATE", Min: 8},
	}, rows)
}
