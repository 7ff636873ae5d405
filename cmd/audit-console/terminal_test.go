package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/cmd/audit-console/internal/vttest"
	"example.com/bee/pkg/inventory"
)

// program builds the console once, as it ships.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("links the program")
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "console")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "audit-console")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// machine is a root with the files of a booted system.
func machine(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"proc/sys/kernel/hostname":    "bee-S123\n",
		"proc/uptime":                 "100.50 399.10\n",
		"proc/cmdline":                "quiet\n",
		"run/bee/audit.status":        "state=done\nuptime=88.5\ntext=12 s\n",
		"run/bee/login":               "password\n",
		"run/bee/password":            "k7mq-wz3t-9hfa\n",
		"run/bee/hostkey.fingerprint": "SHA256:abc\n",
		"run/bee/network/eth0":        "state=lease\nuptime=90\naddress=192.0.2.9/24\n",
		"sys/class/net/eth0/carrier":  "1\n",
		"sys/class/net/eth0/address":  "02:00:5e:00:53:09\n",
	} {
		put(t, root, name, text)
	}
	store(t, root, sample(3))
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// store replaces the report as audit does, whole.
func store(t *testing.T, root string, r *inventory.Report) {
	t.Helper()
	doc, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	put(t, root, "var/log/new", string(doc))
	if err := os.Rename(filepath.Join(root, "var/log/new"), filepath.Join(root, "var/log/bee-audit.json")); err != nil {
		t.Fatal(err)
	}
}

// sample is a report with n drives, of which the first fails.
func sample(n int) *inventory.Report {
	r := &inventory.Report{
		SchemaVersion: inventory.SchemaVersion,
		Board:         &inventory.Board{System: &inventory.System{Manufacturer: "Example", ProductName: "2U", SerialNumber: "S123"}},
		Collectors:    []inventory.Outcome{{Name: "storage", Status: inventory.StatusOK}},
		Issues:        []inventory.Issue{},
		Findings:      []inventory.Finding{{Severity: inventory.SeverityCritical, Code: "storage.drive_failing", ComponentID: "drive:0", Message: "drive \x1b[31mZL0\u202e in slot 6 fails"}},
	}
	for i := range n {
		d := inventory.Drive{Meta: inventory.Meta{ID: fmt.Sprintf("drive:%d", i)}, Device: fmt.Sprintf("sd%d", i), Model: "EXAMPLE 16TB", SerialNumber: fmt.Sprintf("ZL%d", i)}
		for a := range 30 {
			d.Paths = append(d.Paths, fmt.Sprintf("path-%d-%d", i, a))
		}
		r.Storage = append(r.Storage, d)
	}
	return r
}

// session is a console on a terminal of the test.
type session struct {
	t       *testing.T
	cmd     *exec.Cmd
	person  *os.File
	program *os.File
	before  unix.Termios
	ended   chan error

	mu         sync.Mutex
	screen     *vttest.Screen
	transcript bytes.Buffer
}

// patience is long: machines that run tests are busy.
const patience = time.Minute

func start(t *testing.T, columns, rows int, term string, args ...string) *session {
	t.Helper()
	person, tty, err := vttest.Open(columns, rows)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no pseudo terminals: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, person: person, program: tty, screen: vttest.New(max(columns, 80), max(rows, 24)), ended: make(chan error, 1)}
	s.before = s.modes()
	s.cmd = exec.CommandContext(t.Context(), program(t), args...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = tty, tty, tty
	s.cmd.Env = []string{"TERM=" + term, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + t.TempDir()}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := person.Read(buf)
			s.mu.Lock()
			_, _ = s.screen.Write(buf[:n])
			s.transcript.Write(buf[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = person.Close()
		_ = tty.Close()
	})
	return s
}

func (s *session) modes() unix.Termios {
	s.t.Helper()
	m, err := unix.IoctlGetTermios(int(s.program.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}
	return *m
}

func (s *session) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.String()
}

func (s *session) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transcript.String()
}

func (s *session) press(keys string) {
	s.t.Helper()
	if _, err := s.person.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits until all words are on the screen.
func (s *session) sees(words ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q on the screen", words), func() bool { return all(s.text(), words) })
}

func all(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (s *session) until(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("never %s:\n%s", what, s.text())
		}
	}
}

// ends waits for the program, and wants the terminal as it was.
func (s *session) ends(code int) {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatalf("does not end:\n%s", s.text())
	}
	if got := s.cmd.ProcessState.ExitCode(); got != code {
		s.t.Errorf("exit code %d, want %d:\n%s", got, code, s.said())
	}
	if s.modes() != s.before {
		s.t.Error("the terminal is not as it was")
	}
	s.until("an empty screen and a cursor", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.screen.Hidden && (strings.TrimSpace(s.screen.String()) == "" || !strings.Contains(s.transcript.String(), "\x1b"))
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.screen.Complaints) > 0 {
		s.t.Errorf("a VT100 does not know %q", s.screen.Complaints)
	}
}

// script is a command for the table.
func script(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "command")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}
