package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newConsole hands over to audit-console: what draws on a terminal and starts
// other programs is not needed where audit runs unattended.
func newConsole(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "console",
		Short: "Show the machine's state on a text console",
		Long: `console shows, on a text console of at least 20 columns and 5 rows, which machine
this is, the verdict with what is wrong first, how far the audit is, every
network interface with its address or why it has none, and how to log in. On the
live system it is what the first screen shows. It reads files and asks no
hardware; what its keys do is done by programs of the live system. ? lists the
keys; x leaves. With --report it shows a stored report, of whatever machine.

The password of the live system is shown on the machine's own screen; on a
serial line only with bee.serial_password=1 on the kernel's command line.

The work is done by audit-console, which lies beside audit.

Exit codes:
  0  left
  1  there is no terminal, or it is gone
  2  usage`,
		Example: `  audit console
  audit console --report report.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var line []string
			cmd.Flags().Visit(func(f *pflag.Flag) {
				if list, ok := f.Value.(pflag.SliceValue); ok {
					for _, v := range list.GetSlice() {
						line = append(line, "--"+f.Name+"="+v)
					}
					return
				}
				line = append(line, "--"+f.Name+"="+f.Value.String())
			})
			if err := env.Become("audit-console", line); err != nil {
				return exit(ExitUnwritten, "console is done by the program audit-console, which should lie beside audit: %w", err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	blocks := []string{"auto", "yes", "no"}
	f.String("blocks", "auto", fmt.Sprintf("the terminal shows half blocks: %s, %s or %s", blocks[0], blocks[1], blocks[2]))
	f.StringArray("command", nil, "what a key runs, as `NAME=PROGRAM ARGUMENT...`; NAME is rerun, dhcp, save, identify, poweroff, reboot or shell")
	f.String("line", "", "`NAME` of the terminal (default: its own), which decides whether the password is shown")
	f.String("report", "", "show the stored report in `FILE`, and nothing of this machine")
	f.String("root", "/", "look for all files below `DIR`")
	f.Bool("stay", false, "no key leaves, for consoles that are started again")
	complete(cmd, "blocks", func() []string { return blocks })
	completeDir(cmd, "root")
	return cmd
}
