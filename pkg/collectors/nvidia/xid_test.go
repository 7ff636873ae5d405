package nvidia_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
)

// TestLastXid: the kernel's log knows what the driver does not tell.
func TestLastXid(t *testing.T) {
	t.Parallel()
	log := strings.Join([]string{
		"3,1,1000000,-;NVRM: Xid (PCI:0000:3b:00): 48, pid=77, An uncorrectable double bit error",
		"3,2,2000000,-;NVRM: Xid (0000:3b:00): 13, 0005 00000000",
		"3,3,3500000,-;NVRM: Xid (PCI:0000:3B:00 GPU-I:05): 13",
		"3,4,4000000,-;NVRM: Xid (PCI:0000:af:00): 79, GPU has fallen off the bus.",
		"3,5,4000000,-;NVRM: Xid (PCI:0000:3b): 79, no address",
		"3,6,4000000,-;NVRM: Xid (PCI:0000:3b:00): x, no number",
		"3,7,4000000,-;NVRM: Xid (PCI:0000:3b:00",
	}, "\n") + "\n"
	s := othersOnly(3)
	pciFunction(s, "0000:3b:00.0", "0x10de", "0x20b0", "0x030200", "nvidia")
	s.Devices = map[string]host.Device{"kmsg /dev/kmsg": fakedev.New(t, host.KernelLog, fakedev.Exchange{
		Command: []byte("NVRM: Xid ("), ReadLen: fakedev.AnyLen, Reply: []byte(log),
	})}
	r := inventory.Collect(t.Context(), []inventory.Collector{nvidia.Collector(s.Host(), nil)})
	if len(r.GPUs) != 1 {
		t.Fatal(r.GPUs, r.Issues)
	}
	want := &inventory.Xid{Code: 13, BootSeconds: 3.5, Logged: map[string]int{"13": 2, "48": 1}}
	if d := cmp.Diff(want, r.GPUs[0].LastXid); d != "" {
		t.Error(d)
	}
	for _, f := range r.Findings {
		if f.Code == "gpu.xid" && (f.Severity != inventory.SeverityCritical || f.Evidence["xid_48"] != "1" || !strings.Contains(f.Message, "Xid 48")) {
			t.Errorf("the worst is not what it is judged by: %+v", f)
		}
	}
	if r.GPUs[0].Health != inventory.HealthCritical {
		t.Errorf("health %s", r.GPUs[0].Health)
	}
}

func TestLogNotToBeSeen(t *testing.T) {
	t.Parallel()
	s := othersOnly(3)
	pciFunction(s, "0000:3b:00.0", "0x10de", "0x20b0", "0x030200", "nvidia")
	gpus, err := nvidia.Read(t.Context(), s.Host(), nil)
	if len(gpus) != 1 || err != nil {
		t.Errorf("no log: %v, %v", gpus, err)
	}
	gpus, err = nvidia.Read(t.Context(), host.New(deniedLog{s}), nil)
	var part *inventory.PartError
	if len(gpus) != 1 || !errors.Is(err, fs.ErrPermission) || !errors.As(err, &part) || part.Field != "last_xid" {
		t.Errorf("denied: %v, %v", gpus, err)
	}
}

type deniedLog struct{ *hosttest.Source }

func (deniedLog) Open(host.Protocol, string) (host.Device, error) { return nil, fs.ErrPermission }
