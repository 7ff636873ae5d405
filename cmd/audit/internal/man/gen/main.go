// Command gen writes the manual pages into a folder.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/cmd/audit/internal/man"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen DIR")
		os.Exit(2)
	}
	none := func(*host.Host, cli.Given) []inventory.Collector { return nil } // names are offered for completion only
	for name, page := range man.Pages(cli.Command(cli.Env{Collectors: none})) {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), page, 0o644); err != nil { //nolint:gosec // part of the documentation
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}
