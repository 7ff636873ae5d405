package nvml

import (
	"fmt"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/nvidia"
)

// A GPU is one row of answers being written.
type GPU struct {
	d        *nvidia.Data
	gpu, mig int
}

// NewMachine is a machine with a driver and no GPU.
func NewMachine(driver string, cuda uint64) *nvidia.Data {
	d := &nvidia.Data{}
	sys := &GPU{d: d, gpu: nvidia.Whole, mig: nvidia.Whole}
	sys.Text(nvidia.FnDriverVersion, driver)
	sys.Text(nvidia.FnNVMLVersion, "13."+driver)
	sys.Number(nvidia.FnCUDAVersion, nil, cuda)
	sys.Number(nvidia.FnCount, nil, 0)
	return d
}

// AddGPU adds a GPU and counts it.
func AddGPU(d *nvidia.Data) *GPU {
	n := len(d.GPUs)
	for i := range d.System {
		if d.System[i].Function == nvidia.FnCount {
			d.System[i].Numbers = []uint64{uint64(n) + 1}
		}
	}
	_ = d.Complete(n)
	return At(d, n)
}

// At is the GPU with that index, to write on.
func At(d *nvidia.Data, index int) *GPU { return &GPU{d: d, gpu: index, mig: nvidia.Whole} }

// Instance is a MIG device of the GPU, made when it is not there.
func (g *GPU) Instance(index int) *GPU {
	g.Number(nvidia.FnMIGHandle, []uint32{uint32(index)})
	return &GPU{d: g.d, gpu: g.gpu, mig: index}
}

// Set writes or replaces one answer.
func (g *GPU) Set(fn nvidia.Function, args []uint32, ret nvidia.Return, text string, numbers ...uint64) {
	q := nvidia.Query{Function: fn, GPU: g.gpu, Instance: g.mig, Args: args}
	r := nvidia.Reading{Query: q, Return: ret, Numbers: numbers, Text: text}
	if g.gpu >= 0 && g.mig < 0 && g.gpu < len(g.d.GPUs) {
		all := g.d.GPUs[g.gpu].Readings
		for i := range all {
			if all[i].String() == r.String() && fmt.Sprint(all[i].Args) == fmt.Sprint(args) {
				all[i] = r
				return
			}
		}
	}
	if err := g.d.Read(r); err != nil {
		panic(err)
	}
}

// Text writes a string.
func (g *GPU) Text(fn nvidia.Function, text string) { g.Set(fn, nil, nvidia.Success, text) }

// Number writes numbers.
func (g *GPU) Number(fn nvidia.Function, args []uint32, numbers ...uint64) {
	g.Set(fn, args, nvidia.Success, "", numbers...)
}

// Field writes a field value with scope 0 as an unsigned int.
func (g *GPU) Field(id uint32, value uint64) {
	g.Number(nvidia.FnFieldValues, []uint32{id, 0}, 1, value)
}

// PCI writes where the GPU is and which it is, both ids as NVML packs them:
// device in the upper half, vendor in the lower.
func (g *GPU) PCI(domain, bus, device, id, subsystem uint64) {
	g.Set(nvidia.FnPCIInfo, nil, nvidia.Success, fmt.Sprintf("%08X:%02X:%02X.0", domain, bus, device), domain, bus, device, id, subsystem)
}

// H100s is a machine with n sound H100 in SXM form. Every value is made up,
// in the range a real one would give.
func H100s(n int) *nvidia.Data {
	d := NewMachine("550.54.15", 12040)
	for i := range uint64(n) {
		h100(AddGPU(d), i)
	}
	return d
}

func h100(g *GPU, i uint64) {
	g.PCI(0, 0x1b+0x10*i, 0, 0x233010de, 0x16c110de)
	g.Text(nvidia.FnUUID, fmt.Sprintf("GPU-b0e0%04x-1111-2222-3333-444455556666", i))
	g.Text(nvidia.FnName, "NVIDIA H100 80GB HBM3")
	g.Text(nvidia.FnSerial, fmt.Sprintf("16544230000%02d", i))
	g.Text(nvidia.FnBoardPartNumber, "692-2G520-0200-000")
	g.Text(nvidia.FnVBIOS, "96.00.89.00.01")
	g.Text(nvidia.FnInfoROMImage, "G520.0200.00.05")
	g.Set(nvidia.FnInfoROM, []uint32{0}, nvidia.Success, "2.1")
	g.Set(nvidia.FnInfoROM, []uint32{1}, nvidia.Success, "7.16")
	g.Text(nvidia.FnGSPFirmware, "550.54.15")
	g.Number(nvidia.FnMinor, nil, i)
	g.Number(nvidia.FnBoardID, nil, 0x1b00+0x1000*i)
	g.Number(nvidia.FnArchitecture, nil, 9)
	g.Number(nvidia.FnMemoryV2, nil, 81559<<20, 533<<20, 81023<<20, 3<<20)
	g.Number(nvidia.FnMemory, nil, 81559<<20, 81023<<20, 536<<20)
	g.Number(nvidia.FnECCMode, nil, 1, 1)
	for kind := range uint32(2) {
		for counter := range uint32(2) {
			g.Number(nvidia.FnECCTotal, []uint32{kind, counter}, 0)
			g.Number(nvidia.FnECCLocation, []uint32{kind, counter, 2}, 0)
			g.Number(nvidia.FnECCLocation, []uint32{kind, counter, 7}, 0)
		}
	}
	g.Number(nvidia.FnRemappedRows, nil, 0, 0, 0, 0)
	g.Number(nvidia.FnPCIeGeneration, nil, 5)
	g.Number(nvidia.FnPCIeWidth, nil, 16)
	g.Number(nvidia.FnPCIeMaxGeneration, nil, 5)
	g.Number(nvidia.FnPCIeMaxWidth, nil, 16)
	g.Number(nvidia.FnPCIeDeviceMaxGeneration, nil, 5)
	g.Number(nvidia.FnPCIeReplays, nil, 9)
	g.Number(nvidia.FnTemperature, []uint32{0}, 31)
	g.Number(nvidia.FnTemperatureThreshold, []uint32{0}, 92)
	g.Number(nvidia.FnTemperatureThreshold, []uint32{1}, 89)
	g.Number(nvidia.FnTemperatureMargin, nil, 54)
	g.Field(82, 44)
	g.Field(91, 18)
	g.Field(193, 0xfffffff8)
	g.Number(nvidia.FnPowerUsage, nil, 71_230)
	g.Number(nvidia.FnPowerLimit, nil, 700_000)
	g.Number(nvidia.FnPowerDefaultLimit, nil, 700_000)
	g.Number(nvidia.FnPowerConstraints, nil, 200_000, 700_000)
	for clock, mhz := range []uint64{345, 345, 2619, 765} {
		g.Number(nvidia.FnClock, []uint32{uint32(clock)}, mhz)
	}
	for clock, mhz := range []uint64{1980, 1980, 2619, 1545} {
		g.Number(nvidia.FnMaxClock, []uint32{uint32(clock)}, mhz)
	}
	g.Number(nvidia.FnEventReasons, nil, 1)
	g.Number(nvidia.FnThrottleReasons, nil, 1)
	g.Number(nvidia.FnPerformanceState, nil, 0)
	g.Number(nvidia.FnPersistence, nil, 1)
	g.Number(nvidia.FnComputeMode, nil, 0)
	g.Number(nvidia.FnMIGMode, nil, 0, 0)
	for link := range uint32(18) {
		g.Number(nvidia.FnNVLinkState, []uint32{link}, 1)
		g.Number(nvidia.FnNVLinkVersion, []uint32{link}, 4)
		g.Number(nvidia.FnNVLinkRemoteType, []uint32{link}, 2)
		g.Set(nvidia.FnNVLinkRemotePCI, []uint32{link}, nvidia.Success, "00000000:05:00.0", 0, 5, 0, 0x22a310de, 0)
		for counter := range uint32(5) {
			g.Number(nvidia.FnNVLinkErrors, []uint32{link, counter}, 0)
		}
	}
	g.Set(nvidia.FnNVLinkState, []uint32{18}, nvidia.InvalidArgument, "")
}

// linkDown takes a link down; of such a one nothing else is asked.
func (g *GPU) linkDown(link uint32) {
	gpu := &g.d.GPUs[g.gpu]
	gpu.Readings = slices.DeleteFunc(gpu.Readings, func(r nvidia.Reading) bool {
		return strings.Contains(string(r.Function), "NvLink") && r.Args[0] == link
	})
	g.Number(nvidia.FnNVLinkState, []uint32{link}, 0)
}

// EightWithOneSick is eight H100 of which number 5 has uncorrected errors, a
// row remapping that failed, two links down, half its lanes, and is slowed
// down by the hardware.
func EightWithOneSick() *nvidia.Data {
	d := H100s(8)
	g := At(d, 5)
	g.Number(nvidia.FnECCTotal, []uint32{1, 0}, 3)
	g.Number(nvidia.FnECCTotal, []uint32{1, 1}, 17)
	g.Number(nvidia.FnECCTotal, []uint32{0, 1}, 1<<40)
	g.Number(nvidia.FnRemappedRows, nil, 4, 2, 1, 1)
	g.Number(nvidia.FnPCIeWidth, nil, 8)
	g.Number(nvidia.FnEventReasons, nil, 0x48)
	g.Number(nvidia.FnThrottleReasons, nil, 0x48)
	g.linkDown(3)
	g.linkDown(7)
	g.Number(nvidia.FnNVLinkErrors, []uint32{2, 3}, 40_000)
	return d
}

// OneLost is two H100 of which number 1 has fallen off the bus.
func OneLost() *nvidia.Data {
	d := H100s(2)
	for i, r := range d.GPUs[1].Readings {
		switch r.Function {
		case nvidia.FnUUID, nvidia.FnName, nvidia.FnPCIInfo, nvidia.FnMinor:
		default:
			d.GPUs[1].Readings[i].Return, d.GPUs[1].Readings[i].Numbers, d.GPUs[1].Readings[i].Text = nvidia.GPUIsLost, nil, ""
		}
	}
	return d
}

// WithMIG is one H100 divided into two MIG devices, in the second and fourth
// of seven slots.
func WithMIG() *nvidia.Data {
	d := H100s(1)
	g := At(d, 0)
	g.Number(nvidia.FnMIGMode, nil, 1, 1)
	g.Number(nvidia.FnMIGMax, nil, 7)
	g.Set(nvidia.FnRemappedRows, nil, nvidia.NotSupported, "")
	for n, slot := range []int{1, 3} {
		in := g.Instance(slot)
		in.Text(nvidia.FnUUID, fmt.Sprintf("MIG-b0e0000%d-aaaa-bbbb-cccc-ddddeeeeffff", n))
		in.Text(nvidia.FnName, "NVIDIA H100 80GB HBM3 MIG 3g.40gb")
		in.Number(nvidia.FnGPUInstanceID, nil, uint64(slot))
		in.Number(nvidia.FnComputeInstanceID, nil, 0)
		in.Number(nvidia.FnMIGAttributes, nil, 60, 3, 3, 40448)
		in.Number(nvidia.FnMemoryV2, nil, 40448<<20, 0, 40400<<20, 37<<20)
	}
	return d
}
