package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/cmd/internal/atomicfile"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	for _, content := range []string{"first, longer", "second"} {
		if err := atomicfile.Write(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != content {
			t.Errorf("got %q, %v", got, err)
		}
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", st.Mode(), err)
		}
	}
	onlyEntry(t, dir, "report.json")
}

func TestWriteReplacesLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "report.json")
	if err := os.Symlink(victim, name); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(name, []byte("report")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(victim); err != nil || string(got) != "precious" {
		t.Errorf("the link's target became %q, %v", got, err)
	}
	if st, err := os.Lstat(name); err != nil || !st.Mode().IsRegular() {
		t.Errorf("%v, %v", st, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(sub, []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if err := atomicfile.Write("/dev/full", []byte("x")); err == nil {
		t.Error("a device was replaced")
	}
	if err := atomicfile.Write(filepath.Join(dir, "nowhere", "f"), []byte("x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	onlyEntry(t, dir, "sub")
}

func onlyEntry(t *testing.T, dir, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != want {
		t.Errorf("in the folder: %v, %v", entries, err)
	}
}
