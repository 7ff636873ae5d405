// Package witness reads what other programs say about a machine: dmidecode,
// lspci, smartctl, nvme-cli, lsblk, ipmitool. Their answers are what reports
// are compared with. All functions are pure.
package witness

import (
	"strconv"
	"strings"
)

// DMI is one structure of dmidecode's output.
type DMI struct {
	Handle uint16
	Type   int
	Bytes  int
	Title  string
	// Fields are the "Key: value" lines; a value of "" is followed by Lists.
	Fields map[string]string
	// Lists are the indented lines below a key, like "Characteristics".
	Lists map[string][]string
}

// Value is a field, with ok=false for what dmidecode prints when the table
// does not say.
func (d DMI) Value(key string) (string, bool) {
	v, ok := d.Fields[key]
	v = strings.TrimSpace(v)
	switch v {
	case "", "Not Specified", "Unknown", "Not Provided", "Not Present", "Not Settable", "None", "No Module Installed", "<BAD INDEX>", "<OUT OF SPEC>":
		return "", false
	}
	return v, ok
}

// Number is the leading number of a field like "2933 MT/s".
func (d DMI) Number(key string) (int, bool) {
	v, ok := d.Value(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(strings.Fields(v)[0])
	return n, err == nil
}

// SizeBytes is a field like "32 GB" with dmidecode's binary units.
func (d DMI) SizeBytes(key string) (uint64, bool) {
	v, ok := d.Value(key)
	if !ok {
		return 0, false
	}
	words := strings.Fields(v)
	if len(words) != 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(words[0], 10, 64)
	shift := map[string]uint{"bytes": 0, "kB": 10, "MB": 20, "GB": 30, "TB": 40}
	s, known := shift[words[1]]
	return n << s, err == nil && known
}

// DMIDecode reads the output of `dmidecode`.
func DMIDecode(text string) []DMI {
	var out []DMI
	list := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "Handle 0x"):
			out = append(out, dmiHead(line))
			list = ""
		case len(out) == 0 || trimmed == "":
		case !strings.HasPrefix(line, "\t"):
			out[len(out)-1].Title = trimmed
		case strings.HasPrefix(line, "\t\t"):
			d := &out[len(out)-1]
			d.Lists[list] = append(d.Lists[list], trimmed)
		default:
			key, value, _ := strings.Cut(trimmed, ":")
			list = key
			out[len(out)-1].Fields[key] = strings.TrimSpace(value)
		}
	}
	return out
}

// dmiHead reads "Handle 0x1100, DMI type 17, 92 bytes".
func dmiHead(line string) DMI {
	d := DMI{Fields: map[string]string{}, Lists: map[string][]string{}}
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' })
	for i, w := range words[:max(len(words)-1, 0)] {
		switch w {
		case "Handle":
			h, _ := strconv.ParseUint(strings.TrimPrefix(words[i+1], "0x"), 16, 16)
			d.Handle = uint16(h)
		case "type":
			d.Type, _ = strconv.Atoi(words[i+1])
		}
		if words[i+1] == "bytes" {
			d.Bytes, _ = strconv.Atoi(w)
		}
	}
	return d
}

// OfType picks the structures of a type.
func OfType(all []DMI, typ int) []DMI {
	var out []DMI
	for _, d := range all {
		if d.Type == typ {
			out = append(out, d)
		}
	}
	return out
}

// Truncated says that dmidecode found the structure's end beyond the table's.
func (d DMI) Truncated() bool {
	_, ok := d.Fields["<TRUNCATED>"]
	return ok || d.Title == "<TRUNCATED>"
}
