package ipmi

import (
	"fmt"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// A NetFn is a network function code: the class of a command (IPMI table
// 5-1). Requests have even codes.
type NetFn uint8

// The network functions bee uses.
const (
	NetFnChassis   NetFn = 0x00
	NetFnSensor    NetFn = 0x04
	NetFnApp       NetFn = 0x06
	NetFnStorage   NetFn = 0x0A
	NetFnTransport NetFn = 0x0C
	NetFnGroup     NetFn = 0x2C // the first data byte names the group: DCMI, PICMG
)

// A Target is whom a command is for. Channel 0Fh is the system interface, the
// controller behind /dev/ipmiN itself; any other channel is a controller on
// that bus, reached by bridging.
type Target struct {
	Channel uint8
	Addr    uint8 // slave address, 8-bit form (bit 0 is zero)
	LUN     uint8
}

const (
	channelSystem = 0x0F
	addrBMC       = 0x20

	commandLen = 5
	// readLen is the longest message the kernel hands over
	// (IPMI_MAX_MSG_LENGTH) less the completion code.
	readLen = 271
)

// BMC returns the controller the system interface belongs to.
func BMC() Target { return Target{Channel: channelSystem, Addr: addrBMC} }

// WithLUN returns the same controller's other logical unit.
func (t Target) WithLUN(lun uint8) Target {
	t.LUN = lun & 3
	return t
}

func (t Target) String() string {
	if t.Channel == channelSystem {
		return "bmc"
	}
	return fmt.Sprintf("mc %02xh on channel %d", t.Addr, t.Channel)
}

// A Command is a decoded [device.Request].
type Command struct {
	Target Target
	NetFn  NetFn
	Code   uint8
	Data   []byte
}

// Request encodes the command: Command is channel, address, LUN, network
// function and command code; Data the request bytes.
func (c Command) Request(timeout time.Duration) device.Request {
	return device.Request{
		Command: []byte{c.Target.Channel, c.Target.Addr, c.Target.LUN, byte(c.NetFn), c.Code},
		Data:    c.Data,
		ReadLen: readLen,
		Timeout: timeout,
	}
}

// ParseRequest decodes what Request encodes.
func ParseRequest(req device.Request) (Command, error) {
	b := req.Command
	if len(b) != commandLen {
		return Command{}, fmt.Errorf("ipmi request of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return Command{
		Target: Target{Channel: b[0], Addr: b[1], LUN: b[2]},
		NetFn:  NetFn(b[3]),
		Code:   b[4],
		Data:   req.Data,
	}, nil
}

// The command codes bee uses, by network function (IPMI appendix G).
const (
	cmdGetChassisCapabilities = 0x00 // chassis
	cmdGetChassisStatus       = 0x01
	cmdGetRestartCause        = 0x07

	cmdGetDeviceSDRInfo  = 0x20 // sensor/event
	cmdGetDeviceSDR      = 0x21
	cmdReserveDeviceSDR  = 0x22
	cmdGetReadingFactors = 0x23
	cmdGetHysteresis     = 0x25
	cmdGetThresholds     = 0x27
	cmdGetEventEnable    = 0x29
	cmdGetEventStatus    = 0x2B
	cmdGetReading        = 0x2D
	cmdGetSensorType     = 0x2F

	cmdGetDeviceID       = 0x01 // application
	cmdGetSelfTest       = 0x04
	cmdGetDeviceGUID     = 0x08
	cmdGetWatchdog       = 0x25
	cmdGetSystemGUID     = 0x37
	cmdGetChannelInfo    = 0x42
	cmdGetSystemInfo     = 0x59
	cmdGetFRUInfo        = 0x10 // storage
	cmdReadFRU           = 0x11
	cmdGetSDRInfo        = 0x20
	cmdGetSDRAllocInfo   = 0x21
	cmdReserveSDR        = 0x22
	cmdGetSDR            = 0x23
	cmdGetSDRTime        = 0x28
	cmdGetSELInfo        = 0x40
	cmdGetSELAllocInfo   = 0x41
	cmdReserveSEL        = 0x42
	cmdGetSELEntry       = 0x43
	cmdGetSELTime        = 0x48
	cmdGetLAN            = 0x02 // transport
	cmdPICMGProperties   = 0x00 // group extension, PICMG
	cmdDCMICapabilities  = 0x01 // group extension, DCMI
	cmdDCMIPowerReading  = 0x02
	cmdDCMIAssetTag      = 0x06
	cmdDCMIControllerTag = 0x09
	groupPICMG           = 0x00
	groupDCMI            = 0xDC
)
