// Package qrcode puts the gist of a report into a QR code that fits a text
// console. docs/qr.md describes the payload.
package qrcode

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// MaxBytes is what a payload may hold, so that its code and a quiet zone fit
// 23 rows of half blocks.
const MaxBytes = 119

// limits of single fields, so that no device can push the others out.
const (
	maxSerial = 24
	maxAsset  = 16
)

// Payload sums up a report; document is the report as it was written. Its own
// characters are those of a QR code's alphanumeric mode, so that a machine with
// upper-case names gets the smallest code.
func Payload(r *inventory.Report, document []byte) string {
	sum := sha256.Sum256(document)
	required := []string{
		"BEE1",
		"S:" + cut(escape(serial(r)), maxSerial),
		"M:" + strings.ReplaceAll(mac(r), ":", ""),
		"N:" + counts(r),
		"F:" + findings(r),
		fmt.Sprintf("H:%X", sum[:4]),
	}
	asset, worst, part := cut(escape(asset(r)), maxAsset), "", ""
	if len(r.Findings) > 0 {
		f := r.Findings[0] // the worst stands first
		worst = code(f.Code)
		part = escape(f.ComponentID)
	}
	p := strings.Join(required, " ")
	for _, optional := range []string{field("A:", asset), field("W:", worst), field("P:", part)} {
		if len(p)+len(optional) <= MaxBytes {
			p += optional
		}
	}
	return p
}

func field(key, value string) string {
	if value == "" {
		return ""
	}
	return " " + key + value
}

func serial(r *inventory.Report) string {
	if b := r.Board; b != nil {
		if b.System != nil && b.System.SerialNumber != "" {
			return b.System.SerialNumber
		}
		if b.Chassis != nil && b.Chassis.SerialNumber != "" {
			return b.Chassis.SerialNumber
		}
		if b.Baseboard != nil {
			return b.Baseboard.SerialNumber
		}
	}
	return ""
}

func asset(r *inventory.Report) string {
	if b := r.Board; b != nil && b.Chassis != nil {
		return b.Chassis.AssetTag
	}
	return ""
}

func mac(r *inventory.Report) string {
	switch {
	case r.BMC == nil:
		return ""
	case r.BMC.MAC != "":
		return escape(strings.ToUpper(r.BMC.MAC))
	case r.BMC.LAN != nil:
		return escape(strings.ToUpper(r.BMC.LAN.MAC))
	}
	return ""
}

// counts are CPUs, memory modules, drives, power supplies, GPUs and network
// interfaces that are there; "-" where nobody could look.
func counts(r *inventory.Report) string {
	list := []string{"-", "-", "-", "-", "-", "-"}
	set := func(i, n int) { list[i] = fmt.Sprint(n) }
	if r.CPUs != nil {
		set(0, countIf(r.CPUs, func(c inventory.CPU) bool { return c.Present == nil || *c.Present }))
	}
	if r.Memory != nil && r.Memory.Modules != nil {
		set(1, countIf(r.Memory.Modules, func(m inventory.MemoryModule) bool { return m.Present == nil || *m.Present }))
	}
	if r.Storage != nil {
		set(2, len(r.Storage))
	}
	if r.PowerSupplies != nil {
		set(3, countIf(r.PowerSupplies, func(p inventory.PowerSupply) bool { return p.Present == nil || *p.Present }))
	}
	if r.GPUs != nil {
		set(4, len(r.GPUs))
	}
	if r.Network != nil {
		set(5, len(r.Network))
	}
	return strings.Join(list, ".")
}

// findings are the numbers of critical ones, warnings and notes.
func findings(r *inventory.Report) string {
	of := func(s inventory.Severity) int {
		return countIf(r.Findings, func(f inventory.Finding) bool { return f.Severity == s })
	}
	return fmt.Sprintf("%d.%d.%d", of(inventory.SeverityCritical), of(inventory.SeverityWarning), of(inventory.SeverityInfo))
}

func countIf[T any](list []T, is func(T) bool) int {
	n := 0
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

// code spells a finding's code, which is lower case with underscores, in
// upper case with hyphens.
func code(s string) string {
	return escape(strings.ToUpper(strings.ReplaceAll(s, "_", "-")))
}

// escape writes every byte that is not an ASCII letter, a digit or one of
// "-._/:" as % and two hex digits.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._/:", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// cut shortens an escaped value to n bytes, never within an escape; a "+" at
// the end says that more followed.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n-1]
	if i := strings.LastIndexByte(s, '%'); i >= 0 && i > len(s)-3 {
		s = s[:i]
	}
	return s + "+"
}
