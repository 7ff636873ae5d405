package collectortest

import (
	"errors"
	"io/fs"
	"maps"
	"os" //nolint:depguard // the test's own folders
	"path/filepath"
	"slices"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
)

// machine is where files come from: memory or a folder.
type machine struct {
	name string
	src  *hosttest.Source
	dir  string
}

// source opens the machine. Reading a hosttest.Source does not change it, so
// it serves several.
func (m machine) source() (host.Source, error) {
	if m.src != nil {
		return m.src, nil
	}
	return openDir(m.dir)
}

// faulty stands between a host and a machine: it notes what is read, and
// answers otherwise where a test wants it.
type faulty struct {
	host.Source
	// answer, if not nil, is asked for each file that is read.
	answer func(name string, data []byte, err error) ([]byte, error)
	// fail, if not nil, is the error of every access.
	fail error
	// gate, if not nil, holds every access until it is closed.
	gate chan struct{}

	mu   sync.Mutex
	read map[string]bool
}

func (f *faulty) wait() error {
	if f.gate != nil {
		<-f.gate
	}
	return f.fail
}

// files are the names of the files that were read and were there.
func (f *faulty) files() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.read))
}

func (f *faulty) ReadFile(name string, limit int) ([]byte, error) {
	if err := f.wait(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	data, err := f.Source.ReadFile(name, limit)
	if err == nil {
		f.mu.Lock()
		if f.read == nil {
			f.read = map[string]bool{}
		}
		f.read[name] = true
		f.mu.Unlock()
	}
	if f.answer != nil {
		data, err = f.answer(name, data, err)
	}
	return data[:min(len(data), limit+1)], err
}

func (f *faulty) ReadDir(name string) ([]string, error) {
	if err := f.wait(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.Source.ReadDir(name)
}

func (f *faulty) Readlink(name string) (string, error) {
	if err := f.wait(); err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return f.Source.Readlink(name)
}

func (f *faulty) Open(p host.Protocol, name string) (host.Device, error) {
	if err := f.wait(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.Source.Open(p, name)
}

// Now stands still, so that reports can be compared.
func (*faulty) Now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// dirSource is a folder as the root of a machine, for as far as tests need
// it: links are followed by the kernel and cannot lead out of the folder.
type dirSource struct{ root *os.Root }

func openDir(dir string) (host.Source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &dirSource{root}, nil
}

func local(name string) string { return filepath.Join(".", name) }

func (d *dirSource) ReadFile(name string, limit int) ([]byte, error) {
	st, err := d.root.Stat(local(name))
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.ErrUnsupported}
	}
	data, err := d.root.ReadFile(local(name))
	return data[:min(len(data), limit+1)], err
}

func (d *dirSource) ReadDir(name string) ([]string, error) {
	f, err := d.root.Open(local(name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

func (d *dirSource) Readlink(name string) (string, error) { return d.root.Readlink(local(name)) }

func (*dirSource) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (*dirSource) Now() time.Time { return time.Time{} }

func (d *dirSource) Close() error { return d.root.Close() }
