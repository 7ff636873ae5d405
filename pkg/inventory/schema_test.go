package inventory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/internal/schemagen"
)

var updateSchema = flag.Bool("update-schema", false, "write docs/report.schema.json and docs/report-schema.md anew") //nolint:gochecknoglobals // a flag

// TestSchemaGolden fails when the report's form changes unannounced.
func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	out, err := schemagen.Generate(".")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"report.schema.json": out.Schema, "report-schema.md": out.Markdown} {
		path := filepath.Join("..", "..", "docs", name)
		if *updateSchema {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("docs/%s is not what the types say (-file +types). Minor versions only add: if that holds, run "+
				"`go generate ./docs` and note the change in CHANGELOG.md.\n%s",
				name, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
		}
	}
}

// TestSchemaTakesReports validates reports, from an empty one to one with every
// field filled.
func TestSchemaTakesReports(t *testing.T) {
	t.Parallel()
	s := compileSchema(t)
	full := &inventory.Report{}
	fill(t, reflect.ValueOf(full).Elem(), "", 0)
	full.Extensions = map[string]json.RawMessage{"acme.example/raid": json.RawMessage(`{"a":[1]}`)}
	for name, r := range map[string]*inventory.Report{
		"no collectors": inventory.Collect(t.Context(), nil),
		"looked, found none": inventory.Collect(t.Context(), []inventory.Collector{
			inventory.List("psu", "power_supplies", func(context.Context) ([]inventory.PowerSupply, error) {
				return []inventory.PowerSupply{}, nil
			}),
		}),
		"every field": full,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := s.Validate(document(t, r)); err != nil {
				t.Errorf("%#v", err)
			}
		})
	}
}

// TestSchemaRefuses shows that the schema is not empty words.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	s := compileSchema(t)
	for name, spoil := range map[string]func(map[string]any){
		"no version":        func(d map[string]any) { delete(d, "schema_version") },
		"another major":     func(d map[string]any) { d["schema_version"] = "2.0" },
		"time without zone": func(d map[string]any) { d["started_at"] = "yesterday" },
		"issues missing":    func(d map[string]any) { delete(d, "issues") },
		"unknown severity": func(d map[string]any) {
			d["findings"] = []any{map[string]any{"severity": "bad", "code": "a.b", "message": "m"}}
		},
		"negative size": func(d map[string]any) { d["memory"] = map[string]any{"id": "memory", "size_bytes": -1} },
		"part without id": func(d map[string]any) {
			d["power_supplies"] = []any{map[string]any{"slot": "1"}}
		},
		"upper-case type": func(d map[string]any) {
			d["memory"] = map[string]any{"id": "memory", "modules": []any{map[string]any{"id": "dimm:A", "type": "DDR4"}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, ok := document(t, inventory.Collect(t.Context(), nil)).(map[string]any)
			if !ok {
				t.Fatal("a report is not an object")
			}
			spoil(doc)
			if s.Validate(doc) == nil {
				t.Error("accepted")
			}
		})
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := schemagen.Generate(".")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const id = "https://example.com/bee/report.schema.json"
	if err := c.AddResource(id, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func document(t *testing.T, r *inventory.Report) any {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// fill gives every field below v a value that its form allows.
func fill(t *testing.T, v reflect.Value, field string, depth int) {
	t.Helper()
	if depth > 12 {
		t.Fatalf("%s: a type holds itself", field)
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
		return
	case json.RawMessage:
		v.SetBytes([]byte(`{"any":1}`))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), field, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), field, depth+1)
	case reflect.Map:
		e := reflect.New(v.Type().Elem()).Elem()
		fill(t, e, field, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), e)
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(t, v.Field(i), name, depth+1)
		}
	case reflect.String:
		v.SetString(sample(t, v.Type(), field))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(2.5)
	default:
		t.Fatalf("%s: kind %s is not known to the schema tests", field, v.Kind())
	}
}

// sample is a value of a string type or of a field with a fixed form.
func sample(t *testing.T, typ reflect.Type, field string) string {
	t.Helper()
	switch typ {
	case reflect.TypeFor[inventory.Health]():
		return string(inventory.HealthWarning)
	case reflect.TypeFor[inventory.Status]():
		return string(inventory.StatusPartial)
	case reflect.TypeFor[inventory.Severity]():
		return string(inventory.SeverityInfo)
	case reflect.TypeFor[inventory.IssueKind]():
		return string(inventory.KindStuck)
	case reflect.TypeFor[inventory.BootMode]():
		return string(inventory.BootUEFI)
	case reflect.TypeFor[inventory.Protocol]():
		return string(inventory.ProtocolSAS)
	case reflect.TypeFor[inventory.PSUStatus]():
		return string(inventory.PSUStatusInputLost)
	case reflect.TypeFor[inventory.Decimal]():
		return "18446744073709551616"
	case reflect.TypeFor[string]():
	default:
		t.Fatalf("%s: give the schema tests a value of %s", field, typ)
	}
	switch field {
	case "schema_version":
		return inventory.SchemaVersion
	case "vendor_id", "device_id", "subsystem_vendor_id", "subsystem_device_id":
		return "10de"
	case "class_id":
		return "030200"
	case "revision":
		return "a1"
	case "serial_number":
		return "0123456789abcdef"
	case "address", "parent", "pci_address", "remote_pci_address", "virtual_function_of":
		return "10000:80:05.0"
	case "mac", "permanent_mac":
		return "00:00:5e:00:53:01"
	case "code":
		return "memory.uncorrected_errors"
	case "uuid":
		return "12345678-1234-1234-1234-123456789abc"
	}
	return "f00"
}
