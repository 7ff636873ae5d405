package policy

import (
	"fmt"
	"math/big"
	"strings"
)

// isSize is true for fields in bytes.
func isSize(field string) bool {
	return strings.HasSuffix(field, "_bytes") || strings.HasSuffix(field, "bytes_read") || strings.HasSuffix(field, "bytes_written")
}

// sizeUnits are the units a policy may write, the greatest first.
func sizeUnits() []struct {
	name string
	n    int64
} {
	return []struct {
		name string
		n    int64
	}{
		{"PiB", 1 << 50},
		{"TiB", 1 << 40},
		{"GiB", 1 << 30},
		{"MiB", 1 << 20},
		{"KiB", 1 << 10},
		{"PB", 1e15},
		{"TB", 1e12},
		{"GB", 1e9},
		{"MB", 1e6},
		{"kB", 1e3},
		{"B", 1},
	}
}

// parseSize turns "3.84 TB" into bytes in digits.
func parseSize(s string) (string, error) {
	value, unit := strings.TrimSpace(s), int64(1)
	for _, u := range sizeUnits() {
		if v, ok := strings.CutSuffix(value, u.name); ok {
			value, unit = strings.TrimSpace(v), u.n
			break
		}
	}
	n, ok := number(value)
	if !ok || strings.ContainsAny(value, "eE") {
		return "", fmt.Errorf("%q is no size; write a number and B, kB, MB, GB, TB, PB (powers of 1000) or KiB, MiB, GiB, TiB, PiB (powers of 1024)", clip(s))
	}
	n.Mul(n, new(big.Rat).SetInt64(unit))
	if !n.IsInt() || n.Sign() < 0 {
		return "", fmt.Errorf("%q is no whole number of bytes", clip(s))
	}
	return n.Num().String(), nil
}

// sizeText writes bytes in the unit that leaves no rest, else in bytes.
func sizeText(s string) string {
	n, ok := new(big.Int).SetString(s, 10)
	if !ok || len(s) > 40 {
		return clip(s)
	}
	if n.Sign() == 0 {
		return "0 B"
	}
	for _, u := range sizeUnits() {
		q, r := new(big.Int).QuoRem(n, big.NewInt(u.n), new(big.Int))
		if r.Sign() == 0 && u.n > 1 && q.Sign() > 0 {
			return q.String() + " " + u.name
		}
	}
	return s + " B"
}
