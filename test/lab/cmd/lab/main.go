// Lab runs programs in an emulated server.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"example.com/bee/test/lab"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	cancel()
	os.Exit(code)
}

// Exit codes beside the payload's own.
const (
	exitUsage       = 2
	exitTimeout     = 124
	exitNoAnswer    = 125
	exitFailed      = 126
	exitInterrupted = 130
)

type flags struct {
	profile, out, disks, emu, smbios string
	timeout                          time.Duration
	append                           []string
	noTools                          bool
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	code := 0
	root := &cobra.Command{
		Use:   "lab",
		Short: "Run programs in an emulated server and bring back what they wrote",
		Long: `Run programs in an emulated server (QEMU without KVM) and bring back what they
wrote. The first run downloads Debian packages and builds the guest; later ones
start at once. Progress goes to standard error.`,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(args)
	root.AddCommand(buildCommand(stderr), listCommand(stdout), cleanCommand(), runCommand(&code, stdout, stderr), cmdCommand(&code, stdout, stderr))
	if err := root.ExecuteContext(ctx); err != nil {
		say(stderr, "lab: %s", strings.TrimPrefix(err.Error(), "lab "))
		if code == 0 {
			code = exitUsage
		}
	}
	return code
}

func buildCommand(stderr io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "build", Short: "Build the guest and the firmware into the cache", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			start := time.Now()
			b, err := lab.Build(c.Context(), stderr)
			if err == nil {
				say(stderr, "lab: ready after %.1f s: kernel %s", time.Since(start).Seconds(), b.Version)
			}
			return err
		},
	}
}

func cleanCommand() *cobra.Command {
	return &cobra.Command{
		Use: "clean", Short: "Remove everything that was built and all kept runs", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return lab.Clean() },
	}
}

func listCommand(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the profiles", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, line := range lab.Names() {
				if _, err := fmt.Fprintln(stdout, line); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func runCommand(code *int, stdout, stderr io.Writer) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "run [flags] PAYLOAD [ARG...]",
		Short: "Run a static program, a script or a folder with a `run` in the guest",
		Long: `Run PAYLOAD in the guest: a static program, a script, or a folder of which all
is carried and whose ` + "`run`" + ` is started. In the guest it lies below /payload; what
it leaves in /out comes back to OUT/out, beside payload.out and payload.err.

The exit status is the payload's; 124: time over, 125: the guest never answered
or went away, 126: the machine could not be started, 2: wrong usage.`,
		Example: `  lab run -p server ./audit --format table
  lab run -p faulty-io -o /tmp/faults faults.sh`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := f.options(stderr)
			if err != nil {
				return err
			}
			program := filepath.Base(args[0])
			o.Files = map[string]string{program: args[0]}
			if st, err := os.Stat(args[0]); err != nil {
				return err
			} else if st.IsDir() {
				program += "/run"
			}
			o.Jobs = []lab.Job{{Name: "payload", Argv: append([]string{"/payload/" + program}, args[1:]...), Timeout: f.timeout}}
			return execute(c.Context(), o, code, stdout, stderr)
		},
	}
	f.register(c)
	return c
}

func cmdCommand(code *int, stdout, stderr io.Writer) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:     "cmd [flags] 'SHELL WORDS'",
		Short:   "Run a line of bash in the guest and print what it said",
		Example: `  lab cmd -p server 'dmidecode -t 17; ipmitool fru'`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o, err := f.options(stderr)
			if err != nil {
				return err
			}
			job := lab.Shell("payload", args[0])
			if f.noTools {
				job.Argv[0] = "sh"
			}
			job.Timeout = f.timeout
			o.Jobs = []lab.Job{job}
			return execute(c.Context(), o, code, stdout, stderr)
		},
	}
	f.register(c)
	return c
}

func (f *flags) register(c *cobra.Command) {
	s := c.Flags()
	s.SetInterspersed(false) // What follows the payload is its own.
	s.StringVarP(&f.profile, "profile", "p", "server", "machine to emulate: `NAME` or NAME:SETTING, see lab list")
	s.StringVarP(&f.out, "out", "o", "", "`FOLDER` for the results (default: a new one in the cache)")
	s.StringVar(&f.disks, "disks", "", "`FOLDER` that keeps the disks between runs")
	s.StringVar(&f.emu, "bmc", "", "captured ipmi_sim command `FILE` to use as the BMC")
	s.StringVar(&f.smbios, "smbios", "", "`FOLDER` with smbios_entry_point and DMI to use as the firmware's tables")
	s.DurationVarP(&f.timeout, "timeout", "t", 4*time.Minute, "`TIME` limit of the payload")
	s.StringArrayVar(&f.append, "append", nil, "`WORD` for the kernel's command line, e.g. lab.udev=1 (repeatable)")
	s.BoolVar(&f.noTools, "no-tools", false, "leave the witness programs out of the guest")
}

func (f *flags) options(stderr io.Writer) (lab.Options, error) {
	p, err := lab.Lookup(f.profile)
	if err != nil {
		return lab.Options{}, err
	}
	if f.emu != "" {
		p.BMC = &lab.BMC{EmuFile: f.emu}
	}
	if f.smbios != "" {
		if err := p.UseTables(f.smbios); err != nil {
			return lab.Options{}, err
		}
	}
	return lab.Options{
		Profile: p, OutDir: f.out, DiskDir: f.disks, Timeout: f.timeout + 2*time.Minute,
		NoTools: f.noTools, Append: f.append, Log: stderr,
	}, nil
}

func execute(ctx context.Context, o lab.Options, code *int, stdout, stderr io.Writer) error {
	res, err := lab.Run(ctx, o)
	switch {
	case errors.Is(err, context.Canceled):
		*code = exitInterrupted
	case errors.Is(err, lab.ErrTimeout):
		*code = exitTimeout
	case errors.Is(err, lab.ErrNoAnswer):
		*code = exitNoAnswer
	case err != nil:
		*code = exitFailed
	default:
		*code = res.ExitCode
	}
	if res == nil {
		return err
	}
	if j, jobErr := res.Job("payload"); jobErr == nil {
		if j.State != "exited" {
			say(stderr, "lab: payload %s %s", j.State, j.Error)
		}
		copyOutput(stdout, j.Stdout)
		copyOutput(stderr, j.Stderr)
	}
	say(stderr, "lab: exit %d, boot %.1f s (guest %.1f s), %.1f s in all -> %s",
		*code, res.BootWall.Seconds(), res.BootGuest.Seconds(), res.Wall.Seconds(), res.Dir)
	return err
}

func copyOutput(to io.Writer, read func() ([]byte, error)) {
	if data, err := read(); err == nil {
		to.Write(data) //nolint:errcheck // A closed pipe is the reader's choice.
	}
}

// say writes a line for the person at the terminal.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...) //nolint:errcheck // A closed pipe is the reader's choice.
}
