package host_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/host"
)

// TestCapturedTreeIsFilesOnly: what lies behind a special file is not part of
// the capture.
func TestCapturedTreeIsFilesOnly(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "d/good", "1")
	fifo := filepath.Join(root, "d/fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.WriteString("from elsewhere"); err != nil {
		t.Fatal(err)
	}
	names := []string{"good", "fifo"}
	if err := unix.Mknod(filepath.Join(root, "d/zero"), unix.S_IFCHR|0o600, int(unix.Mkdev(1, 5))); err == nil {
		names = append(names, "zero") // needs root
	}
	h := static(t, root)
	for i, r := range h.ReadAttrs(t.Context(), "/d", names...) {
		if i == 0 {
			if r.Err != nil || string(r.Data) != "1" {
				t.Errorf("%q, %v", r.Data, r.Err)
			}
			continue
		}
		if !errors.Is(r.Err, errors.ErrUnsupported) || len(r.Data) > 0 {
			t.Errorf("%s: %d bytes, %v", names[i], len(r.Data), r.Err)
		}
	}
}

// TestAttrsOfAnyDirectory: however a folder is written, and wherever a name
// leads, it is the same file as by its path.
func TestAttrsOfAnyDirectory(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "a/b/x", "abx")
	write(t, root, "a/y", "ay")
	write(t, root, "z", "z")
	outside := t.TempDir()
	write(t, outside, "z", "outside")
	for link, target := range map[string]string{
		"a/b/up": "../y", "a/b/abs": "/z", "a/b/out": filepath.Join(outside, "z"), "a/b/far": "../../../../../../../z", "l": "/a/b",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	h := static(t, root)
	live, err := host.LiveUnder(root)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	for _, h := range []*host.Host{h, live} {
		for _, dir := range []string{"/a/b", "/a//b/", "/a/./b", "/l", "/l/"} {
			r := h.ReadAttrs(t.Context(), dir, "x", "up", "abs", "far", "out", "none")
			for i, want := range []string{"abx", "ay", "z", "z"} {
				if string(r[i].Data) != want {
					t.Errorf("%s: %d: %q, %v; want %q", dir, i, r[i].Data, r[i].Err, want)
				}
			}
			for _, r := range r[4:] {
				if !errors.Is(r.Err, os.ErrNotExist) {
					t.Errorf("%s: %q, %v", dir, r.Data, r.Err)
				}
			}
		}
		r := h.ReadAttrs(t.Context(), "/a/b", "../y", "../../z")
		if string(r[0].Data) != "ay" || string(r[1].Data) != "z" {
			t.Errorf("beside: %v", r)
		}
		if r := h.ReadAttrs(t.Context(), "/", "z", "a/y"); string(r[0].Data) != "z" || string(r[1].Data) != "ay" {
			t.Errorf("at the top: %v", r)
		}
	}
}
