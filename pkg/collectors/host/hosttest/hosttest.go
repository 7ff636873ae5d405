// Package hosttest makes hosts for tests of collectors: files from memory,
// links, and any error or delay where a test wants it.
package hosttest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
)

// Source is a machine in memory. Fill it before use.
type Source struct {
	// Files maps absolute paths to contents.
	Files map[string]string
	// Links maps absolute paths to the text of symbolic links. Reading
	// through them is supported for directories.
	Links map[string]string
	// Errors maps paths to what reading or listing them returns.
	Errors map[string]error
	// Hang holds paths whose reading blocks until Release.
	Hang map[string]bool
	// Devices maps "protocol path" to devices.
	Devices map[string]host.Device
	// Clock is the time; the zero value is a fixed day.
	Clock time.Time

	once    sync.Once
	release chan struct{}
}

// Host makes the host.
func (s *Source) Host() *host.Host { return host.New(s) }

// Release lets everything that hangs go on. It is called once.
func (s *Source) Release() { close(s.gate()) }

func (s *Source) gate() chan struct{} {
	s.once.Do(func() { s.release = make(chan struct{}) })
	return s.release
}

func (s *Source) fault(name string) error {
	if s.Hang[name] {
		<-s.gate()
	}
	return s.Errors[name]
}

// faults are those of a name, and of what it leads to.
func (s *Source) faults(name, real string) error {
	if err := s.fault(name); err != nil || name == real {
		return err
	}
	return s.fault(real)
}

// resolve follows links in the directories of a path.
func (s *Source) resolve(name string) string {
	for range 40 {
		changed := false
		for dir := name; dir != "/"; dir = path.Dir(dir) {
			if target, ok := s.Links[dir]; ok {
				if !path.IsAbs(target) {
					target = path.Join(path.Dir(dir), target)
				}
				name = path.Join(target, strings.TrimPrefix(name, dir))
				changed = true
				break
			}
		}
		if !changed {
			return name
		}
	}
	return name
}

// ReadFile implements host.Source.
func (s *Source) ReadFile(name string, limit int) ([]byte, error) {
	real := s.resolve(name)
	if err := s.faults(name, real); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	data, ok := s.Files[real]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(data[:min(len(data), limit+1)]), nil
}

// ReadDir implements host.Source.
func (s *Source) ReadDir(name string) ([]string, error) {
	real := s.resolve(name)
	if err := s.faults(name, real); err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	seen := map[string]bool{}
	found := false
	prefix := strings.TrimSuffix(real, "/") + "/"
	add := func(p string) {
		rest, ok := strings.CutPrefix(p, prefix)
		if !ok {
			return
		}
		found = true
		if first, _, _ := strings.Cut(rest, "/"); first != "" {
			seen[first] = true
		}
	}
	for p := range s.Files {
		add(p)
	}
	for p := range s.Links {
		add(p)
	}
	if !found {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	slices.Sort(names)
	return names, nil
}

// Readlink implements host.Source.
func (s *Source) Readlink(name string) (string, error) {
	real := path.Join(s.resolve(path.Dir(name)), path.Base(name))
	if err := s.fault(real); err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	t, ok := s.Links[real]
	if !ok {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrNotExist}
	}
	return t, nil
}

// Open implements host.Source.
func (s *Source) Open(p host.Protocol, name string) (host.Device, error) {
	d, ok := s.Devices[fmt.Sprintf("%s %s", p, name)]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return d, nil
}

// Now implements host.Source.
func (s *Source) Now() time.Time {
	if s.Clock.IsZero() {
		return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}
	return s.Clock
}

// Close implements host.Source.
func (*Source) Close() error { return nil }
