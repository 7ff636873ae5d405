package nvidia

import (
	"strings"
	"unicode"
)

// clean takes from a string what says nothing: space, control characters and
// the vendor's ways of saying that there is no value.
func clean(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s))
	switch strings.ToLower(strings.Trim(s, "[]")) {
	case "", "n/a", "unknown", "unknown error", "not supported", "not available", "none", "err!", "gpu is lost":
		return ""
	}
	if strings.Trim(s, "0") == "" || strings.Trim(s, "?-") == "" {
		return ""
	}
	return s
}

// cleanUUID is clean for UUIDs with their prefix: GPU-…, MIG-…. All zeros or
// question marks stand for a GPU that has not been set up.
func cleanUUID(s string) string {
	s = clean(s)
	_, digits, ok := strings.Cut(s, "-")
	if !ok || strings.Trim(digits, "0-?") == "" {
		return ""
	}
	return s
}
