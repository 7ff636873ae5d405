package smbios_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
)

// facts counts what agrees with keys.json, the digest of the other tool's
// text that a report as a whole is judged by.
type facts struct {
	*rules
	t            *testing.T
	machine      string
	right, total int
}

func (f *facts) eq(what string, want, got any) {
	f.t.Helper()
	if want == nil {
		return
	}
	f.total++
	ok := fmt.Sprint(want) == fmt.Sprint(got)
	if s, isText := want.(string); isText {
		g := fmt.Sprint(got)
		switch {
		case f.mustGo(s):
			ok = g == ""
		case f.mayGo(s) && g == "":
			ok = true
		default:
			ok = norm(s) == norm(g)
		}
	}
	if ok {
		f.right++
		return
	}
	f.t.Errorf("%s %s: got %v, want %v", f.machine, what, got, want)
}

// leading is the number a text begins with, or nil.
func leading(v any) any {
	var n uint64
	s, _ := v.(string)
	if _, err := fmt.Sscanf(s, "%d", &n); err != nil || n == 0 {
		return nil
	}
	return n
}

func value[V any](v V, _ bool) V { return v }

func TestMachinesFacts(t *testing.T) {
	t.Parallel()
	all := machines(t)
	f := &facts{rules: newRules(), t: t}
	for _, m := range all {
		f.machine = m.name
		var k struct {
			BIOS, System                    map[string]any
			Baseboards, Chassis, Processors []map[string]any
			MemoryDevices                   []map[string]any `json:"memory_devices"`
		}
		if err := json.Unmarshal(readFile(t, filepath.Join(m.dir, "expected", "keys.json")), &k); err != nil {
			t.Fatal(err)
		}
		f.board(m.table, k.BIOS, k.System, k.Baseboards, k.Chassis)
		f.processors(m.table, k.Processors)
		f.memory(m.table, k.MemoryDevices)
	}
	t.Logf("%d/%d facts right over %d machines", f.right, f.total, len(all))
}

func (f *facts) board(t *smbios.Table, bios, system map[string]any, boards, chassis []map[string]any) {
	b, s := t.BIOSes()[0], t.Systems()[0]
	f.eq("bios vendor", bios["Vendor"], b.Vendor())
	f.eq("bios version", bios["Version"], b.FirmwareVersion())
	f.eq("system manufacturer", system["Manufacturer"], s.Manufacturer())
	f.eq("system product", system["Product Name"], s.ProductName())
	f.eq("system version", system["Version"], s.ProductVersion())
	f.eq("system serial", system["Serial Number"], s.SerialNumber())
	f.eq("system sku", system["SKU Number"], s.SKUNumber())
	f.eq("system family", system["Family"], s.Family())
	if u, _ := system["UUID"].(string); len(u) == 36 {
		f.eq("system uuid", u, s.UUID().Value)
	}
	f.eq("baseboards", len(boards), len(t.Baseboards()))
	for i, want := range boards {
		g := t.Baseboards()[i]
		f.eq("board manufacturer", want["Manufacturer"], g.Manufacturer())
		f.eq("board product", want["Product Name"], g.ProductName())
		f.eq("board version", want["Version"], g.ProductVersion())
		f.eq("board serial", want["Serial Number"], g.SerialNumber())
		f.eq("board asset tag", want["Asset Tag"], g.AssetTag())
	}
	f.eq("chassis", len(chassis), len(t.Chassis()))
	for i, want := range chassis {
		g := t.Chassis()[i]
		f.eq("chassis manufacturer", want["Manufacturer"], g.Manufacturer())
		f.eq("chassis version", want["Version"], g.ProductVersion())
		f.eq("chassis serial", want["Serial Number"], g.SerialNumber())
		f.eq("chassis asset tag", want["Asset Tag"], g.AssetTag())
	}
}

func (f *facts) processors(t *smbios.Table, want []map[string]any) {
	got := t.Processors()
	f.eq("processors", len(want), len(got))
	for i, w := range want {
		g := got[i]
		populated := strings.HasPrefix(fmt.Sprint(w["Status"]), "Populated")
		f.eq("cpu present", populated, value(g.Populated()))
		f.eq("cpu socket", w["Socket Designation"], g.Socket())
		if !populated {
			continue
		}
		f.eq("cpu model", w["Version"], g.Model())
		f.eq("cpu manufacturer", w["Manufacturer"], g.Manufacturer())
		f.eq("cpu cores", leading(w["Core Count"]), value(g.Cores()))
		f.eq("cpu cores enabled", leading(w["Core Enabled"]), value(g.CoresEnabled()))
		f.eq("cpu threads", leading(w["Thread Count"]), value(g.Threads()))
		f.eq("cpu max speed", leading(w["Max Speed"]), value(g.MaxSpeedMHz()))
		f.eq("cpu current speed", leading(w["Current Speed"]), value(g.CurrentSpeedMHz()))
	}
}

func (f *facts) memory(t *smbios.Table, want []map[string]any) {
	got := t.MemoryDevices()
	f.eq("memory slots", len(want), len(got))
	for i, w := range want {
		g := got[i]
		size := fmt.Sprint(w["Size"])
		empty := strings.HasPrefix(size, "No Module")
		f.eq("dimm present", !empty, value(g.Present()))
		f.eq("dimm slot", w["Locator"], g.Locator())
		if empty {
			continue
		}
		if n := sizeOf(size); n != 0 {
			f.eq("dimm size", n, value(g.SizeBytes()))
		}
		f.eq("dimm part", w["Part Number"], g.PartNumber())
		f.eq("dimm serial", w["Serial Number"], g.SerialNumber())
		f.eq("dimm manufacturer", w["Manufacturer"], g.Manufacturer())
		f.eq("dimm speed", leading(w["Speed"]), value(g.SpeedMTs()))
		f.eq("dimm ranks", leading(w["Rank"]), value(g.Ranks()))
	}
}
