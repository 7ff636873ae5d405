package sensors

import (
	"slices"
	"strconv"
	"strings"

	"example.com/bee/pkg/inventory"
)

// channel is one input of a chip, with the attributes it has.
type channel struct {
	name     string // temp1
	kind     kind
	suffixes []string
}

func (c *channel) attribute(suffix string) string { return c.name + "_" + suffix }

func (c *channel) has(suffix string) bool { return slices.Contains(c.suffixes, suffix) }

// kind is what a channel measures, and how sysfs writes it.
type kind struct {
	prefix, name, unit string
	perUnit            float64 // how many of the file's units make one
}

// kinds are those of Documentation/hwmon/sysfs-interface.rst of Linux.
func kinds() []kind {
	return []kind{
		{"temp", "temperature", "degrees_c", 1000},
		{"fan", "fan", "rpm", 1},
		{"in", "voltage", "volts", 1000},
		{"curr", "current", "amps", 1000},
		{"power", "power", "watts", 1e6},
		{"energy", "energy", "joules", 1e6},
		{"humidity", "humidity", "percent", 1000},
		{"intrusion", "intrusion", "", 1},
	}
}

// isSuffix says whether an attribute is one that is read.
func isSuffix(s string) bool {
	switch s {
	case "input", "average", "label", "enable",
		"min", "max", "crit", "lcrit", "emergency", "cap",
		"alarm", "min_alarm", "max_alarm", "crit_alarm", "lcrit_alarm", "emergency_alarm", "cap_alarm", "fault":
		return true
	}
	return false
}

// decodeChannels sorts a directory's names by channel, in the order of kinds
// and numbers.
func decodeChannels(names []string) []channel {
	byName := map[string]*channel{}
	for _, n := range names {
		base, suffix, ok := strings.Cut(n, "_")
		if !ok || !isSuffix(suffix) {
			continue
		}
		k, ok := kindOf(base)
		if !ok {
			continue
		}
		c := byName[base]
		if c == nil {
			c = &channel{name: base, kind: k}
			byName[base] = c
		}
		c.suffixes = append(c.suffixes, suffix)
	}
	all := make([]channel, 0, len(byName))
	for _, c := range byName {
		if c.has("input") || c.has("average") || c.has("fault") || c.kind.prefix == "intrusion" && c.has("alarm") {
			slices.Sort(c.suffixes)
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b channel) int { return inventory.CompareNatural(a.name, b.name) })
	return all
}

// kindOf takes temp12 apart.
func kindOf(base string) (kind, bool) {
	prefix := strings.TrimRight(base, "0123456789")
	if len(prefix) == len(base) || len(base)-len(prefix) > 5 {
		return kind{}, false
	}
	for _, k := range kinds() {
		if k.prefix == prefix {
			return k, true
		}
	}
	return kind{}, false
}

// decodeValue reads a number as sysfs writes it; ok is false where it is none
// or none that the kind can have.
func decodeValue(k kind, text string) (value float64, ok bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0, false
	}
	return float64(n) / k.perUnit, true
}

// plausible is false for readings that no sensor of the kind gives: chips
// without a diode say -128 or less, drives without a limit 65535 K, and
// absolute zero stands for "none".
func (k kind) plausible(v float64) bool {
	switch k.name {
	case "temperature":
		return v > -100 && v < 1000
	case "humidity":
		return v >= 0 && v <= 100
	case "fan":
		return v >= 0 && v < 1e6
	}
	return true
}
