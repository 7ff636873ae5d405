package atomicfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

func TestWriteMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, strings.Repeat("r", 255)) // as long as a name may be
	for _, mode := range []fs.FileMode{0o644, 0o666, 0o600} {
		if err := atomicfile.WriteMode(name, []byte("x"), mode); err != nil {
			t.Fatal(err)
		}
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != mode {
			t.Errorf("mode %v, %v, want %v", st.Mode(), err, mode)
		}
	}
	onlyEntry(t, dir, filepath.Base(name))
}

// TestWriteAtOnce: writers of one file do not disturb each other.
func TestWriteAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			text := bytes.Repeat([]byte{byte('a' + i)}, 100_000)
			for range 20 {
				if err := atomicfile.Write(name, text); err != nil {
					t.Error(err)
				}
				got, err := os.ReadFile(name)
				if err != nil || len(got) != len(text) || bytes.Count(got, got[:1]) != len(text) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
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
	for _, name := range []string{"", ".", "..", sub + "/", sub + "/.", sub + "/.."} {
		if err := atomicfile.Write(name, []byte("x")); err == nil {
			t.Errorf("%q was written", name)
		}
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
