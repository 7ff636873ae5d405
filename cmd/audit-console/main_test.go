package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/bee/cmd/audit-console/internal/console"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/vttest"
	"example.com/bee/pkg/inventory"
)

// TestKeys presses every key on terminals that can address the cursor.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, term := range []string{"linux", "vt100", "xterm-256color"} {
		t.Run(term, func(t *testing.T) {
			t.Parallel()
			root := machine(t)
			note := filepath.Join(t.TempDir(), "note")
			says := func(word string) string { return script(t, "echo "+word+" >>"+note+"\n") }
			s := start(t, 80, 24, term, "--root", root, "--line", "tty1",
				"--command", "rerun="+says("rerun"), "--command", "dhcp="+says("dhcp"), "--command", "identify="+says("identify"),
				"--command", "poweroff="+says("poweroff"), "--command", "reboot="+says("reboot"),
				"--command", "save="+script(t, "echo 'a\033[2Jb' >&2; echo no volume; exit 3\n"),
				"--command", "shell="+script(t, "stty -a >"+note+".tty; echo in the shell; read x; exit 7\n"))
			s.sees("bee-S123", "CRITICAL", "ZL0? in slot 6 fails", "192.0.2.9", "k7mq-wz3t-9hfa", "serial S123", "x leave")

			noted := func(word string) {
				t.Helper()
				s.until(word+" noted", func() bool {
					b, _ := os.ReadFile(note)
					return strings.Contains(string(b), word)
				})
			}
			s.press("r")
			s.sees("the audit was started")
			noted("rerun")
			s.press("n")
			s.sees("asked for addresses again")
			noted("dhcp")
			s.press("i")
			s.sees("the UID LED is lit")
			noted("identify")
			s.press("s")
			s.sees("failed: command", "exit status 3", "a?[2Jb", "no volume")
			s.press("\x1b")
			s.sees("bee-S123", "command: no volume")

			s.press("?")
			s.sees("QR code of the report", "x  leave")
			s.press("\x1b")
			s.sees("Verdict")
			s.press("d")
			s.sees("VERDICT: CRITICAL", "1-22 of", "FINDINGS")
			s.press("G")
			s.sees("ZL2")
			s.press("g\t")
			s.until("at the first section", func() bool { return strings.HasPrefix(strings.Split(s.text(), "\n")[1], "FINDINGS") })
			s.press("v")
			s.sees("schema_version:")
			s.press("\x1b[6~")
			s.until("further down", func() bool { return !strings.Contains(s.text(), "schema_version:") })
			s.press("\x1b")
			s.sees("Verdict")
			s.press("q")
			s.until("a code", func() bool {
				return strings.Contains(s.text(), "█") || strings.Contains(s.text(), "number only") || strings.Contains(s.text(), "BEE1 S:S123")
			})
			s.press("b")
			s.sees("any other key: back")
			s.press(" ")
			s.sees("Verdict")

			s.press("h")
			s.sees("in the shell")
			s.press("word\r")
			s.sees("Verdict")
			b, err := os.ReadFile(note + ".tty")
			if err != nil || !strings.Contains(string(b), " icanon") || !strings.Contains(string(b), " echo ") {
				t.Errorf("the shell's terminal: %s, %v", b, err)
			}

			s.press("p")
			s.sees("power off", "boot again", "in memory only")
			s.press("o")
			s.sees("Power off now?")
			s.press("n")
			s.sees("Verdict")
			s.press("pby")
			noted("reboot")
			b, _ = os.ReadFile(note)
			if strings.Contains(string(b), "poweroff") {
				t.Error("powered off after a no")
			}
			s.press("x")
			s.ends(0)
		})
	}
}

// TestDumb: without cursor addressing, screens follow each other as text.
func TestDumb(t *testing.T) {
	t.Parallel()
	s := start(t, 80, 24, "dumb", "--root", machine(t), "--line", "tty1")
	s.until("a screen", func() bool { return all(s.said(), []string{"CRITICAL", "192.0.2.9", "k7mq-wz3t-9hfa"}) })
	s.press("q")
	s.until("the code's text", func() bool { return strings.Contains(s.said(), "BEE1 S:S123") || strings.Contains(s.said(), "####") })
	s.press("\r?")
	s.until("help", func() bool { return strings.Contains(s.said(), "QR code of the report") })
	s.press("\x03")
	s.ends(0)
	if strings.Contains(s.said(), "\x1b") {
		t.Errorf("%q", s.said())
	}
}

// TestSerial: on a line that may be logged the password is not shown; a size
// that is not known is asked for.
func TestSerial(t *testing.T) {
	t.Parallel()
	root := machine(t)
	s := start(t, 0, 0, "vt102", "--root", root, "--line", "ttyS1", "--stay")
	s.sees("machine's own screen", "bee.serial_password=1")
	s.until("asked for the size", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.screen.Asked > 0 })
	s.mu.Lock()
	s.screen.Resize(132, 40)
	s.mu.Unlock()
	s.press("\x1b[40;132R")
	s.until("132 columns", func() bool { return strings.Contains(strings.Split(s.text(), "\n")[39], "? help") })
	s.press("\x03x") // stays
	s.press("?")
	s.sees("audit again")
	if strings.Contains(s.said(), "k7mq") {
		t.Error("it shows the password")
	}
	s.press("\x1b")
	put(t, root, "proc/cmdline", "bee.serial_password=1 bee.shell=0\n")
	s.sees("k7mq-wz3t-9hfa")
	s.press("h")
	s.sees("turned off")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.ends(0)
}

// TestElsewhere: over a network the password is not shown either.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t, 80, 24, "vt100", "--root", machine(t))
	s.sees("/run/bee/password")
	s.press("x")
	s.ends(0)
}

// TestReportComesAndGoes: the screen follows what happens to the files.
func TestReportComesAndGoes(t *testing.T) {
	t.Parallel()
	root := machine(t)
	report := filepath.Join(root, "var/log/bee-audit.json")
	if err := os.Remove(report); err != nil {
		t.Fatal(err)
	}
	put(t, root, "run/bee/audit.status", "state=running\nuptime=90.5\ntext=limit 300 s\n")
	put(t, root, "run/bee/audit.progress", `{"collector":"host","event":"end","status":"ok"}`+"\n"+`{"collector":"storage","event":"begin"}`+"\n")
	s := start(t, 80, 24, "vt220", "--root", root)
	s.sees("not yet", "running for 10 s of at most 5 min", "host ok; reads storage")
	s.press("d")
	s.sees("there is no report yet")
	put(t, root, "var/log/bee-audit.json", `{"schema_version":"1.0","board"`)
	s.sees("the report cannot be read")
	put(t, root, "run/bee/audit.status", "state=done\nuptime=99\ntext=\n")
	store(t, root, sample(1))
	s.sees("CRITICAL: 1 critical", "Audit     done")
	if err := os.Truncate(report, 50<<20); err != nil {
		t.Fatal(err)
	}
	s.sees("too large", "CRITICAL: 1 critical")
	put(t, root, "sys/class/net/eth0/carrier", "0\n")
	put(t, root, "run/bee/network/eth0", "state=no_carrier\ntext=no carrier: no cable, or the other end is off\n")
	s.sees("down", "no carrier")
	s.press("x")
	s.ends(0)
}

// TestStored: a stored report is shown without a word of this machine, and no
// key does anything to it.
func TestStored(t *testing.T) {
	t.Parallel()
	root := machine(t)
	note := filepath.Join(root, "note")
	r := sample(2)
	r.Host = &inventory.Host{Hostname: "other"}
	r.Network = []inventory.NIC{{Name: "enp7", MAC: "02:00:5e:00:53:77", LinkUp: new(true), SpeedMbps: new(uint32(10000))}}
	store(t, root, r)
	args := []string{"--root", root, "--report", filepath.Join(root, "var/log/bee-audit.json"), "--line", "tty1"}
	for _, name := range []string{"rerun", "dhcp", "save", "identify", "shell", "poweroff", "reboot"} {
		args = append(args, "--command", name+"="+script(t, "echo x >>"+note+"\n"))
	}
	s := start(t, 80, 24, "vt100", args...)
	s.sees("other", "CRITICAL", "enp7", "10 Gb/s", "? help  d details  q QR  x leave")
	for _, key := range "rnsihp" {
		s.press(string(key))
	}
	s.sees("stored report")
	for _, w := range []string{"eth0", "k7mq", "bee-S123", "Login"} {
		if strings.Contains(s.text(), w) {
			t.Errorf("it shows %s", w)
		}
	}
	s.press("d")
	s.sees("1-22 of")
	s.press("\x03")
	s.ends(0)
	if _, err := os.Stat(note); err == nil {
		t.Error("a key ran something")
	}
}

// TestResize follows the window.
func TestResize(t *testing.T) {
	t.Parallel()
	s := start(t, 80, 24, "xterm", "--root", machine(t))
	s.sees("? help", "p power")
	for _, size := range [][2]int{{132, 40}, {40, 15}, {20, 5}, {80, 24}} {
		s.mu.Lock()
		s.screen.Resize(size[0], size[1])
		s.mu.Unlock()
		if err := vttest.SetSize(s.person, size[0], size[1]); err != nil {
			t.Fatal(err)
		}
		s.until("keys in the last row", func() bool {
			lines := strings.Split(s.text(), "\n")
			return strings.Contains(lines[size[1]-1], "? help") && strings.Contains(lines[0], "bee-S123")
		})
	}
	s.press("x")
	s.ends(0)
}

// TestEnds: it does not outlive its terminal, and comes back from signals.
func TestEnds(t *testing.T) {
	t.Parallel()
	s := start(t, 80, 24, "vt100", "--root", machine(t))
	s.sees("Verdict")
	_ = s.program.Close()
	_ = s.person.Close()
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatal("it outlives its terminal")
	}
}

// TestPanic: whatever happens, the terminal is given back.
func TestPanic(t *testing.T) {
	t.Parallel()
	person, program, err := vttest.Open(80, 24)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no pseudo terminals: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer person.Close()
	defer program.Close()
	s := &session{t: t, program: program}
	before := s.modes()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		var none *source.Reader
		_ = console.Run(console.Settings{In: program, Out: program, Getenv: func(string) string { return "vt100" }, Reader: none})
	}()
	if s.modes() != before {
		t.Error("the terminal is not as it was")
	}
}

// TestCost: a console nobody looks at costs next to nothing.
func TestCost(t *testing.T) {
	t.Parallel()
	root := machine(t)
	store(t, root, sample(400)) // some 300 kB
	s := start(t, 80, 24, "linux", "--root", root)
	s.sees("Verdict")
	s.press("d")
	s.sees("1-22 of")
	s.press("v")
	s.sees("schema_version")
	s.press("\x1b")
	s.sees("Verdict")
	for i := range 3 {
		store(t, root, sample(400+i))
		time.Sleep(2 * time.Second)
	}
	before, sent := s.cpu(), len(s.said())
	time.Sleep(5 * time.Second)
	if ticks := s.cpu() - before; ticks > 10 { // of 500
		t.Errorf("%d ticks of CPU in 5 s", ticks)
	}
	if n := len(s.said()) - sent; n > 200 {
		t.Errorf("%d bytes drawn in 5 s", n)
	}
	kb := s.memory("VmRSS:")
	t.Logf("%d kB resident, at most %d kB", kb, s.memory("VmHWM:"))
	if kb > 15<<10 {
		t.Errorf("%d kB", kb)
	}
	info, err := os.Stat(program(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes of program", info.Size())
	if info.Size() > 6<<20 {
		t.Errorf("%d bytes of program", info.Size())
	}
	s.press("x")
	s.ends(0)
}

// cpu is the ticks the program used.
func (s *session) cpu() int {
	s.t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
	if err != nil {
		s.t.Fatal(err)
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return user + system
}

func (s *session) memory(key string) int {
	s.t.Helper()
	b, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/status")
	if err != nil {
		s.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), key)
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		s.t.Fatal(err)
	}
	return kb
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--no-such"}, {"x"}, {"--blocks=maybe"}, {"--command=x"}, {"--command=save="}, {"--command=fly=true"}} {
		var said strings.Builder
		if code := run(args, os.Stdin, os.Stdout, &said); code != exitUsage || said.Len() == 0 {
			t.Errorf("%q: %d, %q", args, code, said.String())
		}
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var said strings.Builder
	if code := run(nil, null, null, &said); code != exitFailed || !strings.Contains(said.String(), "terminal") {
		t.Errorf("%d, %q", code, said.String())
	}
}
