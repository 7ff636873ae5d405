package psu_test

import (
	"testing"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/psu"
)

func TestContract(t *testing.T) {
	t.Parallel()
	table := []*smbiostest.Structure{smbiostest.PowerSupply(0, "PS1", "SER0001"), smbiostest.PowerSupply(1, "PS2", "SER0002")}
	collectortest.Run(t, psu.Collector,
		collectortest.OnMachine("SMBIOS", machine(nil, table...)),
		collectortest.OnMachine("BMC", machine(ipmitest.Server())),
		collectortest.OnMachine("both", machine(ipmitest.Server(), table...)))
}

func BenchmarkRead(b *testing.B) {
	h := machine(ipmitest.Server(), smbiostest.PowerSupply(0, "PS1", "SER0001")).Host()
	b.ReportAllocs()
	for b.Loop() {
		if all, err := psu.Read(b.Context(), h); len(all) != 2 || err != nil {
			b.Fatal(all, err)
		}
	}
}
