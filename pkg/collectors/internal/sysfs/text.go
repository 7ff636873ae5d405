package sysfs

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/bee/pkg/inventory"
)

// Clean trims white space and NULs and makes every other byte that a terminal
// or a JSON reader could stumble over a full stop.
func Clean(s string) string {
	s = strings.Trim(s, " \t\r\n\x00")
	clean := true
	for _, c := range s {
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(c rune) rune {
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			return '.'
		}
		return c
	}, s)
}

// maxListed bounds a list; the kernel's own limit is 8192 CPUs.
const maxListed = 1 << 16

// List parses the kernel's list form, "0-3,8,10-11", in ascending order as
// written. An empty text is an empty list.
func List(s string) ([]int, error) {
	list := []int{}
	s = strings.TrimSpace(s)
	if s == "" {
		return list, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		first, last, isRange := strings.Cut(part, "-")
		a, err := strconv.Atoi(first)
		if err != nil || a < 0 {
			return nil, fmt.Errorf("list %q: %w", part, inventory.ErrMalformed)
		}
		b := a
		if isRange {
			b, err = strconv.Atoi(last)
			if err != nil || b < a {
				return nil, fmt.Errorf("list %q: %w", part, inventory.ErrMalformed)
			}
		}
		if b-a >= maxListed || len(list)+b-a >= maxListed {
			return nil, fmt.Errorf("list %q: %w", part, inventory.ErrMalformed)
		}
		for ; a <= b; a++ {
			list = append(list, a)
		}
	}
	return list, nil
}

// Size parses a cache size as sysfs writes it, "32K", into bytes.
func Size(s string) (uint64, error) {
	digits := strings.TrimRight(s, "KMG")
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || len(s)-len(digits) > 1 {
		return 0, fmt.Errorf("size %q: %w", s, inventory.ErrMalformed)
	}
	switch s[len(digits):] {
	case "K":
		n <<= 10
	case "M":
		n <<= 20
	case "G":
		n <<= 30
	}
	return n, nil
}

// Mask parses the kernel's mask form, "00000000,000000ff": 32-bit groups in
// hex, the highest first. The result is in ascending order.
func Mask(s string) ([]int, error) {
	list := []int{}
	groups := strings.Split(strings.TrimSpace(s), ",")
	if len(groups) > maxListed/32 {
		return nil, fmt.Errorf("mask of %d groups: %w", len(groups), inventory.ErrMalformed)
	}
	for i := range groups {
		g := groups[len(groups)-1-i]
		v, err := strconv.ParseUint(g, 16, 32)
		if err != nil {
			return nil, fmt.Errorf("mask %q: %w", g, inventory.ErrMalformed)
		}
		for b := range 32 {
			if v>>b&1 == 1 {
				list = append(list, i*32+b)
			}
		}
	}
	return list, nil
}
