package ipmi

// A Unit is what a sensor's number counts (IPMI sections 43.1 and 43.17).
type Unit struct {
	Base       uint8
	Modifier   uint8
	Operator   UnitOperator
	Rate       uint8
	Percentage bool
}

// UnitOperator says what the modifier unit does.
type UnitOperator uint8

// The values of UnitOperator.
const (
	UnitNoModifier UnitOperator = 0
	UnitDivide     UnitOperator = 1 // base / modifier
	UnitMultiply   UnitOperator = 2 // base * modifier
)

func decodeUnit(b []byte) Unit {
	return Unit{
		Percentage: b[20]&1 != 0,
		Operator:   UnitOperator(b[20] >> 1 & 3),
		Rate:       b[20] >> 3 & 7,
		Base:       b[21],
		Modifier:   b[22],
	}
}

// String names the unit: "degrees_c", "rpm", "percent", "bytes/second".
// It is "" for a number without a unit.
func (u Unit) String() string {
	s := unitName(u.Base)
	switch u.Operator {
	case UnitDivide:
		s += "/" + unitName(u.Modifier)
	case UnitMultiply:
		s += "*" + unitName(u.Modifier)
	}
	if r := rateName(u.Rate); r != "" {
		s += "/" + r
	}
	if u.Percentage {
		if s == "" {
			return "percent"
		}
		return "percent " + s
	}
	return s
}

func rateName(r uint8) string {
	names := []string{"", "microsecond", "millisecond", "second", "minute", "hour", "day"}
	if int(r) < len(names) {
		return names[r]
	}
	return ""
}

// unitName names the unit type codes of IPMI table 43-15.
func unitName(code uint8) string {
	names := []string{
		"", "degrees_c", "degrees_f", "degrees_k", "volts", "amps", "watts", "joules", "coulombs", "va",
		"nits", "lumen", "lux", "candela", "kpa", "psi", "newton", "cfm", "rpm", "hz",
		"microsecond", "millisecond", "second", "minute", "hour", "day", "week", "mil", "inches", "feet",
		"cubic_inches", "cubic_feet", "mm", "cm", "m", "cubic_cm", "cubic_m", "liters", "fluid_ounce", "radians",
		"steradians", "revolutions", "cycles", "gravities", "ounce", "pound", "foot_pound", "ounce_inch", "gauss", "gilberts",
		"henry", "millihenry", "farad", "microfarad", "ohms", "siemens", "mole", "becquerel", "ppm", "",
		"decibels", "dba", "dbc", "gray", "sievert", "color_temp_k", "bit", "kilobit", "megabit", "gigabit",
		"byte", "kilobyte", "megabyte", "gigabyte", "word", "dword", "qword", "line", "hit", "miss",
		"retry", "reset", "overflow", "underrun", "collision", "packets", "messages", "characters", "error", "correctable_error",
		"uncorrectable_error", "fatal_error", "grams",
	}
	if int(code) < len(names) {
		return names[code]
	}
	return "unknown_" + hexByte(code)
}
