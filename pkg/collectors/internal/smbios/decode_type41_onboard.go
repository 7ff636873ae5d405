package smbios

// OnboardDevice is a device on the board itself (type 41, DSP0134 section
// 7.42).
type OnboardDevice struct{ Structure }

// OnboardDevices gives the type 41 structures in table order.
func (t *Table) OnboardDevices() []OnboardDevice {
	return viewsOf(t, 41, func(s Structure) OnboardDevice { return OnboardDevice{s} })
}

// Designation is the name printed on the board (04h).
func (d OnboardDevice) Designation() string { return d.label(0x04) }

// DeviceType is ethernet, video, sata_controller, ... (05h bits 6:0).
func (d OnboardDevice) DeviceType() string {
	v, ok := d.u8(0x05)
	if !ok {
		return ""
	}
	return named(v&0x7F, onboardType)
}

// Enabled says whether the firmware enabled the device (05h bit 7).
func (d OnboardDevice) Enabled() (enabled, ok bool) { return d.bit(0x05, 7) }

// Instance numbers devices of one type (06h).
func (d OnboardDevice) Instance() (uint8, bool) { return d.u8(0x06) }

// PCIAddress is the device's address (07h segment group, 09h bus, 0Ah device
// and function) as ssss:bb:dd.f; "" when it is not a PCI device.
func (d OnboardDevice) PCIAddress() string {
	if a := d.pciAddress(0x07); a != hostBridge {
		return a
	}
	return ""
}
