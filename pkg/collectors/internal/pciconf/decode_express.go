package pciconf

import "fmt"

// Express is the PCI Express capability. PCI Express 6.0, 7.5.3.
type Express struct {
	// Version of the capability; 2 since PCI Express 2.0.
	Version  uint8
	PortType PortType
	// SlotImplemented: the port leads to a slot, not to a device soldered on.
	SlotImplemented bool
	Errors          DeviceErrors
	// Link is nil where there is none: in a root complex.
	Link *Link
	// Slot is set when SlotImplemented is.
	Slot *Slot
}

// PortType is the device/port type.
type PortType uint8

// The port types.
const (
	Endpoint                  PortType = 0x0
	LegacyEndpoint            PortType = 0x1
	RootPort                  PortType = 0x4
	UpstreamPort              PortType = 0x5
	DownstreamPort            PortType = 0x6
	PCIeToPCIBridge           PortType = 0x7
	PCIToPCIeBridge           PortType = 0x8
	RootComplexEndpoint       PortType = 0x9
	RootComplexEventCollector PortType = 0xA
)

// String is lower snake case; a code not known becomes unknown_0xNN.
func (p PortType) String() string {
	switch p {
	case Endpoint:
		return "endpoint"
	case LegacyEndpoint:
		return "legacy_endpoint"
	case RootPort:
		return "root_port"
	case UpstreamPort:
		return "upstream_port"
	case DownstreamPort:
		return "downstream_port"
	case PCIeToPCIBridge:
		return "pcie_to_pci_bridge"
	case PCIToPCIeBridge:
		return "pci_to_pcie_bridge"
	case RootComplexEndpoint:
		return "root_complex_endpoint"
	case RootComplexEventCollector:
		return "root_complex_event_collector"
	default:
		return fmt.Sprintf("unknown_0x%02x", uint8(p))
	}
}

// Downstream says whether the link of this port leads away from the processor:
// its other end is the device below it.
func (p PortType) Downstream() bool {
	return p == RootPort || p == DownstreamPort || p == PCIToPCIeBridge
}

// Upstream says whether the link leads towards the processor: its other end is
// the port above it.
func (p PortType) Upstream() bool {
	return p == Endpoint || p == LegacyEndpoint || p == UpstreamPort || p == PCIeToPCIBridge
}

// DeviceErrors are the error bits of the Device Status register: what was
// detected since they were last cleared, whether it was reported or not.
type DeviceErrors struct {
	Correctable        bool
	NonFatal           bool
	Fatal              bool
	UnsupportedRequest bool
}

func (d *decoder) express(at int) {
	flags, status := d.u16(at+0x02), d.u16(at+0x0A)
	port := PortType(flags >> 4 & 0xF)
	e := &Express{
		Version:  uint8(flags & 0xF),
		PortType: port,
		// Undefined where the link leads towards the processor.
		SlotImplemented: flags&0x100 != 0 && port.Downstream(),
		Errors: DeviceErrors{
			Correctable:        status&1 != 0,
			NonFatal:           status&2 != 0,
			Fatal:              status&4 != 0,
			UnsupportedRequest: status&8 != 0,
		},
	}
	d.conf.Express = e
	size, hasLink := 0x0C, port.Downstream() || port.Upstream()
	switch {
	case e.SlotImplemented:
		size = 0x1C
	case hasLink:
		size = 0x14
	}
	if at+size > standardSize || !d.has(at, size) {
		d.short("capability 10h at %02xh cut short", at)
		return
	}
	if hasLink {
		e.Link = d.link(at, e.Version)
	}
	if e.SlotImplemented {
		e.Slot = d.slot(at)
	}
}
