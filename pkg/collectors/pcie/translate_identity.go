package pcie

import (
	"strconv"

	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/pciids"
)

// identityOf is what configuration space says the function is.
func identityOf(c *pciconf.Config) (id identity) {
	if c.VendorID != nil && c.DeviceID != nil {
		id.vendor, id.device = hex16(*c.VendorID), hex16(*c.DeviceID)
	}
	id.class = hexDigits(strconv.FormatUint(uint64(c.Class), 16), 6)
	if c.Subsystem != nil {
		id.subVendor, id.subDevice = hex16(c.Subsystem.VendorID), hex16(c.Subsystem.DeviceID)
	}
	return id
}

func hex16(v uint16) string { return hexDigits(strconv.FormatUint(uint64(v), 16), 4) }

// describe puts ids and their names into the component.
func (f *function) describe(ids identity) {
	d := f.dev
	d.ClassID, d.Driver = ids.class, ids.driver
	d.VendorID, d.DeviceID = ids.vendor, ids.device
	d.SubsystemVendorID, d.SubsystemDeviceID = ids.subVendor, ids.subDevice
	if class, ok := number(ids.class); ok {
		base, sub, _ := pciids.Class(uint8(class>>16), uint8(class>>8), uint8(class))
		d.Class = or(sub, base)
	}
	vendor, ok := number(ids.vendor)
	if !ok {
		return
	}
	d.Vendor, _ = pciids.Vendor(uint16(vendor))
	device, ok := number(ids.device)
	if !ok {
		return
	}
	d.Device, _ = pciids.Device(uint16(vendor), uint16(device))
	subVendor, ok1 := number(ids.subVendor)
	subDevice, ok2 := number(ids.subDevice)
	if ok1 && ok2 {
		d.Subsystem, _ = pciids.Subsystem(uint16(vendor), uint16(device), uint16(subVendor), uint16(subDevice))
	}
}

// number is the value of an id; false when there is none.
func number(hex string) (uint32, bool) {
	n, err := strconv.ParseUint(hex, 16, 32)
	return uint32(n), err == nil
}
