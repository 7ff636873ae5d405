package smbios

// Port is a connector on the board (type 8, DSP0134 section 7.9).
type Port struct{ Structure }

// Ports gives the type 8 structures in table order.
func (t *Table) Ports() []Port {
	return viewsOf(t, 8, func(s Structure) Port { return Port{s} })
}

// InternalDesignator is the name printed on the board (04h).
func (p Port) InternalDesignator() string { return p.label(0x04) }

// InternalConnector is the kind of connector inside (05h).
func (p Port) InternalConnector() string { return p.enum(0x05, connectorType) }

// ExternalDesignator is the name printed on the case (06h).
func (p Port) ExternalDesignator() string { return p.label(0x06) }

// ExternalConnector is the kind of connector outside (07h).
func (p Port) ExternalConnector() string { return p.enum(0x07, connectorType) }

// PortType is what the port is for: usb, network_port, ... (08h).
func (p Port) PortType() string { return p.enum(0x08, portType) }
