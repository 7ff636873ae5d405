package cli

import (
	"io"

	"github.com/spf13/cobra"

	"example.com/bee/docs"
)

func newSchema(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the report's JSON Schema (2020-12)",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := io.WriteString(env.Stdout, docs.ReportSchema); err != nil {
				return exit(ExitUnwritten, "writing the schema: %w", err)
			}
			return nil
		},
	}
}
