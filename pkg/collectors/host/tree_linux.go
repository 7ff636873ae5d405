package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/device"
)

// tree is a directory seen as the root of a machine.
type tree struct {
	dir     string
	fd      int
	devices bool
	// resolve keeps links inside the tree; zero for the real root, where
	// there is nothing to keep them from.
	resolve uint64
	pool    sync.Pool
}

func openTree(dir string, devices bool) (*tree, error) {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open root", Path: dir, Err: err}
	}
	t := &tree{dir: dir, fd: fd, devices: devices}
	t.pool.New = func() any { return new([8 << 10]byte) }
	if filepath.Clean(dir) != "/" {
		// RESOLVE_IN_ROOT (Linux 5.6) treats the tree as chroot would, and
		// magic links (/proc/self/fd) would lead out of it.
		t.resolve = unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS
		probe, err := t.open("/", unix.O_PATH)
		if err != nil {
			_ = unix.Close(fd)
			return nil, fmt.Errorf("reading a tree other than / needs openat2 (Linux 5.6 or newer, not filtered): %w", err)
		}
		_ = unix.Close(probe)
	}
	return t, nil
}

// treeDir is one directory of a tree, opened when the first of its files is
// read: a path is then one step long instead of eight.
type treeDir struct {
	tree   *tree
	name   string
	fd     int
	opened bool
	leaves bool // its links lead out of it
}

func (t *tree) inDir(name string) dirReader {
	return &treeDir{tree: t, name: name, fd: -1}
}

func (d *treeDir) close() {
	if d.fd >= 0 {
		_ = unix.Close(d.fd)
	}
}

func (d *treeDir) readFile(name string, limit int) ([]byte, error) {
	rel, below := strings.CutPrefix(name, d.name)
	rel, slash := strings.CutPrefix(rel, "/")
	if !below || !slash || d.leaves && strings.Contains(rel, "/") {
		return d.tree.ReadFile(name, limit)
	}
	if !d.opened {
		d.opened = true
		fd, err := d.tree.open(d.name, unix.O_PATH|unix.O_DIRECTORY)
		if err != nil {
			fd = -1
		}
		d.fd = fd
	}
	if d.fd < 0 {
		return d.tree.ReadFile(name, limit)
	}
	resolve := d.tree.resolve
	if resolve != 0 {
		// Below the directory only: what leads out of it is the tree's to
		// resolve.
		resolve = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_MAGICLINKS
	}
	fd, err := openat(d.fd, rel, unix.O_RDONLY, resolve)
	switch {
	case err == nil:
		return d.tree.readAll(fd, name, limit)
	case errors.Is(err, unix.EXDEV):
		d.leaves = true
		return d.tree.ReadFile(name, limit)
	default:
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
}

// Close implements [Source].
func (t *tree) Close() error { return unix.Close(t.fd) }

// open opens a path of the tree. O_NONBLOCK: a FIFO planted in a captured tree
// must not hold the caller.
func (t *tree) open(name string, flags int) (int, error) {
	rel := strings.TrimLeft(name, "/")
	if rel == "" {
		rel = "."
	}
	fd, err := openat(t.fd, rel, flags, t.resolve)
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return fd, nil
}

func openat(dir int, name string, flags int, resolve uint64) (int, error) {
	flags |= unix.O_CLOEXEC
	if flags&unix.O_PATH == 0 { // openat2 takes no other flags beside O_PATH
		flags |= unix.O_NONBLOCK | unix.O_NOCTTY
	}
	for range maxInterrupts {
		var fd int
		var err error
		if resolve == 0 {
			fd, err = unix.Openat(dir, name, flags, 0)
		} else {
			fd, err = unix.Openat2(dir, name, &unix.OpenHow{Flags: uint64(flags), Resolve: resolve})
		}
		if err != unix.EINTR && err != unix.EAGAIN {
			return fd, err
		}
	}
	return -1, unix.EINTR
}

// maxInterrupts bounds how often an interrupted system call is made again.
const maxInterrupts = 16

// ReadFile implements [Source].
func (t *tree) ReadFile(name string, limit int) ([]byte, error) {
	fd, err := t.open(name, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return t.readAll(fd, name, limit)
}

// readAll reads and closes fd. It is one plain read(2) after another: a poller
// would wait for ever on a sysfs attribute that keeps answering EAGAIN.
func (t *tree) readAll(fd int, name string, limit int) ([]byte, error) {
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	if !t.devices {
		// A node for a disk, planted in a captured tree, is the disk of
		// whoever looks at the tree.
		if err := regular(fd); err != nil {
			return nil, &fs.PathError{Op: "read", Path: name, Err: err}
		}
	}
	first := t.pool.Get().(*[8 << 10]byte)
	defer t.pool.Put(first)
	n, err := read(fd, first[:])
	if err == nil && n == 0 {
		err = regular(fd) // a FIFO without a writer reads as empty, too
	}
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	// One page or more may have a successor (a page may be larger than the
	// buffer); in /proc also less.
	whole := n == 0 || n < min(len(first), os.Getpagesize()) && !strings.HasPrefix(name, "/proc/")
	data := slices.Clone(first[:n])
	for !whole && len(data) <= limit {
		n, err := read(fd, first[:min(len(first), limit+1-len(data))])
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: name, Err: err}
		}
		data = append(data, first[:n]...)
		whole = n == 0
	}
	return data, nil
}

func regular(fd int) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("not a regular file: %w", errors.ErrUnsupported)
	}
	return nil
}

func read(fd int, p []byte) (int, error) {
	for range maxInterrupts {
		n, err := unix.Read(fd, p)
		if err == nil {
			return n, nil
		}
		if !errors.Is(err, unix.EINTR) {
			return 0, err
		}
	}
	return 0, unix.EINTR
}

// ReadDir implements [Source].
func (t *tree) ReadDir(name string) ([]string, error) {
	fd, err := t.open(name, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	buf := t.pool.Get().(*[8 << 10]byte)
	defer t.pool.Put(buf)
	names := make([]string, 0, 64)
	for len(names) < maxDirEntries {
		// Not os.File: it would offer every directory to the poller first.
		n, err := unix.ReadDirent(fd, buf[:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
		case n <= 0:
			slices.Sort(names)
			return names, nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
	return nil, &fs.PathError{Op: "readdir", Path: name, Err: ErrTooLarge}
}

// maxDirEntries is far above any real sysfs directory.
const maxDirEntries = 1 << 20

// Readlink implements [Source].
func (t *tree) Readlink(name string) (string, error) {
	if t.resolve == 0 {
		s, err := os.Readlink(name)
		return s, err
	}
	fd, err := t.open(name, unix.O_PATH|unix.O_NOFOLLOW)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd) //nolint:errcheck // nothing was written
	var buf [unix.PathMax]byte
	n, err := unix.Readlinkat(fd, "", buf[:])
	if err != nil {
		if errors.Is(err, unix.ENOENT) {
			err = unix.EINVAL // the fd is there: it is not a link
		}
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return string(buf[:n]), nil
}

// Open implements [Source].
func (t *tree) Open(protocol Protocol, name string) (Device, error) {
	if !t.devices {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return openDevice(protocol, filepath.Join(t.dir, name))
}

// Speaks implements [Speaker].
func (t *tree) Speaks(protocol Protocol) bool {
	_, ok := protocols(protocol)
	return ok && t.devices
}

func openDevice(protocol Protocol, name string) (device.Device, error) {
	p, ok := protocols(protocol)
	if !ok {
		return nil, fmt.Errorf("%s: protocol %s: %w", name, protocol, errors.ErrUnsupported)
	}
	return p.open(name)
}

func (t *tree) isLive() bool { return t.devices }
