package ethtool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
	"example.com/bee/pkg/collectors/internal/netif"
)

// Open opens the interface whose directory in sysfs is path. The interface of
// that name in the process's own network namespace must be the same one: of
// the same number and address.
//
// Errors: fs.ErrNotExist, fs.ErrPermission, errors.ErrUnsupported.
func Open(path string) (device.Device, error) {
	request, err := netif.NewRequest(filepath.Base(path))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	d := &link{path: path, request: request}
	// One socket for both ways: the ioctl is not the protocol's own.
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_GENERIC)
	if err == nil {
		d.netlink = true
	} else if fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, wrap("socket", path, err)
	}
	// The descriptor is in blocking mode, so the runtime's poller leaves it
	// alone and closing never waits for a call in the kernel.
	d.file = os.NewFile(uintptr(fd), path)
	cerr := d.control(func(fd uintptr) { d.index, err = netif.Index(fd, path) })
	if err := errors.Join(cerr, err); err != nil {
		_ = d.file.Close()
		return nil, fmt.Errorf("open: %w", err)
	}
	return d, nil
}

// link is one interface.
type link struct {
	path    string
	file    *os.File
	netlink bool
	index   uint32

	mu       sync.Mutex
	request  netif.Request
	family   uint16
	sequence uint32
}

// Close implements device.Device.
func (d *link) Close() error { return d.file.Close() }

// Exchange implements device.Device.
func (d *link) Exchange(_ context.Context, req device.Request) (device.Response, error) {
	c, err := ParseCommand(req.Command)
	if err != nil {
		return device.Response{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var data []byte
	if c.Way == Netlink {
		data, err = d.exchangeNetlink(c, req)
	} else {
		data, err = d.exchangeIoctl(c, req)
	}
	var errno syscall.Errno
	if err != nil && !errors.As(err, &errno) {
		return device.Response{}, err
	}
	return device.Response{Status: EncodeStatus(errno), Data: data}, nil
}

func (d *link) exchangeIoctl(c Command, req device.Request) ([]byte, error) {
	if req.ReadLen < 4+len(req.Data) || req.ReadLen > maxReply {
		return nil, fmt.Errorf("%s: refused: a buffer of %d bytes", d.path, req.ReadLen)
	}
	buf := make([]byte, req.ReadLen)
	binary.LittleEndian.PutUint32(buf, c.Code)
	copy(buf[4:], req.Data)
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&buf[0])
	r := d.request
	r.Data = unsafe.Pointer(&buf[0])
	var err error
	if cerr := d.control(func(fd uintptr) { err = netif.Ioctl(fd, unix.SIOCETHTOOL, &r) }); cerr != nil {
		return nil, cerr
	}
	if err != nil {
		return nil, err
	}
	return buf, nil
}

func (d *link) exchangeNetlink(c Command, req device.Request) ([]byte, error) {
	const ethtoolVersion = 1
	if !d.netlink || c.Code > 0xFF {
		return nil, unix.EOPNOTSUPP
	}
	if req.Timeout > 0 {
		// The kernel answers within sendto(2); this is for an answer that was
		// lost.
		tv := unix.NsecToTimeval(int64(req.Timeout / time.Nanosecond))
		if err := d.onSocket("set timeout", func(fd int) error { return unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv) }); err != nil {
			return nil, err
		}
	}
	if d.family == 0 {
		if err := d.findFamily(); err != nil {
			return nil, err
		}
	}
	data, err := d.ask(d.family, uint8(c.Code), ethtoolVersion, append(header(d.index), req.Data...))
	if err == nil && len(data) > req.ReadLen {
		return nil, fmt.Errorf("%s: reply of %d bytes", d.path, len(data))
	}
	return data, err
}

// findFamily asks the controller of the generic families for the number of
// "ethtool".
func (d *link) findFamily() error {
	const familyName = 2 // CTRL_ATTR_FAMILY_NAME
	data, err := d.ask(unix.GENL_ID_CTRL, unix.CTRL_CMD_GETFAMILY, 1, appendAttribute(nil, familyName, []byte("ethtool\x00")))
	if errors.Is(err, unix.ENOENT) {
		return unix.EOPNOTSUPP // a kernel before 5.6, or without it
	}
	if err != nil {
		return err
	}
	d.family, err = decodeFamily(data)
	return err
}

// ask sends one request and waits for its answer; the kernel's refusal is an
// errno.
func (d *link) ask(family uint16, command, version uint8, attributes []byte) ([]byte, error) {
	d.sequence++
	msg := generic(family, command, version, d.sequence, attributes)
	kernel := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	if err := d.onSocket("send", func(fd int) error { return unix.Sendto(fd, msg, 0, kernel) }); err != nil {
		return nil, err
	}
	buf := make([]byte, messageHeader+genericHeader+maxReply)
	for range maxMessages {
		var n, flags int
		var from unix.Sockaddr
		if err := d.onSocket("receive", func(fd int) (err error) {
			n, _, flags, from, err = unix.Recvmsg(fd, buf, nil, 0)
			return err
		}); err != nil {
			if errors.Is(err, unix.EAGAIN) {
				return nil, fmt.Errorf("%s: no answer: %w", d.path, context.DeadlineExceeded)
			}
			return nil, err
		}
		if sender, ok := from.(*unix.SockaddrNetlink); !ok || sender.Pid != 0 {
			continue // not from the kernel
		}
		if flags&unix.MSG_TRUNC != 0 {
			return nil, fmt.Errorf("%s: reply of more than %d bytes", d.path, len(buf))
		}
		data, errno, found, err := decodeGeneric(buf[:n], family, d.sequence)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.path, err)
		}
		if found && errno != 0 {
			return nil, syscall.Errno(errno)
		}
		if found {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s: no answer among %d messages: %w", d.path, maxMessages, context.DeadlineExceeded)
}

// maxMessages bounds how many late answers are passed over.
const maxMessages = 16

// maxInterrupts bounds how often an interrupted call is made again.
const maxInterrupts = 16

func (d *link) onSocket(op string, fn func(fd int) error) error {
	err := error(unix.EINTR)
	for i := 0; i < maxInterrupts && errors.Is(err, unix.EINTR); i++ {
		if cerr := d.control(func(fd uintptr) { err = fn(int(fd)) }); cerr != nil {
			return cerr
		}
	}
	return wrap(op, d.path, err)
}

func (d *link) control(fn func(fd uintptr)) error {
	conn, err := d.file.SyscallConn()
	if err == nil {
		err = conn.Control(fn)
	}
	if err != nil { // it was closed: nothing else can go wrong here
		return fmt.Errorf("%s: %w", d.path, fs.ErrClosed)
	}
	return nil
}

func wrap(op, path string, err error) error {
	var errno syscall.Errno
	if err == nil || !errors.As(err, &errno) {
		return err
	}
	return &ioctl.Error{Op: op, Path: path, Errno: errno}
}
