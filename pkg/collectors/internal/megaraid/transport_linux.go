package megaraid

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
)

// NodeName is the name of the node all controllers share.
const NodeName = "megaraid_sas_ioctl_node"

// Layout of struct megasas_iocpacket on 64-bit machines. It is packed: its
// numbers do not lie where Go would put them, so it is written byte by byte.
const (
	packetBytes      = 404
	packetSGLOffset  = 4
	packetSGECount   = 8
	packetSenseOff   = 12
	packetSenseLen   = 16
	packetFrame      = 20 // the frame, 128 bytes
	packetSGL        = 148
	frameStatus      = 2
	frameSenseOffset = 24 // of a pass-through frame: where its sense address is
	dcmdSGL          = 40 // of a direct command frame: where its list begins
	scsiSGL          = 48
	senseBytes       = 96
	flagRead         = 0x0010 // MFI_FRAME_DIR_READ
)

// iocFirmware returns MEGASAS_IOC_FIRMWARE.
func iocFirmware() uint32 { return ioctl.IOWR('M', 1, packetBytes) }

// Open opens the ioctl node of the megaraid_sas driver. Nobody makes it by
// itself: its major number is in /proc/devices, its minor is zero.
func Open(path string) (device.Device, error) {
	if filepath.Base(path) != NodeName {
		return nil, fmt.Errorf("open %s: %w: not named %s", path, errors.ErrUnsupported, NodeName)
	}
	f, err := ioctl.Open(path, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	is, err := f.IsChar()
	if err == nil && !is {
		err = fmt.Errorf("open %s: %w: not a character device", path, errors.ErrUnsupported)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &transport{file: f}, nil
}

type transport struct{ file *ioctl.File }

// Close implements device.Device.
func (t *transport) Close() error { return t.file.Close() }

// Exchange implements device.Device. What is handed to the kernel is memory of
// its own, so a call left behind at the caller's deadline writes nowhere else.
func (t *transport) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := ctx.Err(); err != nil {
		return device.Response{}, err
	}
	if err := Allowed(req); err != nil {
		return device.Response{}, fmt.Errorf("%s: refused: %w", t.file.Path(), err)
	}
	c, err := ParseCommand(req.Command)
	if err != nil {
		return device.Response{}, err
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	p, data, sense := newPacket(c, req), make([]byte, req.ReadLen), make([]byte, senseBytes)
	pin.Pin(p)
	if len(data) > 0 {
		p.setData(address(&pin, data))
	}
	if c.CDB != nil {
		p.setSense(address(&pin, sense))
	}
	if _, err := t.file.CallRetry(iocFirmware(), unsafe.Pointer(p)); err != nil {
		return device.Response{}, err
	}
	status := Status(p[packetFrame+frameStatus])
	resp := device.Response{Status: EncodeStatus(status, nil), Data: data}
	if status == statusSCSIDoneWithError {
		resp.Status = EncodeStatus(status, trimSense(sense))
	}
	if len(data) == 0 || status != statusOK && status != statusSCSIDoneWithError {
		resp.Data = nil
	}
	return resp, nil
}

// address pins a buffer and returns where it is.
func address(pin *runtime.Pinner, b []byte) uint64 {
	pin.Pin(&b[0])
	return uint64(uintptr(unsafe.Pointer(&b[0])))
}

// packet is struct megasas_iocpacket.
type packet [packetBytes]byte

// newPacket translates a request, all but the addresses.
func newPacket(c Command, req device.Request) *packet {
	le := binary.LittleEndian
	p := &packet{}
	le.PutUint16(p[0:], c.Host)
	frame := p[packetFrame:packetSGL]
	frame[frameStatus] = byte(statusUnset)
	sgl := uint32(dcmdSGL)
	if c.CDB == nil {
		frame[0] = mfiDCMD
		le.PutUint32(frame[24:], c.Opcode)
		copy(frame[28:], c.Mailbox[:])
	} else {
		sgl = scsiSGL
		frame[0], frame[1] = mfiPDSCSIIO, senseBytes
		frame[4], frame[5], frame[6] = c.Target, c.LUN, uint8(len(c.CDB))
		le.PutUint16(frame[18:], seconds(req.Timeout))
		copy(frame[32:48], c.CDB)
		le.PutUint32(p[packetSenseOff:], frameSenseOffset)
		le.PutUint32(p[packetSenseLen:], senseBytes)
	}
	le.PutUint32(p[packetSGLOffset:], sgl)
	if req.ReadLen > 0 {
		frame[7] = 1 // one element in the list
		le.PutUint16(frame[16:], flagRead)
		le.PutUint32(frame[20:], uint32(req.ReadLen))
		le.PutUint32(p[packetSGECount:], 1)
		le.PutUint64(p[packetSGL+8:], uint64(req.ReadLen))
	}
	return p
}

func (p *packet) setData(address uint64) {
	binary.LittleEndian.PutUint64(p[packetSGL:], address)
}

// setSense leaves the address where the driver looks for it.
func (p *packet) setSense(address uint64) {
	binary.LittleEndian.PutUint64(p[packetFrame+frameSenseOffset:], address)
}

// seconds is the firmware's timeout: at least one second, at most an hour.
func seconds(d time.Duration) uint16 {
	if d <= 0 {
		d = DefaultTimeout
	}
	return uint16((min(d, time.Hour) + time.Second - 1) / time.Second)
}
