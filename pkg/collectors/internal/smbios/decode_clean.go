package smbios

import "cmp"

// CleanName is what the rules for names make of a text that the kernel or
// another interface took from the same firmware; "" for a placeholder.
func CleanName(s string) string { return unlessPlaceholder(safe(s), placeholderName) }

// CleanNumber is CleanName for serial numbers and asset tags.
func CleanNumber(s string) string { return unlessPlaceholder(safe(s), placeholderNumber) }

// ISODate makes a date of the form mm/dd/yyyy or mm/dd/yy into yyyy-mm-dd and
// leaves any other as it is.
func ISODate(s string) string { return cmp.Or(isoDate(s), s) }

// ChassisTypeName names the value of a chassis type field (DSP0134 section
// 7.4.1), whose highest bit tells of a lock.
func ChassisTypeName(v uint8) string { return named(v&0x7F, chassisType) }
