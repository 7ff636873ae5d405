package main

import (
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"example.com/bee/pkg/collectors/nvidia"
)

// A library is NVML, loaded. It implements [nvidia.API].
type library struct {
	handle    uintptr
	symbols   map[nvidia.Function]uintptr
	device    uintptr         // of the GPU asked for last
	instances map[int]uintptr // of its MIG devices
	scratch   *scratch
}

// scratch is where the library writes. There is more room behind every
// structure than any of them has, for libraries that think it longer.
type scratch struct {
	out  [16][512]byte
	text [4096]byte
	list [1024]uint64
}

func newLibrary(handle uintptr) *library {
	return &library{handle: handle, symbols: map[nvidia.Function]uintptr{}, instances: map[int]uintptr{}, scratch: new(scratch)}
}

// Call implements [nvidia.API].
func (l *library) Call(q nvidia.Query) []nvidia.Reading {
	fn := l.symbol(q.Function)
	if fn == 0 {
		return []nvidia.Reading{{Query: q, Return: nvidia.FunctionNotFound}}
	}
	*l.scratch = scratch{}
	sh, ok := shapeOf(q.Function)
	if !ok {
		return []nvidia.Reading{{Query: q, Return: nvidia.FunctionNotFound}}
	}
	return sh(l, fn, q)
}

// symbol looks a function up once; 0 means the library lacks it.
func (l *library) symbol(fn nvidia.Function) uintptr {
	if p, ok := l.symbols[fn]; ok {
		return p
	}
	p, err := purego.Dlsym(l.handle, string(fn))
	if err != nil {
		p = 0
	}
	l.symbols[fn] = p
	return p
}

// target is the handle the query is about.
func (l *library) target(q nvidia.Query) uintptr {
	if q.Instance >= 0 {
		return l.instances[q.Instance]
	}
	return l.device
}

// invoke calls the function. Pointers among args must point into l.scratch,
// which is kept alive here. nvmlReturn_t is an enum: the low 32 bits count.
func (l *library) invoke(fn uintptr, args ...uintptr) nvidia.Return {
	r, _, _ := purego.SyscallN(fn, args...)
	runtime.KeepAlive(l.scratch)
	return nvidia.Return(uint32(r))
}

func (l *library) ptr(i int) uintptr     { return uintptr(unsafe.Pointer(&l.scratch.out[i])) }
func (l *library) textPtr() uintptr      { return uintptr(unsafe.Pointer(&l.scratch.text)) }
func (l *library) listPtr() uintptr      { return uintptr(unsafe.Pointer(&l.scratch.list)) }
func (l *library) outBytes(i int) []byte { return l.scratch.out[i][:] }
