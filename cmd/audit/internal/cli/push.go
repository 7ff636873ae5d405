package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newPush hands over to audit-push: this program holds nothing that could open
// a connection (docs/adr/0007-push.md).
func newPush(env Env) *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "push FILE|- URL",
		Short: "Send a report to a server",
		Long: `push sends a report in JSON, from a file or (-) from standard input, to an
https server with POST. The header Idempotency-Key is the report's SHA-256: a
report that arrives twice is one report.

What fails for a passing reason is sent again, with growing pauses, until
--attempts or --timeout are used up. With --spool the report is kept until it
was sent; the next push to the same URL sends what was kept, too. Redirects are
not followed. A certificate is always verified: when it fails because of the
time, the message says whether the clock may be at fault.

The work is done by audit-push, which lies beside audit.

Exit codes:
  0  the report was sent
  1  it was not; with --spool it is kept
  2  usage
  4  the report cannot be read`,
		Example: `  audit push report.json https://inventory.example/v1/reports
  audit push --token-file /etc/bee/token --spool /var/spool/bee report.json https://inventory.example/v1/reports
  audit | audit push --ca-file ca.pem - https://10.0.0.2/reports`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("push wants a report and a URL; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkTimeout(timeout); err != nil {
				return err
			}
			var line []string
			cmd.Flags().Visit(func(f *pflag.Flag) { line = append(line, "--"+f.Name+"="+f.Value.String()) })
			if err := env.Become("audit-push", append(append(line, "--"), args...)); err != nil {
				return exit(ExitUnwritten, "push is done by the program audit-push, which should lie beside audit: %w", err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.Bool("allow-http", false, "send in the clear; without it http is for this machine only")
	f.Int("attempts", 5, "send at most `N` times")
	f.String("ca-file", "", "trust the authorities in this `FILE` (PEM) and no others")
	f.String("spool", "", "keep what could not be sent in this `DIR`, and send it next time")
	f.DurationVar(&timeout, "timeout", time.Minute, "give up after this `TIME`, retries and spool included")
	f.String("token-file", "", "send the token in this `FILE` (mode 0600) as bearer token")
	completeDir(cmd, "spool")
	return cmd
}
