package smbios

import "fmt"

// IPMIDevice is how the management controller is reached (type 38, DSP0134
// section 7.39; IPMI 2.0 appendix C1).
type IPMIDevice struct{ Structure }

// IPMIDevices gives the type 38 structures in table order.
func (t *Table) IPMIDevices() []IPMIDevice {
	return viewsOf(t, 38, func(s Structure) IPMIDevice { return IPMIDevice{s} })
}

// Interface is kcs, smic, bt or ssif (04h).
func (d IPMIDevice) Interface() string { return d.enum(0x04, ipmiInterface) }

// SpecificationVersion is the version of IPMI: "2.0" (05h, two decimal
// digits).
func (d IPMIDevice) SpecificationVersion() string {
	v, ok := d.u8(0x05)
	if !ok || v == 0 || v>>4 > 9 || v&0x0F > 9 {
		return ""
	}
	return fmt.Sprintf("%d.%d", v>>4, v&0x0F)
}

// I2CAddress is the controller's seven-bit address on the I2C bus (06h).
func (d IPMIDevice) I2CAddress() (uint8, bool) {
	v, ok := d.known8(0x06, 0)
	return v >> 1, ok
}

// NVStorageAddress is the bus address of the storage device (07h; FFh is
// none).
func (d IPMIDevice) NVStorageAddress() (uint8, bool) { return d.known8(0x07, 0xFF) }

// An IPMIAddress is where the registers of the system interface are.
type IPMIAddress struct {
	// Space is "io", "memory" or "smbus"; for smbus Address is the seven-bit
	// address of the controller.
	Space   string
	Address uint64
	// Spacing is the distance of the registers: successive_bytes,
	// 32_bit_boundaries, 16_byte_boundaries; "" when not said.
	Spacing string
}

// Address gives the base address (08h; the lowest bit says which space, and is
// itself in 10h).
func (d IPMIDevice) Address() (IPMIAddress, bool) {
	v, ok := d.u64(0x08)
	if !ok || v == 0 {
		return IPMIAddress{}, false
	}
	if kind, _ := d.u8(0x04); kind == 0x04 {
		return IPMIAddress{Space: "smbus", Address: (v & 0xFF) >> 1}, true
	}
	a := IPMIAddress{Space: "memory", Address: v &^ 1}
	if v&1 == 1 {
		a.Space = "io"
	}
	if modifier, ok := d.u8(0x10); ok {
		a.Address |= uint64(modifier >> 4 & 1)
		a.Spacing = named(modifier>>6, ipmiSpacing)
	}
	return a, true
}

// An IPMIInterrupt is how the interface interrupts.
type IPMIInterrupt struct {
	Number         uint8
	ActiveHigh     bool
	LevelTriggered bool
}

// Interrupt gives the interrupt (10h bits 3, 1, 0, and 11h; 0 there is none).
func (d IPMIDevice) Interrupt() (IPMIInterrupt, bool) {
	b, ok := d.field(0x10, 2)
	if !ok || b[0]>>3&1 == 0 || b[1] == 0 {
		return IPMIInterrupt{}, false
	}
	return IPMIInterrupt{Number: b[1], ActiveHigh: b[0]>>1&1 == 1, LevelTriggered: b[0]&1 == 1}, true
}
