package megaraid_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/megaraid"
)

func TestOpenOnlyTheNode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, megaraid.NodeName)
	if _, err := megaraid.Open(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, "/dev/null", "/dev/sda"} {
		if dev, err := megaraid.Open(path); dev != nil || !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestExchangeWithAnotherDriver(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), megaraid.NodeName)
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	dev, err := megaraid.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	c := megaraid.NewClient(dev, 0)
	if _, err := c.Controller(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("ENOTTY: %v", err)
	}
	shutdown := megaraid.Command{Opcode: 0x01050000}
	if _, err := dev.Exchange(t.Context(), device.Request{Command: shutdown.Encode(), ReadLen: 4}); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("shutdown: %v", err)
	}
	if err := dev.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Controller(t.Context()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
