package host_test

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// scripted is a source whose reads do what a test says.
type scripted struct {
	hosttest.Source
	read func(name string) ([]byte, error)
}

func (s *scripted) ReadFile(name string, _ int) ([]byte, error) { return s.read(name) }

// TestCancelledWhileTheLastCallReturns: the end of the context and the end of
// the last call may fall together.
func TestCancelledWhileTheLastCallReturns(t *testing.T) {
	t.Parallel()
	for range 20000 {
		ctx, cancel := context.WithCancel(t.Context())
		h := host.New(&scripted{read: func(string) ([]byte, error) { cancel(); return []byte("1"), nil }})
		if _, err := h.ReadFile(ctx, "/a"); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

// TestPanicOfALateCallFreesItsSlot: a call left behind may end in a panic, too.
func TestPanicOfALateCallFreesItsSlot(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	h := host.New(&scripted{read: func(string) ([]byte, error) { <-release; panic("late") }})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.ReadFile(ctx, "/a"); inventory.KindOf(err) != inventory.KindTimeout {
		t.Fatal(err)
	}
	if len(h.Stuck()) != 1 {
		t.Fatalf("stuck: %v", h.Stuck())
	}
	close(release)
	for deadline := time.Now().Add(5 * time.Second); len(h.Stuck()) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still stuck: %v", h.Stuck())
		}
	}
	for range 32 { // more than there are slots: none may be lost
		if _, err := h.ReadFile(t.Context(), "/a"); err == nil || inventory.KindOf(err) == inventory.KindStuck {
			t.Fatal(err)
		}
	}
}

// TestCallThatEndsItsGoroutine: runtime.Goexit is neither a result nor a panic.
func TestCallThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	h := host.New(&scripted{read: func(name string) ([]byte, error) {
		if name == "/d/bad" {
			runtime.Goexit()
		}
		return []byte("1"), nil
	}})
	r := h.ReadAttrs(t.Context(), "/d", "bad", "good")
	if r[0].Err == nil || string(r[1].Data) != "1" {
		t.Errorf("%v", r)
	}
	if len(h.Stuck()) != 0 {
		t.Errorf("stuck: %v", h.Stuck())
	}
}

// TestHungFolderLeavesRoomForOthers: a dead device hangs in each of its
// attributes; the rest of the machine is still read.
func TestHungFolderLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	src := &hosttest.Source{Files: map[string]string{"/ok/well": "1"}, Hang: map[string]bool{}}
	defer src.Release()
	h := src.Host()
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		name := "/dead/" + string(c)
		src.Files[name], src.Hang[name] = "x", true
	}
	for name := range src.Files {
		if !src.Hang[name] {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, err := h.ReadFile(ctx, name)
		cancel()
		if kind := inventory.KindOf(err); kind != inventory.KindTimeout && kind != inventory.KindStuck {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(h.Stuck()); n != 3 {
		t.Errorf("%d calls left behind", n)
	}
	if b, err := h.ReadFile(t.Context(), "/ok/well"); err != nil || string(b) != "1" {
		t.Errorf("another folder: %q, %v", b, err)
	}
	if _, err := h.ReadFile(t.Context(), "/dead/none"); errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder that does not answer was asked once more")
	}
}

// TestErrorsOfFilesArePathErrors: a report names the path once, in the source
// of an issue.
func TestErrorsOfFilesArePathErrors(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	h := host.New(&scripted{read: func(name string) ([]byte, error) {
		if name == "/big" {
			return make([]byte, host.AttrLimit+1), nil
		}
		panic("bad")
	}})
	_, big := h.ReadFile(t.Context(), "/big")
	_, bad := h.ReadFile(t.Context(), "/bad")
	_, late := h.ReadFile(ended, "/late")
	_, dir := h.ReadDir(ended, "/dir")
	_, link := h.Readlink(ended, "/link")
	for name, err := range map[string]error{"/big": big, "/bad": bad, "/late": late, "/dir": dir, "/link": link} {
		var p *fs.PathError
		if !errors.As(err, &p) || p.Path != name || strings.Contains(p.Err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
