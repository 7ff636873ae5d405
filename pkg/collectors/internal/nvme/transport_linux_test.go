package nvme_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/nvme"
)

func TestOpenOnlyControllers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "nvme7")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		"/dev/nvme0n1": errors.ErrUnsupported, "/dev/sda": errors.ErrUnsupported, "/dev/nvme-fabrics": errors.ErrUnsupported,
		"/dev/null": errors.ErrUnsupported, file: errors.ErrUnsupported,
		filepath.Join(dir, "nvme8"): fs.ErrNotExist,
	} {
		if dev, err := nvme.Open(path); dev != nil || !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

// A character device that is not NVMe says so; what is not on the list does
// not even reach it.
func TestExchangeWithAnotherDriver(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "nvme0")
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	dev, err := nvme.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nvme.NewClient(dev).IdentifyController(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("ENOTTY: %v", err)
	}
	if _, err := dev.Exchange(t.Context(), device.Request{Command: nvme.Command{Opcode: 0x80}.Encode()}); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("format: %v", err)
	}
	if err := dev.Close(); err != nil {
		t.Error(err)
	}
	if _, err := nvme.NewClient(dev).IdentifyController(t.Context()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
