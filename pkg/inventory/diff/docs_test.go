package diff_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory/diff"
)

// TestDocs keeps the tables of docs/diff.md equal to those of the code. With
// UPDATE_DOCS set it writes them.
func TestDocs(t *testing.T) {
	t.Parallel()
	const name = "../../../docs/diff.md"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for marker, table := range map[string]string{"keys": keysTable(), "mask": maskTable()} {
		begin, end := "<!-- "+marker+": made from the code -->\n", "<!-- end of "+marker+" -->"
		i, j := strings.Index(text, begin), strings.Index(text, end)
		if i < 0 || j < i {
			t.Fatalf("no place for %s", marker)
		}
		i += len(begin)
		if text[i:j] != table {
			if os.Getenv("UPDATE_DOCS") == "" {
				t.Errorf("the table of %s is not that of the code; run the test with UPDATE_DOCS=1", marker)
			}
			text = text[:i] + table + text[j:]
		}
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func maskTable() string {
	var b strings.Builder
	b.WriteString("\n| path | class | why |\n|---|---|---|\n")
	for _, e := range diff.Mask() {
		why := e.Reason
		if e.From != "" {
			why += " (from `" + e.From + "`)"
		}
		if e.Only != "" {
			why += " (" + e.Only + " only)"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Pattern, e.Class, why)
	}
	b.WriteString("\n")
	return b.String()
}

func keysTable() string {
	fields := func(lists [][]string) string {
		var all []string
		for _, l := range lists {
			all = append(all, "`"+strings.Join(l, "+")+"`")
		}
		return strings.Join(all, ", ")
	}
	var b strings.Builder
	b.WriteString("\n| list | identity | place |\n|---|---|---|\n")
	for _, k := range diff.Keys() {
		if len(k.Identity)+len(k.Weak)+len(k.Place) > 0 {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Path, fields(append(k.Identity, k.Weak...)), fields(k.Place))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// TestMaskIsSound: patterns are not said twice, and have a reason.
func TestMaskIsSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range diff.Mask() {
		if seen[e.Pattern] || e.Reason == "" || (e.Class == diff.ClassDerived) != (e.From != "") {
			t.Errorf("%+v", e)
		}
		seen[e.Pattern] = true
	}
}
