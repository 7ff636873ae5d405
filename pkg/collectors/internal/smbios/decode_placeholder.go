package smbios

import (
	"strings"
	"unicode"
)

// Firmware is built from templates, and what nobody filled in stays in the
// table. The rules below know kinds of such text, not lists of machines. They
// come in three strengths, because the same word can be a placeholder as a
// serial number ("None") and a value as a label.

// unlessPlaceholder gives s, or "" when the rule knows it for a placeholder.
func unlessPlaceholder(s string, rule func(lower string) bool) string {
	if s == "" || rule(strings.ToLower(s)) {
		return ""
	}
	return s
}

// placeholder knows text that is never a value, whatever the field.
func placeholder(s string) bool {
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return true // Dots of erased memory, dashes, blanks.
	}
	for _, prefix := range []string{
		"to be filled", "to be defined by o", "fill by o", "filled by o", "tbd by ", "oem define ", "oem_define", "<bad index", "<out of spec",
	} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	if strings.Contains(s, "default string") || strings.Contains(s, "default_string") {
		return true // Also as "OEM Default string000" and as the name of a macro.
	}
	switch s {
	case "not specified", "not provided", "not available", "o.e.m.", "tbd",
		"no asset tag", "no asset information", "null", "(null)", "undefined":
		return true
	}
	return echoesField(s) || fromTemplate(s)
}

// placeholderName knows what is not the name of a thing.
func placeholderName(s string) bool {
	switch s {
	case "none", "n/a", "na", "unknown", "empty", "[empty]", "not applicable", "not present",
		"not set", "no dimm", "no module", "no module installed":
		return true
	}
	return placeholder(s) || len(s) >= 3 && (only(s, 'x') || only(s, '0'))
}

// placeholderNumber knows what is not a serial number, asset tag or part
// number.
func placeholderNumber(s string) bool {
	switch {
	case placeholderName(s), only(s, 'x'), only(s, '0'):
		return true
	case len(s) >= 4 && only(s, 'f'):
		return true // Erased memory, read as hexadecimal digits.
	case strings.HasPrefix(s, "asset tag"), strings.HasPrefix(s, "not supported by"):
		return true
	}
	switch s {
	case "serial number", "part number", "no serial number", "no part number", "invalid", "not found":
		return true
	}
	return false
}

// placeholderLocation knows what is not a place in a chassis.
func placeholderLocation(s string) bool {
	// The field's own name: "Base Board Chassis Location".
	return placeholderName(s) || strings.HasSuffix(s, "chassis location") || s == "chassis location unknown"
}

// echoesField knows a field that holds its own name: "System Serial Number",
// "Chassis Manufacture", "SYSTEM_FAMILY".
func echoesField(s string) bool {
	s = strings.ReplaceAll(s, "_", " ")
	for _, of := range []string{"system ", "chassis ", "base board ", "baseboard ", "enclosure "} {
		field, ok := strings.CutPrefix(s, of)
		if !ok {
			continue
		}
		switch field {
		case "manufacturer", "manufacture", "product name", "product", "version", "serial number",
			"asset tag", "sku number", "sku", "family", "part number", "model", "location":
			return true
		}
	}
	return false
}

// fromTemplate knows the names that a module's slot stands in for when nothing
// was read from the module: "Manufacturer00", "DIMM_A0_AssetTag", "SerNum1",
// "ModulePartNumber02", "Dimm1_Manufacturer_Name_String".
func fromTemplate(s string) bool {
	stem := strings.TrimRight(s, "0123456789")
	numbered := stem != s
	for _, end := range []string{"serialnum", "partnum", "sernum", "assettagnum", "assettag", "partnumber", "serialnumber"} {
		if rest, ok := strings.CutSuffix(stem, end); ok && (numbered || end == "serialnum" || end == "partnum" || strings.HasSuffix(rest, "_")) {
			return true
		}
	}
	return numbered && strings.HasSuffix(stem, "manufacturer") ||
		strings.HasSuffix(stem, "_manufacturer") || strings.HasSuffix(stem, "_manufacturer_name_string")
}

// only says whether s is made of one character.
func only(s string, c byte) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			return false
		}
	}
	return s != ""
}

// SerialFault says why a serial number, though the firmware gave it, tells no
// machine from another: "sequence" (0123456789, 123456789, ...), "repeated"
// (1111111) or "short" (fewer than three characters). It is "" for one that
// can be used, and "absent" for "".
func SerialFault(s string) string {
	digits := strings.TrimSuffix(strings.ToLower(s), "ab") // 01234567890123456789AB
	switch {
	case s == "":
		return "absent"
	case len(s) < 3:
		return "short"
	case only(s, s[0]):
		return "repeated"
	case len(digits) >= 6 && (counting(digits, 1) || counting(digits, 9)):
		return "sequence"
	}
	return ""
}

// counting says whether each digit is the one before plus step, modulo ten.
func counting(s string, step byte) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || i > 0 && s[i]-'0' != (s[i-1]-'0'+step)%10 {
			return false
		}
	}
	return true
}
