package nvme

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"example.com/bee/pkg/inventory"
)

// StatusBytes is the length of device.Response.Status: the 16-bit status field
// as the kernel returns it (figure 93 without the phase tag), then dword 0 of
// the completion, both little-endian.
const StatusBytes = 6

// A Status is a completion's status field without its phase tag: status code
// in bits 7:0, status code type in 10:8, retry delay in 12:11, more in 13, do
// not retry in 14. Zero is success.
type Status uint16

// Code returns the status code.
func (s Status) Code() uint8 { return uint8(s) }

// Type returns the status code type.
func (s Status) Type() uint8 { return uint8(s >> 8 & 7) }

// DoNotRetry says that the same command would fail again.
func (s Status) DoNotRetry() bool { return s&0x4000 != 0 }

// EncodeStatus returns the encoding of a completion used as
// device.Response.Status.
func EncodeStatus(s Status, dword0 uint32) []byte {
	b := binary.LittleEndian.AppendUint16(make([]byte, 0, StatusBytes), uint16(s))
	return binary.LittleEndian.AppendUint32(b, dword0)
}

// DecodeStatus is the inverse of EncodeStatus.
func DecodeStatus(b []byte) (s Status, dword0 uint32, err error) {
	if len(b) != StatusBytes {
		return 0, 0, fmt.Errorf("nvme completion: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), StatusBytes)
	}
	return Status(binary.LittleEndian.Uint16(b)), binary.LittleEndian.Uint32(b[2:]), nil
}

// A StatusError is a command the controller refused. It matches
// errors.ErrUnsupported when the controller does not know the command, field
// or log page, and fs.ErrPermission when it denied it.
type StatusError Status

// Error implements error.
func (e StatusError) Error() string {
	s := Status(e)
	if name := s.name(); name != "" {
		return fmt.Sprintf("status %xh/%02xh (%s)", s.Type(), s.Code(), name)
	}
	return fmt.Sprintf("status %xh/%02xh", s.Type(), s.Code())
}

// Is implements the matching described at StatusError.
func (e StatusError) Is(target error) bool {
	switch uint16(e) & 0x7FF {
	case 0x001, 0x002, 0x109:
		return target == errors.ErrUnsupported
	case 0x015, 0x286:
		return target == fs.ErrPermission
	}
	return false
}

// name returns the status in the specification's words (figures 94 to 101), or
// nothing for one that admin reads do not meet.
func (s Status) name() string {
	switch s & 0x7FF {
	case 0x000:
		return "successful completion"
	case 0x001:
		return "invalid command opcode"
	case 0x002:
		return "invalid field in command"
	case 0x003:
		return "command id conflict"
	case 0x004:
		return "data transfer error"
	case 0x005:
		return "aborted due to power loss"
	case 0x006:
		return "internal error"
	case 0x007:
		return "abort requested"
	case 0x008:
		return "aborted due to queue deletion"
	case 0x00B:
		return "invalid namespace or format"
	case 0x00C:
		return "command sequence error"
	case 0x015:
		return "operation denied"
	case 0x01C:
		return "sanitize failed"
	case 0x01D:
		return "sanitize in progress"
	case 0x020:
		return "namespace is write protected"
	case 0x021:
		return "command interrupted"
	case 0x022:
		return "transient transport error"
	case 0x024:
		return "admin command media not ready"
	case 0x080:
		return "lba out of range"
	case 0x082:
		return "namespace not ready"
	case 0x084:
		return "format in progress"
	case 0x109:
		return "invalid log page"
	case 0x10B:
		return "firmware activation requires conventional reset"
	case 0x11D:
		return "device self-test in progress"
	case 0x11F:
		return "invalid controller identifier"
	case 0x280:
		return "write fault"
	case 0x281:
		return "unrecovered read error"
	case 0x282:
		return "end-to-end guard check error"
	case 0x286:
		return "access denied"
	case 0x287:
		return "deallocated or unwritten logical block"
	case 0x300:
		return "internal path error"
	case 0x301:
		return "asymmetric access persistent loss"
	case 0x302:
		return "asymmetric access inaccessible"
	case 0x303:
		return "asymmetric access transition"
	case 0x360:
		return "controller pathing error"
	case 0x370:
		return "host pathing error"
	case 0x371:
		return "command aborted by host"
	}
	return ""
}
