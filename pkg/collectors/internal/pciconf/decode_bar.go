package pciconf

// BAR is a base address register. PCI Local Bus 3.0, 6.2.5.1.
type BAR struct {
	// Index is 0 to 5; a 64-bit register takes the next index too.
	Index int
	// IO: an I/O range; otherwise memory.
	IO           bool
	Bits64       bool
	Prefetchable bool
	// Address is zero when nobody assigned one.
	Address uint64
}

// Unassigned says that the register is there and has no address.
//
// From the register alone this is not seen of a 32-bit register that is not
// prefetchable: without an address it looks like one that does not exist.
// [DecodeResource] knows of these.
func (b BAR) Unassigned() bool { return b.Address == 0 }

func (d *decoder) bars(count int) {
	for i := 0; i < count; i++ {
		at := 0x10 + 4*i
		v := d.u32(at)
		if v == 0 || v == 0xFFFFFFFF {
			continue
		}
		if v&1 != 0 {
			d.conf.BARs = append(d.conf.BARs, BAR{Index: i, IO: true, Address: uint64(v &^ 0x3)})
			continue
		}
		bar := BAR{Index: i, Prefetchable: v&8 != 0, Address: uint64(v &^ 0xF)}
		switch v >> 1 & 3 {
		case 0, 1: // 1 was "below 1 MiB" until PCI 2.1
		case 2:
			if i+1 == count {
				d.malformed("register %d is the lower half of a 64-bit address without an upper half", i)
				continue
			}
			bar.Bits64 = true
			bar.Address |= uint64(d.u32(at+4)) << 32
			i++
		default:
			d.malformed("register %d of reserved type", i)
			continue
		}
		d.conf.BARs = append(d.conf.BARs, bar)
	}
}
