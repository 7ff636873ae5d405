package render_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// evil is what a hostile device would put into a string: escape sequences,
// C1 controls, marks that turn the direction, line separators, broken UTF-8.
const evil = "A\x1b[2J\x1b]0;x\x07B\x9b31mC\u009b1m\u202eD\u2066\u2028E\u200b\ufeff\r\nF\t\x7f\xff\xfe\U000e0041 - \"q\" \\ <&> '"

// filled is a report with every field set, strings to text.
func filled(t *testing.T, text string) *inventory.Report {
	t.Helper()
	r := &inventory.Report{}
	fill(reflect.ValueOf(r).Elem(), text)
	r.Extensions = map[string]json.RawMessage{"acme.example/x": must(json.Marshal(map[string]string{"k": strings.NewReplacer("<", "", ">", "", "&", "").Replace(text)}))}
	return r
}

func must(b []byte, _ error) []byte { return b }

func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e, text)
		v.SetMapIndex(reflect.ValueOf(text), e)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Type == reflect.TypeFor[map[string]json.RawMessage]() {
				continue
			}
			fill(v.Field(i), text)
		}
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(101)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(201)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(123456.75)
	default:
	}
}

// TestInert: nothing a device says reaches the terminal as more than text.
func TestInert(t *testing.T) {
	t.Parallel()
	r := filled(t, evil)
	doc, err := render.JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	yml, err := render.YAML(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string][]byte{
		"json": doc, "yaml": yml,
		"table":   render.Table(r, render.Options{}),
		"all":     render.Table(r, render.Options{All: true}),
		"summary": render.Summary(r, render.Options{}),
	} {
		if !utf8.Valid(out) {
			t.Errorf("%s: not UTF-8", name)
		}
		for _, c := range string(out) {
			if c != '\n' && !unicode.IsPrint(c) || c > 0x7e && (name == "table" || name == "all" || name == "summary") {
				t.Errorf("%s: %U", name, c)
				break
			}
		}
	}
}

// TestTableFits: 80 columns whatever the parts are called.
func TestTableFits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{evil, strings.Repeat("X", 300), strings.Repeat("word ", 60), "", "-"} {
		r := filled(t, text)
		for _, o := range []render.Options{{}, {Width: 100}} {
			for name, out := range map[string][]byte{"table": render.Table(r, o), "summary": render.Summary(r, o)} {
				for line := range strings.Lines(string(out)) {
					if n := len(strings.TrimSuffix(line, "\n")); n > max(o.Width, 80) {
						t.Errorf("%s: %d columns: %s", name, n, line)
					}
				}
			}
		}
	}
}

// TestRoundTrip: JSON and YAML hold the same, and the report survives both.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	r := filled(t, "é® "+strings.ToValidUTF8(evil, "?"))
	doc, err := render.JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	var back inventory.Report
	if err := json.Unmarshal(doc, &back); err != nil {
		t.Fatal(err)
	}
	again, err := render.JSON(&back)
	if err != nil || !bytes.Equal(doc, again) {
		t.Errorf("JSON there and back, %v:\n%s", err, cmp.Diff(string(doc), string(again)))
	}
	if indented, err := render.Indent(bytes.ReplaceAll(doc, []byte("\n"), nil)); err != nil || !bytes.Equal(doc, indented) {
		t.Errorf("Indent, %v:\n%s", err, cmp.Diff(string(doc), string(indented)))
	}

	yml, err := render.YAML(doc)
	if err != nil {
		t.Fatal(err)
	}
	fromYAML, err := render.FromYAML(yml)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := render.Indent(fromYAML); err != nil || !bytes.Equal(doc, got) {
		t.Errorf("YAML there and back, %v:\n%s", err, cmp.Diff(string(doc), string(got)))
	}
}

// TestYAMLTypes: strings stay strings for readers of YAML 1.1 and 1.2.
func TestYAMLTypes(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"a":["no","1.0","0x1f","1e3","null","~","2026-01-02","12:30:45","y","","ok",": x","- x","#x","true"],"b":[1,1.5,true,null],"no":"key","e":{},"f":[]}`)
	got, err := render.YAML(doc)
	if err != nil {
		t.Fatal(err)
	}
	want := `a:
  - "no"
  - "1.0"
  - "0x1f"
  - "1e3"
  - "null"
  - "~"
  - "2026-01-02"
  - "12:30:45"
  - "y"
  - ""
  - ok
  - ": x"
  - "- x"
  - "#x"
  - "true"
b:
  - 1
  - 1.5
  - true
  - null
"no": key
e: {}
f: []
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestFromYAMLRefuses(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"alias":          "a: &x [1]\nb: *x\n",
		"two documents":  "a: 1\n---\nb: 2\n",
		"not YAML":       "a: [1\n",
		"nothing":        "",
		"too deep":       strings.Repeat("[", 100) + strings.Repeat("]", 100),
		"infinity":       "a: .inf\n",
		"hex number":     "a: 0x10\n",
		"only a comment": "# x\n",
	} {
		if got, err := render.FromYAML([]byte(doc)); err == nil {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain text":          "plain text",
		" a  b\tc\n":          "a b c",
		"Intel® Xeon™ 5 µm":   "Intel(R) Xeon(TM) 5 um",
		"a\x1b[31mb\u202ec":   "a?[31mb?c",
		"\xff\xfe":            "??",
		"日本":                  "??",
		"":                    "",
		"non\u00a0breaking":   "non breaking",
		"don\u2019t \u2013 x": "don't - x",
	} {
		if got := render.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzStrings: any string is inert and survives in JSON and YAML.
func FuzzStrings(f *testing.F) {
	f.Add(evil)
	f.Add("no")
	f.Add("\u2028\U0001F600\U000e0041")
	f.Add("a\nb: c\n- d")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		r := &inventory.Report{Host: &inventory.Host{Hostname: s}, Issues: []inventory.Issue{{Detail: s}}}
		doc, err := render.JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		yml, err := render.YAML(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range [][]byte{doc, yml, render.Table(r, render.Options{})} {
			for _, c := range string(out) {
				if c != '\n' && !unicode.IsPrint(c) {
					t.Fatalf("%U in %q", c, out)
				}
			}
		}
		var fromJSON, fromYAML struct{ Host struct{ Hostname string } }
		if err := json.Unmarshal(doc, &fromJSON); err != nil || fromJSON.Host.Hostname != s {
			t.Fatalf("JSON: %q, %v", fromJSON.Host.Hostname, err)
		}
		if err := yaml.Unmarshal(yml, &fromYAML); err != nil || fromYAML.Host.Hostname != s {
			t.Fatalf("YAML: %q, %v\n%s", fromYAML.Host.Hostname, err, yml)
		}
	})
}

// FuzzFromYAML: err or JSON, no panic.
func FuzzFromYAML(f *testing.F) {
	f.Add([]byte("a: [1, x, {b: c}]\n"))
	f.Add([]byte("- 0x1\n- !!binary aGk=\n- ? a\n  : b\n"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		out, err := render.FromYAML(doc)
		if (err == nil) != json.Valid(out) {
			t.Fatalf("%v, %q", err, out)
		}
	})
}

func BenchmarkTable(b *testing.B) {
	r := &inventory.Report{PCIeDevices: make([]inventory.PCIeDevice, 200), Issues: []inventory.Issue{}}
	b.ReportAllocs()
	for b.Loop() {
		render.Table(r, render.Options{})
	}
}

func BenchmarkJSON(b *testing.B) {
	r := &inventory.Report{PCIeDevices: make([]inventory.PCIeDevice, 200), Issues: []inventory.Issue{}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := render.JSON(r); err != nil {
			b.Fatal(err)
		}
	}
}
