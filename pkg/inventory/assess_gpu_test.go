package inventory_test

import (
	"slices"
	"testing"

	"example.com/bee/pkg/inventory"
)

func soundGPU() inventory.GPU {
	g := inventory.GPU{
		Name: "NVIDIA H100 80GB HBM3", PCIAddress: "0000:1b:00.0", State: "ok", DriverVersion: "550.54.15",
		ThrottleReasons: []string{"gpu_idle"},
		ECC:             &inventory.GPUECC{Enabled: new(true), Pending: new(true), VolatileUncorrected: new(uint64(0)), AggregateUncorrected: new(uint64(0))},
		RetiredPages:    &inventory.GPURetiredPages{SingleBit: new(0), DoubleBit: new(0), Pending: new(false)},
		RemappedRows:    &inventory.GPURemappedRows{Correctable: new(0), Uncorrectable: new(0), Pending: new(false), Failure: new(false)},
		Link: &inventory.PCIeLink{
			CurrentSpeedGTs: new(2.5), AttainableSpeedGTs: new(32.0), CurrentWidth: new(16), AttainableWidth: new(16),
		},
		PowerLimitWatts: new(700.0), PowerDefaultWatts: new(700.0), TempCelsius: new(31),
		NVLinks: []inventory.NVLink{{Link: 0, Active: new(true)}, {Link: 1, Active: new(true), Errors: map[string]uint64{"replay": 0}}},
	}
	g.ID, g.ParentID = "gpu:0000:1b:00.0", "pci:0000:1b:00.0"
	return g
}

func TestAssessGPU(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*inventory.GPU)
		codes  []string
		health inventory.Health
	}{
		"sound":              {func(*inventory.GPU) {}, nil, inventory.HealthOK},
		"nothing known":      {func(g *inventory.GPU) { *g = inventory.GPU{State: "ok"} }, nil, inventory.HealthOK},
		"no NVML":            {func(g *inventory.GPU) { *g = inventory.GPU{} }, nil, inventory.HealthUnknown},
		"lost":               {func(g *inventory.GPU) { g.State = "lost" }, []string{"gpu.lost"}, inventory.HealthCritical},
		"nouveau":            {func(g *inventory.GPU) { g.State, g.Driver = "foreign_driver", "nouveau" }, []string{"gpu.foreign_driver"}, inventory.HealthUnknown},
		"no driver":          {func(g *inventory.GPU) { g.State, g.DriverVersion = "no_driver", "" }, []string{"gpu.no_driver"}, inventory.HealthUnknown},
		"unknown to driver":  {func(g *inventory.GPU) { g.State = "no_driver" }, []string{"gpu.unknown_to_driver"}, inventory.HealthUnknown},
		"uncorrected now":    {func(g *inventory.GPU) { g.ECC.VolatileUncorrected = new(uint64(1)) }, []string{"gpu.uncorrected_errors"}, inventory.HealthCritical},
		"uncorrected before": {func(g *inventory.GPU) { g.ECC.AggregateUncorrected = new(uint64(1)) }, []string{"gpu.uncorrected_errors_lifetime"}, inventory.HealthWarning},
		"ECC off":            {func(g *inventory.GPU) { g.ECC.Enabled, g.ECC.Pending = new(false), new(false) }, []string{"gpu.ecc_off"}, inventory.HealthOK},
		"ECC changes":        {func(g *inventory.GPU) { g.ECC.Pending = new(false) }, []string{"gpu.ecc_mode_pending"}, inventory.HealthOK},
		"pages":              {func(g *inventory.GPU) { g.RetiredPages.DoubleBit = new(2) }, []string{"gpu.retired_pages"}, inventory.HealthOK},
		"many pages":         {func(g *inventory.GPU) { g.RetiredPages.SingleBit = new(60) }, []string{"gpu.retired_pages_limit"}, inventory.HealthCritical},
		"pages pending":      {func(g *inventory.GPU) { g.RetiredPages.Pending = new(true) }, []string{"gpu.page_retirement_pending"}, inventory.HealthWarning},
		"rows":               {func(g *inventory.GPU) { g.RemappedRows.Correctable = new(2) }, []string{"gpu.rows_remapped"}, inventory.HealthOK},
		"rows pending":       {func(g *inventory.GPU) { g.RemappedRows.Pending = new(true) }, []string{"gpu.row_remap_pending"}, inventory.HealthWarning},
		"rows failed":        {func(g *inventory.GPU) { g.RemappedRows.Failure = new(true) }, []string{"gpu.row_remap_failure"}, inventory.HealthCritical},
		"narrow":             {func(g *inventory.GPU) { g.Link.CurrentWidth = new(8) }, []string{"gpu.link_narrow"}, inventory.HealthOK},
		"hot":                {func(g *inventory.GPU) { g.ThrottleReasons = []string{"hw_slowdown", "hw_thermal_slowdown"} }, []string{"gpu.throttled"}, inventory.HealthWarning},
		"slow":               {func(g *inventory.GPU) { g.ThrottleReasons = []string{"sw_power_cap", "hw_slowdown"} }, []string{"gpu.throttled"}, inventory.HealthWarning},
		"power cap":          {func(g *inventory.GPU) { g.PowerLimitWatts = new(350.0) }, []string{"gpu.power_limited"}, inventory.HealthOK},
		"link down":          {func(g *inventory.GPU) { g.NVLinks[0].Active = new(false) }, []string{"gpu.nvlink_down"}, inventory.HealthWarning},
		"link errors":        {func(g *inventory.GPU) { g.NVLinks[1].Errors["crc_data"] = 5 }, []string{"gpu.nvlink_errors"}, inventory.HealthOK},
		"link recovered":     {func(g *inventory.GPU) { g.NVLinks[1].Errors["recovery"] = 1 }, []string{"gpu.nvlink_errors"}, inventory.HealthWarning},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := soundGPU()
			c.change(&g)
			r := &inventory.Report{GPUs: []inventory.GPU{g, soundGPU()}}
			r.Assess()
			r.Assess() // again: nothing adds up
			var codes []string
			for _, f := range r.Findings {
				codes = append(codes, f.Code)
			}
			if !slices.Equal(codes, c.codes) || r.GPUs[0].Health != c.health {
				t.Errorf("%q, %s; want %q, %s", codes, r.GPUs[0].Health, c.codes, c.health)
			}
		})
	}
}

// One narrow link is one finding, of the PCI function where that is known.
func TestAssessGPULinkOnce(t *testing.T) {
	t.Parallel()
	g := soundGPU()
	g.Link.CurrentWidth = new(8)
	d := inventory.PCIeDevice{Address: g.PCIAddress, ClassID: "030200", Link: &inventory.PCIeLink{
		CurrentWidth: new(8), AttainableWidth: new(16), Degraded: new(true),
	}}
	d.ID = g.ParentID
	r := &inventory.Report{GPUs: []inventory.GPU{g}, PCIeDevices: []inventory.PCIeDevice{d}}
	r.Assess()
	if len(r.Findings) != 1 || r.Findings[0].Code != "pcie.link_width_degraded" {
		t.Errorf("%+v", r.Findings)
	}
}
