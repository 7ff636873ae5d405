package lldp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ioctl"
	"example.com/bee/pkg/collectors/internal/netif"
)

// Open prepares to listen on interfaces of a directory, /sys/class/net.
//
// Errors: fs.ErrPermission (CAP_NET_RAW is needed), errors.ErrUnsupported.
func Open(path string) (device.Device, error) {
	// Listening on nothing yet: the protocol is zero. It tells early what is
	// denied.
	f, err := socket(path)
	if err != nil {
		return nil, err
	}
	return &ears{path: path, probe: f, open: map[string]*os.File{}}, nil
}

func socket(path string) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, unix.EAFNOSUPPORT) {
		return nil, fmt.Errorf("packet socket: %w", errors.ErrUnsupported)
	}
	if err != nil {
		return nil, wrap("packet socket", path, err)
	}
	return os.NewFile(uintptr(fd), path), nil // blocking: the poller leaves it alone
}

// ears is one socket for each interface. One for all would miss the standby
// members of a bond, whose frames the kernel gives to nobody else.
type ears struct {
	path string

	mu     sync.Mutex // held while an exchange is under way
	probe  *os.File
	open   map[string]*os.File
	closed bool
}

// Close implements device.Device. An exchange under way ends within a step.
func (e *ears) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	err := e.probe.Close()
	for _, f := range e.open {
		err = errors.Join(err, f.Close())
	}
	return err
}

// step is how often the end of a context and Close are looked for.
const step = 100 * time.Millisecond

// Exchange implements device.Device.
func (e *ears) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	names, err := parseNames(req.Data)
	if err != nil {
		return device.Response{}, err
	}
	end := time.Now().Add(req.Timeout)
	for {
		name, frame, err := e.once(names, req.ReadLen)
		if err != nil {
			return device.Response{}, err
		}
		if name != "" {
			return device.Response{Status: []byte(name), Data: frame}, nil
		}
		if ctx.Err() != nil {
			return device.Response{}, context.Cause(ctx)
		}
		if !time.Now().Before(end) {
			return device.Response{}, nil
		}
	}
}

// once waits for a step.
func (e *ears) once(names []string, size int) (name string, frame []byte, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return "", nil, fmt.Errorf("%s: %w", e.path, fs.ErrClosed)
	}
	fds := make([]unix.PollFd, 0, len(names))
	for _, n := range names {
		f, err := e.listen(n)
		if err != nil {
			return "", nil, err
		}
		fds = append(fds, unix.PollFd{Fd: int32(f.Fd()), Events: unix.POLLIN})
	}
	if _, err := unix.Poll(fds, int(step.Milliseconds())); err != nil && !errors.Is(err, unix.EINTR) {
		return "", nil, wrap("poll", e.path, err)
	}
	for i, p := range fds {
		if p.Revents == 0 {
			continue
		}
		buf := make([]byte, size)
		n, from, err := unix.Recvfrom(int(p.Fd), buf, unix.MSG_DONTWAIT)
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) || errors.Is(err, unix.ENETDOWN) {
			continue // ENETDOWN is told once when an interface goes down
		}
		if err != nil {
			return "", nil, wrap("receive", names[i], err)
		}
		if sender, ok := from.(*unix.SockaddrLinklayer); ok && sender.Pkttype == unix.PACKET_OUTGOING {
			continue // what this machine says itself
		}
		return names[i], buf[:n], nil
	}
	return "", nil, nil
}

// groups are the addresses LLDP is sent to (802.1AB table 7-1): nearest
// bridge, nearest non-TPMR bridge, nearest customer bridge.
func groups() [3][8]byte {
	return [3][8]byte{{0x01, 0x80, 0xC2, 0, 0, 0x0E}, {0x01, 0x80, 0xC2, 0, 0, 0x03}, {0x01, 0x80, 0xC2, 0, 0, 0x00}}
}

// listen returns the interface's socket.
func (e *ears) listen(name string) (*os.File, error) {
	if f := e.open[name]; f != nil {
		return f, nil
	}
	index, err := netif.Index(e.probe.Fd(), filepath.Join(e.path, name))
	if err != nil {
		return nil, err
	}
	f, err := socket(name)
	if err != nil {
		return nil, err
	}
	fd := int(f.Fd())
	err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: uint16(typeLLDP>>8 | typeLLDP&0xFF<<8), Ifindex: int(index)})
	for _, g := range groups() {
		if err == nil {
			err = unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP,
				&unix.PacketMreq{Ifindex: int32(index), Type: unix.PACKET_MR_MULTICAST, Alen: 6, Address: g})
		}
	}
	if err != nil {
		return nil, errors.Join(wrap("listen", name, err), f.Close())
	}
	e.open[name] = f
	return f, nil
}

func wrap(op, path string, err error) error {
	var errno syscall.Errno
	if err == nil || !errors.As(err, &errno) {
		return err
	}
	return &ioctl.Error{Op: op, Path: path, Errno: errno}
}
