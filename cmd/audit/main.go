// Command audit reports what a machine is made of and how healthy it is.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"example.com/bee/cmd/audit/internal/beside"
	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/cmd/audit/internal/nvmlhelper"
	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
)

//go:generate go run ./internal/man/gen ../../docs/man

// Set by the linker, and by nothing else.
var version, commit string

func main() {
	ctx := context.Background()
	if len(os.Args) != 2 || os.Args[1] != "version" { // that ends before a key is pressed
		ctx = untilSignal()
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, list))
}

// untilSignal ends on the first SIGINT, SIGTERM or SIGHUP, and a run with what
// was read so far; the second kills. It is not undone at the end: that would
// take a tenth of the time of a short command.
func untilSignal() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), heard()...)
	context.AfterFunc(ctx, stop)
	return ctx
}

// list is every collector. GPUs of the machine audit runs on are asked through
// the NVML helper; whether it is there and may be started turns out when an
// NVIDIA driver is loaded.
func list(h *host.Host, given cli.Given) []inventory.Collector {
	lldp := collectors.WithLLDP(given.LLDP)
	switch {
	case given.Replay != nil:
		return collectors.Default(h, lldp, collectors.WithNVML(given.Replay.NVML()))
	case h == nil || !h.IsLive():
		return collectors.Default(h, lldp)
	case given.Recorder != nil:
		return collectors.Default(h, lldp, collectors.WithNVML(given.Recorder.NVML(func(tee func() io.Writer) nvidia.Source {
			return helper(given.NVMLHelper, tee)
		})))
	default:
		return collectors.Default(h, lldp, collectors.WithNVML(helper(given.NVMLHelper, nil)))
	}
}

// helper asks GPUs through the helper at path, or where it is expected.
func helper(path string, tee func() io.Writer) nvidia.Source {
	return func(ctx context.Context, gpus int) (*nvidia.Data, error) {
		path, err := nvmlhelper.Find(path)
		if err != nil {
			return nil, fmt.Errorf("the NVML helper: %w", err)
		}
		l := nvmlhelper.New(path)
		l.Tee = tee
		return l.ReadGPUs(ctx, gpus)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, list func(*host.Host, cli.Given) []inventory.Collector) int {
	env := cli.Env{
		Stdin: stdin, Stdout: stdout, Stderr: stderr,
		Getenv:     os.Getenv,
		EUID:       os.Geteuid(),
		Build:      cli.Build{Version: version, Commit: commit},
		Collectors: list,
		Become:     become,
	}
	env.StdoutTerminal, env.Width = terminal(stdout)
	env.StderrTerminal, _ = terminal(stderr)
	return cli.Run(ctx, env, args)
}

// heard are the signals that end a run. One that the caller had ignored stays
// so: nohup, a shell's background.
func heard() []os.Signal {
	all := []os.Signal{syscall.SIGTERM}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			all = append(all, s)
		}
	}
	return all
}

// terminal says whether a person sees what is written to w, and how wide.
func terminal(w io.Writer) (is bool, width int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return true, 0
	}
	return true, width
}

// become runs the program of that name that lies beside this one, in its
// place.
func become(name string, args []string) error {
	path, err := beside.Find(name)
	if err != nil {
		return err
	}
	err = syscall.Exec(path, append([]string{name}, args...), os.Environ()) //nolint:gosec // bee's own program, by its fixed name
	return &os.PathError{Op: "exec", Path: path, Err: err}
}
