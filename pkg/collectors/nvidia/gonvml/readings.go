//go:build cgo

package gonvml

import (
	"encoding/binary"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"example.com/bee/pkg/collectors/nvidia"
)

// read is one reading; numbers count only on success.
func read(q nvidia.Query, ret nvml.Return, numbers ...uint64) []nvidia.Reading {
	r := nvidia.Reading{Query: q, Return: nvidia.Return(ret)}
	if ret == nvml.SUCCESS {
		r.Numbers = numbers
	}
	return []nvidia.Reading{r}
}

// text and number make a reading of what a method with two results returns.
func text(q nvidia.Query) func(string, nvml.Return) []nvidia.Reading {
	return func(s string, ret nvml.Return) []nvidia.Reading {
		rs := read(q, ret)
		if ret == nvml.SUCCESS {
			rs[0].Text = s
		}
		return rs
	}
}

type integer interface {
	~int | ~int32 | ~uint32 | ~int64 | ~uint64
}

func number[T integer](q nvidia.Query) func(T, nvml.Return) []nvidia.Reading {
	return func(v T, ret nvml.Return) []nvidia.Reading { return read(q, ret, bits(v)) }
}

// bits are the raw bits of a number as C gave it: go-nvml's int stands for C's
// 32-bit types.
func bits[T integer](v T) uint64 {
	if v < 0 {
		return uint64(uint32(int64(v)))
	}
	return uint64(v)
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// arg is an input of the function; 0 when it was not given.
func arg(q nvidia.Query, i int) int {
	if i >= len(q.Args) {
		return 0
	}
	return int(q.Args[i])
}

func identity(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnPCIInfo:
		return pci(q)(d.GetPciInfo())
	case nvidia.FnUUID:
		return text(q)(d.GetUUID())
	case nvidia.FnName:
		return text(q)(d.GetName())
	case nvidia.FnSerial:
		return text(q)(d.GetSerial())
	case nvidia.FnBoardPartNumber:
		return text(q)(d.GetBoardPartNumber())
	case nvidia.FnVBIOS:
		return text(q)(d.GetVbiosVersion())
	case nvidia.FnInfoROMImage:
		return text(q)(d.GetInforomImageVersion())
	case nvidia.FnInfoROM:
		return text(q)(d.GetInforomVersion(nvml.InforomObject(arg(q, 0))))
	case nvidia.FnGSPFirmware:
		return text(q)(d.GetGspFirmwareVersion())
	case nvidia.FnMinor:
		return number[int](q)(d.GetMinorNumber())
	case nvidia.FnBoardID:
		return number[uint32](q)(d.GetBoardId())
	case nvidia.FnArchitecture:
		return number[nvml.DeviceArchitecture](q)(d.GetArchitecture())
	default:
		return nil
	}
}

func pci(q nvidia.Query) func(nvml.PciInfo, nvml.Return) []nvidia.Reading {
	return func(p nvml.PciInfo, ret nvml.Return) []nvidia.Reading {
		rs := read(q, ret, bits(p.Domain), bits(p.Bus), bits(p.Device), bits(p.PciDeviceId), bits(p.PciSubSystemId))
		if ret == nvml.SUCCESS {
			var id []byte
			for _, c := range p.BusId {
				if c == 0 {
					break
				}
				id = append(id, byte(c))
			}
			rs[0].Text = string(id)
		}
		return rs
	}
}

func memory(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnMemoryV2:
		m, ret := d.GetMemoryInfo_v2()
		return read(q, ret, m.Total, m.Reserved, m.Free, m.Used)
	case nvidia.FnMemory:
		m, ret := d.GetMemoryInfo()
		return read(q, ret, m.Total, m.Free, m.Used)
	case nvidia.FnECCMode:
		current, pending, ret := d.GetEccMode()
		return read(q, ret, bits(current), bits(pending))
	case nvidia.FnECCTotal:
		return number[uint64](q)(d.GetTotalEccErrors(nvml.MemoryErrorType(arg(q, 0)), nvml.EccCounterType(arg(q, 1))))
	case nvidia.FnECCLocation:
		return number[uint64](q)(d.GetMemoryErrorCounter(nvml.MemoryErrorType(arg(q, 0)), nvml.EccCounterType(arg(q, 1)), nvml.MemoryLocation(arg(q, 2))))
	case nvidia.FnRetiredPages:
		pages, ret := d.GetRetiredPages(nvml.PageRetirementCause(arg(q, 0)))
		return read(q, ret, uint64(len(pages)))
	case nvidia.FnRetiredPending:
		return number[nvml.EnableState](q)(d.GetRetiredPagesPendingStatus())
	case nvidia.FnRemappedRows:
		corrected, uncorrected, pending, failed, ret := d.GetRemappedRows()
		return read(q, ret, bits(corrected), bits(uncorrected), flag(pending), flag(failed))
	default:
		return nil
	}
}

func readings(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnTemperature:
		return number[uint32](q)(d.GetTemperature(nvml.TemperatureSensors(arg(q, 0))))
	case nvidia.FnTemperatureThreshold:
		return number[uint32](q)(d.GetTemperatureThreshold(nvml.TemperatureThresholds(arg(q, 0))))
	case nvidia.FnTemperatureMargin:
		m, ret := d.GetMarginTemperature()
		return read(q, ret, bits(m.MarginTemperature))
	case nvidia.FnFanSpeed:
		return number[uint32](q)(d.GetFanSpeed())
	case nvidia.FnPowerUsage:
		return number[uint32](q)(d.GetPowerUsage())
	case nvidia.FnPowerLimit:
		return number[uint32](q)(d.GetEnforcedPowerLimit())
	case nvidia.FnPowerDefaultLimit:
		return number[uint32](q)(d.GetPowerManagementDefaultLimit())
	case nvidia.FnPowerConstraints:
		least, most, ret := d.GetPowerManagementLimitConstraints()
		return read(q, ret, bits(least), bits(most))
	case nvidia.FnClock:
		return number[uint32](q)(d.GetClockInfo(nvml.ClockType(arg(q, 0))))
	case nvidia.FnMaxClock:
		return number[uint32](q)(d.GetMaxClockInfo(nvml.ClockType(arg(q, 0))))
	case nvidia.FnEventReasons:
		return number[uint64](q)(d.GetCurrentClocksEventReasons())
	case nvidia.FnThrottleReasons:
		return number[uint64](q)(d.GetCurrentClocksThrottleReasons())
	case nvidia.FnPerformanceState:
		return number[nvml.Pstates](q)(d.GetPerformanceState())
	case nvidia.FnPersistence:
		return number[nvml.EnableState](q)(d.GetPersistenceMode())
	case nvidia.FnComputeMode:
		return number[nvml.ComputeMode](q)(d.GetComputeMode())
	case nvidia.FnFieldValues:
		return fields(q, d)
	default:
		return nil
	}
}

func fields(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	values := make([]nvml.FieldValue, len(q.Args)/2)
	for i := range values {
		values[i] = nvml.FieldValue{FieldId: q.Args[2*i], ScopeId: q.Args[2*i+1], NvmlReturn: uint32(nvidia.UnknownReturn)}
	}
	if ret := d.GetFieldValues(values); ret != nvml.SUCCESS {
		return read(q, ret)
	}
	var rs []nvidia.Reading
	for i, v := range values {
		one := q
		one.Args = q.Args[2*i : 2*i+2]
		rs = append(rs, read(one, nvml.Return(v.NvmlReturn), uint64(v.ValueType), binary.NativeEndian.Uint64(v.Value[:]))...)
	}
	return rs
}

func link(q nvidia.Query, d nvml.Device) []nvidia.Reading {
	switch q.Function {
	case nvidia.FnPCIeGeneration:
		return number[int](q)(d.GetCurrPcieLinkGeneration())
	case nvidia.FnPCIeWidth:
		return number[int](q)(d.GetCurrPcieLinkWidth())
	case nvidia.FnPCIeMaxGeneration:
		return number[int](q)(d.GetMaxPcieLinkGeneration())
	case nvidia.FnPCIeMaxWidth:
		return number[int](q)(d.GetMaxPcieLinkWidth())
	case nvidia.FnPCIeDeviceMaxGeneration:
		return number[int](q)(d.GetGpuMaxPcieLinkGeneration())
	case nvidia.FnPCIeReplays:
		return number[int](q)(d.GetPcieReplayCounter())
	case nvidia.FnNVLinkState:
		return number[nvml.EnableState](q)(d.GetNvLinkState(arg(q, 0)))
	case nvidia.FnNVLinkVersion:
		return number[uint32](q)(d.GetNvLinkVersion(arg(q, 0)))
	case nvidia.FnNVLinkErrors:
		return number[uint64](q)(d.GetNvLinkErrorCounter(arg(q, 0), nvml.NvLinkErrorCounter(arg(q, 1))))
	case nvidia.FnNVLinkRemotePCI:
		return pci(q)(d.GetNvLinkRemotePciInfo(arg(q, 0)))
	case nvidia.FnNVLinkRemoteType:
		return number[nvml.IntNvLinkDeviceType](q)(d.GetNvLinkRemoteDeviceType(arg(q, 0)))
	default:
		return nil
	}
}
