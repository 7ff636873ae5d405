package ethtool_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/ethtool"
)

// TestLive asks a real interface of the machine the test runs on, and compares
// with what sysfs says of it.
func TestLive(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob("/sys/class/net/*/device")
	if err != nil || len(all) == 0 {
		t.Skip("no interface with a device")
	}
	for _, dir := range all {
		dir = filepath.Dir(dir)
		dev, err := ethtool.Open(dir)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		c := ethtool.NewClient(dev)
		d, err := c.Driver(t.Context())
		if err != nil {
			t.Error(err)
		}
		target, err := os.Readlink(dir + "/device/driver")
		if err == nil && filepath.Base(target) != d.Name {
			t.Errorf("driver %q, want %q", d.Name, filepath.Base(target))
		}
		t.Logf("%+v", d)
		a, err := c.PermanentAddress(t.Context())
		t.Logf("permanent % x %v", a, err)
		l, err := c.Link(t.Context())
		t.Logf("%+v %v", l, err)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			t.Error(err)
		}
		f, ok, err := c.FEC(t.Context())
		t.Log(f, ok, err)
		if err != nil {
			t.Error(err)
		}
		_, err = c.ModuleMemory(t.Context(), ethtool.Page{I2CAddress: 0x50, Length: 1})
		t.Log(err)
		if err := dev.Close(); err != nil {
			t.Error(err)
		}
		if _, err := c.Driver(t.Context()); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// TestElsewhere: an interface of another network namespace has the name of one
// here, and another number or address.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	number, err := os.ReadFile("/sys/class/net/lo/ifindex")
	if err != nil {
		t.Skip(err)
	}
	for name, files := range map[string]map[string]string{
		"lo/another number":   {"ifindex": "77\n", "address": "00:00:00:00:00:00\n"},
		"lo/another address":  {"ifindex": string(number), "address": "02:00:00:00:00:01\n"},
		"nosuch0/not here":    {"ifindex": "1\n", "address": "00:00:00:00:00:00\n"},
		"lo/malformed number": {"ifindex": "-1\n", "address": "00:00:00:00:00:00\n"},
	} {
		dir := filepath.Join(t.TempDir(), strings.Split(name, "/")[0])
		for f, text := range files {
			if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, f), []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		want := errors.ErrUnsupported
		if strings.Contains(name, "malformed") {
			want = fs.ErrNotExist
		}
		if dev, err := ethtool.Open(dir); !errors.Is(err, want) || dev != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"/sys/class/net/nosuchinterface0", "/sys/class/net/" + strings.Repeat("x", 16), "/sys/class/net/.."} {
		if _, err := ethtool.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dev, err := ethtool.Open("/sys/class/net/lo")
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	if a, err := ethtool.NewClient(dev).PermanentAddress(t.Context()); len(bytes.Trim(a, "\x00")) > 0 {
		t.Errorf("lo has the permanent address % x, %v", a, err)
	}
}
