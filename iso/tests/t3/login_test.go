//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestPassword boots a build without keys: who is refused, that the password on
// the screen works for bee, and that it is nowhere else.
func TestPassword(t *testing.T) {
	b := start(t, plan{profile: "server"})
	b.up(t, 60*time.Second)
	password := b.shownPassword(t)
	if matched, err := regexp.MatchString(`^[a-km-zA-HJ-NP-Z2-9]{12,}$`, password); err != nil || !matched || strings.ContainsAny(password, "0O1lI") {
		t.Errorf("password %q: want 12 characters that no two look alike", password)
	}
	t.Run("refused", func(t *testing.T) { b.refused(t, password) })
	bee := login{user: "bee", password: &password}
	out, err := b.ssh(t.Context(), bee, "", "id -un; doas id -un")
	if err != nil || out != "bee\nroot\n" {
		t.Fatalf("bee with the password of the screen: %q, %v", out, err)
	}
	b.smoke(t, bee, "doas sh -s")
	t.Run("secret", func(t *testing.T) { b.secret(t, bee, password) })
	t.Run("fingerprint", func(t *testing.T) { b.fingerprint(t, bee) })
}

// shownPassword reads it off the screen, as a person does.
func (b booted) shownPassword(t *testing.T) string {
	t.Helper()
	shown := regexp.MustCompile(`(?i)password[ :]+([A-Za-z0-9]{12,})`)
	end := time.Now().Add(within(60 * time.Second))
	for {
		text, err := b.screen(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if m := shown.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		if time.Now().After(end) {
			t.Fatalf("no password on the screen:\n%s", strings.Join(strings.Fields(text), " "))
		}
		time.Sleep(time.Second)
	}
}

// refused tries what an image left open would take.
func (b booted) refused(t *testing.T, password string) {
	t.Helper()
	try := func(what string, who login) {
		ctx, cancel := context.WithTimeout(t.Context(), within(30*time.Second))
		defer cancel()
		if out, err := b.ssh(ctx, who, "", "id"); err == nil {
			t.Errorf("%s: logged in: %s", what, out)
		}
	}
	for _, user := range []string{"root", "bee"} {
		try(user+" with nothing", login{user: user})
		try(user+" with a key that is not in the build", login{user: user, key: b.key})
		for _, guess := range []string{"", "bee", "root", "alpine", "admin", "toor", "password"} {
			try(fmt.Sprintf("%s with %q", user, guess), login{user: user, password: &guess})
		}
	}
	try("root with bee's password", login{user: "root", password: &password})
}

// secret searches for the password where it must not be.
func (b booted) secret(t *testing.T, bee login, password string) {
	t.Helper()
	// The searching shell gets the password on its standard input, or it would
	// find itself.
	const search = `read -r p
		d=$(mktemp -d); umask 077; printf '%s\n' "$p" >"$d/p"; unset p
		mv "$d/p" /dev/shm/p; rmdir "$d"
		grep -rlF -f /dev/shm/p /etc /var /run /tmp /root /home /usr/libexec /usr/local/etc /media 2>/dev/null
		for d in /proc/[0-9]*; do
			tr '\0' '\n' <$d/cmdline 2>/dev/null | grep -qF -f /dev/shm/p && echo "$d/cmdline"
			tr '\0' '\n' <$d/environ 2>/dev/null | grep -qF -f /dev/shm/p && echo "$d/environ"
		done
		dmesg | grep -qF -f /dev/shm/p && echo dmesg
		rm /dev/shm/p; echo end`
	out, err := b.ssh(t.Context(), bee, password+"\n", "doas sh -c '"+strings.ReplaceAll(search, "'", `'\''`)+"'")
	if err != nil || !strings.HasSuffix(out, "end\n") {
		t.Fatalf("search: %q, %v", out, err)
	}
	if got := strings.TrimSuffix(out, "end\n"); got != "/run/bee/password\n" {
		t.Errorf("the password is in %q, want /run/bee/password alone", got)
	}
	if mode, err := b.ssh(t.Context(), bee, "", "doas stat -c %a,%u /run/bee/password; cat /run/bee/password"); !strings.HasPrefix(mode, "600,0\n") || err == nil {
		t.Errorf("/run/bee/password: %q %v, want mode 600 and bee refused", mode, err)
	}
	record, err := b.ssh(t.Context(), bee, "", "doas sh -c 'audit --record /tmp/r --output /tmp/j >/dev/null 2>&1; cat /tmp/r /tmp/j; rm /tmp/r /tmp/j'")
	if err != nil || len(record) < 10_000 {
		t.Errorf("recording: %d bytes, %v", len(record), err)
	}
	for what, text := range map[string]string{"recording": record, "serial ports": b.serial()} {
		if strings.Contains(text, password) {
			t.Errorf("the password is in: %s", what)
		}
	}
}

// fingerprint wants the host key that the console promises.
func (b booted) fingerprint(t *testing.T, bee login) {
	t.Helper()
	promised, err := b.ssh(t.Context(), bee, "", "cat /run/bee/hostkey.fingerprint")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(b.out, "hostkeys")
	if err := run(t.Context(), "sh", "-c", fmt.Sprintf("ssh-keyscan -T 60 -p %d 127.0.0.1 2>/dev/null | ssh-keygen -lf - >%s", b.port, file)); err != nil {
		t.Fatal(err)
	}
	scanned, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if p := strings.TrimSpace(promised); p == "" || !strings.Contains(string(scanned), p) {
		t.Errorf("console says %q, the server has %s", p, scanned)
	}
}

// TestCommandLineKeys boots a build without keys and gives one at boot.
func TestCommandLineKeys(t *testing.T) {
	b := start(t, plan{profile: "small", tune: withNIC, words: `bee.keys="KEY"`})
	b.up(t, 60*time.Second)
	if got := b.must(t, "cat /run/bee/login; grep ^bee /etc/shadow; ls /run/bee/password"+" 2>&1 || :"); !strings.HasPrefix(got, "keys\nbee:*:") || !strings.Contains(got, "No such file") {
		t.Errorf("with bee.keys=: %q", got)
	}
}

// TestKeysRefused boots a build with keys: bee.keys= of the command line is
// refused, and a password works for nobody.
func TestKeysRefused(t *testing.T) {
	const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0PV1kmlQh2lJC4Jxx2FQ5mHqGpAfWl0PzKZ5vZ7QxN other"
	b := start(t, plan{profile: "small", tune: withNIC, keys: true, words: `bee.keys="` + other + `"`})
	b.up(t, 60*time.Second)
	if got := b.must(t, "cat /root/.ssh/authorized_keys"); strings.Contains(got, "other") {
		t.Errorf("authorized_keys: %s", got)
	}
	if got := b.must(t, "cat /run/bee/ssh.status"); !strings.Contains(got, "refused: this build carries keys") {
		t.Errorf("ssh.status: %s", got)
	}
	b.refusedBee(t)
}

func (b booted) refusedBee(t *testing.T) {
	t.Helper()
	blank := ""
	if out, err := b.ssh(t.Context(), login{user: "bee", password: &blank}, "", "id"); err == nil {
		t.Errorf("bee logged in: %s", out)
	}
}
