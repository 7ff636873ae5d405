// Package atomicfile replaces a file whole or not at all.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// Private is the mode of a file that nothing else is said of: a report names
// serial numbers and addresses.
const Private fs.FileMode = 0o600

// ErrNotSynced says that the new file is in its place, whole, but that the
// folder could not be brought to the disk: after a power cut the old one may
// be back.
var ErrNotSynced = errors.New("the new file is in place, but may not outlast a power cut")

// Write is [WriteMode] with mode [Private].
func Write(name string, data []byte) error { return WriteMode(name, data, Private) }

// WriteMode puts data under name. What was there before stays until the new
// file is whole and on the disk; a reader sees one or the other. The file has
// the mode given, whatever the umask and the mode of the old one.
//
// A symbolic link at name is replaced, never followed: in a folder others may
// write to, it could point anywhere. The folder is looked up once, so that it
// cannot become another one in between. What is there and is neither a file
// nor a link is left alone.
func WriteMode(name string, data []byte, mode fs.FileMode) (err error) {
	dir, base := filepath.Dir(name), filepath.Base(name)
	if name == "" || os.IsPathSeparator(name[len(name)-1]) {
		return &fs.PathError{Op: "replace", Path: name, Err: syscall.EISDIR}
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer folder.Close() //nolint:errcheck // nothing was written to it
	if st, err := folder.Lstat(base); err == nil && !st.Mode().IsRegular() && st.Mode()&fs.ModeSymlink == 0 {
		return &fs.PathError{Op: "replace", Path: name, Err: notAFile(st.Mode())}
	}
	// A name that is there already is an error, so it need not be a secret.
	tmp := "." + base[:min(len(base), 128)] + "." + strconv.FormatUint(rand.Uint64(), 36) + ".tmp" //nolint:gosec // see above
	f, err := folder.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, Private)
	if err != nil {
		return inFolder(dir, err)
	}
	defer func() {
		if err != nil && !errors.Is(err, ErrNotSynced) {
			_ = f.Close()
			_ = folder.Remove(tmp)
			err = inFolder(dir, err)
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if mode != Private {
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := folder.Rename(tmp, base); err != nil {
		return err
	}
	if err := sync(folder); err != nil {
		return fmt.Errorf("%w: %w", ErrNotSynced, inFolder(dir, err))
	}
	return nil
}

// inFolder names the file in full: errors of a folder do not.
func inFolder(dir string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && !filepath.IsAbs(pe.Path) {
		return &fs.PathError{Op: pe.Op, Path: filepath.Join(dir, pe.Path), Err: pe.Err}
	}
	return err
}

func notAFile(m fs.FileMode) error {
	if m.IsDir() {
		return syscall.EISDIR
	}
	return fmt.Errorf("not a regular file (%s)", m.Type())
}

// sync makes the rename last. Some file systems cannot sync a folder and say
// so with EINVAL; they keep their own order.
func sync(folder *os.Root) error {
	d, err := folder.Open(".")
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
