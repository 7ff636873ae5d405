//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"errors"
	"testing"
	"time"

	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// TestTrouble tests the lab's own means: one drive of two that hangs, and the
// kernel's record of commands.
func TestTrouble(t *testing.T) {
	stuck := lab.Job{Name: "stuck", Argv: []string{"nvme", "id-ctrl", "/dev/nvme1"}, Timeout: time.Second}
	b := boot(t, "small", nil,
		lab.Shell("hold", "modprobe labhang func=nvme_dev_ioctl only=file:nvme1 ms=600000"),
		stuck,
		lab.Job{Name: "other", Argv: []string{"nvme", "id-ctrl", "/dev/nvme0"}},
		lab.Shell("release", "cat /sys/module/labhang/parameters/hits; echo 0 > /sys/module/labhang/parameters/ms; sleep 1"),
		lab.Shell("trace", "labtrace /out/nvme.trace nvme smart-log /dev/nvme1 >/dev/null && labtrace /out/ipmi.trace ipmitool mc info"),
	)
	if j, err := b.Job("stuck"); err != nil || j.State != "stuck" {
		t.Errorf("the held job is %q, %v", j.State, err)
	}
	b.text(t, "other")
	if hits := b.text(t, "release"); hits != "1\n" {
		t.Errorf("%q calls held, want 1", hits)
	}
	b.text(t, "trace")
	for name, want := range map[string]string{"nvme": "nvme_admin_get_log_page", "ipmi": "0x6/0x1"} {
		found := false
		for _, c := range witness.ParseTrace(string(b.file(t, name+".trace"))) {
			found = found || c.Name == want
		}
		if !found {
			t.Errorf("%s: no %s in the trace:\n%s", name, want, b.file(t, name+".trace"))
		}
	}
}

// TestPowerCut wants a drive's content to outlive a machine that is cut off.
func TestPowerCut(t *testing.T) {
	p, err := lab.Lookup("small")
	if err != nil {
		t.Fatal(err)
	}
	o := lab.Options{
		Profile: p, DiskDir: t.TempDir(), Log: logTo{t}, OutDir: t.TempDir(), NoTools: true,
		Jobs: []lab.Job{{Name: "write", Argv: []string{"sh", "-c", "echo kept | dd of=/dev/nvme0n1 conv=sync,fsync; labsync powercut"}}},
	}
	if _, err := lab.Run(t.Context(), o); !errors.Is(err, lab.ErrNoAnswer) {
		t.Fatalf("after the cut: %v, want %v", err, lab.ErrNoAnswer)
	}
	o.Jobs = []lab.Job{{Name: "read", Argv: []string{"sh", "-c", "head -c 5 /dev/nvme0n1"}}}
	res, err := lab.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := (booted{Result: res}).text(t, "read"); got != "kept\n" {
		t.Errorf("read %q, want kept", got)
	}
}
