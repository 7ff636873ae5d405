package inventory_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

func network(nics ...inventory.NIC) []inventory.Finding {
	r := inventory.Report{Network: nics}
	for i := range r.Network {
		r.Network[i].ID = "nic:" + r.Network[i].Name
	}
	r.Assess()
	return r.Findings
}

// optic is a module that is well.
func optic() *inventory.NICModule {
	return &inventory.NICModule{
		Type: "SFP", Vendor: "ACME", PartNumber: "SR-10", SerialNumber: "S1", MaxSpeedMbps: new(uint32(10000)),
		TempCelsius: new(40.0), VoltageVolts: new(3.3), TxFault: new(false), ChecksumsOK: new(true),
		Lanes: []inventory.NICLane{{Lane: 1, RxPowerMilliwatts: new(0.5), TxPowerMilliwatts: new(0.6), TxBiasMilliamperes: new(6.0)}},
		Thresholds: map[string]inventory.NICThresholds{
			"temp_celsius":        {LowAlarm: -10, LowWarning: -5, HighWarning: 70, HighAlarm: 75},
			"rx_power_milliwatts": {LowAlarm: 0.05, LowWarning: 0.1, HighWarning: 1, HighAlarm: 1.5},
		},
	}
}

// up is an interface with a link that is well.
func up(name string, change func(*inventory.NIC)) inventory.NIC {
	n := inventory.NIC{
		Name: name, AdminUp: new(true), LinkUp: new(true), SpeedMbps: new(uint32(10000)), MaxSpeedMbps: new(uint32(10000)), Duplex: "full",
		Counters: &inventory.NICCounters{RxPackets: "1000000000", TxPackets: "1000000000", RxCRCErrors: new(uint64(0)), RxDropped: new(uint64(999))},
	}
	if change != nil {
		change(&n)
	}
	return n
}

func TestAssessNetwork(t *testing.T) {
	t.Parallel()
	type nic = inventory.NIC
	down := func(change func(*nic)) nic {
		return up("eth0", func(n *nic) {
			n.LinkUp, n.SpeedMbps = new(false), nil
			if change != nil {
				change(n)
			}
		})
	}
	ib := func(state, phys string, counters map[string]uint64) nic {
		return up("ib0", func(n *nic) {
			n.RDMA = []inventory.RDMAPort{{Device: "mlx5_0", Port: 1, LinkLayer: "infiniband", State: state, PhysState: phys, Counters: counters}}
		})
	}
	for name, test := range map[string]struct {
		nics []nic
		want []string
	}{
		"well":            {[]nic{up("eth0", func(n *nic) { n.Module = optic() })}, []string{}},
		"nothing known":   {[]nic{{Name: "eth0"}}, []string{}},
		"switched off":    {[]nic{down(func(n *nic) { n.AdminUp = new(false); n.Module = optic() })}, []string{}},
		"unused":          {[]nic{down(nil)}, []string{"info network.link_down"}},
		"changed once":    {[]nic{down(func(n *nic) { n.CarrierChanges = new(uint64(1)) })}, []string{"info network.link_down"}},
		"lost":            {[]nic{down(func(n *nic) { n.CarrierChanges = new(uint64(2)) })}, []string{"warning network.link_down"}},
		"bonded and lost": {[]nic{down(func(n *nic) { n.Master = &inventory.NICMaster{Name: "bond0"} })}, []string{"warning network.link_down"}},
		"plugged, no light": {
			[]nic{down(func(n *nic) { n.Module = optic(); n.Module.Lanes[0].RxPowerMilliwatts = new(0.0) })},
			[]string{"warning network.link_down"},
		},
		"the BMC's": {[]nic{down(func(n *nic) { n.BMCLink = new(true); n.CarrierChanges = new(uint64(9)) })}, []string{}},
		"slow, partner fast": {
			[]nic{up("eth0", func(n *nic) { n.SpeedMbps, n.PartnerMaxSpeedMbps = new(uint32(1000)), new(uint32(10000)) })},
			[]string{"warning network.speed_below_maximum"},
		},
		"slow as the partner": {
			[]nic{up("eth0", func(n *nic) { n.SpeedMbps, n.PartnerMaxSpeedMbps = new(uint32(1000)), new(uint32(1000)) })},
			[]string{},
		},
		"slow, partner silent": {
			[]nic{up("eth0", func(n *nic) { n.SpeedMbps = new(uint32(1000)) })},
			[]string{"info network.speed_below_maximum"},
		},
		"as fast as its module": {
			[]nic{up("eth0", func(n *nic) { n.MaxSpeedMbps = new(uint32(25000)); n.Module = optic() })},
			[]string{},
		},
		"half duplex": {
			[]nic{up("eth0", func(n *nic) { n.SpeedMbps, n.MaxSpeedMbps, n.Duplex = new(uint32(100)), new(uint32(100)), "half" })},
			[]string{"warning network.half_duplex"},
		},
		"hot": {[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.TempCelsius = new(75.5) })}, []string{"critical network.optical_alarm"}},
		"warm, without a link": {
			[]nic{down(func(n *nic) { n.Module = optic(); n.Module.TempCelsius = new(71.0) })},
			[]string{"info network.optical_alarm", "warning network.link_down"},
		},
		"dark": {[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.Lanes[0].RxPowerMilliwatts = new(0.0) })}, []string{"warning network.optical_alarm"}},
		"dim":  {[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.Lanes[0].RxPowerMilliwatts = new(0.09) })}, []string{"info network.optical_alarm"}},
		"exactly at the limit": {
			[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.Lanes[0].RxPowerMilliwatts = new(0.1) })}, []string{},
		},
		"laser fault":  {[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.TxFault = new(true) })}, []string{"critical network.module_fault"}},
		"module fault": {[]nic{up("eth0", func(n *nic) { n.Module = &inventory.NICModule{Type: "OSFP", State: "fault"} })}, []string{"critical network.module_fault"}},
		"checksums":    {[]nic{up("eth0", func(n *nic) { n.Module = optic(); n.Module.ChecksumsOK = new(false) })}, []string{"info network.module_checksum"}},
		"a few errors": {[]nic{up("eth0", func(n *nic) { n.Counters.RxCRCErrors = new(uint64(3)) })}, []string{"info network.errors"}},
		"many, on much traffic": {
			[]nic{up("eth0", func(n *nic) { n.Counters.RxCRCErrors = new(uint64(1000)) })}, []string{"info network.errors"},
		},
		"many": {[]nic{up("eth0", func(n *nic) { n.Counters.RxCRCErrors = new(uint64(1001)) })}, []string{"warning network.errors"}},
		"many, traffic not known": {
			[]nic{up("eth0", func(n *nic) { n.Counters = &inventory.NICCounters{TxCarrierErrors: new(uint64(100))} })}, []string{"warning network.errors"},
		},
		"InfiniBand well":             {[]nic{ib("active", "linkup", map[string]uint64{"port_xmit_discards": 7})}, []string{}},
		"InfiniBand without manager":  {[]nic{ib("init", "linkup", nil)}, []string{"warning network.rdma_not_active"}},
		"InfiniBand without cable":    {[]nic{ib("down", "polling", nil)}, []string{}},
		"InfiniBand, a few errors":    {[]nic{ib("active", "linkup", map[string]uint64{"symbol_error": 7})}, []string{"info network.rdma_errors"}},
		"InfiniBand, local integrity": {[]nic{ib("active", "linkup", map[string]uint64{"local_link_integrity_errors": 1})}, []string{"warning network.rdma_errors"}},
		"one address twice": {
			[]nic{up("eth0", func(n *nic) { n.PermanentMAC = "02:00:00:00:00:01" }), up("eth1", func(n *nic) { n.PermanentMAC = "02:00:00:00:00:01" })},
			[]string{"warning network.duplicate_mac"},
		},
		"two ways to one network": {
			[]nic{up("eth0", func(n *nic) { n.PermanentMAC = "02:00:00:00:00:01" }), up("eth1", func(n *nic) {
				n.PermanentMAC, n.Master = "02:00:00:00:00:01", &inventory.NICMaster{Name: "eth0"}
			})},
			[]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := []string{}
			for _, f := range network(test.nics...) {
				got = append(got, string(f.Severity)+" "+f.Code)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNetworkWords: what a technician reads.
func TestNetworkWords(t *testing.T) {
	t.Parallel()
	var all []string
	for _, f := range network(
		up("eth0", func(n *inventory.NIC) {
			n.Module = optic()
			n.Module.Lanes = append(n.Module.Lanes, inventory.NICLane{Lane: 2, RxPowerMilliwatts: new(0.01)})
			n.SpeedMbps, n.PartnerMaxSpeedMbps = new(uint32(1000)), new(uint32(10000))
		}),
		up("eth1", func(n *inventory.NIC) {
			n.LinkUp, n.LinkDownReason, n.CarrierChanges = new(false), "no_cable", new(uint64(4))
		}),
	) {
		all = append(all, f.Message)
		for k, v := range f.Evidence {
			if v == "" {
				t.Errorf("%s: no value for %s", f.Code, k)
			}
		}
	}
	want := `eth1 is switched on and has no carrier, though it had one before (no cable)
ACME SR-10 in eth0: received power of -20.0 dBm is below the alarm limit of -13.0 dBm on lane 2
eth0 runs at 1000 of 10000 Mb/s`
	if diff := cmp.Diff(want, strings.Join(all, "\n")); diff != "" {
		t.Error(diff)
	}
}
