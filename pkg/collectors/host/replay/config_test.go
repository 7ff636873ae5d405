package replay_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/inventory"
)

// spaceFile is a configuration space that may fail or hang.
type spaceFile struct {
	space []byte
	err   error
	hang  chan struct{}
}

func (f spaceFile) ReadAt(p []byte, at int64) (int, error) {
	if f.hang != nil {
		<-f.hang
	}
	if f.err != nil {
		return 0, f.err
	}
	if n := copy(p, f.space[at:]); n < len(p) {
		return n, io.EOF
	}
	return len(p), nil
}

func (spaceFile) Close() error { return nil }

// functions is a machine of sound functions, one that fails and one that hangs.
func functions(devices bool) (src *hosttest.Source, release func()) {
	src = &hosttest.Source{Files: map[string]string{}, Devices: map[string]host.Device{}, Hang: map[string]bool{}, Errors: map[string]error{}}
	gate := make(chan struct{})
	space := make([]byte, 4096)
	copy(space, "\x01\xe0\x34\x12\x06\x00\x10\x00\x01\x00\x00\x02")
	space[0x34], space[0x40], space[0x42] = 0x40, 0x10, 0x02
	copy(space[0x100:], "\x03\x00\x01\x00\x78\x56\x34\x12\xff\xff\x21\x00")
	for i := range 12 {
		dir := fmt.Sprintf("/sys/bus/pci/devices/0000:00:%02x.0", i)
		src.Files[dir+"/uevent"] = "PCI_CLASS=20000\nPCI_ID=E001:1234\n"
		src.Files[dir+"/config"] = string(space)
		f := spaceFile{space: space}
		switch i {
		case 3:
			f.err, src.Errors[dir+"/config"] = syscall.EIO, syscall.EIO
		case 5:
			f.hang, src.Hang[dir+"/config"] = gate, true
		}
		if devices {
			src.Devices["pci-config "+dir+"/config"] = pciconf.New(dir+"/config", f, int64(len(space)))
		}
	}
	return src, func() { close(gate); src.Release() }
}

// TestConfigurationSpace: what was asked of functions and what they answered, or
// did not, comes back to the byte, and nothing is read from files.
func TestConfigurationSpace(t *testing.T) {
	t.Parallel()
	for _, devices := range []bool{true, false} {
		src, release := functions(devices)
		live, file := recorded(t, src, inventory.WithOnly("pcie"))
		release()
		again := replayed(t, file, inventory.WithOnly("pcie"))
		if !bytes.Equal(live, again) {
			t.Errorf("devices %v: not the same:\n%s", devices, firstDifference(live, again))
		}
		for _, want := range []string{"0000:00:03.0/config", "input/output error", "0000:00:05.0/config", "no answer", "0021ffff12345678"} {
			if !bytes.Contains(live, []byte(want)) {
				t.Errorf("devices %v: no %q in %s", devices, want, live)
			}
		}
		s, err := replay.Load(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if speaks, known := host.New(s).Speaks(host.PCIConfig); speaks != devices || !known {
			t.Errorf("devices %v: speaks %v, known %v", devices, speaks, known)
		}
		asked, read := questions(t, file)
		if (asked > 0) != devices || (read > 0) == devices {
			t.Errorf("devices %v: %d asked, %d read", devices, asked, read)
		}
	}
}

// questions counts the spaces that were asked and those that were read.
func questions(t *testing.T, file []byte) (asked, read int) {
	t.Helper()
	in, err := archive.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for {
		f, err := in.Next()
		if errors.Is(err, io.EOF) {
			return asked, read
		}
		if err != nil {
			t.Fatal(err)
		}
		b, ok := f.(*archive.Begin)
		switch {
		case !ok || !strings.HasSuffix(b.Call.Name, "/config"):
		case b.Call.Op == archive.OpExchange:
			asked++
		case b.Call.Op == archive.OpRead:
			read++
		}
	}
}

// TestFilesOfARunCutShort: a recording without devices, of a collector whose time
// was over, is not asked for one: it would wait for an answer that never came.
func TestFilesOfARunCutShort(t *testing.T) {
	t.Parallel()
	thrice(t, func() (live, again []byte) {
		src, release := functions(false)
		for name := range src.Files {
			if strings.HasSuffix(name, "/config") && name > "/sys/bus/pci/devices/0000:00:08.0" {
				src.Hang[name] = true
			}
		}
		live, file := recorded(t, src, inventory.WithOnly("pcie"), inventory.WithTimeout(1500*time.Millisecond))
		release()
		begun := time.Now()
		again = replayed(t, file, inventory.WithOnly("pcie"))
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
		return live, again
	})
}
