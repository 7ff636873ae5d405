// Command cmd writes docs/report.schema.json and docs/report-schema.md.
//
//	go run ./pkg/inventory/internal/schemagen/cmd SOURCE-DIR DOCS-DIR
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"example.com/bee/pkg/inventory/internal/schemagen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("want the directory of package inventory and the one to write to, got %q", args)
	}
	out, err := schemagen.Generate(args[0])
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(args[1], "report.schema.json"), out.Schema, 0o644); err != nil { //nolint:gosec // a document
		return err
	}
	return os.WriteFile(filepath.Join(args[1], "report-schema.md"), out.Markdown, 0o644) //nolint:gosec // a document
}
