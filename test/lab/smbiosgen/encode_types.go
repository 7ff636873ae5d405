package smbiosgen

// DSP0134 7.1.
func (b BIOS) encode(w *writer) {
	w.str(b.Vendor, b.Version)
	w.u16(0xE000)
	w.str(b.ReleaseDate)
	w.u8(0xFF) // ROM size: see the extended field.
	w.u64(0x18099880)
	w.u16(0x0D03)
	w.u8(b.Major, b.Minor, 0xFF, 0xFF)
	w.u16(b.ROMSizeMiB)
}

// DSP0134 7.2.
func (s System) encode(w *writer, uuid []byte) {
	w.str(s.Manufacturer, s.ProductName, s.Version, s.SerialNumber)
	w.u8(uuid...)
	w.u8(6) // Woken by the power switch.
	w.str(s.SKUNumber, s.Family)
}

// DSP0134 7.3.
func (b Baseboard) encode(w *writer) {
	w.str(b.Manufacturer, b.ProductName, b.Version, b.SerialNumber, b.AssetTag)
	w.u8(9) // Hosting, replaceable.
	w.str("")
	w.u16(0x0300)
	w.u8(10, 0) // Motherboard, contains nothing.
}

// DSP0134 7.4.
func (c Chassis) encode(w *writer) {
	w.str(c.Manufacturer)
	w.u8(c.Type)
	w.str(c.Version, c.SerialNumber, c.AssetTag)
	w.u8(3, 3, 3, 2) // Boot-up, supply, thermal safe; no security.
	w.u32(0)
	w.u8(c.HeightU, 2, 0, 0, 0)
}

// DSP0134 7.5.
func (p Processor) encode(w *writer, caches [3]uint16) {
	w.str(p.Socket)
	w.u8(3, 0xB3) // Central processor, Xeon.
	w.str(p.Manufacturer)
	w.u32(p.Signature)
	w.u32(0xBFEBFBFF)
	w.str(p.Version)
	w.u8(0x92) // 1.8 V.
	w.u16(p.ClockMHz, p.MaxSpeedMHz, p.CurrentMHz)
	w.u8(0x41, 0x2B) // Populated and enabled; socket LGA3647.
	w.u16(caches[:]...)
	w.str(p.SerialNumber, p.AssetTag, p.PartNumber)
	w.u8(count8(p.Cores), count8(p.CoresEnabled), count8(p.Threads))
	w.u16(0xFC, 0xB3, p.Cores, p.CoresEnabled, p.Threads)
}

// count8 is the old one-byte field: 0xFF sends the reader to the wide one.
func count8(n uint16) uint8 {
	if n >= 0xFF {
		return 0xFF
	}
	return uint8(n)
}

// DSP0134 7.8.
func (c Cache) encode(w *writer) {
	w.str(c.Designation)
	w.u16(0x0180|uint16(c.Level-1), c.SizeKiB, c.SizeKiB, 2, 2)
	w.u8(0, 5, 5, c.Associativity)
}

// DSP0134 7.10.
func (s Slot) encode(w *writer, bus, devfn uint8) {
	w.str(s.Designation)
	usage := uint8(3) // Available.
	if s.InUse {
		usage = 4
	}
	w.u8(s.Type, s.Width, usage, 4)
	w.u16(s.ID)
	w.u8(0x0C, 1)
	w.u16(0)
	w.u8(bus, devfn)
}

// DSP0134 7.17.
func (a MemoryArray) encode(w *writer) {
	w.u8(3, 3, a.ECC)
	w.u32(0x80000000) // Capacity: see the extended field.
	w.u16(0xFFFE, uint16(len(a.Devices)))
	w.u64(a.MaxCapacityBytes)
}

// DSP0134 7.18.
func (d MemoryDevice) encode(w *writer, array uint16) {
	var size uint16
	var extended uint32
	switch mib := d.SizeBytes >> 20; {
	case mib >= 0x7FFF:
		size, extended = 0x7FFF, uint32(mib)
	default:
		size = uint16(mib)
	}
	set := uint8(1)
	if d.SizeBytes == 0 {
		set = 0
	}
	w.u16(array, 0xFFFE, d.TotalBits, d.DataBits, size)
	w.u8(d.FormFactor, set)
	w.str(d.Locator, d.Bank)
	w.u8(d.Type)
	w.u16(d.TypeDetail, d.SpeedMTs)
	w.str(d.Manufacturer, d.SerialNumber, d.AssetTag, d.PartNumber)
	w.u8(d.Ranks)
	w.u32(extended)
	w.u16(d.ConfiguredMTs, d.MinMillivolts, d.MaxMillivolts, d.ConfiguredMillivolts)
	technology, mode := uint8(3), uint16(8) // DRAM, volatile.
	if d.SizeBytes == 0 {
		technology, mode = 2, 4 // Unknown.
	}
	w.u8(technology)
	w.u16(mode)
	w.u8(0)
	w.u16(d.ModuleManufacturerID, 0, 0, 0)
	w.u64(0)
	w.u64(d.SizeBytes)
	w.u64(0)
	w.u64(0)
	w.u32(0) // Extended speeds: not needed below 65 535 MT/s.
	w.u32(0)
}

// DSP0134 7.20.
func encodeMapped(w *writer, total uint64) {
	w.u32(0xFFFFFFFF)
	w.u32(0xFFFFFFFF)
	w.u16(0x1000)
	w.u8(4)
	w.u64(0)
	w.u64(total - 1)
}

// DSP0134 7.40.
func (p PowerSupply) encode(w *writer, i int) {
	w.u8(uint8(i + 1))
	w.str(p.Location, p.Name, p.Manufacturer, p.SerialNumber, p.AssetTag, p.PartNumber, p.Revision)
	watts := p.MaxWatts
	if watts == 0 {
		watts = 0x8000 // Unknown.
	}
	// Hot replaceable, present, auto-switching, OK, switching supply.
	characteristics := uint16(0x11A3)
	if !p.Plugged {
		characteristics |= 1 << 2
	}
	w.u16(watts, characteristics, 0xFFFF, 0xFFFF, 0xFFFF)
}
