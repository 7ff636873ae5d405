//go:build cgo

package gonvml_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock/dgxa100"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock/dgxb200"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock/dgxh100"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock/dgxh200"
	"github.com/NVIDIA/go-nvml/pkg/nvml/mock/server"
	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/collectors/nvidia/gonvml"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

func TestServers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lib          *server.Server
		model, cuda  string
		architecture string
		gib          uint64
	}{
		"a100": {dgxa100.New(), "A100-SXM4-40GB", "12.4", "ampere", 40},
		"h100": {dgxh100.New(), "H100", "12.4", "hopper", 80},
		"h200": {dgxh200.New(), "H200", "12.4", "hopper", 141},
		"b200": {dgxb200.New(), "B200", "12.8", "blackwell", 180},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := gonvml.Source(c.lib)(t.Context(), 8)
			if err != nil || !d.Done {
				t.Fatal(err)
			}
			gpus, err := nvidia.Translate(d)
			if err != nil || len(gpus) != 8 {
				t.Fatalf("%d GPUs, %v", len(gpus), err)
			}
			seen := map[string]bool{}
			for i, g := range gpus {
				seen[g.UUID] = true
				if *g.Index != i || !strings.Contains(g.Name, c.model) || g.Architecture != c.architecture ||
					*g.MemoryBytes>>30 != c.gib || g.DriverVersion != c.lib.DriverVersion || *g.MinorNumber != i || *g.MIG.Enabled {
					t.Errorf("%+v, memory %d GiB", g, *g.MemoryBytes>>30)
				}
				if g.CUDAVersion != fmt.Sprintf("%d.%d", c.lib.CudaDriverVersion/1000, c.lib.CudaDriverVersion%1000/10) {
					t.Errorf("CUDA %s", g.CUDAVersion)
				}
			}
			if len(seen) != 8 {
				t.Errorf("%d UUIDs", len(seen))
			}
		})
	}
}

// full is a GPU that answers everything.
func full() *mock.Device {
	d := dgxh100.NewDevice(3)
	p := nvml.PciInfo{Bus: 0x4b, PciDeviceId: 0x233010de}
	for i, c := range "00000000:4B:00.0" {
		p.BusId[i] = int8(c)
	}
	d.GetPciInfoFunc = func() (nvml.PciInfo, nvml.Return) { return p, nvml.SUCCESS }
	d.GetVbiosVersionFunc = func() (string, nvml.Return) { return "", nvml.ERROR_NO_PERMISSION }
	d.GetEccModeFunc = func() (nvml.EnableState, nvml.EnableState, nvml.Return) { return 1, 1, nvml.SUCCESS }
	d.GetTotalEccErrorsFunc = func(kind nvml.MemoryErrorType, counter nvml.EccCounterType) (uint64, nvml.Return) {
		return uint64(10*int(kind) + int(counter)), nvml.SUCCESS
	}
	d.GetRetiredPagesFunc = func(cause nvml.PageRetirementCause) ([]uint64, nvml.Return) {
		return make([]uint64, 3+int(cause)), nvml.SUCCESS
	}
	d.GetRemappedRowsFunc = func() (int, int, bool, bool, nvml.Return) { return 1, 2, true, false, nvml.SUCCESS }
	d.GetTemperatureFunc = func(nvml.TemperatureSensors) (uint32, nvml.Return) { return 44, nvml.SUCCESS }
	d.GetMarginTemperatureFunc = func() (nvml.MarginTemperature, nvml.Return) {
		return nvml.MarginTemperature{MarginTemperature: -3}, nvml.SUCCESS
	}
	d.GetFieldValuesFunc = func(values []nvml.FieldValue) nvml.Return {
		for i := range values {
			values[i].NvmlReturn = uint32(nvml.ERROR_NOT_SUPPORTED)
			if values[i].FieldId == nvml.FI_DEV_MEMORY_TEMP {
				values[i].NvmlReturn, values[i].ValueType, values[i].Value[0] = uint32(nvml.SUCCESS), uint32(nvml.VALUE_TYPE_UNSIGNED_INT), 51
			}
		}
		return nvml.SUCCESS
	}
	d.GetCurrentClocksEventReasonsFunc = func() (uint64, nvml.Return) { return 4, nvml.SUCCESS }
	d.GetNvLinkStateFunc = func(link int) (nvml.EnableState, nvml.Return) {
		if link > 1 {
			return 0, nvml.ERROR_INVALID_ARGUMENT
		}
		return nvml.EnableState(1 - link), nvml.SUCCESS
	}
	d.GetNvLinkErrorCounterFunc = func(_ int, counter nvml.NvLinkErrorCounter) (uint64, nvml.Return) {
		return uint64(counter), nvml.SUCCESS
	}
	d.GetSerialFunc = func() (string, nvml.Return) { panic("in the disco") }
	return &d.Device
}

func library(d nvml.Device) *mock.Interface {
	return &mock.Interface{
		InitFunc:     func() nvml.Return { return nvml.SUCCESS },
		ShutdownFunc: func() nvml.Return { return nvml.SUCCESS },
		ExtensionsFunc: func() nvml.ExtendedInterface {
			return &mock.ExtendedInterface{LookupSymbolFunc: func(string) error { return nil }}
		},
		DeviceGetCountFunc:         func() (int, nvml.Return) { return 1, nvml.SUCCESS },
		DeviceGetHandleByIndexFunc: func(int) (nvml.Device, nvml.Return) { return d, nvml.SUCCESS },
	}
}

func TestFull(t *testing.T) {
	t.Parallel()
	lib := library(full())
	d, err := gonvml.Source(lib)(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	gpus, err := nvidia.Translate(d)
	if len(gpus) != 1 || len(lib.ShutdownCalls()) != 1 {
		t.Fatalf("%d GPUs", len(gpus))
	}
	for _, want := range []string{"nvmlDeviceGetVbiosVersion, GPU 0: no permission", "nvmlDeviceGetSerial, GPU 0: unknown error"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: not %s", err, want)
		}
	}
	g := gpus[0]
	if g.PCIAddress != "0000:4b:00.0" || *g.ECC.VolatileCorrected != 0 || *g.ECC.AggregateCorrected != 1 || *g.ECC.VolatileUncorrected != 10 ||
		*g.RetiredPages.DoubleBit != 4 || *g.RemappedRows.Uncorrectable != 2 || !*g.RemappedRows.Pending || *g.TempMemoryCelsius != 51 ||
		g.ThrottleReasons[0] != "sw_power_cap" || len(g.NVLinks) != 2 || *g.NVLinks[1].Active || g.NVLinks[0].Errors["crc_data"] != 3 {
		t.Errorf("%+v", g)
	}
	if r, _ := d.GPUs[0].Reading(nvidia.FnTemperatureMargin); r.Numbers[0] != 0xfffffffd {
		t.Errorf("%#x", r.Numbers)
	}
}

// A function the library lacks is not called; after a failed start nothing is.
func TestNotCalled(t *testing.T) {
	t.Parallel()
	lib := library(full())
	lib.ExtensionsFunc = func() nvml.ExtendedInterface {
		return &mock.ExtendedInterface{LookupSymbolFunc: func(s string) error {
			if s == "nvmlDeviceGetRemappedRows" {
				return errors.New("undefined symbol")
			}
			return nil
		}}
	}
	d, err := gonvml.Source(lib)(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := d.GPUs[0].Reading(nvidia.FnRemappedRows); r.Return != nvidia.FunctionNotFound {
		t.Errorf("%v", r.Return)
	}
	dead := &mock.Interface{InitFunc: func() nvml.Return { return nvml.ERROR_DRIVER_NOT_LOADED }} // all others panic
	d, err = gonvml.Source(dead)(t.Context(), 1)
	if r, ok := d.SystemReading(nvidia.FnInit); err != nil || !ok || r.Return != nvidia.DriverNotLoaded || len(d.System) != 2 || len(dead.ShutdownCalls()) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

// The real go-nvml, with a stand-in for the library: the same GPUs as through
// the helper, also when the library lacks most of its functions.
func TestLibrary(t *testing.T) {
	t.Parallel()
	for name, macros := range map[string][]string{"whole": nil, "old": {"OLD_DRIVER"}} {
		want := nvmlmock.EightWithOneSick()
		path := nvmlmock.Library(t, want, macros...)
		d, err := gonvml.Source(nvml.New(nvml.WithLibraryPath(path)))(t.Context(), 8)
		if err != nil || !d.Done {
			t.Fatal(err)
		}
		got, err := nvidia.Translate(d)
		if err != nil {
			t.Fatal(err)
		}
		res := nvmlmock.Run(t, 20*time.Second, nvmlmock.Helper(t, t.TempDir()), "-library", path, "-driver", nvmlmock.DriverFile(t))
		if res.Err != nil {
			t.Fatal(res.Err)
		}
		helped, err := nvidia.Translate(res.Data)
		if diff := cmp.Diff(helped, got); diff != "" || err != nil || len(got) != 8 {
			t.Errorf("%s: %v (-helper +go-nvml):\n%s", name, err, diff)
		}
	}
}

func ExampleSource() {
	// In a real program: lib := nvml.New(), and the live host.
	lib := dgxh100.New()
	machine := &hosttest.Source{Files: map[string]string{"/proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"}}

	report := inventory.Collect(context.Background(), []inventory.Collector{
		nvidia.Collector(machine.Host(), gonvml.Source(lib)),
	})
	fmt.Println(len(report.GPUs), report.GPUs[0].Name, report.GPUs[0].DriverVersion)
	// Output: 8 NVIDIA H100 80GB HBM3 550.54.15
}
