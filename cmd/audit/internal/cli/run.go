// Package cli is the command line: it reads flags, has the library collect,
// and writes what came out. It decides nothing about hardware.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/audit/internal/worker"
	"example.com/bee/cmd/internal/printable"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// Env is what a run takes from its surroundings.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Getenv looks up environment variables.
	Getenv func(string) string
	// EUID is the effective user.
	EUID int
	// StdoutTerminal and StderrTerminal say whether a person is looking.
	StdoutTerminal, StderrTerminal bool
	// Width is the terminal's, 0 when there is none.
	Width int
	// Build names this program.
	Build Build
	// Become replaces this program by another of bee's own, found beside it.
	Become func(name string, args []string) error
	// Collectors is the list of collectors. It is also asked with a nil host,
	// for their names.
	Collectors func(h *host.Host, given Given) []inventory.Collector
}

// Given is what the user said that collectors want to know.
type Given struct {
	// NVMLHelper is the program to start for NVML, or "".
	NVMLHelper string
	// LLDP is how long to listen for switches; zero: not at all.
	LLDP time.Duration
	// Recorder is set when the run is recorded, Replay when it is one.
	Recorder *record.Recorder `json:"-"`
	Replay   *replay.Source   `json:"-"`
}

// Exit codes.
const (
	ExitOK         = 0 // the report was written
	ExitUnwritten  = 1 // it could not be
	ExitUsage      = 2 // the command line makes no sense
	ExitStrict     = 3 // --strict, and something is wrong
	ExitUnreadable = 4 // the report to show cannot be read
)

// codeError is an error that ends the program with a code of its own.
type codeError struct {
	code int
	err  error // nil: say nothing more
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

func exit(code int, format string, args ...any) error {
	return &codeError{code: code, err: fmt.Errorf(format, args...)}
}

// Run executes one command line and returns the exit code.
func Run(ctx context.Context, env Env, args []string) int {
	if len(args) == 1 && args[0] == worker.Name {
		return work(ctx, env)
	}
	cmd, err := execute(ctx, env, args)
	var coded *codeError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &coded):
		if coded.err != nil {
			env.say(err)
		}
		if coded.code != ExitUsage {
			return coded.code
		}
	default: // all others are cobra's, about the command line
		env.say(err)
	}
	_, _ = fmt.Fprintf(env.Stderr, "Run '%s --help' for usage.\n", cmd.CommandPath())
	return ExitUsage
}

// say tells an error. Its text may come from a file or a device.
func (e Env) say(err error) {
	_, _ = fmt.Fprintf(e.Stderr, "audit: %s\n", printable.Text(err.Error())) // nobody is left to be told
}

// noArgs refuses arguments with a word on what to do.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q: %q takes none", args[0], cmd.CommandPath())
	}
	return nil
}
