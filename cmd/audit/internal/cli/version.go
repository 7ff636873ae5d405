package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"example.com/bee/pkg/inventory"
)

// Build is what the linker was told (-X main.version=..., -X main.commit=...).
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitzero"`
	// Modified is true when the source differed from the commit.
	Modified bool `json:"modified,omitzero"`
}

// resolve fills what the linker was not told from what the Go tool left in the
// binary.
func (b Build) resolve() Build {
	if b.Version != "" && b.Commit != "" {
		return b
	}
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && b.Commit == "":
				b.Commit = s.Value
			case s.Key == "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	if b.Version == "" {
		b.Version = version
	}
	return b
}

func newVersion(env Env) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and schema version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			v := struct {
				Name string `json:"name"`
				Build
				SchemaVersion string `json:"schema_version"`
				Go            string `json:"go"`
				Platform      string `json:"platform"`
			}{"bee", env.Build.resolve(), inventory.SchemaVersion, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			var err error
			if asJSON {
				e := json.NewEncoder(env.Stdout)
				e.SetIndent("", "  ")
				err = e.Encode(v)
			} else {
				commit := v.Commit
				if commit == "" {
					commit = "unknown"
				}
				if v.Modified {
					commit += " (modified)"
				}
				_, err = fmt.Fprintf(env.Stdout, "audit %s\ncommit %s\nreport schema %s\n%s %s\n", v.Version, commit, v.SchemaVersion, v.Go, v.Platform)
			}
			if err != nil {
				return exit(ExitUnwritten, "writing the version: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}
