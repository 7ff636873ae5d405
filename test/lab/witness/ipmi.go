package witness

import (
	"regexp"
	"strconv"
	"strings"
)

// FRU is one device of `ipmitool fru print` or `ipmi-fru`.
type FRU struct {
	Description string
	ID          int
	// Fields are the "Key : value" lines, keys as the program prints them.
	Fields map[string]string
	// Problems are lines that are not fields: damaged areas.
	Problems []string
}

// IpmitoolFRU reads `ipmitool fru print`, with -v also its records.
func IpmitoolFRU(text string) []FRU {
	head := regexp.MustCompile(`^FRU Device Description : (.*) \(ID (\d+)\)`)
	var out []FRU
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := head.FindStringSubmatch(line); m != nil {
			id, _ := strconv.Atoi(m[2])
			out = append(out, FRU{Description: m[1], ID: id, Fields: map[string]string{}})
			continue
		}
		if len(out) == 0 || strings.TrimSpace(line) == "" {
			continue
		}
		out[len(out)-1].line(line)
	}
	return out
}

// FreeIPMIFRU reads `ipmi-fru`.
func FreeIPMIFRU(text string) []FRU {
	head := regexp.MustCompile(`^FRU Inventory Device: (.*) \(ID ([0-9A-Fa-f]+)h?\)`)
	var out []FRU
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := head.FindStringSubmatch(line); m != nil {
			id, _ := strconv.ParseInt(m[2], 16, 32)
			out = append(out, FRU{Description: m[1], ID: int(id), Fields: map[string]string{}})
			continue
		}
		if len(out) == 0 || strings.TrimSpace(line) == "" {
			continue
		}
		out[len(out)-1].line(line)
	}
	return out
}

func (f *FRU) line(line string) {
	key, value, ok := strings.Cut(line, ":")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !ok {
		f.Problems = append(f.Problems, key)
		return
	}
	if _, there := f.Fields[key]; there { // "Board Extra" and the like repeat.
		for n := 2; there; n++ {
			again := key + " " + strconv.Itoa(n)
			if _, there = f.Fields[again]; !there {
				key = again
			}
		}
	}
	f.Fields[key] = value
}

// Sensor is one line of `ipmitool sdr elist all`.
type Sensor struct {
	Name    string
	Number  int
	State   string // ok, ns, cr, ...
	Entity  string // "10.1".
	Reading string // "24 degrees C", "Presence detected", ...
}

// IpmitoolSDR reads `ipmitool sdr elist all`.
func IpmitoolSDR(text string) []Sensor {
	var out []Sensor
	for line := range strings.Lines(text) {
		f := columns(line)
		if len(f) != 5 {
			continue
		}
		n, _ := strconv.ParseInt(strings.TrimSuffix(f[1], "h"), 16, 32)
		out = append(out, Sensor{f[0], int(n), f[2], f[3], f[4]})
	}
	return out
}

// Reading is one line of `ipmitool sensor`: analog values and thresholds.
type Reading struct {
	Name, Unit, State string
	Value             *float64 // Nil for discrete sensors and "na".
	// Lower non-recoverable, critical, non-critical; upper non-critical,
	// critical, non-recoverable. Nil is "na".
	Thresholds [6]*float64
}

// IpmitoolSensor reads `ipmitool sensor`.
func IpmitoolSensor(text string) []Reading {
	var out []Reading
	for line := range strings.Lines(text) {
		f := columns(line)
		if len(f) != 10 {
			continue
		}
		r := Reading{Name: f[0], Unit: f[2], State: f[3], Value: decimal(f[1])}
		for i := range r.Thresholds {
			r.Thresholds[i] = decimal(f[4+i])
		}
		out = append(out, r)
	}
	return out
}

func decimal(s string) *float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.HasPrefix(s, "0x") {
		return nil
	}
	return &v
}

// Event is one line of `ipmitool sel elist`.
type Event struct {
	ID                                     int
	Date, Time, Sensor, Description, State string
}

// IpmitoolSEL reads `ipmitool sel elist`.
func IpmitoolSEL(text string) []Event {
	var out []Event
	for line := range strings.Lines(text) {
		f := columns(line)
		if len(f) < 5 {
			continue
		}
		id, err := strconv.ParseInt(f[0], 16, 32)
		if err != nil {
			continue
		}
		e := Event{ID: int(id), Date: f[1], Time: f[2], Sensor: f[3]}
		// A description may hold a bar itself.
		e.Description, e.State = strings.Join(f[4:], " | "), ""
		if last := f[len(f)-1]; len(f) > 5 && (last == "Asserted" || last == "Deasserted") {
			e.Description, e.State = strings.Join(f[4:len(f)-1], " | "), last
		}
		out = append(out, e)
	}
	return out
}

// columns splits a line of a table at its bars.
func columns(line string) []string {
	f := strings.Split(strings.TrimRight(line, "\n"), "|")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	return f
}

// Fields reads "Key : value" lines, as of `ipmitool mc info`, `ipmitool lan
// print`, `ethtool -i` and /proc/cpuinfo of one processor.
func Fields(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		key = strings.TrimSpace(key)
		if _, there := out[key]; ok && key != "" && !there {
			out[key] = strings.TrimSpace(value)
		}
	}
	return out
}
