package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/internal/qrcode"
	"example.com/bee/cmd/internal/render"
)

func newShow(env Env) *cobra.Command {
	var format string
	var assess, verbose, qr bool
	cmd := &cobra.Command{
		Use:   "show FILE|-",
		Short: "Show a stored report",
		Long: `show reads a report that was stored as JSON or YAML, from a file or (-) from
standard input, and writes it as a table or in any other form of a report.

Findings are those the report was stored with; --assess judges it anew by the
rules of this version.`,
		Example: `  audit show report.json
  audit show --assess -v report.json
  ssh root@server audit | audit show -
  audit show --format html report.json >report.html
  audit show --format prometheus report.json >/var/lib/node_exporter/bee.prom`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("show wants one report, a file or - for standard input; got %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			s, err := readReport(args[0], env.Stdin)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			if assess {
				if err := s.assess(); err != nil {
					return &codeError{ExitUnreadable, err}
				}
			}
			out, err := s.render(format, env.page(verbose))
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			if _, err := env.Stdout.Write(out); err != nil {
				return exit(ExitUnwritten, "writing the report to standard output: %w", err)
			}
			if !qr {
				return nil
			}
			w, terminal := env.Stdout, env.StdoutTerminal
			if format != "table" {
				w, terminal = env.Stderr, env.StderrTerminal
			}
			code, err := qrcode.Draw(qrcode.Payload(s.report, s.written), env.color(terminal))
			if err != nil {
				return &codeError{ExitUnwritten, err}
			}
			if _, err := fmt.Fprintf(w, "\n%s", code); err != nil {
				return exit(ExitUnwritten, "writing the QR code: %w", err)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&format, "format", "f", "table", "`FORM` to show: "+strings.Join(formats.Names(), ", "))
	f.BoolVar(&assess, "assess", false, "judge the report by the rules of this version")
	f.BoolVar(&qr, "qr", false, "draw the report's QR code, below a table or on standard error")
	f.BoolVarP(&verbose, "verbose", "v", false, "list everything in tables")
	complete(cmd, "format", formats.Names)
	return cmd
}

func (s *stored) render(format string, page render.Options) ([]byte, error) {
	return drawn(format, func() ([]byte, error) { return formats.Write(format, s.report, s.doc, page) })
}
