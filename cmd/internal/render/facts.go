package render

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/bee/pkg/inventory"
)

// Fact is one field of a part as a person reads it. A field that holds a
// structure or a map has Facts, one that holds a list of structures a Table;
// all others have a Value.
type Fact struct {
	Name  string
	Value string
	Facts []Fact
	Table *FactTable
}

// FactTable is a list of structures; columns that no row fills are left out.
type FactTable struct {
	Columns []string
	Rows    [][]string
}

// Facts are all fields of a structure, or of what a pointer leads to, in their
// order and with their units. What is missing in the report is left out, so
// are the keys named in leave: whoever leaves one out shows it elsewhere.
func Facts(v any, leave ...string) []Fact {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil
		}
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.Struct {
		return nil
	}
	return structFacts(rv, "", leave)
}

// structFacts lists the fields; unit is that of the field the structure is in,
// for the numbers that name none of their own.
func structFacts(v reflect.Value, unit string, leave []string) []Fact {
	var list []Fact
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			list = append(list, structFacts(v.Field(i), unit, leave)...)
			continue
		}
		key, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || key == "-" || slices.Contains(leave, key) || option == "omitzero" && v.Field(i).IsZero() {
			continue
		}
		if x := fact(key, v.Field(i), unit, decimalSizes(t)); x.Value != "" || x.Facts != nil || x.Table != nil {
			list = append(list, x)
		}
	}
	return list
}

// decimalSizes is true for what is counted in powers of 1000.
func decimalSizes(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[inventory.Drive](), reflect.TypeFor[inventory.Namespace](), reflect.TypeFor[inventory.LogicalDrive](),
		reflect.TypeFor[inventory.DriveHealth](), reflect.TypeFor[inventory.ErrorCounter](), reflect.TypeFor[inventory.NICCounters]():
		return true
	}
	return false
}

func fact(key string, v reflect.Value, unit string, decimal bool) Fact {
	name, own := Label(key)
	if own != "" {
		unit = own
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	f := Fact{Name: name}
	switch {
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		f.Value = string(v.Bytes())
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		f.Facts = structFacts(v, unit, nil)
	case v.Kind() == reflect.Map:
		f.Facts = mapFacts(v, unit, decimal)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		f.Table = listTable(v, unit)
	case v.Kind() == reflect.Slice:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = scalar(v.Index(i), unit, decimal)
		}
		f.Value = strings.Join(words, ", ")
	default:
		f.Value = scalar(v, unit, decimal)
	}
	if holder := v.Kind() == reflect.Slice || v.Kind() == reflect.Map; holder && v.Len() == 0 {
		return Fact{Name: name, Value: "none"} // looked, found none
	}
	return f
}

// mapFacts has the keys in their order; a key that ends in a unit, as the name
// of a reading does, gives it to its values.
func mapFacts(v reflect.Value, unit string, decimal bool) []Fact {
	keys := make([]string, 0, v.Len())
	for _, k := range v.MapKeys() {
		keys = append(keys, k.String())
	}
	slices.SortFunc(keys, inventory.CompareNatural)
	list := make([]Fact, len(keys))
	for i, k := range keys {
		list[i] = fact(k, v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key())), unit, decimal)
		list[i].Name = strings.ReplaceAll(k, "_", " ")
	}
	return list
}

// listTable has a column for each field that any of the structures has.
func listTable(v reflect.Value, unit string) *FactTable {
	t := &FactTable{}
	rows := make([]map[string]string, v.Len())
	for i := range rows {
		rows[i] = map[string]string{}
		for _, f := range structFacts(v.Index(i), unit, nil) {
			rows[i][f.Name] = Inline(f)
		}
	}
	// In the order of the type's fields, not of the first row's.
	for _, name := range fieldNames(v.Type().Elem()) {
		if slices.ContainsFunc(rows, func(r map[string]string) bool { return r[name] != "" }) {
			t.Columns = append(t.Columns, name)
		}
	}
	for _, r := range rows {
		cells := make([]string, len(t.Columns))
		for i, name := range t.Columns {
			cells[i] = r[name]
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, fieldNames(f.Type)...)
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		name, _ := Label(key)
		names = append(names, name)
	}
	return names
}

// Inline is a fact on one line, without its name.
func Inline(f Fact) string {
	switch {
	case f.Table != nil:
		rows := make([]string, len(f.Table.Rows))
		for i, r := range f.Table.Rows {
			var words []string
			for k, c := range r {
				if c != "" {
					words = append(words, f.Table.Columns[k]+" "+c)
				}
			}
			rows[i] = strings.Join(words, ", ")
		}
		return strings.Join(rows, "; ")
	case f.Facts != nil:
		words := make([]string, len(f.Facts))
		for i, x := range f.Facts {
			words[i] = join(" ", x.Name, Inline(x))
			if x.Facts != nil {
				words[i] = x.Name + " (" + Inline(x) + ")"
			}
		}
		return strings.Join(words, ", ")
	}
	return f.Value
}

// scalar is a value with its unit.
func scalar(v reflect.Value, unit string, decimal bool) string {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	if at, ok := reflect.TypeAssert[time.Time](v); ok {
		return at.UTC().Format(time.RFC3339)
	}
	text := ""
	switch v.Kind() {
	case reflect.Bool:
		return map[bool]string{true: "yes", false: "no"}[v.Bool()]
	case reflect.String:
		text = v.String()
		if v.Type() != reflect.TypeFor[inventory.Decimal]() || unit == "" {
			return text
		}
		decimal = true
	case reflect.Float32, reflect.Float64:
		text = strconv.FormatFloat(v.Float(), 'g', 9, 64)
	default:
		text = fmt.Sprint(v.Interface())
	}
	if unit == "bytes" {
		return sizeText(text, decimal)
	}
	return join(" ", text, unit)
}

// sizeText is a number of bytes, and the same rounded where that is shorter.
func sizeText(text string, decimal bool) string {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1024 {
		return text + " bytes"
	}
	if decimal {
		return text + " bytes (" + DriveSize(&n) + ")"
	}
	return text + " bytes (" + MemorySize(&n) + ")"
}
