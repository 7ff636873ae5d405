package scsi_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

func TestOpenOnlyDisks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "sda")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		"/dev/sda1": errors.ErrUnsupported, "/dev/nvme0": errors.ErrUnsupported, "/dev/sr0": errors.ErrUnsupported, "/dev/null": errors.ErrUnsupported,
		file: errors.ErrUnsupported, filepath.Join(dir, "sdb"): fs.ErrNotExist, filepath.Join(dir, "sg0"): fs.ErrNotExist,
	} {
		if dev, err := scsi.Open(path); dev != nil || !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

func TestExchangeWithAnotherDriver(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "sg0")
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	dev, err := scsi.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scsi.NewClient(dev).Inquiry(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("ENOTTY: %v", err)
	}
	if _, err := dev.Exchange(t.Context(), device.Request{Command: []byte{4, 0, 0, 0, 0, 0}}); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("format unit: %v", err)
	}
	if err := dev.Close(); err != nil {
		t.Error(err)
	}
	if err := scsi.NewClient(dev).Ready(t.Context()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
