// Package schemagen derives the report's JSON Schema and its human-readable
// table from the types of package inventory and their comments. It is a tool:
// nothing that ships imports it.
package schemagen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"example.com/bee/pkg/inventory"
)

// schemaID names the schema; nothing is fetched from it.
const schemaID = "https://example.com/bee/report.schema.json"

// Output is what is generated.
type Output struct {
	Schema   []byte // docs/report.schema.json
	Markdown []byte // docs/report-schema.md
}

// Generate reads the comments of package inventory from its source directory.
func Generate(dir string) (Output, error) {
	src, err := readSource(dir)
	if err != nil {
		return Output{}, err
	}
	g := &generator{src: src, seen: map[reflect.Type]bool{}}
	g.visit(reflect.TypeFor[inventory.Report]())

	r := &jsonschema.Reflector{
		AllowAdditionalProperties: true, // consumers ignore unknown keys
		ExpandedStruct:            true,
		Anonymous:                 true,
		LookupComment:             g.comment,
		Mapper:                    g.mapType,
	}
	s := r.Reflect(&inventory.Report{})
	s.ID = schemaID
	s.Title = "bee report " + inventory.SchemaVersion
	g.refine(s)

	var out Output
	if out.Schema, err = encode(s); err != nil {
		return Output{}, err
	}
	out.Markdown = g.markdown(s)
	return out, nil
}

func encode(s *jsonschema.Schema) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	// The library's own marshalling escapes <, > and & in any case.
	return unescapeHTML(b.Bytes()), nil
}

func unescapeHTML(b []byte) []byte {
	for _, r := range []struct{ from, to string }{{`\u003c`, "<"}, {`\u003e`, ">"}, {`\u0026`, "&"}} {
		b = bytes.ReplaceAll(b, []byte(r.from), []byte(r.to))
	}
	return b
}

type generator struct {
	src   *source
	types []reflect.Type // structs in the order the report shows them
	seen  map[reflect.Type]bool
}

// visit lists the structs reachable from t.
func (g *generator) visit(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		g.visit(t.Elem())
	case reflect.Struct:
		if g.seen[t] || t.PkgPath() != reflect.TypeFor[inventory.Report]().PkgPath() {
			return
		}
		g.seen[t] = true
		g.types = append(g.types, t)
		for f := range fields(t) {
			g.visit(f.Type)
		}
	default:
	}
}

// fields yields the fields of a struct as JSON sees them.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if f.Anonymous || !f.IsExported() || jsonName(f) == "-" {
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// owner is the struct that declares a field, which embedding may hide.
func owner(t reflect.Type, f reflect.StructField) reflect.Type {
	for _, i := range f.Index[:len(f.Index)-1] {
		t = t.Field(i).Type
	}
	return t
}

// comment is what the source says of a type or field, with Go names turned
// into the names a reader of the JSON sees.
func (g *generator) comment(t reflect.Type, field string) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if field == "" {
		return g.src.text(t, g.src.types[t.Name()])
	}
	f, ok := t.FieldByName(field)
	if !ok {
		return ""
	}
	o := owner(t, f)
	return g.src.text(o, g.src.fields[o.Name()+"."+field])
}

// mapType gives the schema of types that reflection cannot see through.
func (g *generator) mapType(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Description: "Any JSON."}
	case reflect.TypeFor[time.Time]():
		return &jsonschema.Schema{Type: "string", Format: "date-time", Extras: map[string]any{"x-unit": "RFC 3339, UTC"}}
	case reflect.TypeFor[inventory.Decimal]():
		return &jsonschema.Schema{Type: "string", Pattern: "^[0-9]+$"}
	}
	if t.Kind() == reflect.String && t.PkgPath() != "" {
		if values := g.src.values[t.Name()]; len(values) > 0 {
			return &jsonschema.Schema{Type: "string", Enum: values}
		}
	}
	return nil
}
