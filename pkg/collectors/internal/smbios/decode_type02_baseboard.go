package smbios

import "encoding/binary"

// Baseboard is a board: the mainboard, a blade, a riser (type 2, DSP0134
// section 7.3).
type Baseboard struct{ Structure }

// Baseboards gives the type 2 structures in table order.
func (t *Table) Baseboards() []Baseboard {
	return viewsOf(t, 2, func(s Structure) Baseboard { return Baseboard{s} })
}

// Manufacturer is the board's maker (04h).
func (b Baseboard) Manufacturer() string { return b.name(0x04) }

// ProductName is the board's model (05h).
func (b Baseboard) ProductName() string { return b.name(0x05) }

// ProductVersion is the version of the board (06h).
func (b Baseboard) ProductVersion() string { return b.name(0x06) }

// SerialNumber is the board's serial number (07h).
func (b Baseboard) SerialNumber() string { return b.number(0x07) }

// AssetTag is the board's asset tag (08h).
func (b Baseboard) AssetTag() string { return b.number(0x08) }

// Hosting says whether the board holds the processors (09h bit 0).
func (b Baseboard) Hosting() (hosting, ok bool) { return b.bit(0x09, 0) }

// Removable says whether the board can be taken out unharmed (09h bit 2).
func (b Baseboard) Removable() (removable, ok bool) { return b.bit(0x09, 2) }

// Replaceable says whether the board can be replaced as a repair (09h bit 3).
func (b Baseboard) Replaceable() (replaceable, ok bool) { return b.bit(0x09, 3) }

// HotSwappable says whether the board can be replaced under power (09h bit 4).
func (b Baseboard) HotSwappable() (swappable, ok bool) { return b.bit(0x09, 4) }

// LocationInChassis is where in the chassis the board sits (0Ah).
func (b Baseboard) LocationInChassis() string {
	return unlessPlaceholder(b.stringAt(0x0A), placeholderLocation)
}

// ChassisHandle is the handle of the [Chassis] the board sits in (0Bh).
func (b Baseboard) ChassisHandle() (uint16, bool) { return b.handleAt(0x0B) }

// BoardType is the kind of board (0Dh).
func (b Baseboard) BoardType() string { return b.enum(0x0D, boardType) }

// Contained are the handles of the structures the board contains: processors,
// slots, memory (0Eh count, 0Fh handles). ok is false when the structure does
// not hold as many as it announces.
func (b Baseboard) Contained() (handles []uint16, ok bool) {
	n, ok := b.u8(0x0E)
	if !ok {
		return nil, false
	}
	list, ok := b.field(0x0F, 2*int(n))
	if !ok {
		return nil, false
	}
	handles = make([]uint16, n)
	for i := range handles {
		handles[i] = binary.LittleEndian.Uint16(list[2*i:])
	}
	return handles, true
}

// boardType names the values of DSP0134 section 7.3.2.
func boardType(v uint8) string {
	switch v {
	case 0x01:
		return "unknown"
	case 0x02:
		return "other"
	case 0x03:
		return "server_blade"
	case 0x04:
		return "connectivity_switch"
	case 0x05:
		return "system_management_module"
	case 0x06:
		return "processor_module"
	case 0x07:
		return "io_module"
	case 0x08:
		return "memory_module"
	case 0x09:
		return "daughter_board"
	case 0x0A:
		return "motherboard"
	case 0x0B:
		return "processor_memory_module"
	case 0x0C:
		return "processor_io_module"
	case 0x0D:
		return "interconnect_board"
	}
	return ""
}
