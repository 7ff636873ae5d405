//go:build isolab

package t3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/bee/test/lab"
)

// machine is a running server that booted the image.
type machine struct {
	*lab.VM
	out     string // Logs, screens, the client's files.
	port    int    // Of this host, to SSH.
	key     string // Private key; empty is none.
	facts   lab.Facts
	profile lab.Profile
}

// withSSH gives the first network of a profile a way in from this host, and
// every other one addresses of its own.
func withSSH(p *lab.Profile, port int) {
	for i, a := range p.Arguments {
		var n int
		if _, err := fmt.Sscanf(a, "user,id=n%d", &n); err != nil {
			continue
		}
		if n == 0 {
			p.Arguments[i] = fmt.Sprintf("%s,hostfwd=tcp:127.0.0.1:%d-:22", a, port)
		} else {
			p.Arguments[i] = fmt.Sprintf("%s,net=10.0.%d.0/24,dhcpstart=10.0.%d.15", a, n+2, n+2)
		}
	}
}

// console are the two serial ports, both written down.
func console(out string) []string {
	return []string{
		"-chardev", "file,id=tty0,path=" + filepath.Join(out, "ttyS0.log"), "-serial", "chardev:tty0",
		"-chardev", "file,id=tty1,path=" + filepath.Join(out, "ttyS1.log"), "-serial", "chardev:tty1",
	}
}

// cdrom is the image as a disc on the third SATA port.
func cdrom(iso string) []string {
	return []string{
		"-drive", "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=" + iso,
		"-device", "ide-cd,id=cdrom,drive=cd,bus=ide.2,bootindex=1",
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // At once.
	if err != nil {
		return 0, err
	}
	defer l.Close() //nolint:errcheck // Only a reservation.
	return l.Addr().(*net.TCPAddr).Port, nil
}

// login is who logs in, and with what.
type login struct {
	user     string
	key      string
	password *string
}

// ssh runs a command, or what input says, in the machine.
func (m *machine) ssh(ctx context.Context, who login, input, command string) (string, error) {
	args := []string{
		"-p", fmt.Sprint(m.port), "-F", "none", "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
		"-o", "ConnectTimeout=10", "-o", "NumberOfPasswordPrompts=1", "-o", "IdentityAgent=none", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=8",
	}
	if who.key != "" {
		args = append(args, "-i", who.key, "-o", "IdentitiesOnly=yes")
	}
	if who.password == nil {
		args = append(args, "-o", "BatchMode=yes", "-o", "PreferredAuthentications=publickey,none")
	} else {
		args = append(args, "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password,keyboard-interactive")
	}
	cmd := exec.CommandContext(ctx, "ssh", append(args, who.user+"@127.0.0.1", command)...)
	cmd.WaitDelay = 5 * time.Second
	if who.password != nil {
		ask := filepath.Join(m.out, "askpass")
		if err := os.WriteFile(ask, []byte("#!/bin/sh\nprintf '%s\\n' \"$T3_PASSWORD\"\n"), 0o755); err != nil {
			return "", err
		}
		cmd.Env = append(os.Environ(), "SSH_ASKPASS="+ask, "SSH_ASKPASS_REQUIRE=force", "T3_PASSWORD="+*who.password, "DISPLAY=none")
	}
	cmd.Stdin = strings.NewReader(input)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("ssh %s: %w: %s", who.user, err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

var errGone = errors.New("the machine went away")

// answers waits until the SSH server says who it is, and returns how long the
// machine ran then.
func (m *machine) answers(ctx context.Context) (time.Duration, error) {
	for {
		if banner(ctx, m.port) {
			return m.Since(), nil
		}
		select {
		case <-m.Done():
			return m.Since(), errGone
		case <-ctx.Done():
			return m.Since(), fmt.Errorf("no SSH after %s: %w", m.Since().Round(time.Second), ctx.Err())
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// banner says whether an SSH server speaks: the emulated network itself takes
// connections before anybody listens.
func banner(ctx context.Context, port int) bool {
	d := net.Dialer{Timeout: 2 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	defer conn.Close() //nolint:errcheck // Nothing is lost.
	if conn.SetReadDeadline(time.Now().Add(5*time.Second)) != nil {
		return false
	}
	buf := make([]byte, 4)
	n, err := conn.Read(buf)
	return err == nil && string(buf[:n]) == "SSH-"
}

// screen is the text on the display, when the graphics card is in text mode.
func (m *machine) screen(ctx context.Context) (string, error) {
	file := filepath.Join(m.out, "screen.bin")
	if _, err := m.Fault(ctx, "hmp", fmt.Sprintf("pmemsave 0xb8000 0x8000 %q", file)); err != nil {
		return "", err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for i := 0; i+1 < len(data); i += 2 {
		c := data[i]
		if c < ' ' || c > '~' {
			c = ' '
		}
		text.WriteByte(c)
		if (i/2)%80 == 79 {
			text.WriteByte('\n')
		}
	}
	return text.String(), nil
}

// serial is all that went over the two serial ports.
func (m *machine) serial() string {
	var all strings.Builder
	for _, f := range []string{"ttyS0.log", "ttyS1.log"} {
		data, err := os.ReadFile(filepath.Join(m.out, f))
		if err == nil {
			all.Write(data)
		}
	}
	return all.String()
}
