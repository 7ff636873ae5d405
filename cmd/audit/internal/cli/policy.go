package cli

import (
	"github.com/spf13/cobra"

	"example.com/bee/cmd/internal/atomicfile"
	"example.com/bee/pkg/inventory/policy"
)

func newPolicy(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Write policies for audit check",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	cmd.AddCommand(newPolicyFrom(env))
	return cmd
}

func newPolicyFrom(env Env) *cobra.Command {
	var output string
	var serials bool
	cmd := &cobra.Command{
		Use:   "from FILE|-",
		Short: "Write the policy of a good machine",
		Long: `from writes a policy that the machine of the report passes: its bill of
materials, firmware no older than today's, links no slower, no new findings.
Other machines of the same order pass it too; with --serials only this very one
does.

Exit codes:
  0  the policy was written
  1  it could not be written, or the report has nothing to expect
  2  usage
  4  the report cannot be read
`,
		Example: `  audit policy from golden.json --output fleet.yaml
  audit | audit policy from - > this-kind.yaml
  audit policy from report.json --serials --output this-machine.yaml`,
		Args: oneReport("policy from"),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := readReport(args[0], env.Stdin)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			var opts []policy.Option
			if serials {
				opts = append(opts, policy.WithSerials())
			}
			text, err := policy.From(s.report, opts...)
			if err != nil {
				return exit(ExitUnwritten, "policy from %s: %w", args[0], err)
			}
			if output == "" || output == "-" {
				if _, err := env.Stdout.Write(text); err != nil {
					return exit(ExitUnwritten, "writing the policy: %w", err)
				}
				return nil
			}
			if err := atomicfile.Write(output, text); err != nil {
				return exit(ExitUnwritten, "writing the policy: %w", err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&output, "output", "o", "", "write the policy to `FILE`; - is standard output")
	f.BoolVar(&serials, "serials", false, "expect this very machine: every part by its serial number")
	return cmd
}
