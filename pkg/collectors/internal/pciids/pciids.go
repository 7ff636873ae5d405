package pciids

import _ "embed"

//go:generate go run ./gen

//go:embed table.bin
var embedded string

// Version is the version of the list the table was made from: the day of its
// snapshot, like "2025.01.31".
func Version() string {
	v, _ := Table(embedded).Version()
	return v
}

// Vendor names the maker of a device, or of a subsystem. ok is false when the
// list has no such id.
func Vendor(vendor uint16) (name string, ok bool) {
	return Table(embedded).Vendor(vendor)
}

// Device names a device of a vendor.
func Device(vendor, device uint16) (name string, ok bool) {
	return Table(embedded).Device(vendor, device)
}

// Subsystem names a board by the device on it and the board's own ids.
func Subsystem(vendor, device, subVendor, subDevice uint16) (name string, ok bool) {
	return Table(embedded).Subsystem(vendor, device, subVendor, subDevice)
}

// Class names the three bytes of a class code. Each name is empty when the
// list has none at that depth; the list knows a programming interface only
// together with its sub-class, and that only with its base class.
func Class(base, sub, progIf uint8) (baseName, subName, progIfName string) {
	return Table(embedded).Class(base, sub, progIf)
}
