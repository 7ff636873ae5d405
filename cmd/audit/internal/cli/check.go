package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory/policy"
)

const checkExitCodes = `
Exit codes:
  0  every rule passes
  1  a rule fails, or nobody can tell
  2  usage
  4  the report or the policy cannot be read
`

func checkFormats() []string { return []string{"text", "json", "junit"} }

func newCheck(env Env) *cobra.Command {
	var format, file string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "check FILE|- --policy POLICY",
		Short: "Check a report against a policy",
		Long: `check holds a report against what the machine should be: counts, models, sizes,
firmware, links, health, a bill of materials. Each rule passes, fails or is
unknown; what could not be read is unknown and never a pass.

A policy is a short YAML file, see docs/policy.md and docs/examples;
'audit policy from' writes one from a good machine.
` + checkExitCodes,
		Example: `  audit check report.json --policy gpu-server.yaml
  audit | audit check - --policy gpu-server.yaml
  audit check report.json --policy p.yaml --format junit > result.xml
  audit check report.json --policy p.yaml -v`,
		Args: oneReport("check"),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case !slices.Contains(checkFormats(), format):
				return exit(ExitUsage, "--format %q: want %s", format, strings.Join(checkFormats(), ", "))
			case file == "":
				return exit(ExitUsage, "check wants a policy: --policy FILE")
			case file == "-" && args[0] == "-":
				return exit(ExitUsage, "only one of report and policy can be standard input")
			}
			p, err := readPolicy(file, env.Stdin)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			s, err := readReport(args[0], env.Stdin)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			v, err := p.Check(s.report)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			out, err := verdictOutput(v, format, verbose)
			if err != nil {
				return exit(ExitUnwritten, "writing the verdict: %w", err)
			}
			if _, err := env.Stdout.Write(out); err != nil {
				return exit(ExitUnwritten, "writing the verdict: %w", err)
			}
			if v.Status != policy.Pass {
				return &codeError{code: exitDiffers}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&file, "policy", "p", "", "the policy `FILE`; - is standard input")
	f.StringVarP(&format, "format", "f", "text", "`FORM` of the verdict: "+strings.Join(checkFormats(), ", "))
	f.BoolVarP(&verbose, "verbose", "v", false, "in text also the rules that pass")
	complete(cmd, "format", checkFormats)
	return cmd
}

// oneReport wants exactly one argument.
func oneReport(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s wants one report, a file or - for standard input; got %d", name, len(args))
		}
		return nil
	}
}

func readPolicy(name string, in io.Reader) (*policy.Policy, error) {
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("reading the policy: %w", err)
		}
		defer f.Close() //nolint:errcheck // nothing was written
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, policy.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	p, err := policy.Parse(data)
	if err != nil {
		var lines []string
		for l := range strings.SplitSeq(err.Error(), "\n") {
			lines = append(lines, render.Text(l))
		}
		return nil, fmt.Errorf("policy %s: %s", name, strings.Join(lines, "\n  "))
	}
	return p, nil
}

func verdictOutput(v *policy.Verdict, format string, verbose bool) ([]byte, error) {
	var b bytes.Buffer
	switch format {
	case "json":
		data, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return render.Indent(data)
	case "junit":
		err := v.JUnit(&b, render.Text)
		return b.Bytes(), err
	}
	for _, l := range v.Lines(verbose) {
		indent := len(l) - len(trimIndent(l))
		fmt.Fprintf(&b, "%s%s\n", l[:indent], render.Text(l))
	}
	return b.Bytes(), nil
}
