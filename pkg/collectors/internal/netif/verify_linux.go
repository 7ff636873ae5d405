// Package netif makes sure that an interface seen in sysfs is the one the
// process's sockets reach by its name. In a container that sees the host's
// /sys it may not be: its eth0 is another one.
package netif

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/ioctl"
)

// errElsewhere is errors.ErrUnsupported: nothing can be asked of the interface
// from here.
var errElsewhere = fmt.Errorf("the interface is not in this process's network namespace: %w", errors.ErrUnsupported)

// Request is struct ifreq: the name, and a union of 24 bytes that holds a
// pointer, a number or an address.
type Request struct {
	name [unix.IFNAMSIZ]byte
	Data unsafe.Pointer
	_    [16]byte
}

// NewRequest makes a request for the interface of a name.
func NewRequest(name string) (Request, error) {
	var r Request
	if name == "" || len(name) >= len(r.name) || strings.HasPrefix(name, ".") || strings.ContainsAny(name, "/\x00") {
		return r, fmt.Errorf("%q is not the name of an interface: %w", name, fs.ErrNotExist)
	}
	copy(r.name[:], name)
	return r, nil
}

// Ioctl makes one ioctl on a socket.
func Ioctl(fd uintptr, request uint, r *Request) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(unsafe.Pointer(r)))
	runtime.KeepAlive(r)
	if errno != 0 {
		return &ioctl.Error{Op: "ioctl", Path: strings.TrimRight(string(r.name[:]), "\x00"), Errno: errno}
	}
	return nil
}

// Index returns the number of the interface whose directory in sysfs is dir,
// after comparing number and address with those of the interface that has its
// name in the process's network namespace.
//
// Errors: fs.ErrNotExist, fs.ErrPermission, errors.ErrUnsupported for an
// interface of another namespace.
func Index(fd uintptr, dir string) (uint32, error) {
	r, err := NewRequest(filepath.Base(dir))
	if err != nil {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "ifindex"))
	if err != nil {
		return 0, err
	}
	index, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%s: number %q: %w", dir, text, fs.ErrNotExist)
	}
	address, err := os.ReadFile(filepath.Join(dir, "address"))
	if err != nil {
		return 0, err
	}
	q := r
	if err := Ioctl(fd, unix.SIOCGIFINDEX, &q); err != nil {
		if errors.Is(err, syscall.ENODEV) {
			err = errElsewhere
		}
		return 0, fmt.Errorf("%s: %w", dir, err)
	}
	here := *(*uint32)(unsafe.Pointer(&q.Data))
	q = r
	if err := Ioctl(fd, unix.SIOCGIFHWADDR, &q); err != nil {
		return 0, fmt.Errorf("%s: %w", dir, err)
	}
	// struct sockaddr: the family, then at most 14 bytes.
	hardware := (*[14]byte)(unsafe.Add(unsafe.Pointer(&q.Data), 2))
	if uint64(here) != index || !sameAddress(hardware[:], strings.TrimSpace(string(address))) {
		return 0, fmt.Errorf("%s: %w", dir, errElsewhere)
	}
	return here, nil
}

// sameAddress compares an address with sysfs's text of it, as far as a
// sockaddr holds it.
func sameAddress(b []byte, text string) bool {
	const longest = 32 // MAX_ADDR_LEN
	want := make([]byte, 0, longest)
	for octet := range strings.SplitSeq(text, ":") {
		if octet == "" || len(want) == longest {
			return text == ""
		}
		n, err := strconv.ParseUint(octet, 16, 8)
		if err != nil {
			return false
		}
		want = append(want, byte(n))
	}
	n := min(len(b), len(want))
	return bytes.Equal(b[:n], want[:n])
}
