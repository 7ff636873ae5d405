package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/policy"
)

func from(t testing.TB, r *inventory.Report, opts ...policy.Option) *policy.Policy {
	t.Helper()
	data, err := policy.From(r, opts...)
	if err != nil {
		t.Fatal(err)
	}
	again, err := policy.From(r, opts...)
	if err != nil || string(again) != string(data) {
		t.Fatalf("not the same twice: %v", err)
	}
	return parse(t, string(data))
}

// TestFrom: the policy of a good machine is passed by it and by no machine
// that is less.
func TestFrom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		make   func() *inventory.Report
		change func(*inventory.Report)
		want   policy.Status
		serial policy.Status // with serial numbers
	}{
		{"storage server", storageServer, func(*inventory.Report) {}, policy.Pass, policy.Pass},
		{"GPU server", gpuServer, func(*inventory.Report) {}, policy.Pass, policy.Pass},
		{"another order of the parts", storageServer, func(r *inventory.Report) {
			r.Storage[0], r.Storage[25] = r.Storage[25], r.Storage[0]
		}, policy.Pass, policy.Pass},
		{"missing DIMM", storageServer, func(r *inventory.Report) {
			r.Memory.Modules[3] = inventory.MemoryModule{Meta: r.Memory.Modules[3].Meta, Present: new(false)}
		}, policy.Fail, policy.Fail},
		{"DIMM of another model", storageServer, func(r *inventory.Report) { r.Memory.Modules[3].PartNumber = "X" }, policy.Fail, policy.Fail},
		{"DIMM of the same model", storageServer, func(r *inventory.Report) { r.Memory.Modules[3].SerialNumber = "X" }, policy.Pass, policy.Fail},
		{"drive of the same model", storageServer, func(r *inventory.Report) { r.Storage[3].SerialNumber = "X" }, policy.Pass, policy.Fail},
		{"drive too many", storageServer, func(r *inventory.Report) { r.Storage = append(r.Storage, r.Storage[0]) }, policy.Fail, policy.Fail},
		{"older drive firmware", storageServer, func(r *inventory.Report) { r.Storage[3].Firmware = "E003" }, policy.Fail, policy.Fail},
		{"newer drive firmware", storageServer, func(r *inventory.Report) { r.Storage[3].Firmware = "E010" }, policy.Pass, policy.Pass},
		{"drive firmware not said", storageServer, func(r *inventory.Report) { r.Storage[3].Firmware = "" }, policy.Unknown, policy.Unknown},
		{"older BIOS", storageServer, func(r *inventory.Report) { r.Board.BIOS.Version = "2.9" }, policy.Fail, policy.Fail},
		{"older BMC", storageServer, func(r *inventory.Report) { r.BMC.Firmware = "1.9" }, policy.Fail, policy.Fail},
		{"older microcode", storageServer, func(r *inventory.Report) { r.CPUs[1].Microcode = "0x2b0003ff" }, policy.Fail, policy.Fail},
		{"older controller", storageServer, func(r *inventory.Report) { r.StorageControllers[0].Firmware = "23.99" }, policy.Fail, policy.Fail},
		{"a GPU more", storageServer, func(r *inventory.Report) { r.GPUs = gpuServer().GPUs[:1] }, policy.Fail, policy.Fail},
		{"another GPU", gpuServer, func(r *inventory.Report) { r.GPUs[2].Name = "NVIDIA A100" }, policy.Fail, policy.Fail},
		{"older VBIOS", gpuServer, func(r *inventory.Report) { r.GPUs[2].VBIOS = "96.00.73.00.09" }, policy.Fail, policy.Fail},
		{"another card", gpuServer, func(r *inventory.Report) { r.PCIeDevices[3].DeviceID = "1017" }, policy.Fail, policy.Fail},
		{"narrow link", gpuServer, func(r *inventory.Report) { r.PCIeDevices[0].Link.CurrentWidth = new(8) }, policy.Fail, policy.Fail},
		{"idle GPU", gpuServer, func(r *inventory.Report) { r.PCIeDevices[0].Link.CurrentSpeedGTs = new(2.5) }, policy.Pass, policy.Pass},
		{"slow card", gpuServer, func(r *inventory.Report) { r.PCIeDevices[1].Link.CurrentSpeedGTs = new(16.0) }, policy.Fail, policy.Fail},
		{"power supply gone", gpuServer, func(r *inventory.Report) { r.PowerSupplies = r.PowerSupplies[1:] }, policy.Fail, policy.Fail},
		{"warning", gpuServer, func(r *inventory.Report) {
			r.Findings = []inventory.Finding{{Severity: inventory.SeverityWarning, Code: "x.y"}}
		}, policy.Fail, policy.Fail},
		{"denied", gpuServer, func(r *inventory.Report) {
			r.Memory, r.Collectors[2].Status = nil, inventory.StatusDenied
		}, policy.Fail, policy.Fail},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := test.make()
			test.change(r)
			if v := check(t, from(t, test.make()), r); v.Status != test.want {
				t.Errorf("%s", strings.Join(v.Lines(false), "\n"))
			}
			if v := check(t, from(t, test.make(), policy.WithSerials()), r); v.Status != test.serial {
				t.Errorf("with serial numbers: %s", strings.Join(v.Lines(false), "\n"))
			}
			// Whatever the machine, its own policy is passed by it.
			if v := check(t, from(t, r, policy.WithSerials()), r); v.Status != policy.Pass {
				data, _ := policy.From(r)
				t.Errorf("its own: %s\n%s", strings.Join(v.Lines(false), "\n"), data)
			}
		})
	}
}

func TestFromHostileStrings(t *testing.T) {
	t.Parallel()
	r := storageServer()
	r.Storage[0].Model = "a\": {}\n- x\x1b[31m\u202e*?\U000e0041#\\"
	r.Board.System.ProductName = "x\nversion: 2"
	r.Collectors[7].Name, r.Collectors[7].Status = "bmc\nversion: 3", inventory.StatusFailed
	data, err := policy.From(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(data), "\x1b\u202e\U000e0041") {
		t.Errorf("%q", data)
	}
	if v := check(t, parse(t, string(data)), r); v.Status != policy.Pass {
		t.Errorf("%s\n%s", strings.Join(v.Lines(false), "\n"), data)
	}
}

func TestFromNothing(t *testing.T) {
	t.Parallel()
	if data, err := policy.From(&inventory.Report{}); err == nil {
		t.Errorf("%s", data)
	}
}

func TestFromRealMachines(t *testing.T) {
	t.Parallel()
	machines := map[string]*host.Host{}
	if h, err := host.Live(); err == nil {
		machines["this host"] = h
	}
	root := os.Getenv("BEE_FIXTURES")
	dirs, err := filepath.Glob(filepath.Join(root, "smbios", "*", "DMI"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dmi := range dirs {
		if root == "" {
			break
		}
		below := t.TempDir()
		tables := filepath.Join(below, "sys/firmware/dmi/tables")
		if err := os.MkdirAll(tables, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{"DMI", "smbios_entry_point"} {
			data, err := os.ReadFile(filepath.Join(filepath.Dir(dmi), f))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(tables, f), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if machines[filepath.Base(filepath.Dir(dmi))], err = host.Static(below); err != nil {
			t.Fatal(err)
		}
	}
	for name, h := range machines {
		r := inventory.Collect(t.Context(), collectors.Default(h))
		h.Close()
		if v := check(t, from(t, r, policy.WithSerials()), r); v.Status != policy.Pass {
			t.Errorf("%s: %s", name, strings.Join(v.Lines(false), "\n"))
		}
	}
	t.Logf("%d machines", len(machines))
}
