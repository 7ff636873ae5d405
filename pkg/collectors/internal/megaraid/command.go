// Package megaraid asks MegaRAID controllers (LSI, Broadcom, Dell PERC, Lenovo,
// Fujitsu, Cisco; driver megaraid_sas) about themselves, their logical drives
// and the physical drives they hide, read-only. A hidden drive is reached as a
// SCSI device by pass-through.
//
// The interface is not standardised: layouts are those of the kernel's
// drivers/scsi/megaraid/megaraid_sas.h, where they are called MFI frames.
package megaraid

import (
	"encoding/binary"
	"fmt"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
)

// MFI commands (enum MFI_CMD_OP).
const (
	mfiPDSCSIIO = 0x04
	mfiDCMD     = 0x05
)

// Direct commands that only read (MR_DCMD_*).
const (
	dcmdControllerInfo = 0x01010000
	dcmdPDList         = 0x02010000
	dcmdPDListQuery    = 0x02010100
	dcmdPDInfo         = 0x02020000
	dcmdLDList         = 0x03010000
	dcmdLDListQuery    = 0x03010100
	dcmdLDInfo         = 0x03020000
	dcmdLDProperties   = 0x03030000
	dcmdConfigRead     = 0x04010000
	dcmdBBUStatus      = 0x05010000
	dcmdBBUCapacity    = 0x05020000
	dcmdBBUDesign      = 0x05030000
	dcmdBBUProperties  = 0x05050100
)

const (
	mailboxBytes = 12
	cdbBytes     = 16
	dcmdBytes    = 8 + mailboxBytes
	scsiBytes    = 8 + cdbBytes
)

// Lengths of answers. QEMU's controller wants the list of logical drives no
// longer than 64 entries, and the configuration no longer than 4096 bytes.
const (
	controllerInfoBytes = 2048
	pdListBytes         = 8 + 240*pdAddressBytes
	pdInfoBytes         = 512
	ldListBytes         = 8 + 64*ldEntryBytes
	ldInfoBytes         = 384
	firstConfigBytes    = 4096
	bbuStatusBytes      = 64
	maxReadLen          = 64 << 10
)

// A Command is one request to a controller: a direct command, or a CDB for a
// drive behind it.
type Command struct {
	Host uint16 // SCSI host number of the controller

	Opcode  uint32 // of a direct command
	Mailbox [mailboxBytes]byte

	CDB    []byte // of a pass-through; nil for a direct command
	Target uint8
	LUN    uint8
}

// Encode returns the encoding used as device.Request.Command. A direct command
// is 05h, a zero, the host (little-endian, as all numbers), the opcode and the
// mailbox: 20 bytes. A pass-through is 04h, the CDB's length, the host, target,
// LUN, two zeros and the CDB filled up with zeros: 24 bytes.
func (c Command) Encode() []byte {
	le := binary.LittleEndian
	if c.CDB == nil {
		b := make([]byte, dcmdBytes)
		b[0] = mfiDCMD
		le.PutUint16(b[2:], c.Host)
		le.PutUint32(b[4:], c.Opcode)
		copy(b[8:], c.Mailbox[:])
		return b
	}
	b := make([]byte, scsiBytes)
	b[0], b[1], b[4], b[5] = mfiPDSCSIIO, uint8(len(c.CDB)), c.Target, c.LUN
	le.PutUint16(b[2:], c.Host)
	copy(b[8:], c.CDB)
	return b
}

// ParseCommand is the inverse of Command.Encode.
func ParseCommand(b []byte) (Command, error) {
	bad := fmt.Errorf("megaraid command of %d bytes", len(b))
	if len(b) < 8 {
		return Command{}, bad
	}
	le := binary.LittleEndian
	c := Command{Host: le.Uint16(b[2:])}
	switch {
	case b[0] == mfiDCMD && len(b) == dcmdBytes && b[1] == 0:
		c.Opcode = le.Uint32(b[4:])
		copy(c.Mailbox[:], b[8:])
		return c, nil
	case b[0] == mfiPDSCSIIO && len(b) == scsiBytes && b[6] == 0 && b[7] == 0:
		n := int(b[1])
		if n == 0 || n > cdbBytes {
			return Command{}, fmt.Errorf("megaraid pass-through of a cdb of %d bytes", n)
		}
		for _, v := range b[8+n:] {
			if v != 0 {
				return Command{}, fmt.Errorf("megaraid pass-through with bytes behind its cdb")
			}
		}
		c.Target, c.LUN = b[4], b[5]
		c.CDB = append([]byte{}, b[8:8+n]...)
		return c, nil
	}
	return Command{}, fmt.Errorf("megaraid command %02xh of %d bytes", b[0], len(b))
}

// Unit names the controller, or the drive behind it, that a request is for; ""
// for what is no command. All controllers are asked through one node, and one
// that does not answer says nothing of the others; nor does a drive.
func Unit(req device.Request) string {
	c, err := ParseCommand(req.Command)
	switch {
	case err != nil:
		return ""
	case c.CDB != nil:
		return fmt.Sprintf("host %d target %d:%d", c.Host, c.Target, c.LUN)
	default:
		return fmt.Sprintf("host %d", c.Host)
	}
}

func dcmd(host uint16, opcode uint32, n int, mailbox ...byte) device.Request {
	c := Command{Host: host, Opcode: opcode}
	copy(c.Mailbox[:], mailbox)
	return device.Request{Command: c.Encode(), ReadLen: n}
}

func id16(id uint16) []byte { return binary.LittleEndian.AppendUint16(nil, id) }

// ControllerInfoRequest asks the controller of a SCSI host what it is.
func ControllerInfoRequest(host uint16) device.Request {
	return dcmd(host, dcmdControllerInfo, controllerInfoBytes)
}

// PDListRequest asks for all physical devices.
func PDListRequest(host uint16) device.Request { return dcmd(host, dcmdPDList, pdListBytes) }

// PDInfoRequest asks for one physical device.
func PDInfoRequest(host, deviceID uint16) device.Request {
	return dcmd(host, dcmdPDInfo, pdInfoBytes, id16(deviceID)...)
}

// LDListRequest asks for all logical drives.
func LDListRequest(host uint16) device.Request { return dcmd(host, dcmdLDList, ldListBytes) }

// LDInfoRequest asks for one logical drive.
func LDInfoRequest(host uint16, target uint8) device.Request {
	return dcmd(host, dcmdLDInfo, ldInfoBytes, target)
}

// ConfigRequest asks for arrays, logical drives and spares, in a buffer of n
// bytes.
func ConfigRequest(host uint16, n int) device.Request {
	return dcmd(host, dcmdConfigRead, min(max(n, firstConfigBytes), maxReadLen))
}

// BBUStatusRequest asks for the state of the battery or capacitor.
func BBUStatusRequest(host uint16) device.Request {
	return dcmd(host, dcmdBBUStatus, bbuStatusBytes)
}

// SCSIRequest wraps a SCSI request for a physical device.
func SCSIRequest(host, deviceID uint16, req device.Request) device.Request {
	target, lun := Address(deviceID)
	c := Command{Host: host, Target: target, LUN: lun, CDB: req.Command}
	return device.Request{Command: c.Encode(), Data: req.Data, ReadLen: req.ReadLen, Timeout: req.Timeout}
}

// Address returns where a frame is sent for a device id. The frame has one
// byte for the target; firmware keeps device ids below 256. QEMU's controller
// makes ids of target and LUN, the target being the upper byte.
func Address(deviceID uint16) (target, lun uint8) {
	if deviceID > 0xFF {
		return uint8(deviceID >> 8), uint8(deviceID)
	}
	return uint8(deviceID), 0
}

// DefaultTimeout is what firmware gets for a pass-through: a disk command's.
const DefaultTimeout = 30 * time.Second
