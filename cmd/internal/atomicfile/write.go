// Package atomicfile replaces a file whole or not at all.
package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write puts data under name. What was there before stays until the new file
// is whole and on the disk; a reader sees one or the other. The file's mode is
// 0600: a report names serial numbers and addresses.
//
// A symbolic link at name is replaced, never followed: in a folder others may
// write to, it could point anywhere.
func Write(name string, data []byte) (err error) {
	if st, err := os.Lstat(name); err == nil && !st.Mode().IsRegular() && st.Mode()&fs.ModeSymlink == 0 {
		return &fs.PathError{Op: "replace", Path: name, Err: notAFile(st.Mode())}
	}
	dir := filepath.Dir(name)
	f, err := os.CreateTemp(dir, "."+filepath.Base(name)+".*.tmp") // 0600, O_EXCL
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncDir(dir)
}

func notAFile(m fs.FileMode) error {
	if m.IsDir() {
		return syscall.EISDIR
	}
	return fmt.Errorf("not a regular file (%s)", m.Type())
}

// syncDir makes the rename last. Some file systems cannot sync a folder and
// say so with EINVAL; they keep their own order.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	if pe, ok := err.(*fs.PathError); ok && (pe.Err == syscall.EINVAL || pe.Err == syscall.ENOTSUP) { //nolint:errorlint // as the os package makes it
		return nil
	}
	return err
}
