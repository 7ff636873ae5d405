package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

func write(t *testing.T, root, name, data string) {
	t.Helper()
	p := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func static(t *testing.T, root string) *host.Host {
	t.Helper()
	h, err := host.Static(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func TestStaticReadsBelowItsRootOnly(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	outside := t.TempDir()
	write(t, outside, "secret", "no")
	write(t, root, "sys/a/x", "1\n")
	for link, target := range map[string]string{
		"sys/rel": "a", "sys/abs": "/sys/a", "sys/out": filepath.Join(outside, "secret"), "sys/up": "../../../../../../etc/passwd",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, root, "dev/nvme0", "")
	h := static(t, root)
	for _, name := range []string{"/sys/a/x", "/sys/rel/x", "/sys/abs/x"} {
		if b, err := h.ReadFile(t.Context(), name); err != nil || string(b) != "1\n" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	for _, name := range []string{"/sys/out", "/sys/up", "/nothing"} {
		if b, err := h.ReadFile(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %q, %v; want not exist", name, b, err)
		}
	}
	if s, err := h.Readlink(t.Context(), "/sys/abs"); err != nil || s != "/sys/a" {
		t.Errorf("readlink: %q, %v", s, err)
	}
	if _, err := h.Readlink(t.Context(), "/sys/a/x"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("readlink of a file: %v; want an error that is not absence", err)
	}
	if names, err := h.ReadDir(t.Context(), "/sys"); err != nil || strings.Join(names, " ") != "a abs out rel up" {
		t.Errorf("readdir: %q, %v", names, err)
	}
	if names, err := h.ReadDir(t.Context(), "/"); err != nil || strings.Join(names, " ") != "dev sys" {
		t.Errorf("readdir /: %q, %v", names, err)
	}
	if _, err := h.Open(t.Context(), "nvme-admin", "/dev/nvme0"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a captured tree has no devices: %v", err)
	}
}

func TestOddFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, "big", strings.Repeat("x", 1<<20))
	write(t, root, "page", strings.Repeat("p", os.Getpagesize()))
	write(t, root, "empty", "")
	if err := unix.Mkfifo(filepath.Join(root, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := static(t, root)
	if _, err := h.ReadFile(t.Context(), "/big"); !errors.Is(err, host.ErrTooLarge) || !errors.Is(err, inventory.ErrMalformed) {
		t.Errorf("big: %v", err)
	}
	if b, err := h.ReadFileMax(t.Context(), "/big", 1<<20); err != nil || len(b) != 1<<20 {
		t.Errorf("big with room: %d bytes, %v", len(b), err)
	}
	if b, err := h.ReadFile(t.Context(), "/page"); err != nil || len(b) != os.Getpagesize() {
		t.Errorf("page: %d bytes, %v", len(b), err)
	}
	if b, err := h.ReadFile(t.Context(), "/empty"); err != nil || len(b) != 0 {
		t.Errorf("empty: %q, %v", b, err)
	}
	if _, err := h.ReadFile(t.Context(), "/fifo"); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("fifo: %v", err)
	}
	if _, err := h.ReadFile(t.Context(), "/"); err == nil {
		t.Error("a directory was read as a file")
	}
}

func TestHungAttributeCostsItself(t *testing.T) {
	t.Parallel()
	src := &hosttest.Source{
		Files: map[string]string{"/d/a": "1", "/d/b": "2", "/d/c": "3"},
		Hang:  map[string]bool{"/d/b": true},
	}
	h := src.Host()
	start := time.Now()
	r := h.ReadAttrs(t.Context(), "/d", "a", "b", "c")
	if string(r[0].Data) != "1" || string(r[2].Data) != "3" {
		t.Errorf("neighbours lost: %q", r)
	}
	if inventory.KindOf(r[1].Err) != inventory.KindTimeout {
		t.Errorf("hung: %v", r[1].Err)
	}
	if d := time.Since(start); d > 4*time.Second {
		t.Errorf("took %v", d)
	}
	start = time.Now()
	r = h.ReadAttrs(t.Context(), "/d", "a", "b", "c")
	var stuck host.StuckError
	if !errors.As(r[1].Err, &stuck) || inventory.KindOf(r[1].Err) != inventory.KindStuck || string(r[2].Data) != "3" {
		t.Errorf("second time: %v", r)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("the second time took %v", d)
	}
	if s := h.Stuck(); len(s) != 1 || s[0].Name != "/d/b" {
		t.Errorf("stuck: %v", s)
	}
	src.Release()
	for range 100 { // it comes back by itself
		if len(h.Stuck()) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if r := h.ReadAttrs(t.Context(), "/d", "b"); string(r[0].Data) != "2" {
		t.Errorf("after release: %v", r)
	}
}

func TestStuckCallsAreBounded(t *testing.T) {
	t.Parallel()
	src := &hosttest.Source{Files: map[string]string{"/ok/well": "1"}, Hang: map[string]bool{}}
	for i := range 100 {
		p := fmt.Sprintf("/d%d/sick", i)
		src.Files[p], src.Hang[p] = "x", true
	}
	h := src.Host()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	dirs := make([]int, 100)
	for i := range dirs {
		dirs[i] = i
	}
	inventory.Each(ctx, 100, time.Second, dirs, func(ctx context.Context, i int) error {
		_, err := h.ReadFile(ctx, fmt.Sprintf("/d%d/sick", i))
		return err
	})
	if n := len(h.Stuck()); n == 0 || n > 16 {
		t.Errorf("%d calls left behind", n)
	}
	if _, err := h.ReadFile(t.Context(), "/never/asked/sick"); inventory.KindOf(err) != inventory.KindStuck {
		t.Errorf("one more of the kind: %v", err)
	}
	if b, err := h.ReadFile(t.Context(), "/ok/well"); err != nil || string(b) != "1" {
		t.Errorf("another kind: %q, %v", b, err)
	}
	src.Release()
}

func TestThousandRunsOnAHungFileKeepTheThreads(t *testing.T) { //nolint:paralleltest // counts the process's goroutines
	src := &hosttest.Source{Files: map[string]string{"/d/b": "2", "/d/c": "3"}, Hang: map[string]bool{"/d/b": true}}
	defer src.Release()
	h := src.Host()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	h.ReadAttrs(ctx, "/d", "b")
	before := inGuard()
	for range 1000 {
		if r := h.ReadAttrs(t.Context(), "/d", "b", "c"); r[0].Err == nil || string(r[1].Data) != "3" {
			t.Fatal(r)
		}
	}
	if after := inGuard(); after > before {
		t.Errorf("goroutines left behind: %d, then %d", before, after)
	}
}

// inGuard counts the goroutines that are in a call to a source.
func inGuard() int {
	var b bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&b, 2)
	return strings.Count(b.String(), "hosttest.(*Source).fault")
}

func TestPanicInASourceCostsOneCall(t *testing.T) {
	t.Parallel()
	h := host.New(&panicky{})
	r := h.ReadAttrs(t.Context(), "/", "bad", "good")
	var p *inventory.PanicError
	if !errors.As(r[0].Err, &p) || string(r[1].Data) != "ok" {
		t.Errorf("%v", r)
	}
	if len(h.Stuck()) != 0 {
		t.Errorf("stuck: %v", h.Stuck())
	}
}

type panicky struct{ hosttest.Source }

func (*panicky) ReadFile(name string, _ int) ([]byte, error) {
	if name == "/bad" {
		panic("bad")
	}
	return []byte("ok"), nil
}

func TestOnceLivesAsLongAsTheRun(t *testing.T) {
	t.Parallel()
	h := (&hosttest.Source{}).Host()
	made := 0
	get := func(h *host.Host) int {
		return host.Once(h, "key", func() int { made++; return made })
	}
	one, two := h.ForRun(&inventory.Run{}), h.ForRun(&inventory.Run{})
	got := []int{get(one), get(one), get(two), get(two)}
	if want := []int{1, 1, 2, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkReadAttrs(b *testing.B) {
	root := b.TempDir()
	names := []string{"vendor", "device", "class", "revision", "numa_node", "enable", "irq", "resource"}
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(root, n), []byte("0x8086\n"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	h, err := host.Static(root)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		h.ReadAttrs(b.Context(), "/", names...)
	}
}

// TestWithin holds the short way of joining paths against the long one.
func TestWithin(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"/", "/a", "/a/b.c"} {
		for _, name := range []string{"", ".", "..", "x", "/x", "x/", "x//y", "x/../y", "x/./y", "../x", "x/..", "a.b", "a..b", ".x", "x/.y", "x.", "x/y."} {
			if got, want := host.Within(dir, name), path.Join(dir, name); got != want {
				t.Errorf("%s and %s: %s, want %s", dir, name, got, want)
			}
		}
	}
	for _, name := range []string{"/", "/a", "/a/b", "/a/b/c.d"} {
		if dir, base := host.Split(name); dir != path.Dir(name) || base != path.Base(name) {
			t.Errorf("%s: %s, %s", name, dir, base)
		}
	}
}
