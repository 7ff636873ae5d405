//go:build !linux

package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// tree is a directory seen as the root of a machine. Only captured trees can
// be read on systems other than Linux.
type tree struct {
	root *os.Root
}

func openTree(dir string, devices bool) (*tree, error) {
	if devices {
		return nil, fmt.Errorf("reading the running machine: %w", errors.ErrUnsupported)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &tree{root}, nil
}

func local(name string) string {
	return path.Clean("./" + strings.TrimLeft(name, "/"))
}

// Close implements [Source].
func (t *tree) Close() error { return t.root.Close() }

// ReadFile implements [Source].
func (t *tree) ReadFile(name string, limit int) ([]byte, error) {
	st, err := t.root.Stat(local(name))
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("not a regular file: %w", errors.ErrUnsupported)}
	}
	f, err := t.root.Open(local(name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return io.ReadAll(io.LimitReader(f, int64(limit)+1))
}

// ReadDir implements [Source].
func (t *tree) ReadDir(name string) ([]string, error) {
	f, err := t.root.Open(local(name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// Readlink implements [Source].
func (t *tree) Readlink(name string) (string, error) { return t.root.Readlink(local(name)) }

// Open implements [Source].
func (*tree) Open(_ Protocol, name string) (Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Speaks implements [Speaker].
func (*tree) Speaks(Protocol) bool { return false }
