package nvidia_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

func asked(t *testing.T, d *nvidia.Data) *nvidia.Data {
	t.Helper()
	got := &nvidia.Data{}
	if err := nvidia.Ask(t.Context(), nvmlmock.API(d), got, nil); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	gpus, err := nvidia.Translate(asked(t, nvmlmock.H100s(2)))
	if err != nil || len(gpus) != 2 {
		t.Fatalf("%d GPUs, %v", len(gpus), err)
	}
	g := gpus[1]
	if len(g.NVLinks) != 18 {
		t.Errorf("%d links", len(g.NVLinks))
	}
	if diff := cmp.Diff(inventory.NVLink{
		Link: 17, Active: new(true), Version: new(4), RemotePCIAddress: "0000:05:00.0",
		Errors: map[string]uint64{"replay": 0, "recovery": 0, "crc_flit": 0, "crc_data": 0, "ecc_data": 0},
	}, g.NVLinks[17]); diff != "" {
		t.Error(diff)
	}
	g.NVLinks = nil
	want := inventory.GPU{
		Meta:  inventory.Meta{ID: "gpu:0000:2b:00.0", ParentID: "pci:0000:2b:00.0", Sources: []string{"nvml"}},
		Index: new(1), PCIAddress: "0000:2b:00.0", Name: "NVIDIA H100 80GB HBM3", Vendor: "NVIDIA", Architecture: "hopper",
		UUID: "GPU-b0e00001-1111-2222-3333-444455556666", SerialNumber: "1654423000001", PartNumber: "692-2G520-0200-000",
		VBIOS: "96.00.89.00.01", InfoROMVersion: "G520.0200.00.05", InfoROM: map[string]string{"oem": "2.1", "ecc": "7.16"},
		Driver: "nvidia", DriverVersion: "550.54.15", CUDAVersion: "12.4", MinorNumber: new(1),
		MemoryBytes: new(uint64(81559 << 20)), MemoryUsedBytes: new(uint64(3 << 20)),
		TempCelsius: new(31), TempMemoryCelsius: new(44), TempSlowdownCelsius: new(89), TempShutdownCelsius: new(92),
		PowerWatts: new(71.23), PowerLimitWatts: new(700.0), PowerDefaultWatts: new(700.0), PowerMaxWatts: new(700.0),
		ClocksMHz:        map[string]int{"graphics": 345, "sm": 345, "memory": 2619, "video": 765},
		ClocksMaxMHz:     map[string]int{"graphics": 1980, "sm": 1980, "memory": 2619, "video": 1545},
		ThrottleReasons:  []string{"gpu_idle"},
		PerformanceState: "P0", PersistenceMode: new(true), ComputeMode: "default",
		ECC: &inventory.GPUECC{
			Enabled: new(true), Pending: new(true), VolatileCorrected: new(uint64(0)), VolatileUncorrected: new(uint64(0)),
			AggregateCorrected: new(uint64(0)), AggregateUncorrected: new(uint64(0)),
		},
		RemappedRows: &inventory.GPURemappedRows{Correctable: new(0), Uncorrectable: new(0), Pending: new(false), Failure: new(false)},
		Link: &inventory.PCIeLink{
			CurrentSpeedGTs: new(32.0), MaxSpeedGTs: new(32.0), AttainableSpeedGTs: new(32.0),
			CurrentWidth: new(16), MaxWidth: new(16), AttainableWidth: new(16), Degraded: new(false),
		},
		PCIeReplays: new(uint64(9)),
		MIG:         &inventory.MIG{Enabled: new(false), Pending: new(false)},
		Unsupported: map[string]string{"fan_percent": "not supported", "inforom.power": "not supported", "retired_pages": "not supported"},
		State:       "ok",
	}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTranslateSick(t *testing.T) {
	t.Parallel()
	gpus, err := nvidia.Translate(asked(t, nvmlmock.EightWithOneSick()))
	if err != nil {
		t.Fatal(err)
	}
	r := &inventory.Report{GPUs: gpus}
	r.Assess()
	for i, g := range r.GPUs {
		if want := map[bool]inventory.Health{true: inventory.HealthCritical, false: inventory.HealthOK}[i == 5]; g.Health != want {
			t.Errorf("GPU %d: %s", i, g.Health)
		}
	}
	var codes []string
	for _, f := range r.Findings {
		if f.ComponentID != r.GPUs[5].ID {
			t.Errorf("%+v", f)
		}
		codes = append(codes, f.Code)
	}
	want := []string{"gpu.row_remap_failure", "gpu.uncorrected_errors", "gpu.nvlink_down", "gpu.throttled", "gpu.link_narrow", "gpu.nvlink_errors"}
	if !slices.Equal(codes, want) {
		t.Errorf("%q, want %q", codes, want)
	}
	if e := gpus[5].ECC; *e.AggregateCorrected != 1<<40 || *e.AggregateUncorrected != 17 {
		t.Errorf("%+v", e)
	}
}

func TestTranslateMIG(t *testing.T) {
	t.Parallel()
	gpus, err := nvidia.Translate(asked(t, nvmlmock.WithMIG()))
	if err != nil {
		t.Fatal(err)
	}
	want := &inventory.MIG{Enabled: new(true), Pending: new(true), Instances: []inventory.MIGInstance{
		{Index: 1, UUID: "MIG-b0e00000-aaaa-bbbb-cccc-ddddeeeeffff", Name: "NVIDIA H100 80GB HBM3 MIG 3g.40gb", MemoryBytes: new(uint64(40448 << 20))},
		{Index: 3, UUID: "MIG-b0e00001-aaaa-bbbb-cccc-ddddeeeeffff", Name: "NVIDIA H100 80GB HBM3 MIG 3g.40gb", MemoryBytes: new(uint64(40448 << 20))},
	}}
	if diff := cmp.Diff(want, gpus[0].MIG); diff != "" {
		t.Error(diff)
	}
	if gpus[0].RemappedRows != nil || gpus[0].Unsupported["remapped_rows"] == "" {
		t.Errorf("remapped rows: %+v", gpus[0].Unsupported)
	}
}

func TestTranslateLost(t *testing.T) {
	t.Parallel()
	gpus, err := nvidia.Translate(asked(t, nvmlmock.OneLost()))
	if len(gpus) != 2 || gpus[0].State != "ok" || gpus[1].State != "lost" || gpus[1].UUID == "" {
		t.Fatalf("%+v", gpus)
	}
	var part *inventory.PartError
	if !errors.As(err, &part) || part.ComponentID != gpus[1].ID || part.Error() != gpus[1].ID+": nvml: nvmlDeviceGetSerial, GPU 1: GPU is lost" {
		t.Errorf("%v", err)
	}
}

// Each kind of "no" stays what it is.
func TestTranslateRefusals(t *testing.T) {
	t.Parallel()
	d := nvmlmock.H100s(1)
	g := nvmlmock.At(d, 0)
	g.Set(nvidia.FnSerial, nil, nvidia.NoPermission, "")
	g.Set(nvidia.FnVBIOS, nil, nvidia.NotSupported, "")
	g.Set(nvidia.FnInfoROMImage, nil, nvidia.CorruptedInfoROM, "")
	g.Set(nvidia.FnPowerUsage, nil, nvidia.UnknownReturn, "")
	gpus, err := nvidia.Translate(asked(t, d))
	if len(gpus) != 1 || gpus[0].SerialNumber+gpus[0].VBIOS+gpus[0].InfoROMVersion != "" || gpus[0].PowerWatts != nil {
		t.Fatalf("%+v", gpus)
	}
	if gpus[0].Unsupported["vbios"] != "not supported" || gpus[0].Unsupported["serial_number"] != "" {
		t.Errorf("%+v", gpus[0].Unsupported)
	}
	kinds := map[string]inventory.IssueKind{}
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap()[0].(interface{ Unwrap() []error }).Unwrap() {
		var part *inventory.PartError
		if !errors.As(e, &part) {
			t.Fatal(e)
		}
		kinds[part.Field] = inventory.KindOf(e)
	}
	want := map[string]inventory.IssueKind{
		"serial_number": inventory.KindDenied, "inforom_version": inventory.KindMalformed, "power_watts": inventory.KindIO,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(err, fs.ErrPermission) {
		t.Error("not a permission error")
	}
}

// What says nothing is nothing.
func TestTranslateSentinels(t *testing.T) {
	t.Parallel()
	d := nvmlmock.H100s(1)
	g := nvmlmock.At(d, 0)
	const all = 0xffffffff
	g.Text(nvidia.FnSerial, "0000000000000")
	g.Text(nvidia.FnUUID, "GPU-00000000-0000-0000-0000-000000000000")
	g.Text(nvidia.FnBoardPartNumber, "[N/A]")
	g.Text(nvidia.FnVBIOS, " \x00\xff ")
	g.Number(nvidia.FnFanSpeed, nil, all)
	g.Number(nvidia.FnPowerUsage, nil, all)
	g.Number(nvidia.FnTemperature, []uint32{0}, all)
	g.Number(nvidia.FnTemperatureThreshold, []uint32{0}, 0)
	g.Number(nvidia.FnECCTotal, []uint32{1, 1}, 1<<64-1)
	g.Number(nvidia.FnPCIeWidth, nil, 0)
	g.Number(nvidia.FnPCIeGeneration, nil, 99)
	g.Number(nvidia.FnPerformanceState, nil, 32)
	g.Number(nvidia.FnComputeMode, nil, 7)
	g.Number(nvidia.FnArchitecture, nil, 99)
	g.Number(nvidia.FnEventReasons, nil, 1<<40)
	g.Number(nvidia.FnMemoryV2, nil, 1<<63, 0, 0, 0)
	g.Field(82, 0)
	gpus, err := nvidia.Translate(asked(t, d))
	if err != nil || len(gpus) != 1 {
		t.Fatal(err)
	}
	v := gpus[0]
	text := v.SerialNumber + v.UUID + v.PartNumber + v.VBIOS + v.PerformanceState
	if text != "" || v.FanPercent != nil || v.PowerWatts != nil || v.TempCelsius != nil || v.TempShutdownCelsius != nil ||
		v.ECC.AggregateUncorrected != nil || v.Link.CurrentWidth != nil || v.Link.CurrentSpeedGTs != nil || v.MemoryBytes != nil || v.TempMemoryCelsius != nil {
		b, _ := json.Marshal(v)
		t.Errorf("%s", b)
	}
	if v.ComputeMode != "unknown_0x07" || v.Architecture != "unknown_0x63" || !slices.Equal(v.ThrottleReasons, []string{"unknown_0x10000000000"}) {
		t.Errorf("%s, %s, %q", v.ComputeMode, v.Architecture, v.ThrottleReasons)
	}
}
