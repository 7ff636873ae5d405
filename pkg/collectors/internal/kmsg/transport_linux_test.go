package kmsg_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/kmsg"
)

// TestLog finds in the kernel's own log what was written there.
func TestLog(t *testing.T) {
	t.Parallel()
	d, err := kmsg.Open(kmsg.Path)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("bee test %d", os.Getpid())
	w, err := os.OpenFile(kmsg.Path, os.O_WRONLY, 0)
	if err == nil {
		_, err = w.WriteString("<7>" + text + "\n")
		_ = w.Close()
	}
	if errors.Is(err, fs.ErrPermission) {
		t.Skip("the log cannot be written to: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // each search begins with the oldest record
		records, err := kmsg.Find(t.Context(), d, text)
		if err != nil || len(records) != 1 || records[0].Text != text || records[0].SinceBoot <= 0 {
			t.Errorf("%+v, %v", records, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := kmsg.Find(t.Context(), d, text); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestNotTheLog: a file in the log's place is not read, and a FIFO does not hold
// the caller.
func TestNotTheLog(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "kmsg")
	if err := os.WriteFile(name, []byte("3,1,1,-;text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kmsg.Open(name); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if _, err := kmsg.Open(name + ".none"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
		t.Error(err)
	}
}
