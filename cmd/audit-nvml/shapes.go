package main

import (
	"bytes"
	"encoding/binary"

	"example.com/bee/pkg/collectors/nvidia"
)

// A shape calls a function of one C signature.
type shape func(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading

// shapeOf is the table of signatures, from nvml.h.
func shapeOf(fn nvidia.Function) (shape, bool) {
	switch fn {
	case nvidia.FnInit:
		return plain, true
	case nvidia.FnInitWithFlags:
		return flags, true
	case nvidia.FnDriverVersion, nvidia.FnNVMLVersion:
		return systemText(80), true
	case nvidia.FnCUDAVersion, nvidia.FnCount:
		return systemNumber, true
	case nvidia.FnHandle:
		return deviceHandle, true
	case nvidia.FnMIGHandle:
		return instanceHandle, true
	case nvidia.FnUUID, nvidia.FnName:
		return text(96), true
	case nvidia.FnBoardPartNumber:
		return text(80), true
	case nvidia.FnVBIOS:
		return text(32), true
	case nvidia.FnSerial:
		return text(30), true
	case nvidia.FnInfoROMImage:
		return text(16), true
	case nvidia.FnInfoROM:
		return text(16), true
	case nvidia.FnGSPFirmware:
		return bareText, true
	case nvidia.FnRemappedRows:
		return numbers(4, 4), true
	case nvidia.FnECCMode, nvidia.FnPowerConstraints, nvidia.FnMIGMode:
		return numbers(2, 4), true
	case nvidia.FnECCTotal, nvidia.FnECCLocation, nvidia.FnEventReasons, nvidia.FnThrottleReasons, nvidia.FnNVLinkErrors:
		return numbers(1, 8), true
	case nvidia.FnRetiredPages:
		return retiredPages, true
	case nvidia.FnMemory, nvidia.FnMemoryV2, nvidia.FnPCIInfo, nvidia.FnNVLinkRemotePCI, nvidia.FnMIGAttributes, nvidia.FnTemperatureMargin:
		return structures(fn), true
	case nvidia.FnFieldValues:
		return fieldValues, true
	case nvidia.FnMinor, nvidia.FnBoardID, nvidia.FnArchitecture, nvidia.FnRetiredPending,
		nvidia.FnPCIeGeneration, nvidia.FnPCIeWidth, nvidia.FnPCIeMaxGeneration, nvidia.FnPCIeMaxWidth,
		nvidia.FnPCIeDeviceMaxGeneration, nvidia.FnPCIeReplays, nvidia.FnTemperature, nvidia.FnTemperatureThreshold,
		nvidia.FnPowerUsage, nvidia.FnPowerLimit, nvidia.FnPowerDefaultLimit, nvidia.FnClock, nvidia.FnMaxClock,
		nvidia.FnPerformanceState, nvidia.FnFanSpeed, nvidia.FnPersistence, nvidia.FnComputeMode,
		nvidia.FnMIGMax, nvidia.FnGPUInstanceID, nvidia.FnComputeInstanceID,
		nvidia.FnNVLinkState, nvidia.FnNVLinkVersion, nvidia.FnNVLinkRemoteType:
		return numbers(1, 4), true
	default:
		return nil, false
	}
}

func one(q nvidia.Query, ret nvidia.Return) []nvidia.Reading {
	return []nvidia.Reading{{Query: q, Return: ret}}
}

// plain: f(void).
func plain(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	return one(q, l.invoke(fn))
}

// flags: f(unsigned).
func flags(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	return one(q, l.invoke(fn, arguments(q)...))
}

// systemText: f(char*, unsigned length).
func systemText(size int) shape {
	return func(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
		r := one(q, l.invoke(fn, l.textPtr(), uintptr(size)))
		return withText(r, l, size)
	}
}

// systemNumber: f(int*).
func systemNumber(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	r := one(q, l.invoke(fn, l.ptr(0)))
	return withNumbers(r, l, 1, 4)
}

// deviceHandle: f(unsigned index, nvmlDevice_t*).
func deviceHandle(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	clear(l.instances)
	r := one(q, l.invoke(fn, append(arguments(q), l.ptr(0))...))
	l.device = uintptr(binary.NativeEndian.Uint64(l.outBytes(0)))
	return r
}

// instanceHandle: f(nvmlDevice_t, unsigned index, nvmlDevice_t*).
func instanceHandle(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	r := one(q, l.invoke(fn, append(append([]uintptr{l.device}, arguments(q)...), l.ptr(0))...))
	if len(q.Args) == 1 {
		l.instances[int(q.Args[0])] = uintptr(binary.NativeEndian.Uint64(l.outBytes(0)))
	}
	return r
}

// text: f(nvmlDevice_t, inputs..., char*, unsigned length).
func text(size int) shape {
	return func(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
		args := append([]uintptr{l.target(q)}, arguments(q)...)
		r := one(q, l.invoke(fn, append(args, l.textPtr(), uintptr(size))...))
		return withText(r, l, size)
	}
}

// bareText: f(nvmlDevice_t, char[80]).
func bareText(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	r := one(q, l.invoke(fn, l.target(q), l.textPtr()))
	return withText(r, l, 80)
}

// numbers: f(nvmlDevice_t, inputs..., T* x n), T of 4 or 8 bytes.
func numbers(n, size int) shape {
	return func(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
		args := append([]uintptr{l.target(q)}, arguments(q)...)
		for i := range n {
			args = append(args, l.ptr(i))
		}
		r := one(q, l.invoke(fn, args...))
		return withNumbers(r, l, n, size)
	}
}

// retiredPages: f(nvmlDevice_t, cause, unsigned* count, unsigned long long*
// addresses). With a count of zero it only tells how many there are, and that
// the room is not enough.
func retiredPages(l *library, fn uintptr, q nvidia.Query) []nvidia.Reading {
	args := append([]uintptr{l.target(q)}, arguments(q)...)
	r := one(q, l.invoke(fn, append(args, l.ptr(0), l.listPtr())...))
	if r[0].Return == nvidia.Success || r[0].Return == nvidia.InsufficientSize {
		r[0].Numbers = []uint64{uint64(binary.NativeEndian.Uint32(l.outBytes(0)))}
	}
	return r
}

func arguments(q nvidia.Query) []uintptr {
	args := make([]uintptr, 0, len(q.Args)+5)
	for _, a := range q.Args {
		args = append(args, uintptr(a))
	}
	return args
}

func withText(r []nvidia.Reading, l *library, size int) []nvidia.Reading {
	if r[0].Return == nvidia.Success {
		r[0].Text = cstring(l.scratch.text[:size])
	}
	return r
}

func withNumbers(r []nvidia.Reading, l *library, n, size int) []nvidia.Reading {
	if r[0].Return != nvidia.Success {
		return r
	}
	for i := range n {
		if size == 4 {
			r[0].Numbers = append(r[0].Numbers, uint64(binary.NativeEndian.Uint32(l.outBytes(i))))
		} else {
			r[0].Numbers = append(r[0].Numbers, binary.NativeEndian.Uint64(l.outBytes(i)))
		}
	}
	return r
}

// cstring is the text before the NUL, or all of it when there is none.
func cstring(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
