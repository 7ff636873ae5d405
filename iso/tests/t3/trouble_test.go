//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/test/lab"
)

// standinAudit puts a script where the audit is.
func standinAudit(script string) func(string) error {
	return func(overlay string) error {
		return os.WriteFile(filepath.Join(overlay, "usr/local/bin/audit"), []byte("#!/bin/sh\n"+script), 0o755)
	}
}

// TestAudits boots with an audit that hangs, crashes, or is not there: SSH and
// console answer as ever, and say what happened.
func TestAudits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(string) error
		state  string
		text   string
	}{
		// It ignores what asks it to end, and leaves a child behind.
		{"hangs", standinAudit("trap '' TERM INT\nsleep 10000 &\nwhile :; do sleep 1000; done\n"), "timeout", "no end after 15 s"},
		{"crashes", standinAudit("kill -SEGV $$\n"), "failed", "signal 11"},
		{"is missing", func(overlay string) error { return os.Remove(filepath.Join(overlay, "usr/local/bin/audit")) }, "missing", "is not there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := start(t, plan{profile: "small", tune: withNIC, keys: true, words: "bee.timeout=15", change: c.change})
			b.up(t, 60*time.Second)
			if s := b.audited(t, 60*time.Second); s != c.state {
				t.Errorf("state %q, want %q", s, c.state)
			}
			if got := b.field(t, "audit.status", "text"); !strings.Contains(got, c.text) {
				t.Errorf("text %q, want %q in it", got, c.text)
			}
			b.waitScreen(t, 30*time.Second, "audit")
			if got := b.must(t, "rc-status -r; ls /run/openrc/failed; ps | grep '[s]leep 1000' || :"); got != "default\n" {
				t.Errorf("runlevel, failed services, left behind: %q", got)
			}
		})
	}
}

// TestSick measures how long a healthy machine takes; the sick ones
// that follow may take 30 s longer.
func TestSick(t *testing.T) {
	var healthy time.Duration
	for _, c := range []struct {
		name    string
		tune    func(*lab.Profile)
		started func(*testing.T, *machine)
	}{
		{"healthy", nil, nil},
		{"bmc stopped", nil, func(t *testing.T, m *machine) {
			t.Helper()
			if _, err := m.Fault(t.Context(), "bmc", "stop"); err != nil {
				t.Fatal(err)
			}
		}},
		{"disk at 1 IOPS", func(p *lab.Profile) {
			p.Disks = append(p.Disks, lab.Disk{ID: "slow", Size: 64 << 20})
			p.Arguments = append(p.Arguments,
				"-drive", "if=none,id=slow,format=raw,cache=unsafe,throttling.iops-total=1,file="+lab.RunDir+"/slow.img",
				"-device", "ide-hd,drive=slow,bus=ide.3,serial=SLOW")
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan{keys: true, tune: c.tune}
			if c.started != nil {
				p.started = func(m *machine) { c.started(t, m) }
			}
			b := start(t, p)
			b.up(t, 90*time.Second)
			took := b.Since()
			if healthy == 0 {
				healthy = took
			}
			t.Logf("%s: %s, healthy: %s", c.name, took.Round(time.Second), healthy.Round(time.Second))
			if took > healthy+within(30*time.Second) {
				t.Errorf("SSH after %s, healthy %s", took, healthy)
			}
			// The report is what a healthy one's is but for the sick part.
			state := b.audited(t, 300*time.Second)
			t.Logf("audit: %s %s; devices: %s", state, b.field(t, "audit.status", "text"), b.field(t, "devices.status", "text"))
			if state != "done" {
				t.Errorf("audit: %s", state)
			}
			if text := b.field(t, "devices.status", "text"); c.name == "bmc stopped" && !strings.Contains(text, "BMC does not answer") && !strings.Contains(text, "ipmi_si") {
				t.Errorf("devices: %q, want the BMC named", text)
			}
		})
	}
}

// TestDisksUntouched attaches a file system that was not unmounted and a member
// of an array, and wants the same bytes after the boot and the audit.
func TestDisksUntouched(t *testing.T) {
	dir := t.TempDir()
	images := map[string]string{"dirty": filepath.Join(dir, "dirty.img"), "member": filepath.Join(dir, "member.img"), "fat": filepath.Join(dir, "fat.img")}
	makeDirty(t, images["dirty"])
	makeMember(t, images["member"])
	if err := run(t.Context(), "mformat", "-C", "-T", "65536", "-v", "CUSTOMER", "-i", images["fat"], "::"); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for name, file := range images {
		before[name] = sum(t, file)
	}
	b := start(t, plan{keys: true, words: "bee.save=auto", tune: func(p *lab.Profile) {
		i := 3
		for _, name := range []string{"dirty", "member"} {
			p.Arguments = append(p.Arguments, "-drive", fmt.Sprintf("if=none,id=%s,format=raw,file=%s", name, images[name]),
				"-device", fmt.Sprintf("ide-hd,drive=%s,bus=ide.%d,serial=%s", name, i, name))
			i++
		}
		p.Arguments = append(p.Arguments, "-device", "qemu-xhci,id=usb,bus=pcie.0,addr=0x11",
			"-drive", "if=none,id=fat,format=raw,file="+images["fat"], "-device", "usb-storage,bus=usb.0,drive=fat,removable=on,serial=FAT")
	}})
	b.up(t, 60*time.Second)
	b.audited(t, 60*time.Second)
	if got := b.must(t, "cat /proc/mounts /proc/mdstat 2>/dev/null || :"); strings.Contains(got, "ext4") || strings.Contains(got, "vfat") || strings.Contains(got, "md0") {
		t.Errorf("mounted or assembled:\n%s", got)
	}
	if state := b.saved(t); state != "failed" || !strings.Contains(b.field(t, "save.status", "text"), "no removable FAT volume") {
		t.Errorf("save: %s: %s", state, b.field(t, "save.status", "text"))
	}
	b.Stop()
	for name, file := range images {
		if after := sum(t, file); after != before[name] {
			t.Errorf("%s: SHA-256 %s before, %s after", name, before[name], after)
		}
	}
}

// TestSave plugs a stick with the right label in and wants the report on it.
func TestSave(t *testing.T) {
	for _, form := range []struct {
		name string
		size string // Sectors.
		args []string
	}{
		{"fat16", "65536", nil},
		{"fat32", "204800", []string{"-F"}},
	} {
		t.Run(form.name, func(t *testing.T) {
			image := filepath.Join(t.TempDir(), "stick.img")
			args := append([]string{"-C", "-T", form.size, "-v", "BEE-REPORTS", "-i", image}, form.args...)
			if err := run(t.Context(), "mformat", append(args, "::")...); err != nil {
				t.Fatal(err)
			}
			b := start(t, plan{profile: "small", keys: true, words: "bee.save=auto", tune: func(p *lab.Profile) {
				withNIC(p)
				p.Arguments = append(p.Arguments, "-device", "qemu-xhci,id=usb",
					"-drive", "if=none,id=stick,format=raw,file="+image, "-device", "usb-storage,bus=usb.0,drive=stick,removable=on")
			}})
			b.up(t, 60*time.Second)
			b.audited(t, 60*time.Second)
			state := b.saved(t)
			text := b.field(t, "save.status", "text")
			if state != "done" {
				t.Fatalf("save: %s: %s", state, text)
			}
			want := b.must(t, "cat /var/log/bee-audit.json")
			b.Stop()
			name, _, _ := strings.Cut(text, " ")
			if err := run(t.Context(), "mcopy", "-i", image, "::"+name, filepath.Join(b.out, "saved.json")); err != nil {
				t.Fatal(err)
			}
			if got := readFile(t, filepath.Join(b.out, "saved.json")); got != want {
				t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
			}
			if err := run(t.Context(), "mcopy", "-i", image, "::"+strings.Replace(name, ".json", ".html", 1), filepath.Join(b.out, "saved.html")); err != nil {
				t.Error(err)
			}
		})
	}
}

// saved waits for the end of saving and returns its state.
func (b booted) saved(t *testing.T) string {
	t.Helper()
	state := ""
	for range int(within(30 * time.Second).Seconds()) {
		if state = b.field(t, "save.status", "state"); state == "done" || state == "failed" {
			break
		}
		time.Sleep(time.Second)
	}
	return state
}

// makeDirty makes an ext4 image that says it was not unmounted and whose
// journal has to be replayed: mounting it, even read-only, changes it.
func makeDirty(t *testing.T, file string) {
	t.Helper()
	if err := run(t.Context(), "mke2fs", "-q", "-t", "ext4", "-F", file, "64M"); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// The superblock: s_state loses "clean", s_feature_incompat gets "recover".
	super := make([]byte, 1024)
	if _, err := f.ReadAt(super, 1024); err != nil {
		t.Fatal(err)
	}
	super[0x3A] &^= 1
	super[0x60] |= 4
	if _, err := f.WriteAt(super, 1024); err != nil {
		t.Fatal(err)
	}
}

// makeMember makes an image with the superblock of an array, version 1.2, at
// 4 KiB: enough for whoever looks for members to take it for one.
func makeMember(t *testing.T, file string) {
	t.Helper()
	data := make([]byte, 32<<20)
	copy(data[4096:], []byte{0xFC, 0x4E, 0x2B, 0xA9, 1, 0, 0, 0})
	copy(data[4096+16:], "0123456789abcdef")
	copy(data[4096+32:], "customer:0")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func sum(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
