package pciconf_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/pciconf"
)

// functionDir is the directory of a function that is not there.
func functionDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "0000:01:00.0")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpen(t *testing.T) {
	t.Parallel()
	name := filepath.Join(functionDir(t), "config")
	if err := os.WriteFile(name, endpoint(), 0o400); err != nil {
		t.Fatal(err)
	}
	d, err := pciconf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := ask(t, endpoint(), 4096)
	for range 2 {
		if got, err := pciconf.Read(t.Context(), d); err != nil || !bytes.Equal(got, want) {
			t.Errorf("% x, %v", got, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := pciconf.Read(t.Context(), d); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestOpenRefuses: only a function's file is opened, and whatever stands in its
// place does not hold the caller.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := functionDir(t)
	none := filepath.Join(dir, "config")
	if _, err := pciconf.Open(none); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	} else if p := (*fs.PathError)(nil); !errors.As(err, &p) || p.Path != none {
		t.Error(err)
	}
	other := filepath.Join(dir, "vpd")
	if err := os.WriteFile(other, endpoint(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(none, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{none, other, "/etc/config", "config"} {
		if d, err := pciconf.Open(name); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

// TestThisMachine asks each function of this machine for its registers, and
// compares with its file.
func TestThisMachine(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("/sys/bus/pci/devices/*/config")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skip("this machine has no PCI")
	}
	whole, read := 0, 0
	for _, name := range names {
		difference := ""
		for range 3 { // status registers may change between the two
			var size, n int
			if size, n, difference = bothWays(t, name); difference == "" {
				t.Logf("%s: %d of %d bytes", filepath.Base(filepath.Dir(name)), n, size)
				whole, read = whole+size, read+n
				break
			}
		}
		if difference != "" {
			t.Errorf("%s: -whole +answer:\n%s", name, difference)
		}
	}
	t.Logf("%d functions: %d of %d bytes", len(names), read, whole)
}

// bothWays reads a function's file and its registers, and returns the size of
// both.
func bothWays(t *testing.T, name string) (whole, read int, difference string) {
	t.Helper()
	d, err := pciconf.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, "" // pulled out since it was listed
	}
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	answer, err := pciconf.Read(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want, wantErr := pciconf.Decode(b)
	got, gotErr := pciconf.DecodeAnswer(answer)
	for _, p := range pieces(t, answer) {
		read += len(p.bytes)
	}
	return len(b), read, cmp.Diff(want, got) + cmp.Diff(words(wantErr), words(gotErr))
}
