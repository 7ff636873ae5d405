package ipmi

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
)

// maxInterrupts bounds how often an interrupted call is made again.
const maxInterrupts = 16

// Open opens the kernel's message interface, for example /dev/ipmi0. It is
// opened for writing because its ioctls demand it; only requests that
// [Allowed] accepts are sent.
//
// Exchanges are made one at a time. An answer is told from a late answer to an
// earlier request by its message id; late ones are thrown away. An exchange
// whose request's Timeout passed, or whose context ended, returns
// context.DeadlineExceeded or the context's error.
//
// Errors: fs.ErrNotExist when there is no such node or no controller behind
// it, fs.ErrPermission.
func Open(path string) (device.Device, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, sysError("open", path, err)
	}
	// The descriptor is in blocking mode, so the runtime's poller leaves it
	// alone and closing never waits for a call in the kernel.
	return newLink(&kernelPort{file: os.NewFile(uintptr(fd), path), path: path}, path), nil
}

// A kernelPort is /dev/ipmiN.
type kernelPort struct {
	file *os.File
	path string
}

func (d *kernelPort) close() error { return d.file.Close() }

func (d *kernelPort) poll(timeout time.Duration) (bool, error) {
	fds := []unix.PollFd{{Events: unix.POLLIN}}
	var n int
	var err error
	cerr := d.control(func(fd uintptr) {
		fds[0].Fd = int32(fd)
		n, err = unix.Poll(fds, int(timeout/time.Millisecond))
	})
	switch {
	case cerr != nil:
		return false, cerr
	case errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, sysError("poll", d.path, err)
	case n > 0 && fds[0].Revents&unix.POLLIN == 0:
		return false, sysError("poll", d.path, syscall.EIO) // POLLERR or POLLHUP: the driver was unbound
	}
	return n > 0, nil
}

func (d *kernelPort) send(id int, c Command, timeout time.Duration) error {
	var pin runtime.Pinner
	defer pin.Unpin()

	addr := &ipmiAddr{kind: addrTypeSystemInterface, channel: channelSystem, b: [2]uint8{c.Target.LUN}}
	bridged := c.Target.Channel != channelSystem
	if bridged {
		addr = &ipmiAddr{kind: addrTypeIPMB, channel: int16(c.Target.Channel), b: [2]uint8{c.Target.Addr, c.Target.LUN}}
	}
	pin.Pin(addr)
	req := &ipmiReqSetTime{req: ipmiReq{
		addr:    unsafe.Pointer(addr),
		addrLen: uint32(unsafe.Sizeof(*addr)),
		msgID:   id,
		msg:     ipmiMsg{netFn: uint8(c.NetFn), cmd: c.Code, dataLen: uint16(len(c.Data))},
	}}
	if len(c.Data) > 0 {
		pin.Pin(&c.Data[0])
		req.req.msg.data = unsafe.Pointer(&c.Data[0])
	}
	if !bridged {
		return d.call(ioctlSend(), unsafe.Pointer(&req.req))
	}
	// The kernel would try four times, two seconds each: the bus gets two
	// attempts within this exchange's time.
	req.retries, req.retryTimeMS = 1, uint32(max(timeout/2, time.Millisecond)/time.Millisecond)
	err := d.call(ioctlSendSetTime(), unsafe.Pointer(req))
	if errors.Is(err, syscall.EINVAL) {
		// The driver knows no such channel, or it is no IPMB: that is about
		// this target, not about the way to the controller.
		return fmt.Errorf("%s: %s cannot be reached: %w", d.path, c.Target, errors.ErrUnsupported)
	}
	return err
}

// receive takes one message. The kernel overwrites every length it is given,
// so each call starts from a fresh structure. With EMSGSIZE the message was
// taken but cut short; what it was is returned too.
func (d *kernelPort) receive() (message, error) {
	var pin runtime.Pinner
	defer pin.Unpin()

	addr := new(ipmiAddrSpace)
	buf := new([maxMessage]byte)
	pin.Pin(addr)
	pin.Pin(buf)
	recv := &ipmiRecv{
		addr:    unsafe.Pointer(addr),
		addrLen: uint32(unsafe.Sizeof(*addr)),
		msg:     ipmiMsg{dataLen: maxMessage, data: unsafe.Pointer(buf)},
	}
	err := d.call(ioctlReceiveTrunc(), unsafe.Pointer(recv))
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return message{}, errNothing
	case errors.Is(err, syscall.EMSGSIZE):
		err = errCut
	case err != nil:
		return message{}, err
	}
	return message{
		response: recv.recvType == recvTypeResponse, id: recv.msgID,
		netFn: recv.msg.netFn, cmd: recv.msg.cmd,
		data: buf[:min(int(recv.msg.dataLen), len(buf))],
	}, err
}

// call makes one ioctl, again when a signal interrupted it.
func (d *kernelPort) call(request uint32, arg unsafe.Pointer) error {
	for range maxInterrupts {
		var errno syscall.Errno
		if err := d.control(func(fd uintptr) {
			_, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(arg))
		}); err != nil {
			return err
		}
		switch errno {
		case 0:
			return nil
		case syscall.EINTR:
			continue
		}
		return sysError("ioctl", d.path, errno)
	}
	return sysError("ioctl", d.path, syscall.EINTR)
}

func (d *kernelPort) control(fn func(fd uintptr)) error {
	conn, err := d.file.SyscallConn()
	if err == nil {
		err = conn.Control(fn)
	}
	if err != nil { // it was closed: nothing else can go wrong here
		return fmt.Errorf("%s: %w", d.path, fs.ErrClosed)
	}
	return nil
}

func sysError(op, path string, err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	return &ioctl.Error{Op: op, Path: path, Errno: errno}
}
