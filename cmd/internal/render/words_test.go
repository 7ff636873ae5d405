package render_test

import (
	"strings"
	"testing"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"temp_warning_celsius": "Temp warning|°C",
		"size_bytes":           "Size|bytes",
		"bytes_read":           "Bytes read|bytes",
		"percentage_used":      "Percentage used|",
		"power_on_hours":       "Power on|h",
		"pci_address":          "PCI address|",
		"mac":                  "MAC|",
		"pcie_link":            "PCIe link|",
		"member_ids":           "Member IDs|",
		"height_u":             "Height|U",
		"celsius":              "Celsius|",
		"":                     "|",
		"_":                    " |",
	} {
		if name, unit := render.Label(key); name+"|"+unit != want {
			t.Errorf("%s: %s|%s, want %s", key, name, unit, want)
		}
	}
}

// facts are all of them on one line.
func facts(v any, leave ...string) string {
	return render.Inline(render.Fact{Facts: render.Facts(v, leave...)})
}

func TestFacts(t *testing.T) {
	t.Parallel()
	var nothing *inventory.Drive
	for name, x := range map[string]struct{ got, want string }{
		"nil":      {facts(nothing), ""},
		"no value": {facts(&inventory.PowerSupply{}), ""},
		"units": {
			facts(&inventory.MemoryModule{SizeBytes: new(uint64(32 << 30)), SpeedMTs: new(uint32(3200)), ConfiguredMillivolts: new(uint16(1200)), Present: new(true)}, "id"),
			"Present yes, Size 34359738368 bytes (32 GiB), Speed 3200 MT/s, Configured 1200 mV",
		},
		"drives are sold by 1000": {facts(&inventory.Drive{SizeBytes: new(uint64(4_000_787_030_016))}, "id"), "Size 4000787030016 bytes (4 TB)"},
		"counters beyond 2^63":    {facts(&inventory.DriveHealth{BytesRead: "99999999999999999999"}, "status"), "Bytes read 99999999999999999999 bytes"},
		"maps in order, unit of the field": {
			facts(&inventory.GPU{ClocksMHz: map[string]int{"sm": 2, "graphics": 1}}, "id"),
			"Clocks (graphics 1 MHz, sm 2 MHz)",
		},
		"units of the keys": {
			facts(&inventory.NICModule{Thresholds: map[string]inventory.NICThresholds{"temp_celsius": {HighAlarm: 75}}}, "type"),
			"Thresholds (temp celsius (Low alarm 0 °C, Low warning 0 °C, High warning 0 °C, High alarm 75 °C))",
		},
		"lists of structures": {
			facts(&inventory.Drive{Namespaces: []inventory.Namespace{{NSID: 1}, {NSID: 2, EUI64: "ab"}}}, "id"),
			"Namespaces NSID 1; NSID 2, EUI64 ab",
		},
		"looked, found none": {facts(&inventory.Trust{KernelTaint: []string{}, TPMs: []inventory.TPM{}}, "id"), "Kernel taint none, TPMs none"},
		"noise of floats":    {facts(&inventory.HostSensor{Value: new(31.200000000000003)}, "id", "type", "health"), "Value 31.2"},
	} {
		if x.got != x.want {
			t.Errorf("%s: %s, want %s", name, x.got, x.want)
		}
	}
}

func TestPorts(t *testing.T) {
	t.Parallel()
	limits := map[string]inventory.NICThresholds{
		"temp_celsius":        {LowAlarm: -5, LowWarning: 0, HighWarning: 70, HighAlarm: 75},
		"rx_power_milliwatts": {LowAlarm: 0.04, LowWarning: 0.06, HighWarning: 2, HighAlarm: 2.5},
		"voltage_volts":       {}, // a module that gives none
	}
	m := &inventory.NICModule{
		Type: "QSFP28", Vendor: "ACME", PartNumber: "X1", SerialNumber: "S1", TempCelsius: new(72.0), VoltageVolts: new(3.3), Thresholds: limits, RxLOS: new(true), ChecksumsOK: new(true),
		Lanes: []inventory.NICLane{{Lane: 1, RxPowerMilliwatts: new(1.0)}, {Lane: 2, RxPowerMilliwatts: new(0.0), TxPowerMilliwatts: new(0.5)}, {Lane: 3, RxPowerMilliwatts: new(0.05)}},
	}
	for name, x := range map[string]struct{ got, want string }{
		"alarms":     {strings.Join(render.ModuleAlarms(m), ", "), "temperature above warning, RX power lane 2 below alarm, RX power lane 3 below warning, no light received"},
		"no limits":  {strings.Join(render.ModuleAlarms(&inventory.NICModule{TempCelsius: new(999.0)}), ", "), ""},
		"readings":   {render.ModuleReadings(m), "72.0 C, RX 0.0/none/-13.0 dBm, TX -3.0 dBm"},
		"module":     {render.ModuleName(m), "QSFP28, ACME X1, serial S1"},
		"switch":     {render.SwitchPort(&inventory.LLDPNeighbor{ChassisID: "02:00", PortID: "Eth1", PortDescription: "to rack 7", VLANID: new(uint32(42))}), "02:00, port Eth1 (to rack 7), VLAN 42"},
		"no switch":  {render.SwitchPort(&inventory.LLDPNeighbor{}), ""},
		"bond":       {render.Bond(&inventory.NICMaster{Name: "bond0", Type: "bond", Mode: "802.3ad", State: "active", MIIStatus: "down", LinkFailures: new(uint64(1)), AggregatorID: new(uint32(3))}), "bond bond0, 802.3ad, active, link down, 1 link failure, aggregator 3"},
		"no bond":    {render.Bond(nil), ""},
		"RDMA":       {render.RDMA(&inventory.RDMAPort{Device: "mlx5_0", Port: 1, LinkLayer: "infiniband", State: "active", RateGbps: new(100.0), Width: "4X EDR"}), "mlx5_0/1, infiniband, active, 100 Gb/s 4X EDR"},
		"GPU errors": {strings.Join(render.GPUErrors(&inventory.GPU{ECC: &inventory.GPUECC{VolatileCorrected: new(uint64(0)), AggregateUncorrected: new(uint64(2))}, BlockErrors: map[string]inventory.GPUBlockErrors{"sdma": {Uncorrected: new(uint64(1))}}, LastXid: &inventory.Xid{Code: 79}}), ", "), "uncorrected for life 2, sdma uncorrected 1, Xid 79"},
	} {
		if x.got != x.want {
			t.Errorf("%s: %s, want %s", name, x.got, x.want)
		}
	}
}
