package network

import (
	"strconv"
	"strings"
)

func portNumber(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 8)
	return uint32(n), err == nil && n > 0
}

// guid checks the form "0002:c903:0011:2233"; "" for zeros, which mean that
// there is none.
func guid(s string) string {
	groups := strings.Split(strings.ToLower(s), ":")
	if len(groups) != 4 {
		return ""
	}
	zero := true
	for _, g := range groups {
		n, err := strconv.ParseUint(g, 16, 16)
		if err != nil || len(g) != 4 {
			return ""
		}
		zero = zero && n == 0
	}
	if zero {
		return ""
	}
	return strings.Join(groups, ":")
}

// guidOfGID is the lower half of a port's first address.
func guidOfGID(s string) string {
	groups := strings.Split(s, ":")
	if len(groups) != 8 {
		return ""
	}
	return guid(strings.Join(groups[4:], ":"))
}

// stateWord is the word of "4: ACTIVE".
func stateWord(s string) string {
	_, w, ok := strings.Cut(s, ":")
	if !ok {
		return ""
	}
	w = strings.ToLower(strings.TrimSpace(w))
	if strings.HasPrefix(w, "<") { // "<unknown>"
		return ""
	}
	return strings.ReplaceAll(w, " ", "_")
}

// rate is "100 Gb/sec (4X EDR)", or with a fraction: "2.5 Gb/sec (1X SDR)".
func rate(s string) (gbps *float64, width string) {
	number, rest, ok := strings.Cut(s, " Gb/sec")
	if !ok {
		return nil, ""
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || !(f > 0 && f < 1e6) {
		return nil, ""
	}
	return &f, strings.Trim(rest, " ()")
}

// version is "" for a firmware version of zeros.
func version(s string) string {
	if strings.Trim(s, "0.") == "" {
		return ""
	}
	return s
}
