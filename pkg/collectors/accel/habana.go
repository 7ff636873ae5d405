package accel

import (
	"context"
	"path"
	"slices"
	"strings"
)

// habana reads what the driver habanalabs shows (kernel:
// Documentation/ABI/testing/sysfs-driver-habanalabs).
func (r *reader) habana(ctx context.Context, listing []string) {
	dir := r.dev.dir
	if _, ok := slices.BinarySearch(listing, "device_type"); !ok {
		if r.dev.node == "" {
			return
		}
		dir = path.Join(classDir, r.dev.node)
		if listing = r.list(ctx, dir); listing == nil {
			return
		}
	}
	versions := []string{
		"armcp_kernel_ver", "armcp_ver", "cpucp_kernel_ver", "cpucp_ver", "cpld_ver", "fuse_ver", "fw_os_ver", "infineon_ver",
		"preboot_btl_ver", "thermal_ver", "uboot_ver", "vrm_ver",
	}
	a := r.attrs(ctx, dir, listing, append([]string{"device_type", "status", "max_power"}, versions...)...)
	if name := said(a.Text("device_type", "name")); name != "" {
		r.gpu.Name = name
	}
	for _, v := range versions {
		if text := said(a.Text(v, "firmware")); text != "" {
			r.version(strings.TrimSuffix(v, "_ver"), text)
		}
	}
	if mw := a.Uint("max_power", "power_limit_watts", 10, 40); mw != nil && *mw > 0 {
		r.gpu.PowerLimitWatts = new(float64(*mw) / 1000)
	}
	// The driver's words: operational, in reset, needs reset, malfunction, ...
	if status := strings.ToLower(a.Text("status", "state")); strings.Contains(status, "malfunction") || strings.Contains(status, "disabled") {
		r.gpu.State = "lost"
	}
	r.note(a)
}
