package pciconf

// ExtendedCapability is an entry of the extended capability list.
type ExtendedCapability struct {
	ID      uint16
	Version uint8
	Offset  int
}

// extendedCapabilities follows the list that begins at 100h. PCI Express 6.0,
// 7.6.
func (d *decoder) extendedCapabilities() {
	if !d.has(standardSize, 4) {
		return
	}
	d.conf.ExtendedRead = true
	first := d.u32(standardSize)
	// Behind some bridges the upper part of the space is the lower part once
	// more, so that the first header reads as the device's ids.
	if first == 0 || first == 0xFFFFFFFF || first == d.u32(0) {
		return
	}
	var seen [fullSize / 4]bool
	for at := standardSize; at != 0; {
		switch {
		case at < standardSize:
			d.malformed("extended capability pointer %03xh into the standard part", at)
			return
		case seen[at/4]:
			d.malformed("extended capability list loops at %03xh", at)
			return
		case !d.has(at, 4):
			d.short("extended capability at %03xh beyond %d bytes", at, len(d.b))
			return
		case d.u32(at) == 0xFFFFFFFF:
			d.malformed("extended capability list broken at %03xh", at)
			return
		}
		seen[at/4] = true
		h := d.u32(at)
		// ID 0 is a place that holds nothing and only points on.
		if id := uint16(h); id != 0 {
			d.conf.ExtendedCapabilities = append(d.conf.ExtendedCapabilities,
				ExtendedCapability{ID: id, Version: uint8(h >> 16 & 0xF), Offset: at})
			d.extended(id, at)
		}
		at = int(h >> 20 &^ 3)
	}
}

// The extended capabilities that are decoded.
const (
	extAER            = 0x0001
	extSerialNumber   = 0x0003
	extVendorSpecific = 0x000B
	extSRIOV          = 0x0010
)

func (d *decoder) extended(id uint16, at int) {
	c, size := &d.conf, 4
	switch id {
	case extAER:
		size = 0x2C
	case extSerialNumber:
		size = 12
	case extVendorSpecific:
		size = 8
	case extSRIOV:
		size = 0x1C
	}
	if !d.has(at, size) {
		d.short("extended capability %04xh at %03xh cut short", id, at)
		return
	}
	switch {
	case id == extAER && c.AER == nil:
		c.AER = d.aer(at)
	case id == extSerialNumber && c.SerialNumber == nil:
		c.SerialNumber = d.serialNumber(at)
	case id == extSRIOV && c.SRIOV == nil:
		c.SRIOV = d.sriov(at)
	case id == extVendorSpecific: // PCI Express 6.0, 7.9.5
		c.VendorSpecificIDs = append(c.VendorSpecificIDs, d.u16(at+4))
	}
}
