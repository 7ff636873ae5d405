package smbios

import "strings"

// Processor is a processor socket and what is in it (type 4, DSP0134 section
// 7.5).
type Processor struct{ Structure }

// Processors gives the type 4 structures in table order: processors of every
// type, empty sockets included.
func (t *Table) Processors() []Processor {
	return viewsOf(t, 4, func(s Structure) Processor { return Processor{s} })
}

// Socket is the socket's designation on the board (04h).
func (p Processor) Socket() string { return p.label(0x04) }

// ProcessorType is central_processor, dsp_processor, ... (05h).
func (p Processor) ProcessorType() string { return p.enum(0x05, processorType) }

// Family is the processor's family (06h; FEh there refers to the word at 28h).
func (p Processor) Family() string {
	v, ok := p.u8(0x06)
	if !ok {
		return ""
	}
	code := uint16(v)
	if v == 0xFE {
		if ext, ok := p.u16(0x28); ok {
			code = ext
		}
	}
	switch maker := strings.ToLower(p.Manufacturer()); {
	case code == 0xBE: // Given out twice, see note to the table in 7.5.2.
		if strings.Contains(maker, "intel") {
			return "core_2"
		}
		if strings.Contains(maker, "amd") || strings.Contains(maker, "advanced micro devices") {
			return "k7"
		}
		return "core_2_or_k7"
	case code == 0x30 && p.version == Version{Major: 2, Known: true} && strings.Contains(maker, "intel"):
		return "pentium_pro" // 2.0 only.
	}
	return processorFamily(code)
}

// Manufacturer is the processor's maker (07h), as the firmware spells it.
func (p Processor) Manufacturer() string { return p.name(0x07) }

// ID is the raw processor identification (08h): on x86 EAX and EDX of CPUID
// leaf 1.
func (p Processor) ID() (id [8]byte, ok bool) {
	b, ok := p.field(0x08, 8)
	copy(id[:], b)
	return id, ok
}

// Model is the processor's name (10h, "Processor Version").
func (p Processor) Model() string { return p.name(0x10) }

// VoltageMillivolts is the voltage the processor runs at (11h). A socket that
// only lists the voltages it supports says it when it supports just one.
func (p Processor) VoltageMillivolts() (uint32, bool) {
	v, ok := p.u8(0x11)
	if !ok {
		return 0, false
	}
	if v&0x80 != 0 {
		v &= 0x7F
		return uint32(v) * 100, v != 0
	}
	switch v & 0x07 {
	case 0x01:
		return 5000, true
	case 0x02:
		return 3300, true
	case 0x04:
		return 2900, true
	}
	return 0, false
}

// ExternalClockMHz is the clock of the bus (12h; 0 is unknown).
func (p Processor) ExternalClockMHz() (uint16, bool) { return p.known16(0x12, 0) }

// MaxSpeedMHz is the fastest processor the socket takes (14h; 0 is unknown).
func (p Processor) MaxSpeedMHz() (uint16, bool) { return p.known16(0x14, 0) }

// CurrentSpeedMHz is the speed at boot (16h; 0 is unknown).
func (p Processor) CurrentSpeedMHz() (uint16, bool) { return p.known16(0x16, 0) }

// Populated says whether the socket holds a processor (18h bit 6).
func (p Processor) Populated() (populated, ok bool) { return p.bit(0x18, 6) }

// Status is enabled, disabled_by_user, disabled_by_bios, idle, other or
// unknown (18h bits 2:0). It says nothing of an empty socket.
func (p Processor) Status() string {
	v, ok := p.u8(0x18)
	if !ok {
		return ""
	}
	return named(v&0x07, processorStatus)
}

// Upgrade is the kind of socket (19h).
func (p Processor) Upgrade() string { return p.enum(0x19, processorUpgrade) }

// CacheHandles are the handles of the [Cache] structures of level 1 to 3 (1Ah,
// 1Ch, 1Eh) that the processor refers to.
func (p Processor) CacheHandles() []uint16 {
	var handles []uint16
	for _, offset := range []int{0x1A, 0x1C, 0x1E} {
		if h, ok := p.handleAt(offset); ok {
			handles = append(handles, h)
		}
	}
	return handles
}

// SerialNumber is the processor's serial number (20h).
func (p Processor) SerialNumber() string { return p.number(0x20) }

// AssetTag is the processor's asset tag (21h).
func (p Processor) AssetTag() string { return p.number(0x21) }

// PartNumber is the processor's part number (22h).
func (p Processor) PartNumber() string { return p.number(0x22) }

// Cores is the number of cores (23h; 2Ah from 255 on).
func (p Processor) Cores() (uint16, bool) { return p.count(0x23, 0x2A) }

// CoresEnabled is the number of cores the firmware enabled (24h; 2Ch from 255
// on).
func (p Processor) CoresEnabled() (uint16, bool) { return p.count(0x24, 0x2C) }

// Threads is the number of threads (25h; 2Eh from 255 on).
func (p Processor) Threads() (uint16, bool) { return p.count(0x25, 0x2E) }

// ThreadsEnabled is the number of threads the firmware enabled (30h).
func (p Processor) ThreadsEnabled() (uint16, bool) { return p.known16(0x30, 0, 0xFFFF) }

// count reads a number whose byte is FFh when it is in the word instead. 0 is
// unknown in both.
func (p Processor) count(offset, wide int) (uint16, bool) {
	v, ok := p.known8(offset, 0)
	if !ok {
		return 0, false
	}
	if v == 0xFF {
		if _, ok := p.u16(wide); ok {
			return p.known16(wide, 0, 0xFFFF)
		}
	}
	return uint16(v), true
}

// Characteristics are what the processor can do (26h): 64_bit_capable,
// multi_core, hardware_thread, ...
func (p Processor) Characteristics() ([]string, bool) {
	v, ok := p.u16(0x26)
	return bits(uint32(v), processorCharacteristic), ok
}

// SocketType is the socket's name in words (32h, version 3.8), for sockets
// that Upgrade has no code for.
func (p Processor) SocketType() string { return p.label(0x32) }
