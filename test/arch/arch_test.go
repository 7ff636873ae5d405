package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// eachFile parses every Go file below dir that ships.
func eachFile(t *testing.T, dir string, f func(name string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir(filepath.Join(root, dir), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		f(filepath.ToSlash(name), set, file)
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%s: %d files, %v", dir, seen, err)
	}
}

// TestGoroutinesStartInOnePlace: a goroutine that nobody bounds, recovers or
// times out is how one sick device takes the process with it.
func TestGoroutinesStartInOnePlace(t *testing.T) {
	t.Parallel()
	found := 0
	eachFile(t, "pkg", func(name string, set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			g, ok := n.(*ast.GoStmt)
			if !ok {
				return true
			}
			if strings.HasSuffix(name, "pkg/inventory/await.go") {
				found++
			} else {
				t.Errorf("%s: start goroutines through inventory.Await or inventory.Each", set.Position(g.Pos()))
			}
			return true
		})
	})
	if found == 0 {
		t.Error("the check sees no goroutine at all, not even the ones in await.go")
	}
}

// TestModelNeedsTheStandardLibraryOnly: whoever reads reports pulls in nothing
// else.
func TestModelNeedsTheStandardLibraryOnly(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", root+"/pkg/inventory").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(out)); len(got) != 1 || got[0] != "example.com/bee/pkg/inventory" {
		t.Errorf("pkg/inventory needs %q", got)
	}
}

// TestLibraryStaysSmall: embedders get no CLI, YAML, TUI or network code.
func TestLibraryStaysSmall(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", root+"/pkg/collectors").Output()
	if err != nil {
		t.Fatal(err)
	}
	unwanted := map[string]bool{"os/exec": true, "net": true, "net/http": true, "runtime/cgo": true}
	for p := range strings.FieldsSeq(string(out)) {
		if unwanted[p] {
			t.Errorf("pkg/collectors needs %s", p)
		}
		for _, project := range []string{"cobra", "yaml", "bubbletea", "jaypipes/ghw", "go-nvml"} {
			if strings.Contains(p, project) && !strings.HasPrefix(p, "example.com/bee/") {
				t.Errorf("pkg/collectors needs %s", p)
			}
		}
	}
}
