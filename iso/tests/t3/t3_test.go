//go:build isolab

// Boots of the overlay: `make iso-test-t3`, or
// `go test -tags isolab ./iso/tests/t3 -run TestBIOS`. One machine at a time.

package t3

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/bee/test/lab"
)

// patience is by how much this host may be slower than an idle one of two
// cores: BEE_ISO_PATIENCE, else 4.
func patience() float64 {
	if f, err := strconv.ParseFloat(os.Getenv("BEE_ISO_PATIENCE"), 64); err == nil && f > 0 {
		return f
	}
	return 4
}

func within(d time.Duration) time.Duration { return time.Duration(float64(d) * patience()) }

// shared is built once for all tests.
type sharedBuild struct {
	parts    parts
	binaries string
	top      string
}

var shared = sync.OnceValues(func() (sharedBuild, error) {
	var s sharedBuild
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return s, err
	}
	s.top = strings.TrimSpace(string(out))
	if s.parts, err = buildParts(context.Background(), os.Stderr); err != nil {
		return s, err
	}
	if s.binaries = os.Getenv("BEE_ISO_BINARIES"); s.binaries != "" {
		return s, nil
	}
	if s.binaries, err = os.MkdirTemp("", "iso-bin-"); err != nil {
		return s, err
	}
	return s, compile(context.Background(), s.top, s.binaries)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if s, err := shared(); err == nil && os.Getenv("BEE_ISO_BINARIES") == "" {
		os.RemoveAll(s.binaries)
	}
	os.Exit(code)
}

// plan is what a test boots.
type plan struct {
	profile string                  // Of the lab; empty is "server".
	tune    func(p *lab.Profile)    // Changes it.
	keys    bool                    // Root's key is in the build.
	words   string                  // Further words of the kernel's command line.
	build   []string                // Further options of build.sh.
	change  func(dir string) error  // Changes the staged overlay.
	without []string                // Services that no runlevel has.
	media   func(b booted) []string // QEMU's arguments of the medium; nil is a disc.
	extra   []string                // Further arguments of QEMU.
	started func(m *machine)        // Called at power-on.
	noVGA   bool                    // No graphics card; the one of the others stays in text mode.
}

// booted is what a plan was made into.
type booted struct {
	shared          sharedBuild
	out, stage, iso string
	*machine
}

// outDir is where a test leaves its logs: below BEE_ISO_OUT, if that is set.
func outDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BEE_ISO_OUT")
	if dir == "" {
		return t.TempDir()
	}
	dir = filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-"))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start builds the image and switches the machine on.
func start(t *testing.T, p plan) booted {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	b := booted{shared: s, out: outDir(t)}
	b.stage, b.iso = filepath.Join(b.out, "stage"), filepath.Join(b.out, "bee.iso")
	m := &machine{out: b.out, key: filepath.Join(b.out, "key")}
	b.machine = m
	ctx := t.Context()
	if err := run(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "t3", "-f", m.key); err != nil {
		t.Fatal(err)
	}
	o := stageOptions{binaries: s.binaries, args: p.build, change: p.change, without: p.without}
	if p.keys {
		o.keys = m.key + ".pub"
	}
	if err := writeStage(ctx, s.top, b.stage, o); err != nil {
		t.Fatal(err)
	}
	words := strings.ReplaceAll(p.words, "KEY", strings.TrimSpace(readFile(t, m.key+".pub")))
	if err := writeISO(ctx, s.parts, filepath.Join(s.top, "iso/builder"), b.stage, words, b.iso); err != nil {
		t.Fatal(err)
	}
	name := p.profile
	if name == "" {
		name = "server"
	}
	if m.profile, err = lab.Lookup(name); err != nil {
		t.Fatal(err)
	}
	if p.tune != nil {
		p.tune(&m.profile)
	}
	if m.port, err = freePort(); err != nil {
		t.Fatal(err)
	}
	withSSH(&m.profile, m.port)
	m.facts = m.profile.Facts
	media := cdrom(b.iso)
	if p.media != nil {
		media = p.media(b)
	}
	args := append(append(console(b.out), media...), p.extra...)
	if !p.noVGA {
		args = append(args, "-device", "VGA,bus=pcie.0,addr=0x10")
	}
	if m.VM, err = lab.Boot(ctx, lab.Machine{Profile: m.profile, Arguments: args, OutDir: b.out}, os.Stderr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	if p.started != nil {
		p.started(m)
	}
	return b
}

// up waits for SSH and reports how long it took.
func (b booted) up(t *testing.T, limit time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within(limit))
	defer cancel()
	took, err := b.answers(ctx)
	if err != nil {
		t.Fatalf("%v; serial console:\n%s", err, tail(b.serial(), 3000))
	}
	t.Logf("SSH %.1f s after power-on (load %s)", took.Seconds(), load())
}

func (b booted) root() login { return login{user: "root", key: b.key} }

// must runs a command as root by key.
func (b booted) must(t *testing.T, command string) string {
	t.Helper()
	out, err := b.ssh(t.Context(), b.root(), "", command)
	if err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
	return out
}

// audited waits for the end of the audit and returns its state.
func (b booted) audited(t *testing.T, limit time.Duration) string {
	t.Helper()
	end := time.Now().Add(within(limit))
	for {
		out, err := b.ssh(t.Context(), b.root(), "", "sed -n 's/^state=//p' /run/bee/audit.status")
		state := strings.TrimSpace(out)
		if err == nil && state != "waiting" && state != "running" && state != "" {
			t.Logf("audit %s %.1f s after power-on (load %s)", state, b.Since().Seconds(), load())
			return state
		}
		if time.Now().After(end) {
			t.Fatalf("audit: %q %v after %s; %s", state, err, b.Since(), tail(b.serial(), 1000))
		}
		time.Sleep(time.Second)
	}
}

func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(data))[0]
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func tail(s string, n int) string {
	if len(s) > n {
		s = s[len(s)-n:]
	}
	return s
}
