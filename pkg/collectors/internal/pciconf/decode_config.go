package pciconf

import (
	"bytes"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// ErrAllOnes says that every byte reads as FFh. That is what the bus returns
// when nobody answers: the device is gone, powered off, or hangs.
var ErrAllOnes = errors.New("configuration space reads as all ones")

// Sizes of configuration space. A caller without privilege is given the
// header only.
const (
	headerSize   = 64
	standardSize = 256
	fullSize     = 4096
)

// Config is the configuration space of one function.
type Config struct {
	// VendorID and DeviceID are nil on an SR-IOV virtual function, whose
	// registers read as FFFFh.
	VendorID *uint16
	DeviceID *uint16
	Command  Command
	// Revision is the Revision ID register.
	Revision uint8
	Class    ClassCode
	// Layout is the header type without its top bit: 0 device, 1 PCI bridge,
	// 2 CardBus bridge. Only the first 16 bytes are decoded of any other.
	Layout        uint8
	MultiFunction bool
	// Subsystem is nil when the function names none.
	Subsystem *Subsystem
	// BARs are the base address registers that show themselves, in order.
	BARs []BAR
	// Bridge is set on bridges.
	Bridge *Bridge

	// CapabilitiesRead is false when the function has a capability list that
	// lies beyond the bytes given: then the fields below say nothing.
	CapabilitiesRead bool
	Capabilities     []Capability
	// ExtendedRead is false when the bytes end before extended capabilities
	// begin: then AER, SerialNumber, SRIOV and VendorSpecificIDs say nothing.
	ExtendedRead         bool
	ExtendedCapabilities []ExtendedCapability

	// The capabilities the function has; nil: it has none, or see above.
	Express      *Express
	PowerState   *PowerState
	MSI          *MSI
	MSIX         *MSIX
	HasVPD       bool
	AER          *AER
	SerialNumber *SerialNumber
	SRIOV        *SRIOV
	// VendorSpecificIDs are the ids that the maker gave to the vendor-specific
	// extended capabilities, in their order.
	VendorSpecificIDs []uint16
}

// Subsystem is the maker of the board, and its id there.
type Subsystem struct {
	VendorID uint16
	DeviceID uint16
}

// Command is the Command register.
type Command uint16

// IO says whether the function answers at its I/O addresses.
func (c Command) IO() bool { return c&1 != 0 }

// Memory says whether the function answers at its memory addresses.
func (c Command) Memory() bool { return c&2 != 0 }

// BusMaster says whether the function may start transfers of its own.
func (c Command) BusMaster() bool { return c&4 != 0 }

// ClassCode is base class << 16 | sub-class << 8 | programming interface.
type ClassCode uint32

// Base is the base class.
func (c ClassCode) Base() uint8 { return uint8(c >> 16) }

// Sub is the sub-class.
func (c ClassCode) Sub() uint8 { return uint8(c >> 8) }

// ProgIf is the programming interface.
func (c ClassCode) ProgIf() uint8 { return uint8(c) }

// Decode decodes configuration space as sysfs gives it in
// devices/*/config: 64, 256 or 4096 bytes; more is ignored.
//
// The error wraps [ErrAllOnes] or inventory.ErrMalformed. With a Config
// beside it, everything else was decoded; without, nothing could be.
func Decode(b []byte) (*Config, error) {
	d := decoder{space: space{b: b[:min(len(b), fullSize)]}}
	return d.decode()
}

// decoder fills a Config.
type decoder struct {
	space
	conf     Config
	problems []error
}

func (d *decoder) decode() (*Config, error) {
	switch {
	case d.has(0, headerSize):
	case d.missed:
		return nil, d.missing
	default:
		return nil, fmt.Errorf("configuration space of %d bytes: %w", len(d.b), inventory.ErrMalformed)
	}
	header := d.b[:headerSize]
	if bytes.Count(header, []byte{0xFF}) == headerSize {
		return nil, ErrAllOnes
	}
	if bytes.Count(header, []byte{0}) == headerSize {
		return nil, fmt.Errorf("configuration space reads as zeros: %w", inventory.ErrMalformed)
	}
	d.header()
	d.capabilities()
	d.extendedCapabilities()
	return &d.conf, errors.Join(append(d.problems, d.missing)...)
}

// short notes what the space ends before, unless the last question was in vain
// only because that was not read.
func (d *decoder) short(format string, args ...any) {
	if !d.missed {
		d.malformed(format, args...)
	}
}

// malformed notes what could not be decoded. Their number is bounded by the
// number of capabilities that fit.
func (d *decoder) malformed(format string, args ...any) {
	d.problems = append(d.problems, fmt.Errorf("configuration space: "+format+": %w", append(args, inventory.ErrMalformed)...))
}

func (d *decoder) header() {
	c := &d.conf
	if v := d.u16(0x00); v != 0xFFFF && v != 0 {
		c.VendorID, c.DeviceID = new(v), new(d.u16(0x02))
	}
	c.Command = Command(d.u16(0x04))
	c.Revision = d.u8(0x08)
	c.Class = ClassCode(d.u32(0x08) >> 8)
	c.Layout, c.MultiFunction = d.u8(0x0E)&0x7F, d.u8(0x0E)&0x80 != 0
	switch c.Layout {
	case 0:
		d.bars(6)
		c.Subsystem = d.subsystem(0x2C)
	case 1:
		d.bars(2)
		d.bridge()
	case 2:
		d.bars(1)
		d.cardBus()
	default:
		d.malformed("header type %02xh", c.Layout)
	}
}

// subsystem reads a subsystem vendor id and, after it, the id it gave. Vendor
// 0000h and FFFFh mean that the function names none.
func (d *decoder) subsystem(at int) *Subsystem {
	v := d.u16(at)
	if v == 0 || v == 0xFFFF {
		return nil
	}
	return &Subsystem{VendorID: v, DeviceID: d.u16(at + 2)}
}
