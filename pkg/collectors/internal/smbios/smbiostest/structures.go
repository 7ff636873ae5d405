package smbiostest

// The functions below give structures of a plausible server, each of the size
// that version 3.2 or later has. Change them with U8, U16, ... and Cut.

// Handles of the structures below.
const (
	BIOSHandle      = 0x0000
	SystemHandle    = 0x0100
	BoardHandle     = 0x0200
	ChassisHandle   = 0x0300
	ProcessorHandle = 0x0400
	CacheHandle     = 0x0700
	ArrayHandle     = 0x1000
	MemoryHandle    = 0x1100
)

// Server is the structures of a server with two processors, one of four
// memory slots empty, two power supplies, a slot and a network port.
func Server() []*Structure {
	list := []*Structure{
		BIOS("Acme Firmware", "1.2.3", "11/30/2023"),
		System("Acme", "Rocket 9000", "SN-0001"),
		Baseboard("Acme", "RB-1", "BSN-0001"),
		Chassis("Acme", 0x17, "CSN-0001"),
	}
	for i := range uint16(2) {
		list = append(list,
			Processor(i, "CPU"+string(rune('1'+i)), "Acme Q64 CPU @ 2.10GHz", 20, 40),
			Cache(i*3, 1, 1280<<10), Cache(i*3+1, 2, 20<<20), Cache(i*3+2, 3, 28<<20))
	}
	list = append(list, MemoryArray(0, 4, 512<<30))
	for i := range uint16(4) {
		slot := "A" + string(rune('1'+i))
		if i == 3 {
			list = append(list, EmptySlot(i, slot))
			continue
		}
		list = append(list, MemoryModule(i, slot, 32<<10, "MSN0000"+string(rune('1'+i))))
	}
	return append(list,
		MappedAddress(0, 96<<30),
		Slot(0, "Slot 1", 1, 0x41, 0),
		OEMStrings("Acme System", "5[0000]"),
		IPMIDevice(0xCA2),
		PowerSupply(0, "PSU 1", "PSN-1"), PowerSupply(1, "PSU 2", "PSN-2"),
		OnboardDevice(0, "NIC 1", 0x85, 0x19, 0),
		TPMDevice("IFX", 2, 0, 0x00070055, 0x0011CB00, "TPM"),
		Port(0, "J1", "LAN 1"))
}

// BIOS is a type 0 structure: 32 MiB of ROM, release 2.19.
func BIOS(vendor, version, date string) *Structure {
	return New(0, BIOSHandle, 0x1A).Str(0x04, vendor).Str(0x05, version).Str(0x08, date).
		U8(0x09, 0xFF).U8(0x13, 0x08).U8(0x14, 2).U8(0x15, 19).U8(0x16, 0xFF).U8(0x17, 0xFF).U16(0x18, 32)
}

// System is a type 1 structure. Its UUID is
// 00112233-4455-6677-8899-aabbccddeeff read by version 2.6 or later.
func System(manufacturer, product, serial string) *Structure {
	return New(1, SystemHandle, 0x1B).Str(0x04, manufacturer).Str(0x05, product).Str(0x07, serial).
		Put(0x08, 0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF).
		U8(0x18, 6).Str(0x19, "SKU-9").Str(0x1A, "Rocket")
}

// Baseboard is a type 2 structure: a motherboard in [Chassis].
func Baseboard(manufacturer, product, serial string) *Structure {
	return New(2, BoardHandle, 0x0F).Str(0x04, manufacturer).Str(0x05, product).Str(0x06, "A05").Str(0x07, serial).
		U8(0x09, 0x09).U16(0x0B, ChassisHandle).U8(0x0D, 0x0A)
}

// Chassis is a type 3 structure without contained elements, two units high.
func Chassis(manufacturer string, typ uint8, serial string) *Structure {
	return New(3, ChassisHandle, 0x16).Str(0x04, manufacturer).U8(0x05, typ).Str(0x07, serial).
		Put(0x09, 3, 3, 3, 3).U8(0x11, 2).U8(0x12, 2).Str(0x15, "CSKU")
}

// Processor is the i-th type 4 structure: populated, enabled, 2100 of
// 4000 MHz.
func Processor(i uint16, socket, model string, cores, threads uint16) *Structure {
	s := New(4, ProcessorHandle+i, 0x32).Str(0x04, socket).U8(0x05, 3).U8(0x06, 0xB3).Str(0x07, "Acme Micro").
		Put(0x08, 0x57, 0x06, 0x05, 0x00, 0xFF, 0xFB, 0xEB, 0xBF).Str(0x10, model).
		U8(0x11, 0x92).U16(0x12, 100).U16(0x14, 4000).U16(0x16, 2100).U8(0x18, 0x41).U8(0x19, 0x36).
		U16(0x1A, CacheHandle+3*i).U16(0x1C, CacheHandle+3*i+1).U16(0x1E, CacheHandle+3*i+2).
		U16(0x26, 0xFC).U16(0x28, 0xB3).U16(0x2A, cores).U16(0x2C, cores).U16(0x2E, threads).U16(0x30, threads)
	return s.U8(0x23, uint8(min(cores, 0xFF))).U8(0x24, uint8(min(cores, 0xFF))).U8(0x25, uint8(min(threads, 0xFF)))
}

// EmptySocket is the i-th type 4 structure: nothing in it.
func EmptySocket(i uint16, socket string) *Structure {
	return New(4, ProcessorHandle+i, 0x30).Str(0x04, socket).U8(0x05, 3).U8(0x06, 2).U8(0x19, 0x36).
		U16(0x1A, 0xFFFF).U16(0x1C, 0xFFFF).U16(0x1E, 0xFFFF)
}

// Cache is the i-th type 7 structure: unified, 16 ways, with ECC.
func Cache(i uint16, level uint8, size uint64) *Structure {
	kib := uint16(size >> 10)
	if size>>10 > 0x7FFF {
		kib = uint16(size>>16) | 0x8000
	}
	return New(7, CacheHandle+i, 0x1B).Str(0x04, "L"+string(rune('0'+level))+" Cache").U16(0x05, 0x0180|uint16(level-1)).
		U16(0x07, kib).U16(0x09, kib).U16(0x0B, 0x20).U16(0x0D, 0x20).U8(0x10, 5).U8(0x11, 5).U8(0x12, 8).
		U32(0x13, uint32(size>>10)).U32(0x17, uint32(size>>10))
}

// Port is the i-th type 8 structure: a network socket.
func Port(i uint16, internal, external string) *Structure {
	return New(8, 0x0800+i, 0x09).Str(0x04, internal).Str(0x06, external).U8(0x07, 0x0B).U8(0x08, 0x1F)
}

// Slot is the i-th type 9 structure: PCI Express 4 x16, in use.
func Slot(i uint16, designation string, id uint16, bus, devfn uint8) *Structure {
	return New(9, 0x0900+i, 0x18).Str(0x04, designation).U8(0x05, 0xBD).U8(0x06, 0x0D).U8(0x07, 4).U8(0x08, 4).
		U16(0x09, id).U8(0x0B, 0x0C).U8(0x0C, 0x02).U8(0x0F, bus).U8(0x10, devfn).U8(0x11, 16).
		U8(0x13, 4).U8(0x14, 0x0D).U16(0x15, 2032).U8(0x17, 3)
}

// OEMStrings is a type 11 structure.
func OEMStrings(texts ...string) *Structure {
	s := New(11, 0x0B00, 5).U8(0x04, uint8(len(texts)))
	for _, t := range texts {
		s.Add(t)
	}
	return s
}

// MemoryArray is the i-th type 16 structure: system memory with multi-bit ECC.
func MemoryArray(i, slots uint16, capacity uint64) *Structure {
	return New(16, ArrayHandle+i, 0x17).U8(0x04, 3).U8(0x05, 3).U8(0x06, 6).U32(0x07, 0x80000000).
		U16(0x0B, 0xFFFE).U16(0x0D, slots).U64(0x0F, capacity)
}

// MemoryModule is the i-th type 17 structure, part of array 0: a registered
// DDR4 module with ECC, 2933 of 3200 MT/s.
func MemoryModule(i uint16, slot string, sizeMiB uint32, serial string) *Structure {
	s := New(17, MemoryHandle+i, 0x5C).U16(0x04, ArrayHandle).U16(0x06, 0xFFFE).U16(0x08, 72).U16(0x0A, 64).
		U16(0x0C, uint16(min(sizeMiB, 0x7FFF))).U8(0x0E, 9).Str(0x10, slot).Str(0x11, "BANK 0").
		U8(0x12, 0x1A).U16(0x13, 0x2080).U16(0x15, 3200).
		Str(0x17, "Acme Memory").Str(0x18, serial).Str(0x19, "MT-1").Str(0x1A, "AM32R-3200").U8(0x1B, 2).
		U16(0x20, 2933).U16(0x22, 1200).U16(0x24, 1200).U16(0x26, 1200).U8(0x28, 3).U16(0x29, 8)
	if sizeMiB >= 0x7FFF {
		s.U32(0x1C, sizeMiB)
	}
	return s.U64(0x3C, uint64(sizeMiB)<<20)
}

// EmptySlot is the i-th type 17 structure, part of array 0: nothing in it.
func EmptySlot(i uint16, slot string) *Structure {
	return New(17, MemoryHandle+i, 0x5C).U16(0x04, ArrayHandle).U16(0x06, 0xFFFE).
		U8(0x0E, 9).Str(0x10, slot).Str(0x11, "BANK 0").U8(0x12, 2).U16(0x13, 4).U8(0x28, 2).U16(0x29, 4)
}

// MappedAddress is a type 19 structure: array 0 from address 0 on.
func MappedAddress(i uint16, size uint64) *Structure {
	return New(19, 0x1300+i, 0x1F).U32(0x04, 0xFFFFFFFF).U32(0x08, 0xFFFFFFFF).U16(0x0C, ArrayHandle).U8(0x0E, 4).
		U64(0x17, size-1)
}

// IPMIDevice is a type 38 structure: KCS at an I/O port.
func IPMIDevice(port uint64) *Structure {
	return New(38, 0x2600, 0x12).U8(0x04, 1).U8(0x05, 0x20).U8(0x06, 0x20).U8(0x07, 0xFF).U64(0x08, port|1).
		U8(0x10, uint8(port&1)<<4)
}

// PowerSupply is the i-th type 39 structure: 750 W, switching, present, OK.
func PowerSupply(i uint16, location, serial string) *Structure {
	return New(39, 0x2700+i, 0x16).U8(0x04, 1).Str(0x05, location).Str(0x06, "PS750").Str(0x07, "Acme Power").
		Str(0x08, serial).Str(0x0A, "AP-750").Str(0x0B, "A02").U16(0x0C, 750).U16(0x0E, 0x11A3).
		U16(0x10, 0xFFFF).U16(0x12, 0xFFFF).U16(0x14, 0xFFFF)
}

// OnboardDevice is the i-th type 41 structure; typ has bit 7 set for an
// enabled device.
func OnboardDevice(i uint16, designation string, typ, bus, devfn uint8) *Structure {
	return New(41, 0x2900+i, 0x0B).Str(0x04, designation).U8(0x05, typ).U8(0x06, uint8(i)+1).U8(0x09, bus).U8(0x0A, devfn)
}

// TPMDevice is a type 43 structure of a module of the given family and
// firmware.
func TPMDevice(vendor string, major, minor uint8, first, second uint32, description string) *Structure {
	return New(43, 0x2B00, 0x1F).Put(0x04, []byte(vendor)...).U8(0x08, major).U8(0x09, minor).U32(0x0A, first).U32(0x0E, second).
		Str(0x12, description).U64(0x13, 8)
}
