package scsi

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
)

// maxReadLen bounds the buffer a request may ask for.
const maxReadLen = 1 << 20

// sgHeader is struct sg_io_hdr of scsi/sg.h, version 3, on 64-bit machines.
type sgHeader struct {
	interfaceID  int32
	direction    int32
	cmdLen       uint8
	maxSenseLen  uint8
	iovecCount   uint16
	dataLen      uint32
	data         uintptr
	cmd          uintptr
	sense        uintptr
	timeoutMS    uint32
	flags        uint32
	packID       int32
	_            int32
	userPointer  uintptr
	status       uint8
	maskedStatus uint8
	msgStatus    uint8
	senseLen     uint8
	hostStatus   uint16
	driverStatus uint16
	residual     int32
	durationMS   uint32
	info         uint32
	_            uint32
}

const (
	sgIO          = 0x2285 // SG_IO
	sgDirNone     = -1     // SG_DXFER_NONE
	sgDirFromDev  = -3     // SG_DXFER_FROM_DEV
	sgInterfaceID = 'S'
	maxSenseBytes = 96 // SCSI_SENSE_BUFFERSIZE

	driverTimeout = 0x06 // of driver_status & 0Fh, kernels before 5.14
)

// Open opens a disk's block device, /dev/sdX, or its generic device, /dev/sgN,
// for reading. O_NONBLOCK keeps the open from waiting for a medium. Anything
// else is errors.ErrUnsupported.
//
// Opening a disk the kernel has suspended to save power wakes it: the caller
// looks at its power/runtime_status first.
func Open(path string) (device.Device, error) {
	base := filepath.Base(path)
	block := regexp.MustCompile(`^sd[a-z]+$`).MatchString(base)
	if !block && !regexp.MustCompile(`^sg[0-9]+$`).MatchString(base) {
		return nil, fmt.Errorf("open %s: %w: not named like a SCSI disk", path, errors.ErrUnsupported)
	}
	f, err := ioctl.Open(path, unix.O_RDONLY|unix.O_NONBLOCK)
	if err != nil {
		return nil, err
	}
	kind := f.IsChar
	if block {
		kind = f.IsBlock
	}
	is, err := kind()
	if err == nil && !is {
		err = fmt.Errorf("open %s: %w: not a device of this kind", path, errors.ErrUnsupported)
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
	if req.ReadLen > maxReadLen {
		return device.Response{}, fmt.Errorf("%s: refused: %d bytes wanted", t.file.Path(), req.ReadLen)
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	h, cdb, sense, data := newHeader(req), append([]byte{}, req.Command...), make([]byte, maxSenseBytes), make([]byte, req.ReadLen)
	h.cmd, h.sense = address(&pin, cdb), address(&pin, sense)
	if len(data) > 0 {
		h.data = address(&pin, data)
	}
	if _, err := t.file.CallRetry(sgIO, unsafe.Pointer(h)); err != nil {
		return device.Response{}, err
	}
	resp, err := h.response(sense, data)
	runtime.KeepAlive(cdb)
	if err != nil {
		return device.Response{}, fmt.Errorf("%s: %w", t.file.Path(), err)
	}
	return resp, nil
}

// address pins a buffer and returns where it is.
func address(pin *runtime.Pinner, b []byte) uintptr {
	pin.Pin(&b[0])
	return uintptr(unsafe.Pointer(&b[0]))
}

// newHeader translates a request, all but the addresses.
func newHeader(req device.Request) *sgHeader {
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	h := &sgHeader{
		interfaceID: sgInterfaceID,
		direction:   sgDirNone,
		cmdLen:      uint8(len(req.Command)),
		maxSenseLen: maxSenseBytes,
		dataLen:     uint32(req.ReadLen),
		timeoutMS:   uint32(max(min(timeout, time.Hour).Milliseconds(), 1)),
	}
	if req.ReadLen > 0 {
		h.direction = sgDirFromDev
	}
	return h
}

// response judges a finished header. A device that answered, be it with an
// error, has answered; the adapter's trouble is an error.
func (h *sgHeader) response(sense, data []byte) (device.Response, error) {
	senseLen := min(int(h.senseLen), len(sense))
	if h.status&0x7E == statusGood && senseLen == 0 {
		if h.hostStatus != 0 {
			return device.Response{}, HostError(h.hostStatus)
		}
		if h.driverStatus&0xF == driverTimeout {
			return device.Response{}, HostError(3)
		}
	}
	resp := device.Response{Status: EncodeStatus(h.status, sense[:senseLen])}
	if len(data) > 0 {
		got := len(data) - min(max(int(h.residual), 0), len(data))
		resp.Data = data[:got]
	}
	return resp, nil
}
