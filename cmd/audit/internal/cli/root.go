package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/pkg/inventory"
)

const rootLong = `audit reads what this machine is made of and how healthy it is: board, CPUs,
memory, drives, PCI functions, power supplies, GPUs, network, BMC. It asks the
hardware itself, runs no vendor tool, changes nothing and needs no network.

The report goes to standard output. With --output it goes to a file, which is
replaced whole or not at all, and standard output carries a summary.

Without root it reads less; the report says what was denied.`

const rootExample = `  audit                                  everything, as JSON
  audit --format table                   for a person to read
  audit --output report.json --qr        to a file; summary and QR code on screen
  audit --only memory,storage --strict   exit code 3 when something is wrong
  audit --host-root /host                from a container with the host's / at /host
  audit --root captured/                 a captured tree instead of this machine
  audit --record machine.bee             and keep what was read, to replay it
  audit --replay machine.bee             the same report again, on any machine`

const exitCodes = `
Exit codes:
  0  the report was written, also when collectors failed
  1  it could not be written
  2  usage
  3  with --strict: a collector failed, timed out or was denied, or a critical
     finding stands
  4  what was to be read (a report, a policy, a recording) cannot be
`

// Command is the command line as a tree, for what describes it.
func Command(env Env) *cobra.Command {
	cmd := newRoot(env)
	cmd.AddCommand(newShow(env), newDiff(env), newCheck(env), newPolicy(env), newPush(env), newConsole(env), newScrub(env), newSchema(env), newVersion(env))
	return cmd
}

// execute runs a command line. Most collect, and those are not to wait until
// all that the others need is made.
func execute(ctx context.Context, env Env, args []string) (*cobra.Command, error) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		other := false
		root := newRoot(env)
		root.SetHelpFunc(func(*cobra.Command, []string) { other = true })
		root.SetFlagErrorFunc(func(*cobra.Command, error) error {
			other = true
			return errOther
		})
		root.Args = func(_ *cobra.Command, args []string) error {
			if other = len(args) > 0; other {
				return errOther
			}
			return nil
		}
		if cmd, err := env.bind(root, args).ExecuteContextC(ctx); !other {
			return cmd, err
		}
	}
	return env.bind(Command(env), args).ExecuteContextC(ctx)
}

// errOther is a command line that is not, or not only, about collecting.
var errOther = errors.New("another command")

func (e Env) bind(root *cobra.Command, args []string) *cobra.Command {
	root.SetArgs(args)
	root.SetIn(e.Stdin)
	root.SetOut(e.Stdout)
	root.SetErr(e.Stderr)
	return root
}

// newRoot is the command that collects.
func newRoot(env Env) *cobra.Command {
	o := collectOptions{env: env}
	cmd := &cobra.Command{
		Use:           "audit [flags]",
		Short:         "Report what this machine is made of and how healthy it is",
		Long:          rootLong,
		Example:       rootExample,
		Annotations:   map[string]string{"exit codes": exitCodes},
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.replay != "" {
				if err := o.openReplay(cmd.Flags()); err != nil {
					return err
				}
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "write the report to `FILE`; - is standard output")
	f.Var(&o.mode, "mode", "who may read what is written to files: an octal `MODE` such as 0644")
	f.StringVarP(&o.format, "format", "f", "json", "`FORM` of the report: "+strings.Join(formats.Names(), ", "))
	f.BoolVar(&o.qr, "qr", false, "draw a QR code: below summary or table, else on standard error")
	f.StringSliceVar(&o.only, "only", nil, "run these `COLLECTORS` only, separated by commas")
	f.StringSliceVar(&o.skip, "skip", nil, "leave these `COLLECTORS` out")
	f.DurationVar(&o.timeout, "timeout", inventory.DefaultTimeout, "give up on what has not answered after this `TIME`")
	f.StringVar(&o.root, "root", "", "read a captured tree below `DIR`, with no devices")
	f.StringVar(&o.hostRoot, "host-root", "", "read this machine with its root mounted at `DIR`")
	f.BoolVar(&o.strict, "strict", false, "exit with 3 when a collector failed or a critical finding stands")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "log to standard error; list everything in tables")
	f.DurationVar(&o.given.LLDP, "lldp", 0, "listen this `TIME` for the switch behind each port, which speaks every 30s; nothing is sent")
	f.StringVar(&o.given.NVMLHelper, "nvml-helper", "", "start `FILE` to ask NVIDIA's library (default: audit-nvml beside audit, or $BEE_AUDIT_NVML)")
	f.StringVar(&o.record, "record", "", "also write everything that was read to `FILE`, mode 0600, for --replay")
	f.StringVar(&o.progress, "progress", "", "write what happens to `FILE`, a JSON object per line, for audit console")
	f.BoolVar(&o.scrub, "scrub", false, "with --record: replace serial numbers, addresses, UUIDs and host names")
	f.StringVar(&o.replay, "replay", "", "read the recording in `FILE` instead of this machine")
	cmd.MarkFlagsMutuallyExclusive("root", "host-root", "replay")
	cmd.MarkFlagsMutuallyExclusive("record", "replay")

	names := collectorNames(env)
	complete(cmd, "format", formats.Names)
	completeList(cmd, "only", names)
	completeList(cmd, "skip", names)
	completeDir(cmd, "root", "host-root")

	cmd.SetHelpFunc(help(cmd.HelpFunc()))
	return cmd
}

// help adds what the library's own text lacks.
func help(base func(*cobra.Command, []string)) func(*cobra.Command, []string) {
	return func(cmd *cobra.Command, args []string) {
		base(cmd, args)
		if !cmd.HasParent() {
			_, _ = fmt.Fprint(cmd.OutOrStdout(), exitCodes)
		}
	}
}

// checkLLDP refuses to listen longer than the run may take.
func checkLLDP(d, timeout time.Duration) error {
	if d < 0 || d >= timeout {
		return exit(ExitUsage, "--lldp %s: want less than --timeout, which is %s", d, timeout)
	}
	return nil
}

// checkTimeout refuses what would end before it began, or never.
func checkTimeout(d time.Duration) error {
	const longest = 24 * time.Hour
	if d <= 0 || d > longest {
		return exit(ExitUsage, "--timeout %s: want more than 0 and at most %s", d, longest)
	}
	return nil
}
