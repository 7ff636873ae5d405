package host_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// hung is a device whose every answer is waited for.
type hung struct{ release chan struct{} }

func (d hung) Exchange(context.Context, host.Request) (host.Response, error) {
	<-d.release
	return host.Response{}, nil
}

func (hung) Close() error { return nil }

func configs(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("/sys/bus/pci/devices/0000:%02x:00.0/config", i)
	}
	return names
}

// readsConfig is the one exchange that is allowed.
func readsConfig() host.Request { return host.Request{Command: []byte{1}, ReadLen: 6 + 4096} }

// TestAttributeAskedAsADevice: configuration space is given up as an attribute
// is, and takes no more slots than one.
func TestAttributeAskedAsADevice(t *testing.T) {
	t.Parallel()
	d := hung{make(chan struct{})}
	defer close(d.release)
	src := &hosttest.Source{Devices: map[string]host.Device{}, Files: map[string]string{"/ok/well": "1"}}
	names := configs(20)
	for _, n := range names {
		src.Devices["pci-config "+n] = d
	}
	h := src.Host()
	kinds := map[inventory.IssueKind]int{}
	start := time.Now()
	for i, err := range inventory.Each(t.Context(), 8, time.Minute, names, func(ctx context.Context, name string) error {
		dev, err := h.Open(ctx, host.PCIConfig, name)
		if err != nil {
			return err
		}
		defer dev.Close()
		_, err = dev.Exchange(ctx, readsConfig())
		return err
	}) {
		kinds[inventory.KindOf(err)]++
		var p *fs.PathError
		if !errors.As(err, &p) || p.Op != "read" || p.Path != names[i] || strings.Contains(p.Err.Error(), names[i]) {
			t.Errorf("%v", err)
		}
	}
	if took := time.Since(start); took < 1900*time.Millisecond || took > 4*time.Second {
		t.Errorf("took %v", took)
	}
	if kinds[inventory.KindTimeout] != 4 || kinds[inventory.KindStuck] != 16 {
		t.Errorf("%v", kinds)
	}
	if stuck := h.Stuck(); len(stuck) != 4 || !strings.HasPrefix(stuck[0].Name, "pci-config /sys/bus/pci/devices/") {
		t.Errorf("%v", stuck)
	}
	if b, err := h.ReadFile(t.Context(), "/ok/well"); string(b) != "1" || err != nil {
		t.Errorf("others: %q, %v", b, err)
	}
}

// TestAttributeOfAHungFolder: a dead device hangs in its configuration space as
// it does in its other attributes, and is not asked for a fourth.
func TestAttributeOfAHungFolder(t *testing.T) {
	t.Parallel()
	d := hung{make(chan struct{})}
	defer close(d.release)
	name := configs(1)[0]
	dir := strings.TrimSuffix(name, "config")
	src := &hosttest.Source{
		Devices: map[string]host.Device{"pci-config " + name: d},
		Files:   map[string]string{}, Hang: map[string]bool{},
	}
	defer src.Release()
	for _, f := range []string{"a", "b", "c"} {
		src.Files[dir+f], src.Hang[dir+f] = "x", true
	}
	h := src.Host()
	dev, err := h.Open(t.Context(), host.PCIConfig, name)
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []func(context.Context) error{
		func(ctx context.Context) error { _, err := dev.Exchange(ctx, readsConfig()); return err },
		func(ctx context.Context) error { _, err := h.ReadFile(ctx, dir+"a"); return err },
		func(ctx context.Context) error { _, err := h.ReadFile(ctx, dir+"b"); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if err := read(ctx); inventory.KindOf(err) != inventory.KindTimeout {
			t.Error(err)
		}
		cancel()
	}
	if _, err := h.ReadFile(t.Context(), dir+"c"); inventory.KindOf(err) != inventory.KindStuck {
		t.Error(err)
	}
	var stuck host.StuckError
	if _, err := dev.Exchange(t.Context(), readsConfig()); !errors.As(err, &stuck) {
		t.Error(err)
	}
}

// TestFailed: the words of a call that gave no answer are those of the host,
// whoever says them.
func TestFailed(t *testing.T) {
	t.Parallel()
	err := errors.New("no")
	for want, c := range map[string]host.Call{
		"read /a: no":            {Op: host.OpRead, Name: "/a"},
		"ipmi /dev/ipmi0: no":    {Op: host.OpExchange, Name: "/dev/ipmi0", Protocol: host.IPMI},
		"read /b/config: no":     {Op: host.OpExchange, Name: "/b/config", Protocol: host.PCIConfig},
		"read /c/config: no":     {Op: host.OpOpen, Name: "/c/config", Protocol: host.PCIConfig},
		"unheard of /dev/x: no":  {Op: host.OpOpen, Name: "/dev/x", Protocol: "unheard of"},
		"nvml: no":               {Op: host.OpHelper, Name: "nvml"},
		"readlink /l: no":        {Op: host.OpReadlink, Name: "/l"},
		"nvme-admin /dev/n0: no": {Op: host.OpOpen, Name: "/dev/n0", Protocol: host.NVMeAdmin},
	} {
		if got := c.Failed(err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSpeaks(t *testing.T) {
	t.Parallel()
	static, err := host.Static(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer static.Close()
	if speaks, known := static.Speaks(host.PCIConfig); speaks || !known {
		t.Errorf("a captured tree: %v, %v", speaks, known)
	}
	if speaks, known := (&hosttest.Source{}).Host().Speaks(host.PCIConfig); speaks || known {
		t.Errorf("a source that does not say: %v, %v", speaks, known)
	}
	live, err := host.Live()
	if errors.Is(err, errors.ErrUnsupported) { // not on Linux
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	for p, want := range map[host.Protocol]bool{host.PCIConfig: true, host.IPMI: true, "unheard of": false} {
		if speaks, known := live.Speaks(p); speaks != want || !known {
			t.Errorf("%s: %v, %v", p, speaks, known)
		}
	}
}
