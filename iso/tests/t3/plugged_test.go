//go:build isolab

package t3

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
)

// report reads the machine's report over SSH.
func (b booted) report(t *testing.T) *inventory.Report {
	t.Helper()
	r := new(inventory.Report)
	if err := json.Unmarshal([]byte(b.must(t, "cat /var/log/bee-audit.json")), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// plugged wants every part that was plugged in, under its own serial number.
func (b booted) plugged(t *testing.T, r *inventory.Report) {
	t.Helper()
	f := b.facts
	parts, missing := 0, 0
	want := func(what, serial string, has func(string) bool) {
		t.Helper()
		parts++
		if !has(serial) {
			missing++
			t.Errorf("%s %s: not in the report", what, serial)
		}
	}
	drives, controllers, nics, modules, supplies := set{}, set{}, set{}, set{}, set{}
	for _, d := range r.Storage {
		drives[d.SerialNumber] = true
	}
	for _, c := range r.StorageControllers {
		controllers[c.PCIAddress] = true
	}
	for _, n := range r.Network {
		nics[strings.ToLower(n.MAC)] = true
	}
	if r.Memory != nil {
		for _, m := range r.Memory.Modules {
			modules[m.SerialNumber] = true
		}
	}
	for _, p := range r.PowerSupplies {
		supplies[p.SerialNumber] = true
	}
	for _, d := range f.Drives {
		want("drive", d.Serial, drives.has)
	}
	for _, c := range f.Controllers {
		want("controller", c.PCIAddress, controllers.has)
	}
	for _, n := range f.NICs {
		want("interface", n.MAC, nics.has)
	}
	for _, a := range f.SMBIOS.Arrays {
		for _, d := range a.Devices {
			if d.SerialNumber != "" {
				want("memory module", d.SerialNumber, modules.has)
			}
		}
	}
	for _, p := range f.SMBIOS.Supplies {
		want("power supply", p.SerialNumber, supplies.has)
	}
	parts += len(f.SMBIOS.Processors) + 1
	if len(r.CPUs) != len(f.SMBIOS.Processors) {
		t.Errorf("%d CPUs in the report, %d plugged in", len(r.CPUs), len(f.SMBIOS.Processors))
	}
	if r.Board == nil || r.Board.System.SerialNumber != f.SMBIOS.System.SerialNumber {
		t.Errorf("board %+v, want serial number %s", r.Board, f.SMBIOS.System.SerialNumber)
	}
	// The boards of power supplies may stand with these alone.
	sensors, boards := set{}, maps.Clone(supplies)
	if r.BMC != nil {
		for _, s := range r.BMC.Sensors {
			sensors[s.Name] = true
		}
		for _, fru := range r.BMC.FRUs {
			boards[fru.BoardSerialNumber] = true
		}
	}
	for _, s := range f.BMC.Sensors {
		want("sensor", s.Name, sensors.has)
	}
	for _, fru := range f.BMC.FRUs {
		want("FRU", fru.Board.SerialNumber, boards.has)
	}
	t.Logf("%d of %d parts plugged in are in the report", parts-missing, parts)
}

type set map[string]bool

func (s set) has(v string) bool { return s[v] }

// smoke runs the smoke test as somebody and wants no FAIL.
func (b booted) smoke(t *testing.T, who login, shell string) {
	t.Helper()
	script := readFile(t, b.shared.top+"/iso/builder/smoketest.sh")
	out, err := b.ssh(t.Context(), who, script, shell)
	t.Logf("smoketest.sh as %s:\n%s", who.user, out)
	if err != nil || strings.Contains(out, "FAIL ") || !strings.Contains(out, " 0 failed") {
		t.Errorf("smoketest.sh as %s: %v", who.user, err)
	}
}
