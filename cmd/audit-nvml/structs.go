package main

import (
	"encoding/binary"
	"unsafe"

	"example.com/bee/pkg/collectors/nvidia"
)

// The structures of nvml.h, as the C compiler lays them out on 64-bit Linux.
// Their sizes are pinned by a test.
type (
	// nvmlMemory_t.
	memoryV1 struct{ total, free, used uint64 }
	// nvmlMemory_v2_t.
	memoryV2 struct {
		version                     uint32
		total, reserved, free, used uint64
	}
	// nvmlPciInfo_t.
	pciInfo struct {
		busIDLegacy                                   [16]byte
		domain, bus, device, pciDeviceID, subSystemID uint32
		busID                                         [32]byte
	}
	// nvmlDeviceAttributes_t.
	attributes struct {
		multiprocessors, copyEngines, decoders, encoders, jpegs, ofas uint32
		gpuSlices, computeSlices                                      uint32
		memoryMiB                                                     uint64
	}
	// nvmlMarginTemperature_v1_t.
	margin struct {
		version uint32
		celsius int32
	}
	// nvmlFieldValue_t.
	fieldValue struct {
		fieldID, scopeID   uint32
		timestamp, latency int64
		valueType, ret     uint32
		value              [8]byte
	}
)

// versioned is NVML_STRUCT_VERSION: the size, and the version in the top byte.
func versioned[T any](version uint32) uint32 {
	var t T
	return uint32(unsafe.Sizeof(t)) | version<<24
}

// structures: f(nvmlDevice_t, inputs..., structure*).
func structures(f nvidia.Function) shape {
	return func(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
		out := unsafe.Pointer(&l.scratch.out[0])
		switch f {
		case nvidia.FnMemoryV2:
			(*memoryV2)(out).version = versioned[memoryV2](2)
		case nvidia.FnTemperatureMargin:
			(*margin)(out).version = versioned[margin](1)
		}
		args := append([]uintptr{l.target(q)}, arguments(q)...)
		r := one(q, l.invoke(fn, append(args, l.ptr(0))...))
		if r[0].Return != nvidia.Success {
			return r
		}
		switch f {
		case nvidia.FnMemory:
			m := (*memoryV1)(out)
			r[0].Numbers = []uint64{m.total, m.free, m.used}
		case nvidia.FnMemoryV2:
			m := (*memoryV2)(out)
			r[0].Numbers = []uint64{m.total, m.reserved, m.free, m.used}
		case nvidia.FnPCIInfo, nvidia.FnNVLinkRemotePCI:
			p := (*pciInfo)(out)
			r[0].Numbers = []uint64{uint64(p.domain), uint64(p.bus), uint64(p.device), uint64(p.pciDeviceID), uint64(p.subSystemID)}
			r[0].Text = cstring(p.busID[:])
		case nvidia.FnMIGAttributes:
			a := (*attributes)(out)
			r[0].Numbers = []uint64{uint64(a.multiprocessors), uint64(a.gpuSlices), uint64(a.computeSlices), a.memoryMiB}
		case nvidia.FnTemperatureMargin:
			r[0].Numbers = []uint64{uint64(uint32((*margin)(out).celsius))}
		}
		return r
	}
}

// fieldValues: f(nvmlDevice_t, int count, nvmlFieldValue_t*); one reading per
// field, each with the return code it has of its own.
func fieldValues(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	const size = unsafe.Sizeof(fieldValue{})
	n := min(len(q.Args)/2, len(l.scratch.list)*8/int(size)-1)
	if n == 0 {
		return one(q, nvidia.InvalidArgument)
	}
	fields := unsafe.Slice((*fieldValue)(unsafe.Pointer(&l.scratch.list)), n)
	for i := range fields {
		fields[i] = fieldValue{fieldID: q.Args[2*i], scopeID: q.Args[2*i+1], ret: uint32(nvidia.UnknownReturn)}
	}
	ret := l.invoke(fn, l.target(q), uintptr(n), l.listPtr())
	if ret != nvidia.Success {
		return one(q, ret)
	}
	rs := make([]nvidia.Reading, n)
	for i, f := range fields {
		rs[i] = nvidia.Reading{Query: q, Return: nvidia.Return(f.ret)}
		rs[i].Args = q.Args[2*i : 2*i+2]
		if f.ret == uint32(nvidia.Success) {
			rs[i].Numbers = []uint64{uint64(f.valueType), binary.NativeEndian.Uint64(f.value[:])}
		}
	}
	return rs
}
