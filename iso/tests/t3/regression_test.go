//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRegressions takes one fix out of the overlay at a time and wants the
// harm back that it was made against: else a test here proves nothing.
func TestRegressions(t *testing.T) {
	t.Run("A: the audit in the foreground holds the consoles", func(t *testing.T) {
		slow := standinAudit("sleep 60\n")
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, change: func(overlay string) error {
			if err := slow(overlay); err != nil {
				return err
			}
			return edit(filepath.Join(overlay, "usr/libexec/bee/audit-start"), "background ", "")
		}})
		b.up(t, 60*time.Second)
		// The runlevel is not reached while the audit runs.
		if got := strings.TrimSpace(b.must(t, "ps | grep -c '[g]etty 38400 tty2' || :")); got != "0" {
			t.Errorf("consoles though the audit is in the foreground: %s", got)
		}
	})
	t.Run("C: without Alpine's own services there is no card", func(t *testing.T) {
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, change: func(overlay string) error {
			// The links are made by the packer from its list: services that do
			// nothing are as good as none.
			for _, s := range []string{"hwdrivers", "modloop"} {
				if err := os.WriteFile(filepath.Join(overlay, "etc/conf.d", s), []byte("start() { return 0; }\n"), 0o644); err != nil {
					return err
				}
			}
			return nil
		}})
		b.silent(t, 60*time.Second)
	})
	t.Run("D: dropbear that needs a network waits for one", func(t *testing.T) {
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, change: func(overlay string) error {
			if err := os.WriteFile(filepath.Join(overlay, "etc/network/interfaces"), []byte("auto lo eth9\niface lo inet loopback\niface eth9 inet dhcp\n"), 0o644); err != nil {
				return err
			}
			return edit(filepath.Join(overlay, "etc/conf.d/dropbear"), `rc_need="!net"`, "")
		}})
		b.silent(t, 60*time.Second)
	})
	t.Run("F: a client in the foreground holds the boot", func(t *testing.T) {
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, change: func(overlay string) error {
			return edit(filepath.Join(overlay, "usr/libexec/bee/network-watch"), "background /usr/libexec/bee/network-up", "udhcpc -i")
		}, started: func(m *machine) {
			if _, err := m.Fault(t.Context(), "hmp", "set_link nic0 off"); err != nil {
				t.Fatal(err)
			}
		}})
		// The watcher is stuck with its first interface: nothing follows the
		// carrier, and the console never tells of it.
		time.Sleep(within(45 * time.Second))
		if text, err := b.screen(t.Context()); err != nil || strings.Contains(strings.ToLower(text), "no carrier") {
			t.Errorf("the watcher goes on: %v\n%s", err, text)
		}
	})
}

// edit replaces a text in a file of the overlay; it has to be there.
func edit(file, old, with string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !strings.Contains(string(data), old) {
		return &os.PathError{Op: "find " + old, Path: file, Err: os.ErrNotExist}
	}
	return os.WriteFile(file, []byte(strings.ReplaceAll(string(data), old, with)), 0o755)
}

// silent wants no SSH.
func (b booted) silent(t *testing.T, limit time.Duration) {
	t.Helper()
	end := time.Now().Add(within(limit))
	for time.Now().Before(end) {
		if banner(t.Context(), b.port) {
			t.Fatalf("SSH answers after %s", b.Since())
		}
		time.Sleep(time.Second)
	}
}
