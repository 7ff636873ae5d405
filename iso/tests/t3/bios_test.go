//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"testing"
	"time"
)

// TestBIOS boots the full server from a disc, with a key in the build.
func TestBIOS(t *testing.T) {
	b := start(t, plan{keys: true})
	b.up(t, 60*time.Second)
	if state := b.audited(t, 60*time.Second); state != "done" {
		t.Errorf("audit: %s: %s", state, b.must(t, "cat /run/bee/audit.status /var/log/bee-audit.log"))
	}
	t.Log(b.must(t, "cd /run/bee; for f in *.status network/*; do echo \"== $f\"; cat $f; done; rc-status -a; dmesg | tail -5; lsmod | head -50; ps; free; df; cat /etc/motd /etc/shadow"))
}
