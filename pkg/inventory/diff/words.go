package diff

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// words joins those that are not empty.
func words(list ...string) string {
	kept := list[:0:0]
	for _, w := range list {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// clip keeps a device's endless string from hiding the rest of its line.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "..."
}

// units are the suffixes of field names with the way to write them.
func units() [][2]string {
	return [][2]string{
		{"_celsius", " C"},
		{"_millivolts", " mV"},
		{"_watts", " W"},
		{"_mhz", " MHz"},
		{"_mts", " MT/s"},
		{"_gts", " GT/s"},
		{"_gbps", " Gb/s"},
		{"_mbps", " Mb/s"},
		{"_percent", " %"},
		{"_ms", " ms"},
		{"_seconds", " s"},
		{"_minutes", " min"},
		{"_hours", " h"},
		{"_rpm", " rpm"},
		{"_bits", " bit"},
		{"_bytes", ""},
		{"_u", " U"},
	}
}

// fieldName is a field in words: "size" for size_bytes.
func fieldName(rel path) string {
	var names []string
	for _, k := range rel {
		if k != anyEntry {
			names = append(names, clip(k, 40))
		}
	}
	if len(names) == 0 {
		return "value"
	}
	last := &names[len(names)-1]
	for _, u := range units() {
		if s, ok := strings.CutSuffix(*last, u[0]); ok && s != "" {
			*last = s
			break
		}
	}
	return strings.ReplaceAll(strings.Join(names, " "), "_", " ")
}

// value is a field's value with its unit. Sizes are in powers of 1000 for
// drives, as they are sold, and of 1024 elsewhere.
func value(p path, v any) string {
	name := ""
	for _, k := range p {
		if k != anyEntry {
			name = k
		}
	}
	switch v := v.(type) {
	case nil:
		return "not said"
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case string:
		if v == "" {
			return `""`
		}
		return clip(v, 80)
	case json.Number:
		if strings.HasSuffix(name, "_bytes") {
			return size(v, len(p) > 0 && (p[0] == "storage" || p[0] == "logical_drives"))
		}
		if strings.HasSuffix(name, "_width") {
			return "x" + clip(v.String(), 20)
		}
		for _, u := range units() {
			if strings.HasSuffix(name, u[0]) {
				return clip(v.String(), 20) + u[1]
			}
		}
		return clip(v.String(), 40)
	case []any:
		all := make([]string, 0, min(len(v), 8))
		for i, e := range v {
			if i == 8 {
				all = append(all, "...")
				break
			}
			all = append(all, value(nil, e))
		}
		return clip("["+strings.Join(all, ", ")+"]", 120)
	default:
		return clip(canonical(v), 80)
	}
}

func size(v json.Number, decimal bool) string {
	n, err := strconv.ParseUint(v.String(), 10, 64)
	if err != nil {
		return clip(v.String(), 40) + " B"
	}
	base, names := 1024.0, []string{"KiB", "MiB", "GiB", "TiB", "PiB"}
	if decimal {
		base, names = 1000, []string{"kB", "MB", "GB", "TB", "PB"}
	}
	f, unit := float64(n), "B"
	for _, u := range names {
		if f < base {
			break
		}
		f, unit = f/base, u
	}
	digits := 2
	if f >= 100 {
		digits = 0
	}
	s := strconv.FormatFloat(f, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s + " " + unit
}

// count reads a counter: a whole number, or a string of digits.
func count(v any) *big.Int {
	s := text(v)
	if s == "" || len(s) > 40 {
		return nil
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil
	}
	return n
}

// equal compares two values that are no objects.
func equal(a, b any) bool {
	x, okX := a.(json.Number)
	y, okY := b.(json.Number)
	if okX && okY {
		if x == y {
			return true
		}
		if p, q := count(x), count(y); p != nil && q != nil {
			return p.Cmp(q) == 0
		}
		f, errF := x.Float64()
		g, errG := y.Float64()
		return errF == nil && errG == nil && f == g
	}
	switch a.(type) {
	case map[string]any, []any:
		return canonical(a) == canonical(b)
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}
