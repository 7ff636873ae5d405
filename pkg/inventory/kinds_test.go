package inventory_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
)

// TestEveryKindTravels: each type that is a component can be read back from an
// event. One that cannot is lost when a collector runs in another process.
func TestEveryKindTravels(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kind := regexp.MustCompile(`(?m)^func \(.*\) Kind\(\) string +\{ return "(\w+)" \}$`)
	seen := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range kind.FindAllSubmatch(src, -1) {
			seen[string(m[1])] = true
		}
	}
	for k := range seen {
		e, err := inventory.DecodeEvent(fmt.Appendf(nil, "{\"collector\":\"x\",\"kind\":%q}\t{}", k))
		if err != nil || e.Component.Kind() != k {
			t.Errorf("%s: %v; event.go does not know it", k, err)
		}
	}
	if len(seen) < 17 {
		t.Errorf("found only %d kinds of components", len(seen))
	}
}
