package accel

import (
	"context"
	"path"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/sysfs"
)

// hwmon takes temperature, power and fan from the driver's sensors, whatever
// the driver.
func (r *reader) hwmon(ctx context.Context) {
	base := path.Join(r.dev.dir, "hwmon")
	for _, n := range r.list(ctx, base) {
		if strings.HasPrefix(n, "hwmon") {
			r.sensors(ctx, path.Join(base, n))
			return
		}
	}
}

// maxTemps is how many temperatures are looked at: edge, junction, memory.
const maxTemps = 4

func (r *reader) sensors(ctx context.Context, dir string) {
	listing := r.list(ctx, dir)
	names := []string{"power1_average", "power1_input", "power1_cap", "power1_cap_default", "power1_cap_max", "power1_max", "pwm1", "pwm1_max"}
	for i := range maxTemps {
		t := "temp" + strconv.Itoa(i+1)
		names = append(names, t+"_input", t+"_label", t+"_crit", t+"_emergency")
	}
	a := r.attrs(ctx, dir, listing, names...)
	g := r.gpu
	for i := range maxTemps {
		t := "temp" + strconv.Itoa(i+1)
		v := celsius(a, t+"_input", "temp_celsius")
		label := a.Text(t+"_label", "temp_celsius")
		switch {
		case v == nil:
		case label == "mem" || label == "vram":
			g.TempMemoryCelsius = v
		case g.TempCelsius == nil: // edge; the junction where there is no other
			g.TempCelsius = v
			g.TempSlowdownCelsius = celsius(a, t+"_crit", "temp_slowdown_celsius")
			g.TempShutdownCelsius = celsius(a, t+"_emergency", "temp_shutdown_celsius")
		}
	}
	if g.PowerWatts = watts(a, "power1_average", "power_watts"); g.PowerWatts == nil {
		g.PowerWatts = watts(a, "power1_input", "power_watts")
	}
	limit := watts(a, "power1_cap", "power_limit_watts")
	if limit == nil {
		limit = watts(a, "power1_max", "power_limit_watts")
	}
	if limit != nil && *limit > 0 {
		g.PowerLimitWatts = limit
	}
	g.PowerDefaultWatts = watts(a, "power1_cap_default", "power_default_watts")
	g.PowerMaxWatts = watts(a, "power1_cap_max", "power_max_watts")
	if n := a.Uint("pwm1", "fan_percent", 10, 31); n != nil {
		most := a.Uint("pwm1_max", "fan_percent", 10, 31)
		if most == nil || *most == 0 {
			most = new(uint64(255))
		}
		if *n <= *most {
			g.FanPercent = new(int((*n*100 + *most/2) / *most))
		}
	}
	r.note(a)
}

// celsius is a temperature in thousandths; nil for what none can be.
func celsius(a *sysfs.Attrs, name, field string) *int {
	n := a.Int(name, field)
	if n == nil || *n <= -100_000 || *n > 300_000 {
		return nil
	}
	return new((*n + 500) / 1000)
}

// watts is a power in millionths.
func watts(a *sysfs.Attrs, name, field string) *float64 {
	n := a.Uint(name, field, 10, 53)
	if n == nil {
		return nil
	}
	return new(float64(*n) / 1e6)
}
