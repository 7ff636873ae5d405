package accel

import (
	"context"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/internal/sysfs"
)

// intel reads what the drivers i915 and xe show (kernel:
// Documentation/ABI/testing/sysfs-driver-intel-i915-..., -intel-xe-...).
func (r *reader) intel(ctx context.Context, listing []string) {
	if r.asleep {
		return
	}
	if r.gpu.Driver == "i915" {
		r.i915(ctx)
		return
	}
	if _, ok := slices.BinarySearch(listing, "tile0"); ok {
		tile := path.Join(r.dev.dir, "tile0")
		a := sysfs.Read(ctx, r.h, r.gpu.ID, tile, "physical_vram_size_bytes",
			"gt0/freq0/act_freq", "gt0/freq0/rp0_freq",
			"gt0/freq0/throttle/status", "gt0/freq0/throttle/reason_thermal", "gt0/freq0/throttle/reason_prochot",
			"gt0/freq0/throttle/reason_pl1", "gt0/freq0/throttle/reason_pl2", "gt0/freq0/throttle/reason_pl4",
			"gt0/freq0/throttle/reason_vr_thermalert", "gt0/freq0/throttle/reason_vr_tdc", "gt0/freq0/throttle/reason_ratl")
		r.gpu.MemoryBytes = a.Uint("physical_vram_size_bytes", "memory_bytes", 0, 62)
		r.clocks(a, "gt0/freq0/act_freq", "gt0/freq0/rp0_freq")
		r.throttle(a, "gt0/freq0/throttle/reason_")
		r.note(a)
	}
}

func (r *reader) i915(ctx context.Context) {
	card := r.card(ctx)
	if card == "" {
		return
	}
	dir := path.Join(r.dev.dir, "drm", card)
	a := sysfs.Read(ctx, r.h, r.gpu.ID, dir, "gt_act_freq_mhz", "gt_RP0_freq_mhz", "lmem_total_bytes",
		"gt/gt0/throttle_reason_thermal", "gt/gt0/throttle_reason_prochot", "gt/gt0/throttle_reason_pl1",
		"gt/gt0/throttle_reason_pl2", "gt/gt0/throttle_reason_pl4", "gt/gt0/throttle_reason_vr_thermalert",
		"gt/gt0/throttle_reason_vr_tdc", "gt/gt0/throttle_reason_ratl")
	r.gpu.MemoryBytes = a.Uint("lmem_total_bytes", "memory_bytes", 0, 62)
	r.clocks(a, "gt_act_freq_mhz", "gt_RP0_freq_mhz")
	r.throttle(a, "gt/gt0/throttle_reason_")
	r.note(a)
}

// card is the name of the device in the graphics class.
func (r *reader) card(ctx context.Context) string {
	for _, n := range r.list(ctx, path.Join(r.dev.dir, "drm")) {
		if strings.HasPrefix(n, "card") {
			return n
		}
	}
	return ""
}

func (r *reader) clocks(a *sysfs.Attrs, current, most string) {
	if n := a.Uint(current, "clocks_mhz", 10, 31); n != nil {
		setClock(&r.gpu.ClocksMHz, "graphics", int(*n)) // zero: it sleeps between two jobs
	}
	if n := a.Uint(most, "clocks_max_mhz", 10, 31); n != nil && *n > 0 {
		setClock(&r.gpu.ClocksMaxMHz, "graphics", int(*n))
	}
}

// throttle notes why the hardware holds the clock down, in the words the
// verdicts know for heat.
func (r *reader) throttle(a *sysfs.Attrs, prefix string) {
	for _, reason := range []struct{ file, name string }{
		{"thermal", "hw_thermal_slowdown"},
		{"prochot", "hw_thermal_slowdown"},
		{"vr_thermalert", "hw_thermal_slowdown"},
		{"pl1", "sw_power_cap"},
		{"pl2", "sw_power_cap"},
		{"pl4", "sw_power_cap"},
		{"ratl", "ratl"},
		{"vr_tdc", "vr_tdc"},
	} {
		on := a.Uint(prefix+reason.file, "throttle_reasons", 10, 1)
		if on != nil && *on == 1 && !slices.Contains(r.gpu.ThrottleReasons, reason.name) {
			r.gpu.ThrottleReasons = append(r.gpu.ThrottleReasons, reason.name)
		}
	}
}
