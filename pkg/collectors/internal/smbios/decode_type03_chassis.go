package smbios

// Chassis is an enclosure (type 3, DSP0134 section 7.4).
type Chassis struct{ Structure }

// Chassis gives the type 3 structures in table order: enclosure and blade are
// two.
func (t *Table) Chassis() []Chassis {
	return viewsOf(t, 3, func(s Structure) Chassis { return Chassis{s} })
}

// Manufacturer is the enclosure's maker (04h).
func (c Chassis) Manufacturer() string { return c.name(0x04) }

// ChassisType is the kind of enclosure (05h bits 6:0).
func (c Chassis) ChassisType() string {
	v, ok := c.u8(0x05)
	if !ok {
		return ""
	}
	return ChassisTypeName(v)
}

// Lock says whether a chassis lock is present (05h bit 7).
func (c Chassis) Lock() (present, ok bool) { return c.bit(0x05, 7) }

// ProductVersion is the version of the enclosure (06h).
func (c Chassis) ProductVersion() string { return c.name(0x06) }

// SerialNumber is the enclosure's serial number (07h).
func (c Chassis) SerialNumber() string { return c.number(0x07) }

// AssetTag is the enclosure's asset tag (08h).
func (c Chassis) AssetTag() string { return c.number(0x08) }

// BootUpState is the enclosure's state when it was last booted (09h).
func (c Chassis) BootUpState() string { return c.enum(0x09, chassisState) }

// PowerSupplyState is the power supplies' state at last boot (0Ah).
func (c Chassis) PowerSupplyState() string { return c.enum(0x0A, chassisState) }

// ThermalState is the thermal state at last boot (0Bh).
func (c Chassis) ThermalState() string { return c.enum(0x0B, chassisState) }

// SecurityStatus is the physical security at last boot (0Ch).
func (c Chassis) SecurityStatus() string { return c.enum(0x0C, chassisSecurity) }

// HeightU is the height in rack units (11h; 0 is unspecified).
func (c Chassis) HeightU() (uint8, bool) { return c.known8(0x11, 0) }

// PowerCords is the number of power cords (12h; 0 is unspecified).
func (c Chassis) PowerCords() (uint8, bool) { return c.known8(0x12, 0) }

// A ContainedElement is what kind of thing an enclosure takes, and how many.
type ContainedElement struct {
	// StructureType is the type of SMBIOS structure contained, when
	// IsStructure; else BoardType is the kind of board.
	IsStructure   bool
	StructureType uint8
	BoardType     string
	// Minimum and Maximum are how many the enclosure takes.
	Minimum, Maximum uint8
}

// Contained are the contained elements (13h count n, 14h length m of each,
// 15h elements). ok is false when the structure does not hold them all.
func (c Chassis) Contained() (elements []ContainedElement, ok bool) {
	counts, ok := c.field(0x13, 2)
	if !ok {
		return nil, false
	}
	n, m := int(counts[0]), int(counts[1])
	list, ok := c.field(0x15, n*m)
	if !ok || n > 0 && m < 3 {
		return nil, false
	}
	elements = make([]ContainedElement, 0, n)
	for ; len(list) >= m && len(elements) < n; list = list[m:] {
		e := ContainedElement{Minimum: list[1], Maximum: list[2]}
		if list[0]&0x80 != 0 {
			e.IsStructure, e.StructureType = true, list[0]&0x7F
		} else {
			e.BoardType = named(list[0], boardType)
		}
		elements = append(elements, e)
	}
	return elements, true
}

// SKUNumber is the enclosure's SKU number (15h + n*m, after the contained
// elements).
func (c Chassis) SKUNumber() string {
	offset, ok := c.skuOffset()
	if !ok {
		return ""
	}
	return c.name(offset)
}

func (c Chassis) skuOffset() (offset int, ok bool) {
	counts, ok := c.field(0x13, 2)
	if !ok {
		return 0, false
	}
	return 0x15 + int(counts[0])*int(counts[1]), true
}
