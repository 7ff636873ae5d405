package man_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/cmd/audit/internal/man"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

const dir = "../../../../docs/man"

// TestPages: the pages are those of this command line (go generate ./cmd/audit).
func TestPages(t *testing.T) {
	t.Parallel()
	pages := man.Pages(cli.Command(cli.Env{Collectors: func(*host.Host, cli.Given) []inventory.Collector { return nil }}))
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not up to date (go generate ./cmd/audit): %s", name, diff)
		}
		for _, section := range []string{"NAME", "SYNOPSIS", "OPTIONS"} {
			if !bytes.Contains(want, []byte(".SH "+section+"\n")) {
				t.Errorf("%s has no %s", name, section)
			}
		}
	}
	files, err := filepath.Glob(dir + "/*.1")
	if err != nil || len(files) != len(pages) {
		t.Errorf("%d files, %d pages, %v", len(files), len(pages), err)
	}
}

// TestFormatter: groff has nothing to complain of.
func TestFormatter(t *testing.T) {
	t.Parallel()
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	files, err := filepath.Glob(dir + "/*.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		cmd := exec.CommandContext(t.Context(), groff, "-man", "-Tascii", "-ww", f)
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil || complaints.Len() > 0 || len(out) == 0 {
			t.Errorf("%s: %v: %s", f, err, complaints.String())
		}
	}
}
