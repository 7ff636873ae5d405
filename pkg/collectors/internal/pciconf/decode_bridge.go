package pciconf

// Bridge is what a bridge header has: the buses and address ranges behind it.
// PCI-to-PCI Bridge Architecture 1.2, 3.2.5.
type Bridge struct {
	PrimaryBus     uint8
	SecondaryBus   uint8
	SubordinateBus uint8
	// The ranges passed on to the secondary bus; nil when closed. They are
	// not decoded of CardBus bridges.
	IO           *Window
	Memory       *Window
	Prefetchable *Window
}

// Window is a range of addresses, both ends included.
type Window struct{ Base, Limit uint64 }

func window(base, limit uint64) *Window {
	if base > limit {
		return nil
	}
	return &Window{base, limit}
}

func (d *decoder) bridge() {
	b := d.buses()
	ioBase, ioLimit := uint64(d.u8(0x1C)&0xF0)<<8, uint64(d.u8(0x1D)&0xF0)<<8|0xFFF
	if d.u8(0x1C)&0xF == 1 {
		ioBase |= uint64(d.u16(0x30)) << 16
		ioLimit |= uint64(d.u16(0x32)) << 16
	}
	b.IO = window(ioBase, ioLimit)
	b.Memory = window(d.megabytes(0x20), d.megabytes(0x22)|0xFFFFF)
	base, limit := d.megabytes(0x24), d.megabytes(0x26)|0xFFFFF
	if d.u16(0x24)&0xF == 1 {
		base |= uint64(d.u32(0x28)) << 32
		limit |= uint64(d.u32(0x2C)) << 32
	}
	b.Prefetchable = window(base, limit)
	d.conf.Bridge = b
}

// megabytes reads the upper 12 bits of a 32-bit address.
func (d *decoder) megabytes(at int) uint64 { return uint64(d.u16(at)&0xFFF0) << 16 }

func (d *decoder) buses() *Bridge {
	return &Bridge{PrimaryBus: d.u8(0x18), SecondaryBus: d.u8(0x19), SubordinateBus: d.u8(0x1A)}
}

// cardBus decodes a type 2 header; its subsystem lies beyond the first 64
// bytes.
func (d *decoder) cardBus() {
	d.conf.Bridge = d.buses()
	if d.has(0x40, 4) {
		d.conf.Subsystem = d.subsystem(0x40)
	}
}
