//go:build cgo

package gonvml

import (
	"context"
	"fmt"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"example.com/bee/pkg/collectors/nvidia"
)

// Source asks lib, which it initializes before and shuts down after: both are
// counted by NVML, so a library that the caller has initialized stays so.
//
// A function that the installed driver lacks is looked up and not called:
// the dynamic loader would end the process. A panic of lib costs one reading.
func Source(lib nvml.Interface) nvidia.Source {
	return func(ctx context.Context, _ int) (*nvidia.Data, error) {
		d := &nvidia.Data{Hello: nvidia.Hello{Protocol: nvidia.Protocol, Version: "go-nvml"}}
		a := &api{lib: lib, instances: map[int]nvml.Device{}}
		err := nvidia.Ask(ctx, a, d, nil)
		if a.running { // calling anything after a failed Init ends the process
			_ = lib.Shutdown()
		}
		return d, err
	}
}

// api implements [nvidia.API].
type api struct {
	lib       nvml.Interface
	running   bool
	device    nvml.Device
	instances map[int]nvml.Device
}

// Call implements [nvidia.API].
func (a *api) Call(q nvidia.Query) (rs []nvidia.Reading) {
	defer func() {
		if p := recover(); p != nil {
			ret := nvidia.UnknownReturn
			if strings.Contains(fmt.Sprint(p), "method is nil") { // a mock without it
				ret = nvidia.FunctionNotFound
			}
			rs = []nvidia.Reading{{Query: q, Return: ret}}
		}
	}()
	switch q.Function {
	case nvidia.FnInitWithFlags:
		// It cannot be looked up before the library is loaded, which only
		// Init does.
		return read(q, nvml.ERROR_FUNCTION_NOT_FOUND)
	case nvidia.FnInit:
		ret := a.lib.Init()
		a.running = ret == nvml.SUCCESS
		return read(q, ret)
	}
	if !a.running {
		return read(q, nvml.ERROR_UNINITIALIZED)
	}
	if err := a.lib.Extensions().LookupSymbol(symbol(q.Function)); err != nil {
		return read(q, nvml.ERROR_FUNCTION_NOT_FOUND)
	}
	if q.GPU < 0 {
		return a.system(q)
	}
	return a.ofDevice(q)
}

// symbol is what go-nvml calls for a function. Where there are versions it
// takes the newest one it finds, which is the one asked for, but for this.
func symbol(fn nvidia.Function) string {
	if fn == nvidia.FnCUDAVersion {
		return "nvmlSystemGetCudaDriverVersion"
	}
	return string(fn)
}

func (a *api) system(q nvidia.Query) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnDriverVersion:
		return text(q)(a.lib.SystemGetDriverVersion())
	case nvidia.FnNVMLVersion:
		return text(q)(a.lib.SystemGetNVMLVersion())
	case nvidia.FnCUDAVersion:
		return number[int](q)(a.lib.SystemGetCudaDriverVersion())
	case nvidia.FnCount:
		return number[int](q)(a.lib.DeviceGetCount())
	default:
		return read(q, nvml.ERROR_FUNCTION_NOT_FOUND)
	}
}

// ofDevice answers for a GPU or a MIG device.
func (a *api) ofDevice(q nvidia.Query) []nvidia.Reading {
	if q.Function == nvidia.FnHandle {
		clear(a.instances)
		d, ret := a.lib.DeviceGetHandleByIndex(arg(q, 0))
		a.device = d
		return read(q, ret)
	}
	d := a.device
	if q.Instance >= 0 {
		d = a.instances[q.Instance]
	}
	if d == nil {
		return read(q, nvml.ERROR_INVALID_ARGUMENT)
	}
	for _, group := range []func(nvidia.Query, nvml.Device) []nvidia.Reading{identity, memory, readings, link, a.mig} {
		if rs := group(q, d); rs != nil {
			return rs
		}
	}
	return read(q, nvml.ERROR_FUNCTION_NOT_FOUND)
}

func (a *api) mig(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnMIGMode:
		current, pending, ret := d.GetMigMode()
		return read(q, ret, bits(current), bits(pending))
	case nvidia.FnMIGMax:
		return number[int](q)(d.GetMaxMigDeviceCount())
	case nvidia.FnMIGHandle:
		in, ret := d.GetMigDeviceHandleByIndex(arg(q, 0))
		a.instances[arg(q, 0)] = in
		return read(q, ret)
	case nvidia.FnGPUInstanceID:
		return number[int](q)(d.GetGpuInstanceId())
	case nvidia.FnComputeInstanceID:
		return number[int](q)(d.GetComputeInstanceId())
	case nvidia.FnMIGAttributes:
		at, ret := d.GetAttributes()
		return read(q, ret, bits(at.MultiprocessorCount), bits(at.GpuInstanceSliceCount), bits(at.ComputeInstanceSliceCount), at.MemorySizeMB)
	default:
		return nil
	}
}
