package nvidia

import "context"

// An API calls functions of NVML.
//
// Call makes one call and returns what it brought, at least one Reading. A
// function that this library lacks is a Reading with [FunctionNotFound].
// Handles are kept by the API: it is asked for FnHandle (Args: the index)
// before any question about a GPU, and for FnMIGHandle (Args: the index)
// before any about a MIG device.
type API interface {
	Call(q Query) []Reading
}

// A Sink takes what [Ask] finds, as it finds it. [Encoder] writes it down,
// [Data] keeps it. An error ends the asking.
type Sink interface {
	Say(n Note) error
	Calling(q Query) error
	Read(r Reading) error
	Complete(gpu int) error
	Finish() error
}

// Ask puts all questions to the library, GPU after GPU: first what identifies
// a GPU, then how it is doing, MIG devices and links last. A GPU that is lost
// is not asked further. GPUs for which skip is true are left out; skip may be
// nil. The error is the sink's, or the context's.
func Ask(ctx context.Context, api API, to Sink, skip func(gpu int) bool) error {
	a := &asker{ctx: ctx, api: api, to: to, gpu: Whole, instance: Whole}
	if r := a.ask(FnInitWithFlags, flagNoGPUs); r.Return.Silent() {
		r = a.ask(FnInit)
		if r.Return != Success {
			return a.finish()
		}
	} else if r.Return != Success {
		return a.finish()
	}
	a.ask(FnDriverVersion)
	a.ask(FnNVMLVersion)
	a.ask(FnCUDAVersion)
	n, ok := first(a.ask(FnCount))
	for i := 0; ok && i < int(min(n, maxGPUs)); i++ {
		if skip != nil && skip(i) {
			continue
		}
		a.device(i)
	}
	return a.finish()
}

// An asker puts questions and remembers the first error of the sink, after
// which it asks no more.
type asker struct {
	ctx           context.Context
	api           API
	to            Sink
	gpu, instance int
	err           error
}

func (a *asker) ask(fn Function, args ...uint32) Reading {
	rs := a.askAll(fn, args...)
	if len(rs) == 0 {
		return Reading{Return: UnknownReturn}
	}
	return rs[0]
}

func (a *asker) askAll(fn Function, args ...uint32) []Reading {
	q := Query{Function: fn, GPU: a.gpu, Instance: a.instance, Args: args}
	if a.err == nil {
		a.err = context.Cause(a.ctx)
	}
	if a.err == nil {
		a.err = a.to.Calling(q)
	}
	if a.err != nil {
		return nil
	}
	rs := a.api.Call(q)
	for _, r := range rs {
		if a.err = a.to.Read(r); a.err != nil {
			return nil
		}
	}
	return rs
}

func (a *asker) finish() error {
	if a.err != nil {
		return a.err
	}
	return a.to.Finish()
}

func (a *asker) device(index int) {
	a.gpu, a.instance = index, Whole
	if a.ask(FnHandle, uint32(index)).Return == Success {
		a.everything()
	}
	if a.err == nil {
		a.err = a.to.Complete(index)
	}
	a.gpu = Whole
}

// everything asks in groups; after a group in which the GPU was found lost
// there is no point in asking on, and each call may take seconds.
func (a *asker) everything() {
	for _, group := range []func() bool{a.identity, a.memory, a.errors, a.link, a.heat, a.power, a.modes, a.mig, a.nvlinks} {
		if lost := group(); lost || a.err != nil {
			return
		}
	}
}

func (a *asker) each(fns ...Function) (lost bool) {
	for _, fn := range fns {
		lost = a.ask(fn).Return == GPUIsLost || lost
	}
	return lost
}

func (a *asker) identity() bool {
	lost := a.each(FnPCIInfo, FnUUID, FnName, FnSerial, FnBoardPartNumber, FnVBIOS, FnInfoROMImage,
		FnGSPFirmware, FnMinor, FnBoardID, FnArchitecture)
	for _, object := range []uint32{infoROMOEM, infoROMECC, infoROMPower} {
		lost = a.ask(FnInfoROM, object).Return == GPUIsLost || lost
	}
	return lost
}

func (a *asker) memory() bool {
	r := a.ask(FnMemoryV2)
	if r.Return.Silent() {
		r = a.ask(FnMemory)
	}
	return r.Return == GPUIsLost
}

func (a *asker) errors() bool {
	lost := a.each(FnECCMode)
	for _, counter := range []uint32{volatileECC, aggregateECC} {
		for _, kind := range []uint32{correctedErrors, uncorrectedErrors} {
			lost = a.ask(FnECCTotal, kind, counter).Return == GPUIsLost || lost
			for _, location := range []uint32{locationDRAM, locationSRAM} {
				a.ask(FnECCLocation, kind, counter, location)
			}
		}
	}
	a.ask(FnRetiredPages, retiredSingleBit)
	a.ask(FnRetiredPages, retiredDoubleBit)
	return a.each(FnRetiredPending, FnRemappedRows) || lost
}

func (a *asker) link() bool {
	return a.each(FnPCIeGeneration, FnPCIeWidth, FnPCIeMaxGeneration, FnPCIeMaxWidth,
		FnPCIeDeviceMaxGeneration, FnPCIeReplays)
}

func (a *asker) heat() bool {
	lost := a.ask(FnTemperature, sensorGPU).Return == GPUIsLost
	for _, threshold := range []uint32{thresholdShutdown, thresholdSlowdown, thresholdMemMax, thresholdGPUMax} {
		a.ask(FnTemperatureThreshold, threshold)
	}
	return a.each(FnTemperatureMargin, FnFanSpeed) || lost
}

func (a *asker) power() bool {
	lost := a.each(FnPowerUsage, FnPowerLimit, FnPowerDefaultLimit, FnPowerConstraints)
	for _, clock := range []uint32{clockGraphics, clockSM, clockMemory, clockVideo} {
		a.ask(FnClock, clock)
		a.ask(FnMaxClock, clock)
	}
	if a.ask(FnEventReasons).Return == FunctionNotFound {
		a.ask(FnThrottleReasons)
	}
	a.askAll(FnFieldValues, deviceFields()...)
	return lost
}

func (a *asker) modes() bool {
	return a.each(FnPerformanceState, FnPersistence, FnComputeMode)
}

func (a *asker) mig() bool {
	mode := a.ask(FnMIGMode)
	if current, ok := first(mode); !ok || current != 1 {
		return mode.Return == GPUIsLost
	}
	count, ok := first(a.ask(FnMIGMax))
	for i := uint32(0); ok && uint64(i) < min(count, maxInstances) && a.err == nil; i++ {
		a.instance = Whole
		if a.ask(FnMIGHandle, i).Return != Success {
			continue // slots are filled in any order
		}
		a.instance = int(i)
		a.each(FnUUID, FnName, FnGPUInstanceID, FnComputeInstanceID, FnMIGAttributes)
		a.memory()
	}
	a.instance = Whole
	return false
}

// maxLinks is above NVML_NVLINK_MAX_LINKS of all drivers so far.
const maxLinks = 64

func (a *asker) nvlinks() bool {
	for link := range uint32(maxLinks) {
		r := a.ask(FnNVLinkState, link)
		if r.Return != Success {
			// Not supported: no links. Invalid argument: no more of them.
			// Everything else will not be better for the next one.
			return r.Return == GPUIsLost
		}
		if active, ok := first(r); !ok || active != 1 || a.err != nil {
			continue
		}
		a.ask(FnNVLinkVersion, link)
		a.ask(FnNVLinkRemoteType, link)
		a.ask(FnNVLinkRemotePCI, link)
		counted := false
		for _, counter := range []uint32{linkReplay, linkRecovery, linkCRCFlit, linkCRCData, linkECCData} {
			counted = a.ask(FnNVLinkErrors, link, counter).Return == Success || counted
		}
		if !counted {
			a.askAll(FnFieldValues, linkFields(link)...)
		}
	}
	return false
}

// first is the first number of a reading that has one.
func first(r Reading) (uint64, bool) {
	if r.Return != Success || len(r.Numbers) == 0 {
		return 0, false
	}
	return r.Numbers[0], true
}
