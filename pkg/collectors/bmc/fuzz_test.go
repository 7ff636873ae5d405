package bmc_test

import (
	"encoding/json"
	"testing"

	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

// FuzzCollect feeds a controller's record, inventory, log entry and fixed
// answers: the report can be written and judged, and every id in it is one.
func FuzzCollect(f *testing.F) {
	b := ipmitest.Server()
	for _, r := range b.SDR {
		f.Add(r, b.FRUs[3], b.SEL[1], []byte{0, 0x55, 0})
	}
	f.Fuzz(func(t *testing.T, record, fru, event, answer []byte) {
		if len(record) < 5 || len(event) < 2 || len(answer) == 0 {
			return
		}
		b := ipmitest.Server()
		b.SDR = append(b.SDR, record)
		b.FRUs[3] = fru
		b.SEL = append(b.SEL, event)
		for k := range b.Answers {
			b.Answers[k] = answer
		}
		r := inventory.Collect(t.Context(), []inventory.Collector{bmc.Collector(machine(b).Host())})
		if r.BMC == nil {
			t.Fatalf("%+v", r.Collectors)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		seen := map[string]bool{}
		for _, s := range r.BMC.Sensors {
			if seen[s.ID] {
				t.Errorf("two sensors are %s", s.ID)
			}
			seen[s.ID] = true
		}
	})
}
