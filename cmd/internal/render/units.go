package render

import (
	"fmt"
	"strconv"
	"strings"
)

// MemorySize is a size in powers of 1024, as memory is sold.
func MemorySize(n *uint64) string { return size(n, 1024, "KiB", "MiB", "GiB", "TiB", "PiB") }

// DriveSize is a size in powers of 1000, as drives are sold.
func DriveSize(n *uint64) string { return size(n, 1000, "kB", "MB", "GB", "TB", "PB") }

func size(n *uint64, base float64, units ...string) string {
	if n == nil {
		return "-"
	}
	v, unit := float64(*n), "B"
	for _, u := range units {
		if v < base {
			break
		}
		v, unit = v/base, u
	}
	s := strconv.FormatFloat(v, 'f', 1, 64)
	if v >= 100 {
		s = strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strings.TrimSuffix(s, ".0") + " " + unit
}

// opt is a value with its unit, or a dash.
func opt[T any](p *T, unit string) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprint(*p) + unit
}

// yesNo is a flag in words; unknown is a dash.
func yesNo(p *bool) string {
	switch {
	case p == nil:
		return "-"
	case *p:
		return "yes"
	}
	return "no"
}

// present is true unless the device said that it is not there.
func present(p *bool) bool { return p == nil || *p }

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// join puts the non-empty words into one text.
func join(sep string, words ...string) string {
	kept := words[:0:0]
	for _, w := range words {
		if w != "" && w != "-" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, sep)
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
