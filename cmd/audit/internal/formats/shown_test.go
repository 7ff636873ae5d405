package formats_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/audit/internal/html"
	"example.com/bee/cmd/audit/internal/samples"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// notShown are the fields that neither page nor wide table shows, with the
// reason. A path covers what is below it.
func notShown() map[string]string {
	return map[string]string{
		"board.baseboard": "the same as the entry of baseboards with its id, which is shown",
		"board.chassis":   "the same as the entry of chassis_all with its id, which is shown",
	}
}

// TestEveryFieldIsShown changes each field of a report in which all are set,
// one after the other: the page, the JSON in it aside, and the wide table are
// to change with it.
func TestEveryFieldIsShown(t *testing.T) {
	t.Parallel()
	r := samples.Filled("x")
	// A second of its kind would hide what only the first of them is shown for.
	r.Extensions = map[string]json.RawMessage{"acme.example/x": json.RawMessage(`{"a":1}`)}
	forms := map[string]func() []byte{
		"html": func() []byte {
			out, err := html.Page(r, []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			return out
		},
		"table -v": func() []byte { return render.Table(r, render.Options{All: true, Width: 200}) },
	}
	forms["ndjson"] = func() []byte {
		out, err := formats.Write("ndjson", r, nil, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := map[string][]byte{}
	for name, write := range forms {
		before[name] = write()
	}
	reasons, needed, fields := notShown(), map[string]bool{}, 0
	missing := map[string][]string{}
	change(reflect.ValueOf(r).Elem(), "", func(path string) {
		fields++
		for name, write := range forms {
			if !bytes.Equal(before[name], write()) {
				continue
			}
			covered := false
			for p := range reasons {
				if path == p || strings.HasPrefix(path, p+".") {
					covered, needed[p] = true, true
				}
			}
			if !covered {
				missing[name] = append(missing[name], path)
			}
		}
	})
	for name, list := range missing {
		slices.Sort(list)
		t.Errorf("%s does not show %d of %d fields:\n%s", name, len(list), fields, strings.Join(list, "\n"))
	}
	for p := range reasons {
		if !needed[p] {
			t.Errorf("%s is listed as not shown, and is", p)
		}
	}
	if fields < 600 {
		t.Errorf("only %d fields", fields)
	}
	t.Logf("%d fields", fields)
}

// change gives every leaf another value, calls try and puts the old one back.
// Of lists only the first entry is changed.
func change(v reflect.Value, path string, try func(path string)) {
	switch v.Kind() {
	case reflect.Pointer:
		change(v.Elem(), path, try)
	case reflect.Struct:
		if at, ok := reflect.TypeAssert[time.Time](v); ok {
			v.Set(reflect.ValueOf(at.Add(time.Hour)))
			try(path)
			v.Set(reflect.ValueOf(at))
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			below := path
			if !f.Anonymous {
				below = strings.TrimPrefix(path+"."+key, ".")
			}
			change(v.Field(i), below, try)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			old := v.Bytes()
			v.SetBytes([]byte(`{"a":2}`))
			try(path)
			v.SetBytes(old)
			return
		}
		change(v.Index(0), path, try)
	case reflect.Map:
		key := v.MapKeys()[0]
		old := v.MapIndex(key)
		e := reflect.New(v.Type().Elem()).Elem()
		e.Set(old)
		change(e, path, func(path string) {
			v.SetMapIndex(key, e)
			try(path)
			v.SetMapIndex(key, old)
		})
		other := reflect.ValueOf(key.String() + "y").Convert(v.Type().Key())
		v.SetMapIndex(key, reflect.Value{})
		v.SetMapIndex(other, old)
		try(path + " (key)")
		v.SetMapIndex(other, reflect.Value{})
		v.SetMapIndex(key, old)
	default:
		old := reflect.ValueOf(v.Interface())
		another(v)
		try(path)
		v.Set(old)
	}
}

func another(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "y")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(v.Float() + 1)
	default:
		panic(fmt.Sprint("a field of kind ", v.Kind()))
	}
}

// TestNothingMadeUp: a report with nothing in it has no parts.
func TestNothingMadeUp(t *testing.T) {
	t.Parallel()
	for _, s := range render.Parts(&inventory.Report{}) {
		if s.Key != "report" {
			t.Errorf("%s: %+v", s.Key, s.Parts)
		}
	}
}

// TestEverySectionIsNamed: each section of the report has its own title on the
// page and in the wide table, and its own lines where components have lines.
func TestEverySectionIsNamed(t *testing.T) {
	t.Parallel()
	r := samples.Filled("x")
	named := map[string]bool{}
	for _, s := range render.Parts(r) {
		named[s.Key] = true
	}
	page, err := html.Page(r, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("<h3>Collectors</h3>")); n != 1 {
		t.Errorf("%d sections are called Collectors: groupTitle does not know one", n)
	}
	lines, err := formats.Write("ndjson", r, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for f := range reflect.TypeFor[inventory.Report]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := f.Type
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			continue
		}
		if _, component := of.FieldByName("Meta"); !component {
			continue
		}
		if !named[key] {
			t.Errorf("%s: render.Parts does not know it", key)
		}
		if !bytes.Contains(lines, []byte(`"section":"`+key+`"`)) {
			t.Errorf("%s: export has no lines for it", key)
		}
	}
}
