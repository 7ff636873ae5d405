package memory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/memory"
	"example.com/bee/pkg/inventory"
)

func TestNodes(t *testing.T) {
	t.Parallel()
	s := &hosttest.Source{Files: map[string]string{
		"/sys/devices/system/node/node0/meminfo":   "\nNode 0 MemTotal:       98848444 kB\nNode 0 MemFree: 1 kB\n",
		"/sys/devices/system/node/node0/distance":  "10 21\n",
		"/sys/devices/system/node/node10/meminfo":  "Node 10 MemTotal: 0 kB\n",
		"/sys/devices/system/node/node10/distance": "21 10\n",
		"/sys/devices/system/node/online":          "0,10\n",
	}}
	m, err := memory.Read(t.Context(), s.Host())
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.MemoryNode{
		{Node: 0, SizeBytes: new(uint64(98848444 << 10)), Distances: []int{10, 21}},
		{Node: 10, SizeBytes: new(uint64(0)), Distances: []int{21, 10}},
	}
	if diff := cmp.Diff(want, m.Nodes); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"Node 1 MemTotal: 5 kB", "Node 0 MemTotal: -5 kB", "Node 0 MemTotal: 5 MB", ""} {
		s.Files["/sys/devices/system/node/node0/meminfo"] = bad
		s.Files["/sys/devices/system/node/node0/distance"] = "10 x"
		m, err := memory.Read(t.Context(), s.Host())
		if err == nil || m.Nodes[0].SizeBytes != nil || m.Nodes[0].Distances != nil {
			t.Errorf("%q: %+v, %v", bad, m.Nodes, err)
		}
	}
	collectortest.Run(t, memory.Collector, collectortest.OnMachine("two nodes", s))
}
