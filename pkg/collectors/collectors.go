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
	"example.com/bee/pkg/collectors/board"
	"example.com/bee/pkg/collectors/cpu"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/hostinfo"
	"example.com/bee/pkg/collectors/memory"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// Default is every collector, in the report's order.
func Default(h *host.Host) []inventory.Collector {
	return []inventory.Collector{
		hostinfo.Collector(h),
		board.Collector(h),
		cpu.Collector(h),
		memory.Collector(h),
		pcie.Collector(h),
	}
}
