package nvme

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A Controller is what bee keeps of the Identify Controller data structure
// (figure 275). An empty string and a nil pointer mean the controller did not
// say.
type Controller struct {
	VendorID          uint16 // VID, PCI vendor
	SubsystemVendorID uint16 // SSVID
	SerialNumber      string // SN
	ModelNumber       string // MN
	FirmwareRevision  string // FR
	IEEEOUI           string // IEEE, six hex digits, most significant first; "" when zero

	ControllerID uint16  // CNTLID, unique within the subsystem
	Version      Version // VER; zero on controllers older than 1.2
	Type         ControllerType
	MultiPath    MultiPath // CMIC
	MaxTransfer  uint8     // MDTS, a power of two of the minimum page size; 0 = no limit
	Attributes   uint32    // CTRATT

	OptionalAdmin uint16 // OACS
	OptionalNVM   uint16 // ONCS
	LogAttributes uint8  // LPA
	// ErrorLogEntries is how many entries the error log keeps (ELPE is one less).
	ErrorLogEntries int
	// PowerStates is how many power states are defined (NPSS is one less).
	PowerStates     int
	FirmwareSlots   int  // FRMW bits 3:1
	FirmwareSlot1RO bool // FRMW bit 0
	Sanitize        uint32
	VolatileCache   bool // VWC bit 0

	WarningTempKelvin  *uint16 // WCTEMP; nil when zero: not reported
	CriticalTempKelvin *uint16 // CCTEMP; nil when zero: not reported

	// TotalCapacity and UnallocatedCapacity are in bytes. They mean something
	// when the controller supports namespace management or says a non-zero
	// total; else they are nil.
	TotalCapacity       *Uint128 // TNVMCAP
	UnallocatedCapacity *Uint128 // UNVMCAP

	Namespaces   uint32 // NN, the highest namespace ID possible
	SubsystemNQN string // SUBNQN
	FRUGUID      string // FGUID, 32 hex digits; "" when zero
}

// A Version is major, minor and tertiary number in bits 31:16, 15:8 and 7:0.
type Version uint32

// Version numbers that brought something bee asks for.
const (
	Version1_2 Version = 0x010200
	Version1_3 Version = 0x010300
	Version1_4 Version = 0x010400
)

// String returns "1.4" or "1.2.1", and "" for the zero of old controllers.
func (v Version) String() string {
	switch {
	case v == 0:
		return ""
	case v&0xFF != 0:
		return fmt.Sprintf("%d.%d.%d", v>>16, v>>8&0xFF, v&0xFF)
	}
	return fmt.Sprintf("%d.%d", v>>16, v>>8&0xFF)
}

// A ControllerType is CNTRLTYPE; controllers older than 1.4 say zero.
type ControllerType uint8

// The defined controller types.
const (
	ControllerTypeUnknown   ControllerType = 0
	ControllerTypeIO        ControllerType = 1
	ControllerTypeDiscovery ControllerType = 2
	ControllerTypeAdmin     ControllerType = 3
)

// MultiPath is CMIC.
type MultiPath uint8

// MultiPort says that the subsystem may have more than one port.
func (m MultiPath) MultiPort() bool { return m&1 != 0 }

// MultiController says that the subsystem may have more than one controller.
func (m MultiPath) MultiController() bool { return m&2 != 0 }

// VirtualFunction says that the controller is an SR-IOV virtual function.
func (m MultiPath) VirtualFunction() bool { return m&4 != 0 }

// DecodeController decodes an Identify Controller data structure of 4096
// bytes.
func DecodeController(b []byte) (*Controller, error) {
	if len(b) < identifyBytes {
		return nil, fmt.Errorf("identify controller: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), identifyBytes)
	}
	le := binary.LittleEndian
	c := &Controller{
		VendorID:          le.Uint16(b[0:]),
		SubsystemVendorID: le.Uint16(b[2:]),
		SerialNumber:      text(b[4:24]),
		ModelNumber:       text(b[24:64]),
		FirmwareRevision:  text(b[64:72]),
		IEEEOUI:           identifier([]byte{b[75], b[74], b[73]}),
		MultiPath:         MultiPath(b[76]),
		MaxTransfer:       b[77],
		ControllerID:      le.Uint16(b[78:]),
		Version:           Version(le.Uint32(b[80:])),
		Attributes:        le.Uint32(b[96:]),
		Type:              ControllerType(b[111]),
		FRUGUID:           identifier(b[112:128]),
		OptionalAdmin:     le.Uint16(b[256:]),
		FirmwareSlots:     int(b[260] >> 1 & 7),
		FirmwareSlot1RO:   b[260]&1 != 0,
		LogAttributes:     b[261],
		ErrorLogEntries:   int(b[262]) + 1,
		PowerStates:       int(b[263]) + 1,
		Sanitize:          le.Uint32(b[328:]),
		Namespaces:        le.Uint32(b[516:]),
		OptionalNVM:       le.Uint16(b[520:]),
		VolatileCache:     b[525]&1 != 0,
		SubsystemNQN:      text(b[768:1024]),
	}
	c.WarningTempKelvin = kelvin(b[266:])
	c.CriticalTempKelvin = kelvin(b[268:])
	if total := uint128(b[280:]); !total.IsZero() || c.SupportsNamespaceManagement() {
		c.TotalCapacity, c.UnallocatedCapacity = &total, new(uint128(b[296:]))
	}
	return c, nil
}

// kelvin reads a temperature in kelvin; zero and FFFFh mean not reported.
func kelvin(b []byte) *uint16 {
	switch k := binary.LittleEndian.Uint16(b); k {
	case 0, 0xFFFF:
		return nil
	default:
		return &k
	}
}

// Celsius converts a temperature as every tool does: kelvin less 273.
func Celsius(kelvin uint16) int { return int(kelvin) - 273 }
