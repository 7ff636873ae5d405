//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/test/lab"
)

// TestRegressions takes one fix out of the overlay at a time and wants the
// harm back that it was made against: else a test here proves nothing.
func TestRegressions(t *testing.T) {
	t.Run("A: the audit in the foreground holds the consoles", func(t *testing.T) {
		slow := standinAudit("sleep 900\n")
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, words: "bee.timeout=900", change: func(overlay string) error {
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
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, without: []string{
			"devfs", "dmesg", "mdev", "hwdrivers", "modloop", "modules", "sysctl", "hostname", "bootmisc", "syslog", "networking",
		}})
		b.silent(t)
	})
	t.Run("D: dropbear that needs a network waits for one", func(t *testing.T) {
		b := start(t, plan{profile: "small", keys: true, tune: withNIC, change: func(overlay string) error {
			if err := os.WriteFile(filepath.Join(overlay, "etc/network/interfaces"), []byte("auto lo eth9\niface lo inet loopback\niface eth9 inet dhcp\n"), 0o644); err != nil {
				return err
			}
			return edit(filepath.Join(overlay, "etc/conf.d/dropbear"), `rc_need="!net"`, "")
		}})
		b.silent(t)
	})
	t.Run("F: clients in the foreground hold the boot", func(t *testing.T) {
		const cards = 4
		b := start(t, plan{profile: "small", keys: true, tune: func(p *lab.Profile) {
			for i := range cards {
				p.Arguments = append(p.Arguments, "-netdev", fmt.Sprintf("user,id=n%d,restrict=on", i), "-device", fmt.Sprintf("e1000e,id=nic%d,netdev=n%d", i, i))
			}
		}, change: func(overlay string) error {
			return edit(filepath.Join(overlay, "etc/init.d/bee-network"), "	/usr/libexec/bee/hostname-setup\n", `
				/sbin/modprobe e1000e
				cut -d. -f1 /proc/uptime >/dev/ttyS1
				for nic in /sys/class/net/eth*; do
					ip link set "${nic##*/}" up
					udhcpc -b -S -i "${nic##*/}" -s /usr/libexec/bee/dhcp-event -t 3 -T 3
				done >/dev/null 2>&1
				cut -d. -f1 /proc/uptime >/dev/ttyS1
			`)
		}, started: func(m *machine) {
			for i := range cards {
				if _, err := m.Fault(t.Context(), "hmp", fmt.Sprintf("set_link nic%d off", i)); err != nil {
					t.Fatal(err)
				}
			}
		}})
		b.loginOffered(t)
		var before, after int
		if _, err := fmt.Sscan(readFile(t, b.out+"/ttyS1.log"), &before, &after); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d clients: %d s", cards, after-before)
		if after-before < 9*cards {
			t.Errorf("%d clients in the foreground took %d s, want 9 s each", cards, after-before)
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

// loginOffered waits for the end of the boot.
func (b booted) loginOffered(t *testing.T) {
	t.Helper()
	end := time.Now().Add(within(120 * time.Second))
	for !strings.Contains(readFile(t, b.out+"/ttyS0.log"), "login:") {
		if time.Now().After(end) {
			t.Fatalf("no login after %s: %s", b.Since(), tail(b.serial(), 1000))
		}
		time.Sleep(time.Second)
	}
}

// silent wants no SSH, though all is up.
func (b booted) silent(t *testing.T) {
	t.Helper()
	b.loginOffered(t)
	end := time.Now().Add(within(10 * time.Second))
	for time.Now().Before(end) {
		if banner(t.Context(), b.port) {
			t.Fatalf("SSH answers after %s", b.Since())
		}
		time.Sleep(time.Second)
	}
}
