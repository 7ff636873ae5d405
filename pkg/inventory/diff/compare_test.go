package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/diff"
)

func TestOneLinePerThingThatHappened(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		new  func(*inventory.Report)
		want []string
	}{
		{"nothing", func(*inventory.Report) {}, nil},
		{"replaced DIMM", func(r *inventory.Report) {
			m := &r.Memory.Modules[1]
			m.Manufacturer, m.PartNumber, m.SerialNumber = "Micron", "36ASF4G72", "5678"
		}, []string{"DIMM A2 replaced: 32 GiB Samsung M393A4K40 SN D2 -> 32 GiB Micron 36ASF4G72 SN 5678"}},
		{
			"replaced DIMM of the same model", func(r *inventory.Report) { r.Memory.Modules[1].SerialNumber = "5678" },
			[]string{"DIMM A2 replaced: 32 GiB Samsung M393A4K40 SN D2 -> 32 GiB Samsung M393A4K40 SN 5678"},
		},
		{"missing DIMM", func(r *inventory.Report) {
			m := &r.Memory.Modules[1]
			*m = inventory.MemoryModule{Meta: m.Meta, Slot: m.Slot, Present: new(false)}
			r.Memory.SizeBytes, r.Memory.Populated = new(uint64(64<<30)), new(2)
		}, []string{"DIMM A2 removed: 32 GiB Samsung M393A4K40 SN D2"}},
		{"DIMM in another slot", func(r *inventory.Report) {
			a, b := &r.Memory.Modules[2], &r.Memory.Modules[3]
			a.Meta, b.Meta, a.Slot, b.Slot = b.Meta, a.Meta, b.Slot, a.Slot
			*a, *b = *b, *a
		}, []string{"DIMM 32 GiB Samsung M393A4K40 SN D3 moved from A3 to A4"}},
		{"DIMMs swapped", func(r *inventory.Report) {
			a, b := &r.Memory.Modules[0], &r.Memory.Modules[1]
			a.SerialNumber, b.SerialNumber = b.SerialNumber, a.SerialNumber
		}, []string{
			"DIMM 32 GiB Samsung M393A4K40 SN D2 moved from A2 to A1",
			"DIMM 32 GiB Samsung M393A4K40 SN D1 moved from A1 to A2",
		}},
		{"moved NVMe", func(r *inventory.Report) {
			r.Storage = []inventory.Drive{drive("S2", "0000:01:00.0"), drive("S1", "0000:02:00.0")}
		}, []string{"NVMe S1 moved from slot 3 to slot 7", "NVMe S2 moved from slot 7 to slot 3"}},
		{"NVMe removed with its function and its port's link", func(r *inventory.Report) {
			r.Storage = r.Storage[1:]
			r.PCIeDevices = append(r.PCIeDevices[:4:4], r.PCIeDevices[5:]...)
			r.PCIeDevices[0].Link.CurrentWidth = new(0)
		}, []string{"NVMe S1 in slot 3 removed: 3.84 TB PM1733 SN S1"}},
		{
			"NVMe replaced", func(r *inventory.Report) { r.Storage[0] = drive("S9", "0000:01:00.0") },
			[]string{"NVMe in slot 3 replaced: 3.84 TB PM1733 SN S1 -> 3.84 TB PM1733 SN S9"},
		},
		{
			"drive firmware", func(r *inventory.Report) { r.Storage[0].Firmware = "EPK10" },
			[]string{"NVMe S1: firmware EPK9 -> EPK10"},
		},
		{"degraded link", func(r *inventory.Report) {
			r.GPUs[0].Link.CurrentWidth, r.PCIeDevices[6].Link.CurrentWidth, r.PCIeDevices[2].Link.CurrentWidth = new(8), new(8), new(8)
			r.PCIeDevices[6].Link.Degraded = new(true)
		}, []string{"link of GPU at 0000:03:00.0 degraded: x16 -> x8"}},
		{"link of a function alone", func(r *inventory.Report) {
			r.PCIeDevices[4].Link.CurrentWidth, r.PCIeDevices[4].Link.CurrentSpeedGTs = new(2), new(8.0)
		}, []string{"link of NVMe controller at 0000:01:00.0 degraded: x16 -> x2, 16 GT/s -> 8 GT/s"}},
		{"idle GPU", func(r *inventory.Report) {
			r.GPUs[0].Link.CurrentSpeedGTs, r.PCIeDevices[6].Link.CurrentSpeedGTs = new(2.5), new(2.5)
			r.PCIeDevices[6].Link.Degraded = new(true)
		}, nil},
		{"GPU in another slot", func(r *inventory.Report) {
			r.GPUs[0] = gpu("U2", "0000:03:00.0")
			r.GPUs[1] = gpu("U1", "0000:04:00.0")
		}, []string{
			"GPU H100 SN SNU2 moved from slot 4 to slot 3",
			"GPU H100 SN SNU1 moved from slot 3 to slot 4",
		}},
		{
			"power supply added", func(r *inventory.Report) { r.PowerSupplies = append(r.PowerSupplies, psu("PSU2", "P2")) },
			[]string{"power supply PSU2 added: Delta DPS-1600 1600 W SN P2"},
		},
		{
			"BIOS firmware", func(r *inventory.Report) { r.Board.BIOS.Version, r.Board.BIOS.ReleaseDate = "2.4", "2025-05-05" },
			[]string{"BIOS firmware 2.1 -> 2.4, release date 2024-01-01 -> 2025-05-05"},
		},
		{"BMC firmware", func(r *inventory.Report) { r.BMC.Firmware = "1.11" }, []string{"BMC firmware 1.10 -> 1.11"}},
		{
			"baseboard said twice", func(r *inventory.Report) { r.Board.Baseboard.SerialNumber = "BB2" },
			[]string{"baseboard 0 replaced: B1 SN BB1 -> B1 SN BB2"},
		},
		{"readings", func(r *inventory.Report) {
			r.Host.UptimeSeconds, r.CPUs[0].CurrentSpeedMHz = new(uint64(5)), new(uint32(800))
			r.Storage[0].Health.TempCelsius, r.Storage[0].Health.PowerOnHours = new(55), new(uint64(101))
			r.Storage[0].Health.BytesWritten = "123456789012345678999"
			r.GPUs[0].TempCelsius, r.PowerSupplies[0].InputWatts = new(90), new(310.5)
			r.BMC.Sensors[0].Value, r.DurationMS, r.Tool.Version = new(22.0), 7, "1.1"
		}, nil},
		{"counters", func(r *inventory.Report) {
			r.Memory.Modules[0].CorrectedErrors = new(uint64(3))
			r.BMC.SEL.Entries = new(3)
			r.BMC.SEL.Last = append(r.BMC.SEL.Last, inventory.SELEntry{RecordID: 3, Event: "c"})
		}, []string{
			"counter: BMC sel entries +1 (2 -> 3)", "counter: BMC sel last 1 new entry",
			"counter: DIMM A1: corrected errors +3 (0 -> 3)",
		}},
		{
			"list of values", func(r *inventory.Report) { r.CPUs[0].NUMANodes = []int{0, 1} },
			[]string{"CPU1: numa nodes not said -> [0, 1]"},
		},
		{
			"below a part", func(r *inventory.Report) { r.CPUs[0].Caches[1].SizeBytes = 30 << 20 },
			[]string{"cache 3 of CPU1: size 60 MiB -> 30 MiB"},
		},
		{"finding", func(r *inventory.Report) {
			r.Findings = append(r.Findings, inventory.Finding{Severity: inventory.SeverityWarning, Code: "a.b", ComponentID: "cpu:CPU1", Message: "hot"})
		}, []string{"new finding: warning a.b: hot"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := changed(test.new)
			got := reports(t, server(), n)
			want := strings.Join(test.want, "\n")
			if sorted(lines(got)) != sorted(want) {
				t.Errorf("lines:\n%s\nwant:\n%s", lines(got), want)
			}
			if same := want == "" || strings.HasPrefix(want, "counter:"); got.Same != same {
				t.Errorf("same: %v", got.Same)
			}
			if r := reports(t, n, n); !r.Same || len(r.Lines(true)) > 0 {
				t.Errorf("compared with itself: %v", r.Lines(true))
			}
			if back := reports(t, n, server()); back.Same != got.Same || len(back.Differences) != len(got.Differences) {
				t.Errorf("the other way round: %v", back.Lines(false))
			}
		})
	}
}

func sorted(s string) string {
	l := strings.Split(s, "\n")
	strings.Join(l, "")
	for i := range l {
		for j := i; j > 0 && l[j] < l[j-1]; j-- {
			l[j], l[j-1] = l[j-1], l[j]
		}
	}
	return strings.Join(l, "\n")
}

func TestBusesRenumbered(t *testing.T) {
	t.Parallel()
	n := changed(func(r *inventory.Report) {
		swap := strings.NewReplacer("0000:01:", "0000:05:", "0000:02:", "0000:06:", "0000:03:", "0000:07:", "0000:04:", "0000:08:").Replace
		for i := range r.PCIeDevices {
			d := &r.PCIeDevices[i]
			d.ID, d.Address, d.Parent, d.ParentID = swap(d.ID), swap(d.Address), swap(d.Parent), swap(d.ParentID)
		}
		for i := range r.GPUs {
			r.GPUs[i].ID, r.GPUs[i].PCIAddress, r.GPUs[i].ParentID = swap(r.GPUs[i].ID), swap(r.GPUs[i].PCIAddress), swap(r.GPUs[i].ParentID)
			r.Storage[i].PCIAddress = swap(r.Storage[i].PCIAddress)
		}
	})
	got := reports(t, server(), n)
	if !got.Same {
		t.Error(lines(got))
	}
	if len(got.Volatile) == 0 {
		t.Error("not even a reading")
	}
}

func TestCountersThatFall(t *testing.T) {
	t.Parallel()
	o := changed(func(r *inventory.Report) {
		r.Memory.Modules[0].CorrectedErrors = new(uint64(9))
		r.Storage[0].Health.PendingSectors = new(uint64(8))
	})
	n := changed(func(r *inventory.Report) { r.Storage[0].Health.PendingSectors = new(uint64(2)) })
	got := reports(t, o, n)
	want := "counter: DIMM A1: corrected errors reset (9 -> 0)\ncounter: NVMe S1: health pending sectors -6 (8 -> 2)"
	if lines(got) != want || !got.Same || !got.Growth[0].Reset || got.Growth[1].Reset {
		t.Errorf("%s\n%+v", lines(got), got.Growth)
	}
}

func TestWhatWasNotReadIsNotRemoved(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		new  func(*inventory.Report)
		want string
	}{
		{"denied", func(r *inventory.Report) {
			r.PowerSupplies = nil
			status(r, "psu", inventory.StatusDenied)
		}, "not comparable: power_supplies: collector psu was denied in the new report (1 entry in the old)"},
		{"left out", func(r *inventory.Report) {
			r.Board = nil
			status(r, "board", inventory.StatusNotRun)
		}, "not comparable: board: collector board was not run in the new report"},
		{"interface gone", func(r *inventory.Report) {
			r.GPUs = nil
			status(r, "nvidia", inventory.StatusAbsent)
		}, "not comparable: gpus: collector nvidia found no interface in the new report (2 entries in the old)"},
		{"an older tool", func(r *inventory.Report) {
			r.GPUs = nil
			r.Collectors = r.Collectors[:7]
			r.BMC, r.Network = nil, nil
		}, "not comparable: gpus: no collector filled it in the new report (2 entries in the old)\n" +
			"not comparable: network: no collector filled it in the new report\n" +
			"not comparable: bmc: no collector filled it in the new report"},
		{"ended by its deadline", func(r *inventory.Report) {
			r.Storage = r.Storage[:1]
			status(r, "storage", inventory.StatusPartial)
			r.Issues = []inventory.Issue{{Kind: inventory.KindTimeout, Collector: "storage", Detail: "ended by its deadline"}}
		}, "not comparable: collector storage was not read in the new report: timeout: ended by its deadline\n" +
			"not comparable: NVMe S2 in slot 7: 3.84 TB PM1733 SN S2 is in the old report only: collector storage read only a part in the new"},
		{"one drive hung", func(r *inventory.Report) {
			r.Storage = r.Storage[:1]
			status(r, "storage", inventory.StatusPartial)
			r.Issues = []inventory.Issue{{ComponentID: "drive:S2", Kind: inventory.KindTimeout, Collector: "storage", Detail: "no answer"}}
		}, "not comparable: drive:S2 was not read in the new report: timeout: no answer"},
		{"one field", func(r *inventory.Report) {
			r.Storage[0].Health = nil
			status(r, "storage", inventory.StatusPartial)
			r.Issues = []inventory.Issue{{ComponentID: "drive:S1", Field: "health", Kind: inventory.KindDenied, Collector: "storage", Detail: "permission denied"}}
		}, "not comparable: drive:S1 health was not read in the new report: denied: permission denied"},
		{
			"a list within a part", func(r *inventory.Report) { r.Memory.Modules = nil },
			"not comparable: memory modules: not said in the new report (4 entries in the old)",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := reports(t, server(), changed(test.new))
			if sorted(lines(got)) != sorted(test.want) || got.Same {
				t.Errorf("same %v, lines:\n%s\nwant:\n%s", got.Same, lines(got), test.want)
			}
			back := reports(t, changed(test.new), server())
			if len(back.Differences) > 0 || len(back.NotComparable) != len(got.NotComparable) {
				t.Errorf("the other way round:\n%s", lines(back))
			}
			if self := reports(t, changed(test.new), changed(test.new)); !self.Same {
				t.Errorf("with itself:\n%s", lines(self))
			}
		})
	}
}

func status(r *inventory.Report, name string, s inventory.Status) {
	for i := range r.Collectors {
		if r.Collectors[i].Name == name {
			r.Collectors[i].Status = s
		}
	}
}

// Sections and fields that come later are compared without new code.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	o := document(t, server())
	o["fabric"] = map[string]any{"speed_gbps": 400, "ports": []any{
		map[string]any{"id": "port:1", "serial_number": "F1", "slot": "1", "lanes": 4},
		map[string]any{"id": "port:2", "serial_number": "F2", "slot": "2", "lanes": 4},
	}}
	o["cables"] = []any{map[string]any{"color": "red"}, map[string]any{"color": "blue"}}
	o["extensions"] = map[string]any{"acme.example/raid": map[string]any{"cells": 4}}
	n := document(t, server())
	n["fabric"] = map[string]any{"speed_gbps": 200, "ports": []any{
		map[string]any{"id": "port:2", "serial_number": "F2", "slot": "2", "lanes": 2},
		map[string]any{"id": "port:3", "serial_number": "F1", "slot": "3", "lanes": 4},
	}}
	n["cables"] = []any{map[string]any{"color": "blue"}, map[string]any{"color": "green"}}
	n["extensions"] = map[string]any{"acme.example/raid": map[string]any{"cells": 5}}
	n["invention"] = 1
	n["cpus"].([]any)[0].(map[string]any)["new_thing"] = "x"
	got, err := diff.Compare(encode(t, o), encode(t, n))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"CPU1: new thing not said -> x",
		"cable: color red -> green",
		"extensions acme.example/raid cells 4 -> 5",
		"fabric speed 400 Gb/s -> 200 Gb/s",
		"port 2: lanes 4 -> 2",
		"port SN F1 moved from slot 1 to slot 3",
		"not comparable: invention: no collector filled it in the old report",
	}
	if d := cmp.Diff(sorted(strings.Join(want, "\n")), sorted(lines(got))); d != "" {
		t.Error(d)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	ok := encode(t, server())
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"text":   {[]byte("hello"), diff.ErrNotReport},
		"list":   {[]byte("[]"), diff.ErrNotReport},
		"other":  {[]byte(`{"name":"x"}`), diff.ErrNotReport},
		"two":    {append(ok[:len(ok):len(ok)], "{}"...), diff.ErrNotReport},
		"major":  {[]byte(`{"schema_version":"2.0"}`), diff.ErrVersion},
		"deep":   {[]byte(`{"schema_version":"1.0","x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}"), diff.ErrNotReport},
		"larger": {make([]byte, diff.MaxBytes+1), diff.ErrTooLarge},
	} {
		for _, pair := range [][2][]byte{{ok, test.data}, {test.data, ok}} {
			if r, err := diff.Compare(pair[0], pair[1]); !errorIs(err, test.want) || r != nil {
				t.Errorf("%s: %v, %v", name, r, err)
			}
		}
	}
	if _, err := diff.Compare(ok, []byte(`{"schema_version":"1.99"}`)); err != nil {
		t.Errorf("a newer minor version: %v", err)
	}
}
