package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory/diff"
)

const diffExitCodes = `
Exit codes:
  0  the same, but for readings and counters
  1  they differ, or something could not be compared
  2  usage
  4  a report cannot be read
`

func newDiff(env Env) *cobra.Command {
	var format string
	var all bool
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell what changed between two reports",
		Long: `diff compares two reports of one machine by what its parts are, not by their
order: what was added, removed, moved, replaced or changed, one line each.
Temperatures, hours and the like are no difference; error counters are shown as
growth. What one of the reports could not read is "not comparable", never
"removed".

One of the reports may be -, standard input. docs/diff.md has all rules.
` + diffExitCodes,
		Example: `  audit diff monday.json today.json
  audit diff --all before.json after.json
  ssh root@server audit | audit diff ordered.json -
  audit diff --format json a.json b.json | jq '.differences[].text'`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 2:
				return fmt.Errorf("diff wants two reports, the older first; got %d", len(args))
			case args[0] == "-" && args[1] == "-":
				return fmt.Errorf("only one of the reports can be standard input")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return exit(ExitUsage, "--format %q: want text or json", format)
			}
			r, err := compareStored(args[0], args[1], env.Stdin)
			if err != nil {
				return &codeError{ExitUnreadable, err}
			}
			out, err := diffOutput(r, format, all)
			if err != nil {
				return exit(ExitUnwritten, "writing the differences: %w", err)
			}
			if _, err := env.Stdout.Write(out); err != nil {
				return exit(ExitUnwritten, "writing the differences: %w", err)
			}
			if !r.Same {
				return &codeError{code: exitDiffers}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&format, "format", "f", "text", "`FORM` of the answer: text, json")
	f.BoolVar(&all, "all", false, "in text also readings, usage and what follows from a difference")
	complete(cmd, "format", func() []string { return []string{"text", "json"} })
	return cmd
}

// exitDiffers is the code of an answer that is no: they differ, it fails.
const exitDiffers = 1

func compareStored(older, newer string, in io.Reader) (*diff.Result, error) {
	o, err := readReport(older, in)
	if err != nil {
		return nil, err
	}
	n, err := readReport(newer, in)
	if err != nil {
		return nil, err
	}
	return diff.Compare(o.doc, n.doc)
}

func diffOutput(r *diff.Result, format string, all bool) ([]byte, error) {
	if format == "json" {
		data, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		return render.Indent(data)
	}
	var b bytes.Buffer
	if a, z := r.Old.SystemSerial, r.New.SystemSerial; a != "" && z != "" && a != z {
		fmt.Fprintf(&b, "These are two machines: system serial number %s and %s.\n", render.Text(a), render.Text(z))
	}
	for _, l := range r.Lines(all) {
		indent := len(l) - len(trimIndent(l))
		fmt.Fprintf(&b, "%s%s\n", l[:indent], render.Text(l))
	}
	if r.Same {
		fmt.Fprintln(&b, "The same.")
	}
	return b.Bytes(), nil
}

func trimIndent(s string) string {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	return s
}
