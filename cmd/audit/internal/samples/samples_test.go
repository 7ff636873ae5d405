package samples_test

import (
	"bytes"
	"encoding/json"
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

// TestReports: the stored reports have the form of the schema, but the one of
// hostile strings, which no collector would give. With -update that one is
// written; the others come from the test with the tag lab.
func TestReports(t *testing.T) {
	t.Parallel()
	if *update {
		doc, err := render.JSON(samples.Hostile())
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, doc); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
		if err := os.WriteFile(filepath.Join(reports, "hostile.json"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	schema := compile(t)
	files, err := filepath.Glob(reports + "/*.json")
	if err != nil || len(files) != 7 {
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
		if hostile := strings.Contains(f, "hostile"); (err == nil) == hostile {
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
