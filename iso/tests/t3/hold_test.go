//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"os"
	"testing"
	"time"
)

// TestHold boots the server and keeps it until somebody removes the file it
// names, or an hour went by: `make iso-boot`.
func TestHold(t *testing.T) {
	words, asked := os.LookupEnv("BEE_ISO_HOLD")
	if !asked {
		t.Skip("BEE_ISO_HOLD is not set; its value is appended to the kernel's command line")
	}
	b := start(t, plan{keys: true, words: words})
	hold := b.out + "/hold"
	if err := os.WriteFile(hold, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.up(t, 60*time.Second)
	t.Logf("ssh -i %s -p %d -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no root@127.0.0.1", b.key, b.port)
	t.Logf("ends with: rm %s", hold)
	for range 3600 {
		if _, err := os.Stat(hold); err != nil {
			return
		}
		select {
		case <-b.Done():
			return
		case <-time.After(time.Second):
		}
	}
}
