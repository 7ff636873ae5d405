package policy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"example.com/bee/pkg/inventory"
)

// kind is what a value of the model is.
type kind int

const (
	kindText kind = iota
	kindNumber
	kindBool
)

// partsType is the type of the parts at a path: a list's entries or an object.
func partsType(path string) (reflect.Type, error) {
	t, err := typeAt(reflect.TypeFor[inventory.Report](), path)
	if err != nil {
		return nil, err
	}
	t = bare(t)
	if t.Kind() == reflect.Slice {
		t = bare(t.Elem())
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no part of the machine", path)
	}
	return t, nil
}

// isList is true when there may be several parts at a path.
func isList(path string) bool {
	t := reflect.TypeFor[inventory.Report]()
	for name := range strings.SplitSeq(path, ".") {
		f, ok := fieldByName(bare(t), name)
		if !ok {
			return true
		}
		if t = bare(f); t.Kind() == reflect.Slice {
			return true
		}
	}
	return false
}

// fieldKind is what the field at a path below t holds.
func fieldKind(t reflect.Type, path string) (kind, error) {
	f, err := typeAt(t, path)
	if err != nil {
		return 0, err
	}
	f = bare(f)
	switch {
	case f == reflect.TypeFor[inventory.Decimal]():
		return kindNumber, nil
	case f.Kind() == reflect.Bool:
		return kindBool, nil
	case f.Kind() == reflect.String:
		return kindText, nil
	case f.Kind() >= reflect.Int && f.Kind() <= reflect.Float64:
		return kindNumber, nil
	case f.Kind() == reflect.Struct:
		return 0, fmt.Errorf("%s is no single value; it has %s", path, strings.Join(fieldNames(f), ", "))
	}
	return 0, fmt.Errorf("%s is no single value", path)
}

// typeAt goes down by JSON names. Lists on the way are gone through.
func typeAt(t reflect.Type, path string) (reflect.Type, error) {
	for _, name := range strings.Split(path, ".") {
		t = bare(t)
		if t.Kind() == reflect.Slice {
			t = bare(t.Elem())
		}
		switch {
		case t.Kind() == reflect.Map && t.Elem().Kind() != reflect.Uint8:
			t = t.Elem()
		case t.Kind() == reflect.Struct:
			f, ok := fieldByName(t, name)
			if !ok {
				return nil, fmt.Errorf("unknown %q in %s%s", name, path, didYouMean(name, fieldNames(t)))
			}
			t = f
		default:
			return nil, fmt.Errorf("unknown %q in %s: nothing is below", name, path)
		}
	}
	return t, nil
}

func bare(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func fieldByName(t reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && tag != "" {
			return f.Type, true
		}
	}
	return nil, false
}

func fieldNames(t reflect.Type) []string {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" {
			names[tag] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// didYouMean is "; did you mean ...?" where a known word is near.
func didYouMean(word string, known []string) string {
	if len(word) > 64 {
		return ""
	}
	best, at := "", max(2, len(word)/3)+1
	for _, k := range known {
		if d := distance(word, k); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is how many letters to change, add or leave out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
