package smbios

// PowerSupply is a power supply (type 39, DSP0134 section 7.40).
type PowerSupply struct{ Structure }

// PowerSupplies gives the type 39 structures in table order.
func (t *Table) PowerSupplies() []PowerSupply {
	return viewsOf(t, 39, func(s Structure) PowerSupply { return PowerSupply{s} })
}

// UnitGroup is the redundancy group (04h; 0 is none).
func (p PowerSupply) UnitGroup() (uint8, bool) { return p.known8(0x04, 0) }

// Location is where the supply sits (05h). Unlike the names of slots it is
// often not known to the firmware, and says so.
func (p PowerSupply) Location() string { return p.name(0x05) }

// DeviceName is the supply's name (06h).
func (p PowerSupply) DeviceName() string { return p.name(0x06) }

// Manufacturer is the supply's maker (07h).
func (p PowerSupply) Manufacturer() string { return p.name(0x07) }

// SerialNumber is the supply's serial number (08h).
func (p PowerSupply) SerialNumber() string { return p.number(0x08) }

// AssetTag is the supply's asset tag (09h).
func (p PowerSupply) AssetTag() string { return p.number(0x09) }

// PartNumber is the supply's model part number (0Ah).
func (p PowerSupply) PartNumber() string { return p.number(0x0A) }

// Revision is the supply's revision level (0Bh).
func (p PowerSupply) Revision() string { return p.name(0x0B) }

// MaxPowerWatts is the power it can give (0Ch; 8000h is unknown, and so is 0).
func (p PowerSupply) MaxPowerWatts() (uint16, bool) { return p.known16(0x0C, 0x8000, 0) }

// HotReplaceable says whether it can be replaced under power (0Eh bit 0).
func (p PowerSupply) HotReplaceable() (replaceable, ok bool) { return p.bit(0x0E, 0) }

// Present says whether it is there (0Eh bit 1).
func (p PowerSupply) Present() (present, ok bool) { return p.bit(0x0E, 1) }

// Unplugged says whether it has no input (0Eh bit 2).
func (p PowerSupply) Unplugged() (unplugged, ok bool) { return p.bit(0x0E, 2) }

// InputRange is how the input voltage is chosen: auto_switch, wide_range, ...
// (0Eh bits 6:3).
func (p PowerSupply) InputRange() string { return p.characteristic(3, 0x0F, supplyRange) }

// Status is ok, non_critical, critical, ... (0Eh bits 9:7).
func (p PowerSupply) Status() string { return p.characteristic(7, 0x07, supplyStatus) }

// SupplyType is switching, ups, ... (0Eh bits 13:10).
func (p PowerSupply) SupplyType() string { return p.characteristic(10, 0x0F, supplyType) }

func (p PowerSupply) characteristic(shift uint, mask uint8, name func(uint8) string) string {
	v, ok := p.u16(0x0E)
	if !ok {
		return ""
	}
	return named(uint8(v>>shift)&mask, name)
}

// VoltageProbeHandle is the handle of the probe at its input (10h).
func (p PowerSupply) VoltageProbeHandle() (uint16, bool) { return p.handleAt(0x10) }

// CoolingDeviceHandle is the handle of its fan (12h).
func (p PowerSupply) CoolingDeviceHandle() (uint16, bool) { return p.handleAt(0x12) }

// CurrentProbeHandle is the handle of the current probe at its input (14h).
func (p PowerSupply) CurrentProbeHandle() (uint16, bool) { return p.handleAt(0x14) }
