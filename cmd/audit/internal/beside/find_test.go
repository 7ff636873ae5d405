package beside_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/cmd/audit/internal/beside"
)

func TestTrusted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "helper")
	mode := func(m fs.FileMode) fs.FileInfo {
		if err := errors.Join(os.WriteFile(path, nil, 0o700), os.Chmod(path, m)); err != nil {
			t.Fatal(err)
		}
		st, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	me := os.Geteuid()
	st := mode(0o775)
	if err := beside.Trusted(path, nil, me); err != nil {
		t.Error(err)
	}
	const other = 12345
	if me != 0 { // root's are trusted
		if err := beside.Trusted(path, nil, other); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("another user's: %v", err)
		}
		if err := beside.Trusted(path, st, other); err != nil {
			t.Errorf("of the owner of audit: %v", err)
		}
	} else {
		if err := os.Chown(path, other, other); err != nil {
			t.Fatal(err)
		}
		if err := beside.Trusted(path, st, 0); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("another user's, to root: %v", err)
		}
		theirs, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := beside.Trusted(path, theirs, 0); err != nil {
			t.Errorf("of the owner of audit: %v", err)
		}
	}
	for _, m := range []fs.FileMode{0o777, 0o600} {
		mode(m)
		if err := beside.Trusted(path, st, me); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%o: %v", m, err)
		}
	}
	if err := beside.Trusted(path+"x", st, me); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := beside.Find("no-such-program"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := beside.Executable(filepath.Dir(path)); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}
