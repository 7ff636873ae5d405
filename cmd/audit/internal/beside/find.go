// Package beside finds bee's other programs: they lie in the folder of this
// one. No search path decides what is run.
package beside

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Find returns the path of the program of that name. It fails when the program
// is not there, and when it could be somebody else's: audit runs as root, and
// may have been put into a folder that others write to.
func Find(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	mine, err := os.Stat(self)
	if err != nil { // replaced while it runs
		mine = nil
	}
	path := filepath.Join(filepath.Dir(self), name)
	return path, trusted(path, mine, os.Geteuid())
}

// Executable fails when path is not a program.
func Executable(path string) error {
	_, err := program(path)
	return err
}

func program(path string) (fs.FileInfo, error) {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !st.Mode().IsRegular() || st.Mode().Perm()&0o111 == 0:
		return nil, fmt.Errorf("%s: not an executable file: %w", path, fs.ErrPermission)
	}
	return st, nil
}

// trusted fails when a program belongs to somebody who is neither root, nor the
// user, nor the owner of this program, or when everybody may change it.
func trusted(path string, mine fs.FileInfo, user int) error {
	st, err := program(path)
	if err != nil {
		return err
	}
	owner := ownerOf(st)
	if owner != 0 && owner != user && (mine == nil || owner != ownerOf(mine)) {
		return fmt.Errorf("%s: belongs to user %d, who is neither root nor the owner of audit: %w", path, owner, fs.ErrPermission)
	}
	if st.Mode().Perm()&0o002 != 0 {
		return fmt.Errorf("%s: everybody may change it: %w", path, fs.ErrPermission)
	}
	return nil
}
