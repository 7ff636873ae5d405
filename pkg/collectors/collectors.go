// Package collectors lists bee's own collectors. Each lives in a package of
// its own below this one, with a typed reader for those who want one domain
// only:
//
//	drives, err := storage.Read(ctx, h)
//
// A third party appends its own to the list:
//
//	inventory.Collect(ctx, append(collectors.Default(h), acme.RAID(h)))
package collectors

import (
	"time"

	"example.com/bee/pkg/collectors/accel"
	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/board"
	"example.com/bee/pkg/collectors/cpu"
	"example.com/bee/pkg/collectors/cxl"
	"example.com/bee/pkg/collectors/firmware"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/hostinfo"
	"example.com/bee/pkg/collectors/memory"
	"example.com/bee/pkg/collectors/network"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/collectors/psu"
	"example.com/bee/pkg/collectors/sensors"
	"example.com/bee/pkg/collectors/storage"
	"example.com/bee/pkg/inventory"
)

// An Option adds to what the collectors can use.
type Option func(*options)

type options struct {
	nvml    nvidia.Source
	network []network.Option
}

// WithNVML gives the nvidia collector a way to NVML: nvidia/gonvml where a
// program has cgo and glibc, or one that starts the helper. Without it GPUs
// are known from PCI and the driver's files only.
func WithNVML(s nvidia.Source) Option { return func(o *options) { o.nvml = s } }

// WithLLDP has the network collector listen so long for what switches say of
// themselves: which switch, which port. Nothing is sent. Switches speak every 30
// seconds; without the option nobody listens.
func WithLLDP(d time.Duration) Option {
	return func(o *options) { o.network = append(o.network, network.WithLLDP(d)) }
}

// Default is every collector, in the report's order.
func Default(h *host.Host, opts ...Option) []inventory.Collector {
	var o options
	for _, f := range opts {
		f(&o)
	}
	return []inventory.Collector{
		hostinfo.Collector(h).TakingTurns(),
		board.Collector(h).TakingTurns(),
		cpu.Collector(h).TakingTurns(),
		memory.Collector(h).TakingTurns(),
		storage.Collector(h),
		pcie.Collector(h).TakingTurns(),
		psu.Collector(h),
		nvidia.Collector(h, o.nvml),
		accel.Collector(h).TakingTurns(),
		cxl.Collector(h).TakingTurns(),
		network.Collector(h, o.network...),
		sensors.Collector(h),
		firmware.Collector(h),
		bmc.Collector(h),
	}
}
