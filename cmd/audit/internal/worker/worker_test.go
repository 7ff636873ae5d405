package worker_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"example.com/bee/cmd/audit/internal/worker"
	"example.com/bee/pkg/inventory"
)

// job is what the tests' worker is to do.
type job struct{ Act string }

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == worker.Name {
		act()
		return
	}
	os.Exit(m.Run())
}

func list() []inventory.Collector {
	psu := func(ctx context.Context, s *inventory.Sink) (bool, error) {
		s.Put(&inventory.PowerSupply{Meta: inventory.Meta{ID: "psu:1"}})
		return true, ctx.Err()
	}
	return []inventory.Collector{inventory.New("psu", []string{"power_supplies"}, psu), inventory.New("net", []string{"network"}, psu)}
}

// act is the worker.
func act() {
	var j job
	ctx, link, err := worker.Attach(context.Background(), &j)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	raw := func(text string) {
		for b := []byte(text); len(b) > 0; {
			n, err := syscall.Write(3, b)
			if err != nil {
				return
			}
			b = b[n:]
		}
	}
	switch j.Act {
	case "refuse":
		link.Refuse(errors.New("no machine\x1b[31m"))
		return
	case "record":
		_, _ = link.Recording.Write(bytes.Repeat([]byte("frame"), 100_000))
	case "record, die":
		_, _ = link.Recording.WriteString("frame")
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "stop":
		link.Send(inventory.Event{Collector: "psu"})
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	case "log":
		fmt.Fprintf(os.Stderr, "one\x1b[31m\u202e\nlong %s\n\nlast", strings.Repeat("x", 100_000))
	case "long line":
		raw("e" + strings.Repeat("x", worker.MaxLine+1))
	case "many events":
		for range worker.MaxEvents + 1 {
			raw(`e{"collector":"psu"}` + "\n")
		}
	case "half a line":
		raw(`e{"collector":"psu"}` + "\n" + `e{"collector":"net"`)
		os.Exit(3)
	case "stranger":
		raw(`e{"collector":"x"}` + "\n")
		time.Sleep(time.Hour)
	case "empty line":
		raw("\n")
		time.Sleep(time.Hour)
	case "bad end":
		raw("d3\n")
		time.Sleep(time.Hour)
	case "bad refusal":
		raw("x3\n")
		time.Sleep(time.Hour)
	case "lingers":
		r := inventory.Collect(ctx, list(), inventory.WithEventsOnly(), inventory.WithObserver(link.Send))
		link.Done(r)
		time.Sleep(time.Hour)
	case "silent":
		_ = syscall.Close(3)
		time.Sleep(time.Hour)
	case "no bell":
		raw(`e{"collector":"psu"}` + "\n" + `e{"collector":"net"`)
		_ = syscall.Close(4)
		time.Sleep(time.Second / 2)
		raw("}\n" + `d{}` + "\n")
		time.Sleep(time.Hour)
	case "large":
		for i := range 40 {
			id := fmt.Sprintf("psu:%d", i)
			link.Send(inventory.Event{Collector: "psu", Component: &inventory.PowerSupply{Meta: inventory.Meta{ID: id}, Model: strings.Repeat("x", 10_000*i)}})
		}
	case "descriptors":
		found, _ := exec.Command("sh", "-c", "ls /proc/self/fd").Output() //nolint:noctx // a test's
		fmt.Fprintf(os.Stderr, "%q\n", found)
	}
	link.Done(inventory.Collect(ctx, list(), inventory.WithEventsOnly(), inventory.WithObserver(link.Send)))
}

// buffer may be written to and read at the same time.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func run(t *testing.T, what string, o worker.Options) (*inventory.Report, string, error) {
	t.Helper()
	var stderr buffer
	o.Job, o.Stderr = job{what}, &stderr
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	r, err := worker.Run(t.Context(), inventory.NewAssembly(list()), o)
	return r, stderr.String(), err
}

func TestRun(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"", "lingers"} {
		r, stderr, err := run(t, what, worker.Options{})
		if err != nil || len(r.Issues) > 0 || len(r.PowerSupplies) != 2 || r.Network == nil || stderr != "" {
			t.Errorf("%q: %+v, %q, %v", what, r, stderr, err)
		}
	}
}

// TestBell: what is larger than a pipe arrives, and what comes when nothing
// rings any more.
func TestBell(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	r, _, err := run(t, "large", worker.Options{})
	if err != nil || len(r.PowerSupplies) != 42 || len(r.PowerSupplies[39].Model) != 390_000 {
		t.Errorf("%d, %v", len(r.PowerSupplies), err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if r, _, err = run(t, "no bell", worker.Options{}); err != nil || len(r.Issues) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestLost: a worker that says nonsense, or nothing, costs what it had not
// told.
func TestLost(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]string{
		"long line":   "said more than a report can be: malformed data",
		"many events": "said more than a report can be: malformed data",
		"stranger":    `event: malformed data: of collector "x", which was not asked for`,
		"empty line":  `a line of kind '\n': malformed data`,
		"bad end":     "its end: malformed data",
		"bad refusal": "its refusal: malformed data",
		"half a line": "the collecting process died: exit status 3",
		"silent":      "the collecting process died: it closed its pipe and went on",
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			r, _, err := run(t, what, worker.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
			for i, c := range r.Collectors {
				if c.Status != inventory.StatusFailed || !strings.Contains(r.Issues[i].Detail, want) {
					t.Errorf("%+v %+v", c, r.Issues[i])
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	r, _, err := run(t, "refuse", worker.Options{})
	var refused *worker.RefusedError
	if r != nil || !errors.As(err, &refused) || refused.Text != "no machine\x1b[31m" {
		t.Errorf("%v, %v", r, err)
	}
}

// TestNotStarted: no program, one that may not be run, and one that ends
// before it says anything.
func TestNotStarted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{
		"/nowhere":   "no such file or directory",
		file:         "permission denied",
		"/bin/false": "died: exit status 1",
	} {
		begun := time.Now()
		r, _, err := run(t, "", worker.Options{}.Starting(program))
		var none *worker.NotStartedError
		if r != nil || !errors.As(err, &none) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", program, r, err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s: took %s", program, took)
		}
	}
	_, _, err := run(t, "", worker.Options{}.Starting(file))
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
}

// TestUnkillable: the report does not wait for a process that cannot be ended.
func TestUnkillable(t *testing.T) {
	t.Parallel()
	for name, cancel := range map[string]bool{"deadline": false, "signal": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var left int
			o := worker.Options{Job: job{"stop"}, Timeout: time.Second, Stderr: io.Discard, Recording: io.Discard}.
				Immortal(func(pid int) { left = pid })
			want := "the collecting process did not come to its end and hangs in the kernel, where nothing can end it: context deadline exceeded"
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if cancel {
				o.Timeout = time.Hour
				time.AfterFunc(time.Second, stop)
				want = "the collecting process did not stop when told to and hangs in the kernel, where nothing can end it: context canceled"
			}
			begun := time.Now()
			r, err := worker.Run(ctx, inventory.NewAssembly(list()), o)
			took := time.Since(begun)
			_ = syscall.Kill(left, syscall.SIGKILL)
			var cut *worker.RecordingError
			if !errors.As(err, &cut) || r == nil {
				t.Fatalf("%v, %v", r, err)
			}
			if !strings.HasSuffix(r.Issues[0].Detail, want) || r.Collectors[0].Status != inventory.StatusTimeout {
				t.Errorf("%+v", r.Issues)
			}
			if took > 5*time.Second { // 2.3 s
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestRecording(t *testing.T) {
	t.Parallel()
	var b buffer
	r, _, err := run(t, "record", worker.Options{Recording: &b})
	if err != nil || r == nil || len(b.String()) != 500_000 {
		t.Errorf("%d bytes, %v", len(b.String()), err)
	}
	// What had been recorded when the worker died is kept.
	var begun buffer
	r, _, err = run(t, "record, die", worker.Options{Recording: &begun})
	if err != nil || r == nil || begun.String() != "frame" {
		t.Errorf("%q, %v", begun.String(), err)
	}
	// A full disk costs the recording, not the report.
	r, _, err = run(t, "record", worker.Options{Recording: full{}})
	var cut *worker.RecordingError
	if !errors.As(err, &cut) || !errors.Is(err, syscall.ENOSPC) || len(r.PowerSupplies) != 2 {
		t.Errorf("%v, %v", r, err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestWords: what a worker logs comes through line by line, and nothing that a
// terminal acts on.
func TestWords(t *testing.T) {
	t.Parallel()
	r, stderr, err := run(t, "log", worker.Options{})
	if err != nil || len(r.Issues) > 0 {
		t.Errorf("%v, %v", r, err)
	}
	if !strings.HasPrefix(stderr, "worker: one\\x1b[31m\\u202e\nworker: long xxx") || !strings.HasSuffix(stderr, "worker: last\n") {
		t.Errorf("%.80q", stderr)
	}
	if n := strings.Count(stderr, "x"); n < 100_000 {
		t.Errorf("%d of a long line", n)
	}
}

// TestNothingIsInherited: what a worker starts gets none of its pipes, so that
// nobody waits for its end.
func TestNothingIsInherited(t *testing.T) {
	t.Parallel()
	var recording buffer
	_, stderr, err := run(t, "descriptors", worker.Options{Recording: &recording})
	if err != nil || !strings.Contains(stderr, `\n3\n`) || strings.Contains(stderr, `\n4\n`) { // 3 is ls's own
		t.Errorf("%s, %v", stderr, err)
	}
}

// TestAttach: a worker that a person starts says so.
func TestAttach(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), self, worker.Name).CombinedOutput()
	var ee *exec.ExitError
	if !errors.As(err, &ee) || ee.ExitCode() != 2 || !strings.Contains(string(out), "audit's own") {
		t.Errorf("%s, %v", out, err)
	}
}
