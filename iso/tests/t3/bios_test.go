//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"strings"
	"testing"
	"time"
)

// TestBIOS boots the full server from a disc, with a key in the build: SSH, the
// report with every part, the smoke test, a new audit, the medium let go.
func TestBIOS(t *testing.T) {
	b := start(t, plan{keys: true})
	b.up(t, 60*time.Second)
	if state := b.audited(t, 60*time.Second); state != "done" {
		t.Errorf("audit: %s: %s", state, b.must(t, "cat /run/bee/audit.status /var/log/bee-audit.log"))
	}
	b.plugged(t, b.report(t))
	b.smoke(t, b.root(), "sh -s")
	t.Run("rerun", b.rerun)
	t.Run("medium", b.letGo)
	t.Run("UID LED", func(t *testing.T) {
		// The simulated BMC knows no such LED: what counts is that it was asked,
		// and that its answer is told.
		out, err := b.ssh(t.Context(), b.root(), "", "/usr/libexec/bee/identify")
		if t.Log(out, err); !strings.Contains(out, "UID LED is lit") && !strings.Contains(out, "the BMC refused: ") {
			t.Errorf("identify: %q %v", out, err)
		}
	})
	t.Run("firmware", func(t *testing.T) {
		if got := b.must(t, "cat /lib/firmware/bee/test.bin"); got != "firmware\n" {
			t.Errorf("firmware of the medium: %q", got)
		}
	})
	t.Run("consoles", func(t *testing.T) {
		for _, port := range []string{"ttyS0", "ttyS1"} {
			if got := readFile(t, b.out+"/"+port+".log"); !strings.Contains(got, "login:") {
				t.Errorf("%s: no login: %q", port, tail(got, 300))
			}
		}
	})
}

// rerun wants a second audit to replace the report.
func (b booted) rerun(t *testing.T) {
	before := b.must(t, "sha256sum /var/log/bee-audit.json")
	if said := b.must(t, "/usr/libexec/bee/audit-start"); !strings.Contains(said, "started") {
		t.Errorf("audit-start: %q", said)
	}
	if state := b.audited(t, 60*time.Second); state != "done" {
		t.Errorf("second audit: %s", state)
	}
	if after := b.must(t, "sha256sum /var/log/bee-audit.json"); after == before {
		t.Error("the second audit left the report as it was")
	}
}

// letGo wants the modules in RAM and nothing of the medium in use, and pulls it.
func (b booted) letGo(t *testing.T) {
	for range int(within(30 * time.Second).Seconds()) {
		if s := b.must(t, "sed -n 's/^state=//p' /run/bee/medium.status"); strings.TrimSpace(s) != "running" {
			break
		}
		time.Sleep(time.Second)
	}
	if s := b.must(t, "cat /run/bee/medium.status"); !strings.Contains(s, "state=removable") {
		t.Fatalf("medium: %s", s)
	}
	if m := b.must(t, "cat /proc/mounts"); strings.Contains(m, "iso9660") {
		t.Errorf("the medium is mounted:\n%s", m)
	}
	if _, err := b.Fault(t.Context(), "hmp", "eject -f cd"); err != nil {
		t.Fatal(err)
	}
	b.must(t, "/sbin/modprobe vfat && test -d /lib/modules/$(uname -r)/kernel")
}
