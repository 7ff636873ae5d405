package nvidia

import (
	"fmt"
	"math"
)

// field is the value of an unsigned field (nvmlFieldValue_t).
func (t *translator) field(id, scope uint32) *uint64 {
	v, ok := t.signedField(id, scope)
	if !ok || v < 0 {
		return nil
	}
	return new(uint64(v))
}

// signedField takes the raw bits by their nvmlValueType_t.
func (t *translator) signedField(id, scope uint32) (int64, bool) {
	r, ok := find(t.readings, FnFieldValues, []uint32{id, scope})
	if !ok || r.Return != Success || len(r.Numbers) != 2 {
		return 0, false
	}
	raw := r.Numbers[1]
	switch r.Numbers[0] {
	case 0: // double
		f := math.Float64frombits(raw)
		if math.IsNaN(f) || math.Abs(f) > 1<<53 {
			return 0, false
		}
		return int64(f), true
	case 1: // unsigned int
		return int64(uint32(raw)), uint32(raw) != math.MaxUint32
	case 2, 3, 4: // unsigned long, unsigned long long, signed long long
		return int64(raw), raw != math.MaxUint64
	case 5: // signed int
		return int64(int32(raw)), true
	case 6: // unsigned short
		return int64(uint16(raw)), true
	default:
		return 0, false
	}
}

const maxCelsius = 200

func (t *translator) heat() {
	g := t.gpu
	g.TempCelsius = t.integer("temp_celsius", maxCelsius, FnTemperature, sensorGPU)
	// GPUs without the sensor answer 0.
	if v := t.field(fieldMemoryTemp, 0); v != nil && *v > 0 && *v <= maxCelsius {
		g.TempMemoryCelsius = new(int(*v))
	}
	g.TempShutdownCelsius = positive(t.integer("temp_shutdown_celsius", maxCelsius, FnTemperatureThreshold, thresholdShutdown))
	g.TempSlowdownCelsius = positive(t.integer("temp_slowdown_celsius", maxCelsius, FnTemperatureThreshold, thresholdSlowdown))
	g.FanPercent = t.integer("fan_percent", 250, FnFanSpeed)
}

// positive takes 0 for "no such limit".
func positive(n *int) *int {
	if n == nil || *n == 0 {
		return nil
	}
	return n
}

const maxMilliwatts = 100_000_000

func (t *translator) power() {
	g := t.gpu
	g.PowerWatts = t.watts("power_watts", 0, FnPowerUsage)
	if g.PowerWatts == nil {
		if mw := t.field(fieldPowerInstant, 0); mw != nil && *mw <= maxMilliwatts {
			g.PowerWatts = new(float64(*mw) / 1000)
			if delete(g.Unsupported, "power_watts"); len(g.Unsupported) == 0 {
				g.Unsupported = nil
			}
		}
	}
	g.PowerLimitWatts = t.watts("power_limit_watts", 0, FnPowerLimit)
	g.PowerDefaultWatts = t.watts("power_default_watts", 0, FnPowerDefaultLimit)
	g.PowerMaxWatts = t.watts("power_max_watts", 1, FnPowerConstraints)
}

func (t *translator) watts(field string, i int, fn Function) *float64 {
	r, ok := t.get(field, fn)
	if !ok {
		return nil
	}
	if mw, ok := r.number(i, maxMilliwatts); ok {
		return new(float64(mw) / 1000)
	}
	return nil
}

func (t *translator) clocks() {
	g := t.gpu
	for clock, name := range []string{"graphics", "sm", "memory", "video"} {
		if mhz := t.integer("clocks_mhz."+name, 100_000, FnClock, uint32(clock)); mhz != nil {
			if g.ClocksMHz == nil {
				g.ClocksMHz = map[string]int{}
			}
			g.ClocksMHz[name] = *mhz
		}
		if mhz := positive(t.integer("clocks_max_mhz."+name, 100_000, FnMaxClock, uint32(clock))); mhz != nil {
			if g.ClocksMaxMHz == nil {
				g.ClocksMaxMHz = map[string]int{}
			}
			g.ClocksMaxMHz[name] = *mhz
		}
	}
	r, ok := find(t.readings, FnEventReasons, nil)
	if !ok || r.Return == FunctionNotFound {
		r, ok = find(t.readings, FnThrottleReasons, nil)
	}
	switch {
	case !ok:
	case r.Return != Success:
		t.failed("throttle_reasons", r)
	case len(r.Numbers) > 0:
		g.ThrottleReasons = reasons(r.Numbers[0])
	}
}

// reasons names the bits of nvmlClocksEventReasons; none set is an empty list.
func reasons(bits uint64) []string {
	names := [...]string{
		"gpu_idle", "applications_clocks_setting", "sw_power_cap", "hw_slowdown", "sync_boost",
		"sw_thermal_slowdown", "hw_thermal_slowdown", "hw_power_brake_slowdown", "display_clocks_setting",
		"board_limit", "reliability",
	}
	list := []string{}
	for i, name := range names {
		if bits&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	for i := len(names); i < 64; i++ {
		if bit := uint64(1) << i; bits&bit != 0 {
			list = append(list, fmt.Sprintf("unknown_%#x", bit))
		}
	}
	return list
}
