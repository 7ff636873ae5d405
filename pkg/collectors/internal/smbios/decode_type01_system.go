package smbios

// System is the product as a whole (type 1, DSP0134 section 7.2).
type System struct{ Structure }

// Systems gives the type 1 structures; a well-formed table has one.
func (t *Table) Systems() []System {
	return viewsOf(t, 1, func(s Structure) System { return System{s} })
}

// Manufacturer is the system's maker (04h).
func (s System) Manufacturer() string { return s.name(0x04) }

// ProductName is the name of the model (05h).
func (s System) ProductName() string { return s.name(0x05) }

// ProductVersion is the version of the product (06h).
func (s System) ProductVersion() string { return s.name(0x06) }

// SerialNumber is the system's serial number (07h). See [SerialFault].
func (s System) SerialNumber() string { return s.number(0x07) }

// UUID is the system's UUID (08h).
func (s System) UUID() UUID {
	b, _ := s.field(0x08, 16)
	return decodeUUID(b, s.version)
}

// WakeUpType is what caused the system to start (18h).
func (s System) WakeUpType() string { return s.enum(0x18, wakeUpType) }

// SKUNumber is the number under which this configuration is sold (19h).
func (s System) SKUNumber() string { return s.name(0x19) }

// Family is the family of products the system belongs to (1Ah).
func (s System) Family() string { return s.name(0x1A) }

// wakeUpType names the values of DSP0134 section 7.2.2.
func wakeUpType(v uint8) string {
	switch v {
	case 0x01:
		return "other"
	case 0x02:
		return "unknown"
	case 0x03:
		return "apm_timer"
	case 0x04:
		return "modem_ring"
	case 0x05:
		return "lan_remote"
	case 0x06:
		return "power_switch"
	case 0x07:
		return "pci_pme"
	case 0x08:
		return "ac_power_restored"
	}
	return ""
}
