package samples_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"example.com/bee/cmd/audit/internal/samples"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/docs"
)

const reports = "../../testdata/reports"

var update = flag.Bool("update", false, "write the reports anew")

// TestReports: the stored reports have the form of the schema. With -update
// those made here are written; that of a real machine stays.
func TestReports(t *testing.T) {
	t.Parallel()
	const dir = reports
	if *update {
		for name, r := range samples.All() {
			doc, err := render.JSON(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+".json"), doc, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	schema := compile(t)
	files, err := filepath.Glob(dir + "/*.json")
	if err != nil || len(files) != len(samples.All())+1 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		err = schema.Validate(v)
		if damaged := strings.Contains(f, "damaged"); (err == nil) == damaged {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(docs.ReportSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
