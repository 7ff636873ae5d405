package psu_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/psu"
)

// FuzzRead feeds a controller's records and inventory: whatever they say, each
// supply has a name of its own and either both or none of presence and state.
func FuzzRead(f *testing.F) {
	b := ipmitest.Server()
	for _, r := range b.SDR {
		f.Add(r, b.FRUs[1], uint16(9))
	}
	f.Add(ipmitest.FRULocator(1, 1, 10, 1, "Power Supply FRU"), b.FRUs[2], uint16(0))
	table := smbiostest.PowerSupply(0, "PSU 1", "SER0001")
	f.Fuzz(func(t *testing.T, record, fru []byte, states uint16) {
		if len(record) < 5 {
			return
		}
		b := ipmitest.Server()
		b.SDR = append(b.SDR, record)
		b.FRUs[2] = fru
		for k, s := range b.Sensors {
			s.States ^= states
			b.Sensors[k] = s
		}
		all, err := psu.Read(t.Context(), machine(b, table).Host())
		if all != nil && len(all) == 0 {
			t.Error("an empty list")
		}
		seen := map[string]bool{}
		for _, p := range all {
			if p.ID == "" || seen[p.ID] || p.Slot == "" {
				t.Errorf("ids of %v (%v)", all, err)
			}
			seen[p.ID] = true
			if absent := p.Present != nil && !*p.Present; absent != (p.Status == "") {
				t.Errorf("%s: present %v, status %q", p.ID, p.Present, p.Status)
			}
		}
	})
}
