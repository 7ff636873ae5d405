package pciconf

// Capability is an entry of the capability list.
type Capability struct {
	ID     uint8
	Offset int
}

// capabilities follows the list that begins in the header. PCI Local Bus 3.0,
// 6.7. A pointer into the header, to a place already seen, or beyond the bytes
// given ends it.
func (d *decoder) capabilities() {
	c := &d.conf
	const hasList = 0x10 // in the Status register
	if d.u16(0x06)&hasList == 0 || c.Layout > 2 {
		c.CapabilitiesRead = true
		return
	}
	start := 0x34
	if c.Layout == 2 {
		start = 0x14
	}
	at := d.pointer(start)
	// Whether there is more than the header is asked where the list begins:
	// there it costs nothing.
	if !d.has(max(at, headerSize), 4) && len(d.b) == headerSize {
		return
	}
	c.CapabilitiesRead = true
	var seen [standardSize]bool
	for ; at != 0; at = d.pointer(at + 1) {
		switch {
		case at < headerSize:
			d.malformed("capability pointer %02xh into the header", at)
			return
		case seen[at]:
			d.malformed("capability list loops at %02xh", at)
			return
		case !d.has(at, 4):
			d.short("capability at %02xh beyond %d bytes", at, len(d.b))
			return
		case d.u8(at) == 0xFF:
			d.malformed("capability list broken at %02xh", at)
			return
		}
		seen[at] = true
		c.Capabilities = append(c.Capabilities, Capability{ID: d.u8(at), Offset: at})
		d.capability(d.u8(at), at)
	}
}

// pointer reads the offset of a capability; its two lowest bits are reserved.
func (d *decoder) pointer(at int) int { return int(d.u8(at) &^ 3) }

// capability decodes the ones that are known. Of several with the same id the
// first counts.
func (d *decoder) capability(id uint8, at int) {
	c, size := &d.conf, capabilitySize(id)
	if at+size > standardSize || !d.has(at, size) {
		d.short("capability %02xh at %02xh cut short", id, at)
		return
	}
	switch {
	case id == capPower && c.PowerState == nil:
		c.PowerState = new(PowerState(d.u16(at+4) & 3))
	case id == capVPD:
		c.HasVPD = true
	case id == capMSI && c.MSI == nil:
		c.MSI = d.msi(at)
	case id == capMSIX && c.MSIX == nil:
		c.MSIX = d.msix(at)
	case id == capSubsystem && c.Layout == 1 && c.Subsystem == nil:
		c.Subsystem = d.subsystem(at + 4)
	case id == capExpress && c.Express == nil:
		d.express(at)
	}
}

// The standard capabilities that are decoded.
const (
	capPower     = 0x01
	capVPD       = 0x03
	capMSI       = 0x05
	capSubsystem = 0x0D
	capExpress   = 0x10
	capMSIX      = 0x11
)

// capabilitySize is what decoding an id needs. More is not read.
func capabilitySize(id uint8) int {
	switch id {
	case capPower, capSubsystem:
		return 8
	case capExpress:
		return 12
	default:
		return 4
	}
}
