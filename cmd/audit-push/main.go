// Command audit-push sends a report to a server. People start it as "audit
// push": audit itself holds nothing that could open a connection.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"example.com/bee/cmd/audit-push/internal/push"
	"example.com/bee/cmd/internal/printable"
)

// Set by the linker, and by nothing else.
var version string

// Exit codes, as those of audit.
const (
	exitUnsent     = 1
	exitUsage      = 2
	exitUnreadable = 4
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stderr)) //nolint:gocritic // the process ends; there is nothing to stop
}

func run(ctx context.Context, args []string, stdin io.Reader, stderr io.Writer) int {
	o := push.Options{In: stdin, Log: stderr, Version: version}
	if o.Version == "" {
		o.Version = "devel"
	}
	o.Built = built()
	f := flag.NewFlagSet("audit-push", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		_, _ = fmt.Fprint(stderr, "usage: audit push [flags] FILE|- URL\nRun 'audit push --help'.\n")
	}
	f.BoolVar(&o.AllowHTTP, "allow-http", false, "")
	f.IntVar(&o.Attempts, "attempts", 5, "")
	f.StringVar(&o.CAFile, "ca-file", "", "")
	f.StringVar(&o.Spool, "spool", "", "")
	f.DurationVar(&o.Timeout, "timeout", time.Minute, "")
	f.StringVar(&o.TokenFile, "token-file", "", "")
	if f.Parse(args) != nil {
		return exitUsage
	}
	if f.NArg() != 2 {
		f.Usage()
		return exitUsage
	}
	o.File, o.URL = f.Arg(0), f.Arg(1)
	err := push.Run(ctx, o)
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintf(stderr, "audit push: %s\n", printable.Text(err.Error())) // a server's certificate may be quoted in it
	switch {
	case errors.Is(err, push.ErrUsage):
		return exitUsage
	case errors.Is(err, push.ErrUnreadable):
		return exitUnreadable
	}
	return exitUnsent
}

// built is the time of the commit this program was made from; zero when the
// Go tool did not know it.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			t, err := time.Parse(time.RFC3339, s.Value)
			if err == nil {
				return t
			}
		}
	}
	return time.Time{}
}
