package nvme

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

// passthru is struct nvme_passthru_cmd of linux/nvme_ioctl.h.
type passthru struct {
	opcode      uint8
	flags       uint8
	_           uint16
	nsid        uint32
	cdw2        uint32
	cdw3        uint32
	metadata    uint64
	addr        uint64
	metadataLen uint32
	dataLen     uint32
	cdw10       uint32
	cdw11       uint32
	cdw12       uint32
	cdw13       uint32
	cdw14       uint32
	cdw15       uint32
	timeoutMS   uint32
	result      uint32
}

// adminCmd returns NVME_IOCTL_ADMIN_CMD.
func adminCmd() uint32 { return ioctl.IOWR('N', 0x41, unsafe.Sizeof(passthru{})) }

// Open opens a controller's character device, /dev/nvmeN, for reading. A
// namespace, a partition or anything else is errors.ErrUnsupported: an NVMe
// ioctl sent to another driver means something else there.
func Open(path string) (device.Device, error) {
	if !controllerName().MatchString(filepath.Base(path)) {
		return nil, fmt.Errorf("open %s: %w: not named like an NVMe controller", path, errors.ErrUnsupported)
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

func controllerName() *regexp.Regexp { return regexp.MustCompile(`^nvme[0-9]+$`) }

type transport struct{ file *ioctl.File }

// Close implements device.Device.
func (t *transport) Close() error { return t.file.Close() }

// Exchange implements device.Device. The buffer handed to the kernel is its
// own, so a call left behind at the caller's deadline writes nowhere else.
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
	p, err := newPassthru(req)
	if err != nil {
		return device.Response{}, err
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	buf := make([]byte, req.ReadLen)
	if len(buf) > 0 {
		pin.Pin(&buf[0])
		p.addr = uint64(uintptr(unsafe.Pointer(&buf[0])))
	}
	status, err := t.file.Call(adminCmd(), unsafe.Pointer(p))
	runtime.KeepAlive(buf)
	if errors.Is(err, unix.EINTR) {
		// The driver gave the command up because its time was over or the
		// controller was reset under it.
		return device.Response{}, fmt.Errorf("%s: command cancelled by the kernel: %w", t.file.Path(), context.DeadlineExceeded)
	}
	if err != nil {
		return device.Response{}, err
	}
	resp := device.Response{Status: EncodeStatus(Status(status), p.result)}
	if status == 0 {
		resp.Data = buf
	}
	return resp, nil
}

// newPassthru translates a request, all but the buffer's address.
func newPassthru(req device.Request) (*passthru, error) {
	c, err := ParseCommand(req.Command)
	if err != nil {
		return nil, err
	}
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	return &passthru{
		opcode: c.Opcode, flags: c.Flags, nsid: c.NSID,
		cdw2: c.CDW2, cdw3: c.CDW3,
		cdw10: c.CDW10, cdw11: c.CDW11, cdw12: c.CDW12, cdw13: c.CDW13, cdw14: c.CDW14, cdw15: c.CDW15,
		dataLen:   uint32(req.ReadLen),
		timeoutMS: uint32(max(min(timeout, time.Hour).Milliseconds(), 1)),
	}, nil
}
