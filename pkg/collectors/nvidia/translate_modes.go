package nvidia

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

func (t *translator) modes() {
	g := t.gpu
	if n := t.integer("performance_state", 15, FnPerformanceState); n != nil { // 32 is unknown
		g.PerformanceState = fmt.Sprintf("P%d", *n)
	}
	g.PersistenceMode = t.flag("persistence_mode", FnPersistence)
	if n := t.integer("compute_mode", 1<<20, FnComputeMode); n != nil {
		names := [...]string{"default", "exclusive_thread", "prohibited", "exclusive_process"} // nvmlComputeMode_t
		if *n < len(names) {
			g.ComputeMode = names[*n]
		} else {
			g.ComputeMode = fmt.Sprintf("unknown_0x%02x", *n)
		}
	}
}

func (t *translator) mig(instances []Instance) {
	r, ok := t.get("mig", FnMIGMode)
	if !ok {
		return
	}
	m := inventory.MIG{Enabled: r.flag(0), Pending: r.flag(1)}
	for _, in := range instances {
		i := inventory.MIGInstance{Index: in.Index}
		if r, ok := in.Reading(FnUUID); ok && r.Return == Success {
			i.UUID = cleanUUID(r.Text)
		}
		if r, ok := in.Reading(FnName); ok && r.Return == Success {
			i.Name = clean(r.Text)
		}
		if r, ok := memoryReading(in.Readings); ok {
			i.MemoryBytes, _ = memoryOf(r)
		}
		m.Instances = append(m.Instances, i)
	}
	t.gpu.MIG = &m
}
