// Package growth makes machines of any size in memory and measures what an
// audit of them costs.
package growth

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/host"
)

// tree is a machine in memory whose answers cost the same whatever its size.
type tree struct {
	files   map[string]string
	links   map[string]string
	dirs    map[string][]string
	devices map[string]host.Device
}

func newTree() *tree {
	return &tree{map[string]string{}, map[string]string{}, map[string][]string{"/": nil}, map[string]host.Device{}}
}

func (t *tree) file(name, content string) {
	t.files[name] = content
	t.enter(name)
}

func (t *tree) link(name, target string) {
	t.links[name] = target
	t.enter(name)
}

// enter lists a name in its directory, and that in its own.
func (t *tree) enter(name string) {
	for name != "/" {
		dir := path.Dir(name)
		names, known := t.dirs[dir]
		base := path.Base(name)
		i, there := slices.BinarySearch(names, base)
		if there {
			return
		}
		t.dirs[dir] = slices.Insert(names, i, base)
		if known {
			return
		}
		name = dir
	}
}

// resolve follows links in all but the last step, or in all.
func (t *tree) resolve(name string, last bool) string {
	done := "/"
	rest := strings.Split(strings.Trim(name, "/"), "/")
	for hops := 0; len(rest) > 0 && hops < 64; {
		next := path.Join(done, rest[0])
		target, isLink := t.links[next]
		if !isLink || len(rest) == 1 && !last {
			done, rest = next, rest[1:]
			continue
		}
		hops++
		if !path.IsAbs(target) {
			target = path.Join(done, target)
		}
		rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest[1:]...)
		done = "/"
	}
	return done
}

// ReadFile implements [host.Source].
func (t *tree) ReadFile(name string, limit int) ([]byte, error) {
	content, ok := t.files[t.resolve(name, true)]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(content[:min(len(content), limit+1)]), nil
}

// ReadDir implements [host.Source].
func (t *tree) ReadDir(name string) ([]string, error) {
	names, ok := t.dirs[t.resolve(name, true)]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return slices.Clone(names), nil
}

// Readlink implements [host.Source].
func (t *tree) Readlink(name string) (string, error) {
	real := t.resolve(name, false)
	if target, ok := t.links[real]; ok {
		return target, nil
	}
	err := fs.ErrNotExist
	if _, ok := t.files[real]; ok {
		err = errors.New("not a link")
	}
	return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
}

// Open implements [host.Source].
func (t *tree) Open(protocol host.Protocol, name string) (host.Device, error) {
	if d, ok := t.devices[string(protocol)+" "+name]; ok {
		return d, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Now implements [host.Source].
func (*tree) Now() time.Time { return time.Now() }

// Close implements [host.Source].
func (*tree) Close() error { return nil }
