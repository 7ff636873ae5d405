package smbios

import (
	"encoding/binary"
	"fmt"
)

// Slot is an expansion slot (type 9, DSP0134 section 7.10).
type Slot struct{ Structure }

// Slots gives the type 9 structures in table order.
func (t *Table) Slots() []Slot {
	return viewsOf(t, 9, func(s Structure) Slot { return Slot{s} })
}

// Designation is the name printed next to the slot (04h).
func (s Slot) Designation() string { return s.label(0x04) }

// SlotType is pci_express_4_x16, m_2_socket_3, ... (05h).
func (s Slot) SlotType() string { return s.enum(0x05, slotType) }

// Width is the width of the data bus: x8, 32_bit, ... (06h).
func (s Slot) Width() string { return s.enum(0x06, slotWidth) }

// Usage is in_use, available, unavailable, ... (07h).
func (s Slot) Usage() string { return s.enum(0x07, slotUsage) }

// SlotLength is long, short, 2_5_inch_drive, ... (08h).
func (s Slot) SlotLength() string { return s.enum(0x08, slotLength) }

// ID is the slot's number (09h): for PCI the physical slot number that the
// slot's registers give too, for other buses see DSP0134 section 7.10.5.
func (s Slot) ID() (uint16, bool) { return s.u16(0x09) }

// Characteristics are hot_plug, smbus_signal, ... (0Bh, 0Ch).
func (s Slot) Characteristics() ([]string, bool) {
	low, ok := s.u8(0x0B)
	if !ok {
		return nil, false
	}
	high, _ := s.u8(0x0C)
	return bits(uint32(low)|uint32(high)<<8, slotCharacteristic), true
}

// PCIAddress is the address of the device in the slot, or of the first one
// (0Dh segment group, 0Fh bus, 10h device and function) as ssss:bb:dd.f; ""
// when there is none.
func (s Slot) PCIAddress() string {
	a := s.pciAddress(0x0D)
	if v, _ := s.u8(0x07); a == hostBridge && v != 0x04 {
		return ""
	}
	return a
}

// BaseWidthLanes is the number of electrical lanes of PCIAddress (11h; 0 is
// not said).
func (s Slot) BaseWidthLanes() (uint8, bool) { return s.known8(0x11, 0) }

// A Peer is a further device in a slot that is split up.
type Peer struct {
	PCIAddress string
	WidthLanes uint8
}

// Peers are the further devices (12h count n, 13h five bytes each). ok is
// false when the structure does not hold as many as it announces.
func (s Slot) Peers() (peers []Peer, ok bool) {
	n, ok := s.u8(0x12)
	if !ok {
		return nil, false
	}
	list, ok := s.field(0x13, 5*int(n))
	if !ok {
		return nil, false
	}
	peers = make([]Peer, n)
	for i := range peers {
		b := list[5*i : 5*i+5]
		peers[i] = Peer{
			PCIAddress: fmt.Sprintf("%04x:%02x:%02x.%x", binary.LittleEndian.Uint16(b), b[2], b[3]>>3, b[3]&7),
			WidthLanes: b[4],
		}
	}
	return peers, true
}

// after gives the offset of a field that lies behind the peers, in version 3.4
// and later.
func (s Slot) after(offset int) (int, bool) {
	n, ok := s.u8(0x12)
	return 0x13 + 5*int(n) + offset, ok
}

// Generation is the generation of PCI Express the slot supports (13h + 5*n,
// Slot Information; 0 is not said).
func (s Slot) Generation() (uint8, bool) {
	at, ok := s.after(0)
	if !ok {
		return 0, false
	}
	return s.known8(at, 0)
}

// PhysicalWidth is the width of the connector, which may be larger than Width
// (14h + 5*n; 0 is not said).
func (s Slot) PhysicalWidth() string {
	at, ok := s.after(1)
	if !ok {
		return ""
	}
	if v, ok := s.known8(at, 0); ok {
		return named(v, slotWidth)
	}
	return ""
}

// PitchHundredthsMM is the distance to the next slot in 1/100 mm (15h + 5*n; 0
// is not said).
func (s Slot) PitchHundredthsMM() (uint16, bool) {
	at, ok := s.after(2)
	if !ok {
		return 0, false
	}
	return s.known16(at, 0)
}

// Height is full_height, low_profile, ... (17h + 5*n, version 3.5).
func (s Slot) Height() string {
	at, ok := s.after(4)
	if !ok {
		return ""
	}
	return s.enum(at, slotHeight)
}
