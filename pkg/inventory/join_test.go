package inventory_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
)

func dimm(slot, bank string) inventory.MemoryModule {
	return inventory.MemoryModule{Meta: inventory.Meta{ID: inventory.IDOf("dimm", bank, slot)}, Slot: slot, Bank: bank}
}

func TestErrorsJoinTheirModule(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, label string
		modules     []inventory.MemoryModule
		want        int // index; -1: none
	}{
		{"locator", "DIMM_A1", []inventory.MemoryModule{dimm("DIMM_A0", ""), dimm("DIMM_A1", "")}, 1},
		{"spelling", "dimm a1", []inventory.MemoryModule{dimm("DIMM_A0", ""), dimm("DIMM_A1", "")}, 1},
		{"bank and locator", "P0 CHANNEL B DIMM 0", []inventory.MemoryModule{dimm("DIMM 0", "P0 CHANNEL A"), dimm("DIMM 0", "P0 CHANNEL B")}, 1},
		{"locator and bank", "A1 node 1", []inventory.MemoryModule{dimm("A1", "NODE 0"), dimm("A1", "NODE 1")}, 1},
		{"locator is not unique", "DIMM 0", []inventory.MemoryModule{dimm("DIMM 0", "A"), dimm("DIMM 0", "B")}, -1},
		{"the driver's default", "CPU_SrcID#0_MC#0_Chan#0_DIMM#0", []inventory.MemoryModule{dimm("A1", "")}, -1},
		{"empty", "", []inventory.MemoryModule{dimm("", "")}, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := &inventory.Report{Memory: &inventory.Memory{
				Meta:    inventory.Meta{ID: "memory"},
				Modules: test.modules,
				Controllers: []inventory.MemoryController{{
					Meta: inventory.Meta{ID: "memory_controller:mc0"}, Name: "acme",
					Modules: []inventory.EDACModule{
						{Name: "dimm0", Label: test.label, CorrectedErrors: new(uint64(3)), UncorrectedErrors: new(uint64(0))},
						{Name: "dimm1", Label: test.label, CorrectedErrors: new(uint64(4)), UncorrectedErrors: new(uint64(1))},
					},
				}},
			}}
			r.Join()
			r.Assess()
			for i, m := range r.Memory.Modules {
				switch {
				case i == test.want && (m.CorrectedErrors == nil || *m.CorrectedErrors != 7 || *m.UncorrectedErrors != 1):
					t.Errorf("module %d: %+v", i, m)
				case i != test.want && (m.CorrectedErrors != nil || m.UncorrectedErrors != nil):
					t.Errorf("module %d took errors that are not its own", i)
				}
			}
			// Errors are never lost: without a slot the controller has them.
			id := "memory_controller:mc0"
			if test.want >= 0 {
				id = test.modules[test.want].ID
			}
			if len(r.Findings) == 0 || r.Findings[0].Code != "memory.uncorrected_errors" || r.Findings[0].ComponentID != id {
				t.Errorf("findings %+v", r.Findings)
			}
			if r.Verdict() == inventory.HealthOK {
				t.Error("verdict ok")
			}
		})
	}
}

func TestJoinAndAssessMayBeRepeated(t *testing.T) {
	t.Parallel()
	r := &inventory.Report{
		Host:   &inventory.Host{Meta: inventory.Meta{ID: "host"}},
		BMC:    &inventory.BMC{Meta: inventory.Meta{ID: "bmc"}, MAC: "00:11:22:33:44:55"},
		Memory: &inventory.Memory{Meta: inventory.Meta{ID: "memory"}, Modules: []inventory.MemoryModule{dimm("A", ""), dimm("A", "")}},
		PCIeDevices: []inventory.PCIeDevice{
			{Meta: inventory.Meta{ID: "pci:10000:80:05.0"}, Address: "10000:80:05.0"},
			{Meta: inventory.Meta{ID: "pci:0000:02:00.0"}, Address: "0000:02:00.0"},
		},
		Storage: []inventory.Drive{{Meta: inventory.Meta{ID: "drive:b"}}, {Meta: inventory.Meta{ID: "drive:a"}, Device: "sdb"}, {Meta: inventory.Meta{ID: "drive:a"}, Device: "sda"}},
	}
	r.Join()
	r.Assess()
	once, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	r.Join()
	r.Assess()
	twice, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(once), string(twice)); diff != "" {
		t.Error(diff)
	}
	if r.PCIeDevices[0].Address != "0000:02:00.0" || r.Storage[0].Device != "sda" || r.Storage[2].Device != "" {
		t.Errorf("order: %v %v", r.PCIeDevices, r.Storage)
	}
	if r.Memory.Modules[0].ID == r.Memory.Modules[1].ID || r.Storage[0].ID == r.Storage[1].ID {
		t.Error("ids are not unique")
	}
	duplicates := 0
	for _, f := range r.Findings {
		if f.Code == "identity.duplicate_id" {
			duplicates++
		}
	}
	if duplicates != 2 {
		t.Errorf("%d findings of duplicates: %v", duplicates, r.Findings)
	}
	if k := r.Host.Identity.BMCMAC; !k.Usable || k.Value != "00:11:22:33:44:55" {
		t.Errorf("%+v", k)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	worked := []inventory.Outcome{{Status: inventory.StatusPartial}}
	for _, test := range []struct {
		name string
		r    inventory.Report
		want inventory.Health
	}{
		{"nothing worked", inventory.Report{Collectors: []inventory.Outcome{{Status: inventory.StatusFailed}, {Status: inventory.StatusAbsent}}}, inventory.HealthUnknown},
		{"ok", inventory.Report{Collectors: worked}, inventory.HealthOK},
		{"information only", inventory.Report{Collectors: worked, Findings: []inventory.Finding{{Severity: inventory.SeverityInfo}}}, inventory.HealthOK},
		{"warning", inventory.Report{Collectors: worked, Findings: []inventory.Finding{{Severity: inventory.SeverityWarning}, {Severity: inventory.SeverityInfo}}}, inventory.HealthWarning},
		{"critical", inventory.Report{Collectors: worked, Findings: []inventory.Finding{{Severity: inventory.SeverityWarning}, {Severity: inventory.SeverityCritical}}}, inventory.HealthCritical},
	} {
		if got := test.r.Verdict(); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}
