package accel

import (
	"context"
	"path"
	"strings"

	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// amd reads what the driver amdgpu shows (kernel: Documentation/gpu/amdgpu).
func (r *reader) amd(ctx context.Context, listing []string) {
	g, dir := r.gpu, r.dev.dir
	a := r.attrs(ctx, dir, listing, "vbios_version", "unique_id", "serial_number", "product_name", "product_number", "mem_info_vram_total")
	g.VBIOS = said(a.Text("vbios_version", "vbios"))
	g.UUID = said(strings.ToLower(a.Text("unique_id", "uuid")))
	g.SerialNumber = said(a.Text("serial_number", "serial_number"))
	g.PartNumber = said(a.Text("product_number", "part_number"))
	if name := said(a.Text("product_name", "name")); name != "" {
		g.Name = name
	}
	g.MemoryBytes = a.Uint("mem_info_vram_total", "memory_bytes", 10, 62)
	r.note(a)
	r.firmware(ctx, path.Join(dir, "fw_version"), "_fw_version")
	if r.asleep {
		return
	}
	a = r.attrs(ctx, dir, listing, "mem_info_vram_used", "gpu_busy_percent", "pcie_replay_count", "pp_dpm_sclk", "pp_dpm_mclk")
	g.MemoryUsedBytes = a.Uint("mem_info_vram_used", "memory_used_bytes", 10, 62)
	g.PCIeReplays = a.Uint("pcie_replay_count", "pcie_replays", 10, 63)
	if n := a.Uint("gpu_busy_percent", "busy_percent", 10, 8); n != nil && *n <= 100 {
		g.BusyPercent = new(int(*n))
	}
	for file, name := range map[string]string{"pp_dpm_sclk": "graphics", "pp_dpm_mclk": "memory"} {
		text := a.Bytes(file, "clocks_mhz")
		if len(text) == 0 {
			continue
		}
		c, ok := decodeLevels(text)
		if !ok {
			a.Fail(file, "clocks_mhz", inventory.ErrMalformed)
			continue
		}
		setClock(&g.ClocksMaxMHz, name, c.most)
		if c.current != nil {
			setClock(&g.ClocksMHz, name, *c.current)
		}
	}
	r.note(a)
	r.ras(ctx, path.Join(dir, "ras"))
}

func setClock(m *map[string]int, name string, mhz int) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[name] = mhz
}

// said is text that says something.
func said(s string) string {
	switch strings.ToLower(s) {
	case "n/a", "unknown", "none", "default string":
		return ""
	}
	if strings.Trim(s, "0x ") == "" {
		return ""
	}
	return s
}

// firmware reads the versions of a directory: vcn_fw_version, one number each.
func (r *reader) firmware(ctx context.Context, dir, suffix string) {
	names := r.list(ctx, dir)
	a := sysfs.Read(ctx, r.h, r.gpu.ID, dir, names...)
	for _, n := range names {
		block, ok := strings.CutSuffix(n, suffix)
		if v := said(a.Text(n, "firmware")); ok && v != "" {
			r.version(sysfs.Clean(block), v)
		}
	}
	r.note(a)
}

func (r *reader) version(name, v string) {
	if r.gpu.Firmware == nil {
		r.gpu.Firmware = map[string]string{}
	}
	r.gpu.Firmware[name] = v
}

// ras reads the error counters (kernel: Documentation/gpu/amdgpu/ras.rst). The
// block "umc" is the memory.
func (r *reader) ras(ctx context.Context, dir string) {
	names := r.list(ctx, dir)
	var counters []string
	for _, n := range names {
		if strings.HasSuffix(n, "_err_count") {
			counters = append(counters, n)
		}
	}
	a := sysfs.Read(ctx, r.h, r.gpu.ID, dir, append(counters, "gpu_vram_bad_pages")...)
	g := r.gpu
	for _, n := range counters {
		block := strings.TrimSuffix(n, "_err_count")
		text := a.Bytes(n, "ecc")
		if len(text) == 0 {
			continue
		}
		c, ok := decodeErrorCount(text)
		switch {
		case !ok:
			a.Fail(n, "ecc", inventory.ErrMalformed)
		case block == "umc":
			g.ECC = &inventory.GPUECC{VolatileCorrected: c.corrected, VolatileUncorrected: c.uncorrected}
		default:
			if g.BlockErrors == nil {
				g.BlockErrors = map[string]inventory.GPUBlockErrors{}
			}
			g.BlockErrors[sysfs.Clean(block)] = inventory.GPUBlockErrors{Corrected: c.corrected, Uncorrected: c.uncorrected}
		}
	}
	if text := a.Bytes("gpu_vram_bad_pages", "retired_pages"); text != nil {
		if p, ok := decodeBadPages(text); ok {
			g.RetiredPages = &inventory.GPURetiredPages{DoubleBit: new(p.retired), Pending: new(p.pending > 0)}
		} else {
			a.Fail("gpu_vram_bad_pages", "retired_pages", inventory.ErrMalformed)
		}
	}
	r.note(a)
}
