package scrub

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// ipv4 reads four numbers with points between.
func ipv4(s string) ([]byte, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return nil, false
	}
	var b []byte
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || len(p) > 1 && p[0] == '0' {
			return nil, false
		}
		b = append(b, byte(n))
	}
	return b, true
}

// ipv6 reads RFC 4291 section 2.2 without dotted endings.
func ipv6(s string) ([]byte, bool) {
	head, tail, shortened := strings.Cut(s, "::")
	a, ok1 := groups(head)
	b, ok2 := groups(tail)
	missing := 16 - len(a) - len(b)
	if !ok1 || !ok2 || missing < 0 || !shortened && missing > 0 || !strings.Contains(s, ":") {
		return nil, false
	}
	return append(append(a, make([]byte, missing)...), b...), true
}

func groups(s string) ([]byte, bool) {
	if s == "" {
		return nil, true
	}
	var b []byte
	for p := range strings.SplitSeq(s, ":") {
		g, err := hex.DecodeString(strings.Repeat("0", max(0, 4-len(p))) + p)
		if err != nil || len(g) != 2 {
			return nil, false
		}
		b = append(b, g...)
	}
	return b, true
}

// short is an IPv6 address as RFC 5952 writes it.
func short(b []byte) string {
	zeros, at := 0, 0 // the longest run of two groups and more
	for i := 0; i < 16; i += 2 {
		n := 0
		for i+n+1 < 16 && b[i+n] == 0 && b[i+n+1] == 0 {
			n += 2
		}
		if n > zeros && n > 2 {
			zeros, at = n, i
		}
	}
	part := func(b []byte) string {
		var g []string
		for i := 0; i+1 < len(b); i += 2 {
			g = append(g, fmt.Sprintf("%x", uint(b[i])<<8|uint(b[i+1])))
		}
		return strings.Join(g, ":")
	}
	if zeros == 0 {
		return part(b)
	}
	return part(b[:at]) + "::" + part(b[at+zeros:])
}
