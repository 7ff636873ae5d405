package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// fragile is audit with collectors that do to their process what a machine may
// do to it.
func fragile() {
	os.Exit(run(untilSignal(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, fragileCollectors))
}

func fragileCollectors(*host.Host, cli.Given) []inventory.Collector {
	// Each hands over a part and lets the others end before it strikes.
	striking := func(name string, strike func()) inventory.Collector {
		return inventory.New(name, []string{"power_supplies", "sensors"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
			s.Put(&inventory.PowerSupply{Meta: inventory.Meta{ID: "psu:" + name}})
			time.Sleep(200 * time.Millisecond)
			strike()
			return true, nil
		})
	}
	die := func(s syscall.Signal) func() {
		return func() { _ = syscall.Kill(os.Getpid(), s); time.Sleep(time.Hour) }
	}
	return append(hostileCollectors(), []inventory.Collector{
		inventory.Single("good", "memory", func(context.Context) (*inventory.Memory, error) {
			return &inventory.Memory{Meta: inventory.Meta{ID: "memory"}}, nil
		}),
		inventory.List("many", "power_supplies", func(context.Context) ([]inventory.PowerSupply, error) {
			all := make([]inventory.PowerSupply, 5000)
			for i := range all {
				all[i] = inventory.PowerSupply{Meta: inventory.Meta{ID: "psu:" + strconv.Itoa(i)}, Model: strings.Repeat("<&>", 20)}
			}
			return all, nil
		}),
		striking("panics", func() {
			var wg sync.WaitGroup
			wg.Go(func() { panic("\x1b[31mred\u202e\xff") }) // where no collector catches it
			wg.Wait()
		}),
		striking("fatal", func() {
			var mu sync.Mutex
			mu.Unlock() // the runtime ends the program
		}),
		striking("killed", die(syscall.SIGKILL)),
		striking("stopped", die(syscall.SIGSTOP)),
		striking("exits", func() { os.Exit(0) }),
		striking("babbles", func() { _, _ = syscall.Write(3, []byte("what?\n")); time.Sleep(time.Hour) }),
		striking("deaf", func() { signal.Ignore(syscall.SIGTERM); select {} }),
		inventory.New("nan", []string{"sensors"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
			s.Put(&inventory.HostSensor{Meta: inventory.Meta{ID: "sensor:1"}, Value: new(math.NaN())})
			s.Put(&inventory.HostSensor{Meta: inventory.Meta{ID: "sensor:2"}, Value: new(1.0)})
			return true, nil
		}),
	}...)
}

// said is as much of a report as these tests want.
type said struct {
	Memory        *inventory.Memory       `json:"memory"`
	PowerSupplies []inventory.PowerSupply `json:"power_supplies"`
	Collectors    []inventory.Outcome     `json:"collectors"`
	Issues        []inventory.Issue       `json:"issues"`
}

func (r said) status(name string) inventory.Status {
	for _, c := range r.Collectors {
		if c.Name == name {
			return c.Status
		}
	}
	return ""
}

func (r said) issue(name string) inventory.Issue {
	for _, i := range r.Issues {
		if i.Collector == name {
			return i
		}
	}
	return inventory.Issue{}
}

// program makes a command of one of TestMain's.
func program(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = name
	cmd.Stderr = &bytes.Buffer{}
	cmd.Stdout = &bytes.Buffer{}
	return cmd
}

func parsed(t *testing.T, cmd *exec.Cmd) said {
	t.Helper()
	var r said
	out := cmd.Stdout.(*bytes.Buffer).Bytes()
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, cmd.Stderr)
	}
	return r
}

// TestWorkerDies: whatever ends the worker costs what it had not told, and the
// report says what it was.
func TestWorkerDies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		status inventory.Status
		kind   inventory.IssueKind
		detail string
	}{
		"panics":  {inventory.StatusPartial, inventory.KindIO, `the collecting process died: exit status 2: panic: \x1b[31mred\u202e\xff`},
		"fatal":   {inventory.StatusPartial, inventory.KindIO, "the collecting process died: exit status 2: fatal error: sync: unlock of unlocked mutex"},
		"killed":  {inventory.StatusPartial, inventory.KindIO, "the collecting process died: signal: killed"},
		"exits":   {inventory.StatusPartial, inventory.KindIO, "the collecting process died: exit status 0"},
		"babbles": {inventory.StatusPartial, inventory.KindMalformed, "the collecting process: a line of kind 'w': malformed data"},
		"stopped": {inventory.StatusPartial, inventory.KindTimeout, "the collecting process did not come to its end: context deadline exceeded"},
		"deaf":    {inventory.StatusPartial, inventory.KindTimeout, "ended by its deadline with 1 components handed over: context deadline exceeded"},
		"nan":     {inventory.StatusPartial, inventory.KindMalformed, "nan: sensor: json: unsupported value: NaN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := 20 * time.Second
			if want.kind == inventory.KindTimeout {
				limit = 2 * time.Second
			}
			cmd := program(t, "fragile", "--only", "good,"+name, "--timeout", limit.String())
			begun := time.Now()
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: %s", err, cmd.Stderr)
			}
			if took := time.Since(begun); took > limit+2*time.Second {
				t.Errorf("took %s", took)
			}
			r := parsed(t, cmd)
			if r.Memory == nil || r.status("good") != inventory.StatusOK {
				t.Errorf("what had ended is lost: %+v", r.Collectors)
			}
			i := r.issue(name)
			if r.status(name) != want.status || i.Kind != want.kind || !strings.Contains(i.Detail, want.detail) {
				t.Errorf("%s, %+v", r.status(name), i)
			}
			if name != "nan" && (len(r.PowerSupplies) != 1 || r.PowerSupplies[0].ID != "psu:"+name) {
				t.Errorf("what had been handed over is lost: %+v", r.PowerSupplies)
			}
			if s := cmd.Stderr.(*bytes.Buffer).String(); strings.ContainsAny(s, "\x1b\u202e") || !utf8.ValidString(s) {
				t.Errorf("on the terminal: %q", s)
			}
		})
	}
}

// TestWorkerMakesNoDifference: a report is the same, byte for byte, whether or
// not a process lies in between. --root keeps it in one.
func TestWorkerMakesNoDifference(t *testing.T) {
	t.Parallel()
	reports := make([]string, 2)
	for i, where := range [][]string{{"--host-root"}, {"--root"}} {
		args := append([]string{"--only", "good,many"}, append(where, t.TempDir())...)
		cmd := program(t, "fragile", args...)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, cmd.Stderr)
		}
		reports[i] = timeless(cmd.Stdout.(*bytes.Buffer).String())
	}
	if len(reports[0]) < 100_000 {
		t.Errorf("only %d bytes", len(reports[0]))
	}
	if diff := cmp.Diff(strings.Split(reports[1], "\n"), strings.Split(reports[0], "\n")); diff != "" {
		t.Errorf("-one process +two\n%s", diff)
	}
}

// timeless is a report without the lines that tell the time.
func timeless(report string) string {
	var b strings.Builder
	for line := range strings.Lines(report) {
		key, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch key {
		case `"started_at"`, `"finished_at"`, `"duration_ms"`, `"read_at"`, `"at"`:
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestSignals: the first one ends the run with a report, in time and without
// what the worker would say of its own death; the second ends audit. Either way
// nothing is left behind.
func TestSignals(t *testing.T) {
	t.Parallel()
	// What this process ignores, as under nohup, its children would, too.
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(c) })
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			cmd := program(t, "fragile", "--only", "good,deaf", "--timeout", "5m", "-v")
			worker := begin(t, cmd)
			_ = cmd.Process.Signal(sig)
			begun := time.Now()
			if err := cmd.Wait(); err != nil {
				t.Fatalf("%v: %s", err, cmd.Stderr)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("took %s", took)
			}
			r := parsed(t, cmd)
			want := "cancelled with 1 components handed over: " + sig.String() + " signal received"
			if r.status("good") != inventory.StatusOK || r.status("deaf") != inventory.StatusPartial || r.issue("deaf").Detail != want {
				t.Errorf("%+v %+v", r.Collectors, r.Issues)
			}
			goesAway(t, worker)
		})
	}
	t.Run("a worker that does not listen", func(t *testing.T) {
		t.Parallel()
		cmd := program(t, "fragile", "--only", "good,stopped", "--timeout", "5m", "-v")
		worker := begin(t, cmd)
		time.Sleep(500 * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v: %s", err, cmd.Stderr)
		}
		r := parsed(t, cmd)
		if i := r.issue("stopped"); !strings.Contains(i.Detail, "did not stop when told to: terminated signal received") {
			t.Errorf("%+v", r.Issues)
		}
		goesAway(t, worker)
	})
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		cmd := program(t, "fragile", "--only", "good,stopped", "--timeout", "5m", "-v")
		worker := begin(t, cmd)
		time.Sleep(500 * time.Millisecond) // stopped: it does not hear
		_ = cmd.Process.Signal(syscall.SIGTERM)
		time.Sleep(100 * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		var ee *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &ee) || ee.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
			t.Errorf("%v", err)
		}
		goesAway(t, worker)
	})
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		cmd := program(t, "fragile", "--only", "good,deaf", "--timeout", "5m", "-v")
		worker := begin(t, cmd)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		goesAway(t, worker)
	})
	t.Run("ignored by the caller", func(t *testing.T) {
		t.Parallel()
		sh, err := exec.LookPath("sh")
		if err != nil {
			t.Skip(err)
		}
		cmd := program(t, "fragile", "--only", "good,deaf", "--timeout", "2s", "-v")
		cmd.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$@"`, "sh", linked(t, cmd)}, cmd.Args[1:]...)
		cmd.Path = sh
		begin(t, cmd)
		_ = cmd.Process.Signal(syscall.SIGHUP)
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		if i := parsed(t, cmd).issue("deaf"); i.Kind != inventory.KindTimeout {
			t.Errorf("%+v", i)
		}
	})
}

// linked is a program of TestMain's as a file.
func linked(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), cmd.Args[0])
	if err := os.Symlink(cmd.Path, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// begin starts a command with -v and returns its worker's process id, once the
// worker has begun to tell.
func begin(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	cmd.Stderr = nil
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	heard := make(chan struct{})
	go func() {
		in := bufio.NewScanner(stderr)
		for once := true; in.Scan(); {
			if once && strings.Contains(in.Text(), "collector=good") {
				once = false
				close(heard)
			}
		}
	}()
	select {
	case <-heard:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing began")
	}
	var children []string
	threads, _ := filepath.Glob("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/task/*/children")
	for _, name := range threads {
		data, _ := os.ReadFile(name)
		children = append(children, strings.Fields(string(data))...)
	}
	if len(children) == 0 {
		if own, _ := filepath.Glob("/proc/self/task/*/children"); len(own) == 0 {
			t.Skip("this kernel does not list children (CONFIG_PROC_CHILDREN)")
		}
		t.Fatal("there is no worker")
	}
	pid, err := strconv.Atoi(children[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// goesAway fails when the process is still there after a while.
func goesAway(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil || bytes.Contains(data, []byte(") Z ")) {
			return
		}
	}
	t.Errorf("process %d is still there", pid)
	_ = syscall.Kill(pid, syscall.SIGKILL)
}
