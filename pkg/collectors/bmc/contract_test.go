package bmc_test

import (
	"testing"

	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, bmc.Collector, collectortest.OnMachine("server", machine(ipmitest.Server())))
}

func BenchmarkCollect(b *testing.B) {
	h := machine(ipmitest.Server()).Host()
	b.ReportAllocs()
	for b.Loop() {
		r := inventory.Collect(b.Context(), []inventory.Collector{bmc.Collector(h)})
		if r.BMC == nil || len(r.Issues) > 0 {
			b.Fatal(r.Issues)
		}
	}
}
