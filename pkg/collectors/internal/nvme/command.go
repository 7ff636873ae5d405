// Package nvme asks NVMe controllers about themselves: Identify, log pages and
// features, read-only. Requests are built and answers decoded by pure
// functions; the way to the device is a device.Device.
//
// Numbers in comments are sections and figures of the NVM Express Base
// Specification 2.0 unless another source is named.
package nvme

import (
	"encoding/binary"
	"fmt"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
)

// Admin opcodes (figure 138).
const (
	opGetLogPage  = 0x02
	opIdentify    = 0x06
	opGetFeatures = 0x0A
)

// CommandBytes is the length of an encoded Command.
const CommandBytes = 40

// NSIDAll addresses the whole controller rather than one namespace.
const NSIDAll = 0xFFFFFFFF

// A Command is the part of an admin submission queue entry (figure 88) that
// user space decides. Buffer addresses and lengths belong to the transport.
type Command struct {
	Opcode uint8
	Flags  uint8 // fused operation and PSDT; always zero here
	NSID   uint32
	CDW2   uint32
	CDW3   uint32
	CDW10  uint32
	CDW11  uint32
	CDW12  uint32
	CDW13  uint32
	CDW14  uint32
	CDW15  uint32
}

// Encode returns the little-endian encoding used as device.Request.Command:
// opcode, flags, two reserved bytes, then NSID, CDW2, CDW3 and CDW10 to CDW15.
func (c Command) Encode() []byte {
	b := make([]byte, CommandBytes)
	b[0], b[1] = c.Opcode, c.Flags
	for i, v := range [...]uint32{c.NSID, c.CDW2, c.CDW3, c.CDW10, c.CDW11, c.CDW12, c.CDW13, c.CDW14, c.CDW15} {
		binary.LittleEndian.PutUint32(b[4+4*i:], v)
	}
	return b
}

// ParseCommand is the inverse of Command.Encode.
func ParseCommand(b []byte) (Command, error) {
	if len(b) != CommandBytes {
		return Command{}, fmt.Errorf("nvme command of %d bytes, want %d", len(b), CommandBytes)
	}
	if b[2] != 0 || b[3] != 0 {
		return Command{}, fmt.Errorf("nvme command with reserved bytes % x", b[2:4])
	}
	c := Command{Opcode: b[0], Flags: b[1]}
	for i, p := range [...]*uint32{&c.NSID, &c.CDW2, &c.CDW3, &c.CDW10, &c.CDW11, &c.CDW12, &c.CDW13, &c.CDW14, &c.CDW15} {
		*p = binary.LittleEndian.Uint32(b[4+4*i:])
	}
	return c, nil
}

// Identify CNS values (figure 273).
const (
	cnsNamespace         = 0x00
	cnsController        = 0x01
	cnsActiveNamespaces  = 0x02
	cnsNamespaceIDs      = 0x03
	cnsNamespaceAnySet   = 0x08
	cnsAllocatedList     = 0x10
	cnsAllocated         = 0x11
	cnsAttachedToNS      = 0x12
	cnsControllersInNVMS = 0x13
)

// identifyBytes is the size of every Identify data structure.
const identifyBytes = 4096

// IdentifyControllerRequest asks for the Identify Controller data structure.
func IdentifyControllerRequest() device.Request { return identify(cnsController, 0) }

// ActiveNamespacesRequest asks for up to 1024 active namespace IDs greater
// than after, ascending.
func ActiveNamespacesRequest(after uint32) device.Request {
	return identify(cnsActiveNamespaces, after)
}

// IdentifyNamespaceRequest asks for one namespace's data structure (NVM
// Command Set Specification 1.0, figure 97).
func IdentifyNamespaceRequest(nsid uint32) device.Request { return identify(cnsNamespace, nsid) }

// NamespaceIDsRequest asks for one namespace's identification descriptors.
func NamespaceIDsRequest(nsid uint32) device.Request { return identify(cnsNamespaceIDs, nsid) }

func identify(cns, nsid uint32) device.Request {
	return device.Request{
		Command: Command{Opcode: opIdentify, NSID: nsid, CDW10: cns}.Encode(),
		ReadLen: identifyBytes,
	}
}

// Log page identifiers (figure 202).
const (
	logSupported     = 0x00
	logError         = 0x01
	logSMART         = 0x02
	logFirmwareSlot  = 0x03
	logEffects       = 0x05
	logSelfTest      = 0x06
	logEnduranceGrp  = 0x09
	logSanitize      = 0x81
	smartLogBytes    = 512
	firmwareLogBytes = 512
	selfTestLogBytes = 564
	errorEntryBytes  = 64
)

// maxErrorEntries bounds the error log read: a controller may keep 256.
const maxErrorEntries = 64

// retainAsyncEvent is RAE, CDW10 bit 15: without it, reading a log clears the
// asynchronous event of its kind, and a monitoring program would miss it. To
// controllers older than 1.3 the bit is reserved and ignored.
const retainAsyncEvent = 1 << 15

// SMARTLogRequest asks for SMART / Health Information of the controller.
func SMARTLogRequest() device.Request { return getLog(logSMART, smartLogBytes) }

// FirmwareLogRequest asks for Firmware Slot Information.
func FirmwareLogRequest() device.Request { return getLog(logFirmwareSlot, firmwareLogBytes) }

// SelfTestLogRequest asks for the Device Self-test log.
func SelfTestLogRequest() device.Request { return getLog(logSelfTest, selfTestLogBytes) }

// ErrorLogRequest asks for the newest entries of the Error Information log, at
// least one and at most 64.
func ErrorLogRequest(entries int) device.Request {
	return getLog(logError, min(max(entries, 1), maxErrorEntries)*errorEntryBytes)
}

// getLog builds Get Log Page (figure 197) for n bytes, a multiple of four.
func getLog(lid uint32, n int) device.Request {
	dwords := uint32(n/4 - 1) // zero-based
	c := Command{Opcode: opGetLogPage, NSID: NSIDAll, CDW10: lid | dwords<<16, CDW11: dwords >> 16}
	if clearsEvents(uint8(lid)) {
		c.CDW10 |= retainAsyncEvent
	}
	return device.Request{Command: c.Encode(), ReadLen: n}
}

// clearsEvents says whether reading a log page without RAE clears an
// asynchronous event (5.2, figure 147).
func clearsEvents(lid uint8) bool {
	switch lid {
	case logError, logSMART, logFirmwareSlot, logEnduranceGrp, logSanitize:
		return true
	}
	return false
}

// DefaultTimeout is the kernel's own for admin commands
// (nvme_core.admin_timeout). A shorter one would be a risk to others: when it
// passes, the driver resets the controller, and with it everybody's I/O. The
// caller's deadline, which only leaves the call behind, is the short one.
const DefaultTimeout = 60 * time.Second
