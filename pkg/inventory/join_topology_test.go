package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

// twoSockets is a machine of two nodes, a part without a node, and a node that
// is memory only.
func twoSockets() *inventory.Report {
	meta := func(id string) inventory.Meta { return inventory.Meta{ID: id} }
	return &inventory.Report{
		CPUs: []inventory.CPU{{Meta: meta("cpu:A"), NUMANodes: []int{0}}, {Meta: meta("cpu:B"), NUMANodes: []int{1}}},
		Memory: &inventory.Memory{Meta: meta("memory"), Nodes: []inventory.MemoryNode{
			{Node: 0, SizeBytes: new(uint64(64 << 30)), Distances: []int{10, 21, 28}},
			{Node: 1, Distances: []int{21, 10}}, // cut short: whose is which is not known
			{Node: 8, SizeBytes: new(uint64(16 << 30)), Distances: []int{28, 21, 10}},
		}},
		PCIeDevices: []inventory.PCIeDevice{
			{Meta: meta("pci:0000:00:01.0"), Address: "0000:00:01.0", ClassID: "060400", NUMANode: new(0)},
			{Meta: meta("pci:0000:01:00.0"), Address: "0000:01:00.0", ClassID: "010802", NUMANode: new(0)},
			{Meta: meta("pci:0000:81:00.0"), Address: "0000:81:00.0", ClassID: "020000", NUMANode: new(1)},
			{Meta: meta("pci:0000:81:00.1"), Address: "0000:81:00.1", ClassID: "020000", NUMANode: new(1), VirtualFunctionOf: "0000:81:00.0"},
			{Meta: meta("pci:0000:82:00.0"), Address: "0000:82:00.0", ClassID: "030200", NUMANode: new(1), Link: &inventory.PCIeLink{CurrentWidth: new(16)}},
		},
		Storage:    []inventory.Drive{{Meta: meta("drive:a"), Device: "nvme0", PCIAddress: "0000:01:00.0"}, {Meta: meta("drive:z"), Device: "vda"}},
		Network:    []inventory.NIC{{Meta: meta("nic:a"), Name: "eth0", PCIAddress: "0000:81:00.0"}},
		GPUs:       []inventory.GPU{{Meta: meta("gpu:a"), PCIAddress: "0000:82:00.0"}},
		CXLDevices: []inventory.CXLDevice{{Meta: meta("cxl:a"), PCIAddress: "0000:d0:00.0", NUMANode: new(1)}},
	}
}

func TestTopology(t *testing.T) {
	t.Parallel()
	r := twoSockets()
	want := &inventory.Topology{Nodes: []inventory.TopologyNode{
		{
			Node: new(0), MemoryBytes: new(uint64(64 << 30)), CPUs: []string{"cpu:A"}, PCIeDevices: []string{"pci:0000:01:00.0"}, Drives: []string{"drive:a"},
			Distances: map[string]int{"0": 10, "1": 21, "8": 28},
		},
		{
			Node: new(1), CPUs: []string{"cpu:B"}, PCIeDevices: []string{"pci:0000:81:00.0", "pci:0000:82:00.0"},
			NICs: []string{"nic:a"}, GPUs: []string{"gpu:a"}, CXLDevices: []string{"cxl:a"},
		},
		{Node: new(8), MemoryBytes: new(uint64(16 << 30)), Distances: map[string]int{"0": 28, "1": 21, "8": 10}},
		{Drives: []string{"drive:z"}},
	}}
	for range 2 { // repeatable
		r.Join()
		if diff := cmp.Diff(want, r.Topology); diff != "" {
			t.Fatal(diff)
		}
	}
	if r.Storage[0].CPUID != "cpu:A" || *r.Storage[0].NUMANode != 0 || r.Network[0].CPUID != "cpu:B" || r.GPUs[0].CPUID != "cpu:B" ||
		r.CXLDevices[0].CPUID != "cpu:B" || r.Storage[1].CPUID != "" || *r.GPUs[0].Link.CurrentWidth != 16 {
		t.Errorf("%+v", r)
	}
}

// TestNoTopology: where the kernel knows no node, nothing is said of places.
func TestNoTopology(t *testing.T) {
	t.Parallel()
	r := twoSockets()
	r.CPUs, r.Memory, r.CXLDevices = nil, nil, nil
	for i := range r.PCIeDevices {
		r.PCIeDevices[i].NUMANode = nil
	}
	r.Join()
	if r.Topology != nil {
		t.Errorf("%+v", r.Topology)
	}
}

// TestSharedNode: of two processors in one node none is the nearest.
func TestSharedNode(t *testing.T) {
	t.Parallel()
	r := twoSockets()
	r.CPUs[1].NUMANodes = []int{0}
	r.Join()
	if r.Storage[0].CPUID != "" || *r.Storage[0].NUMANode != 0 {
		t.Errorf("%+v", r.Storage[0])
	}
}

func TestThermalThrottle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		count  uint64
		uptime *uint64
		want   inventory.Severity
	}{
		"never":        {0, new(uint64(100)), ""},
		"once":         {1, new(uint64(100)), inventory.SeverityInfo},
		"all the time": {50, new(uint64(3600)), inventory.SeverityWarning},
		"over weeks":   {50, new(uint64(3600 * 24 * 30)), inventory.SeverityInfo},
		"since when":   {50, nil, inventory.SeverityInfo},
	} {
		r := &inventory.Report{
			Host: &inventory.Host{Meta: inventory.Meta{ID: "host"}, UptimeSeconds: test.uptime},
			CPUs: []inventory.CPU{{Meta: inventory.Meta{ID: "cpu:A"}, Present: new(true), Throttle: &inventory.Throttle{PackageCount: &test.count}}},
		}
		r.Assess()
		got := inventory.Severity("")
		if len(r.Findings) == 1 && r.Findings[0].Code == "cpu.thermal_throttled" {
			got = r.Findings[0].Severity
		}
		if got != test.want {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}
