// Command audit reports what a machine is made of and how healthy it is.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// Set by the linker, and by nothing else.
var version, commit string

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, collectors.Default))
}

// run ends on the first SIGINT or SIGTERM with what was read so far; the
// second kills.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer, list func(*host.Host) []inventory.Collector) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	env := cli.Env{
		Stdin: stdin, Stdout: stdout, Stderr: stderr,
		Getenv:     os.Getenv,
		EUID:       os.Geteuid(),
		Build:      cli.Build{Version: version, Commit: commit},
		Collectors: list,
	}
	env.StdoutTerminal, env.Width = terminal(stdout)
	env.StderrTerminal, _ = terminal(stderr)
	return cli.Run(ctx, env, args)
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
