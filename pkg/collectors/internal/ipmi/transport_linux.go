package ipmi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
	"example.com/bee/pkg/inventory"
)

// pollSlice bounds how long a cancelled context goes unnoticed. An answer
// wakes the wait at once.
const pollSlice = 50 * time.Millisecond

// maxStale bounds how many late answers one exchange throws away.
const maxStale = 256

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
	return &kernelDevice{
		// The descriptor is in blocking mode, so the runtime's poller leaves it
		// alone and Close never waits for a call in the kernel.
		file: os.NewFile(uintptr(fd), path),
		path: path,
		turn: make(chan struct{}, 1),
	}, nil
}

type kernelDevice struct {
	file *os.File
	path string
	turn chan struct{} // holds one token while an exchange is under way

	msgID int // of the last request sent; guarded by turn
}

// Close closes the node. An exchange under way ends with an error.
func (d *kernelDevice) Close() error { return d.file.Close() }

// Exchange implements device.Device.
func (d *kernelDevice) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := Allowed(req); err != nil {
		return device.Response{}, err
	}
	c, err := ParseRequest(req)
	if err != nil {
		return device.Response{}, err
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return device.Response{}, ctx.Err()
	}
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	answer, err := d.roundTrip(ctx, c, timeout)
	if err != nil {
		return device.Response{}, err
	}
	if len(answer) == 0 {
		return device.Response{}, fmt.Errorf("%s: answer without a completion code: %w", d.path, inventory.ErrMalformed)
	}
	data := answer[1:]
	return device.Response{Status: answer[:1], Data: data[:min(len(data), max(0, req.ReadLen))]}, nil
}

func (d *kernelDevice) roundTrip(ctx context.Context, c Command, timeout time.Duration) ([]byte, error) {
	deadline := time.Now().Add(timeout)
	d.msgID++
	if err := d.send(c, timeout); err != nil {
		return nil, err
	}
	for range maxStale {
		if err := d.wait(ctx, deadline); err != nil {
			return nil, err
		}
		m, err := d.receive()
		switch {
		case errors.Is(err, syscall.EAGAIN):
			continue
		case err != nil && !errors.Is(err, syscall.EMSGSIZE):
			return nil, err
		case m.kind != recvTypeResponse || m.id != d.msgID:
			continue // an event, or the answer to a request that was given up
		case err != nil:
			return nil, fmt.Errorf("%s: answer longer than %d bytes: %w", d.path, maxMessage, inventory.ErrMalformed)
		case m.netFn != uint8(c.NetFn)|1 || m.cmd != c.Code:
			return nil, fmt.Errorf("%s: answer is to netfn %02xh command %02xh: %w", d.path, m.netFn&^1, m.cmd, inventory.ErrMalformed)
		}
		return m.data, nil
	}
	return nil, fmt.Errorf("%s: %d messages and no answer among them: %w", d.path, maxStale, inventory.ErrMalformed)
}

// wait returns when something can be received. A deadline of ctx that ends
// before the exchange's own is noticed to the millisecond, a cancellation
// within pollSlice.
func (d *kernelDevice) wait(ctx context.Context, deadline time.Time) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return fmt.Errorf("%s: no answer: %w", d.path, context.DeadlineExceeded)
		}
		if until, ok := ctx.Deadline(); ok {
			left = min(left, time.Until(until))
		}
		slice := min(max(left, 0)+time.Millisecond, pollSlice)
		ready, err := d.poll(slice)
		if err != nil || ready {
			return err
		}
	}
}

func (d *kernelDevice) poll(timeout time.Duration) (bool, error) {
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

func (d *kernelDevice) send(c Command, timeout time.Duration) error {
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
		msgID:   d.msgID,
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
	return d.call(ioctlSendSetTime(), unsafe.Pointer(req))
}

type message struct {
	kind       int32
	id         int
	netFn, cmd uint8
	data       []byte
}

// receive takes one message. The kernel overwrites every length it is given,
// so each call starts from a fresh structure. With EMSGSIZE the message was
// taken but cut short; what it was is returned too.
func (d *kernelDevice) receive() (message, error) {
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
	if err != nil && !errors.Is(err, syscall.EMSGSIZE) {
		return message{}, err
	}
	return message{
		kind: recv.recvType, id: recv.msgID,
		netFn: recv.msg.netFn, cmd: recv.msg.cmd,
		data: buf[:min(int(recv.msg.dataLen), len(buf))],
	}, err
}

// call makes one ioctl, again when a signal interrupted it.
func (d *kernelDevice) call(request uint32, arg unsafe.Pointer) error {
	for {
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
}

func (d *kernelDevice) control(fn func(fd uintptr)) error {
	conn, err := d.file.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Control(fn)
}

func sysError(op, path string, err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	return &ioctl.Error{Op: op, Path: path, Errno: errno}
}
