package diff_test

import (
	"reflect"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/diff"
)

// TestTablesNameTheModel: a row whose path the model does not have masks
// nothing.
func TestTablesNameTheModel(t *testing.T) {
	t.Parallel()
	report := reflect.TypeFor[inventory.Report]()
	for _, e := range diff.Mask() {
		if !strings.HasPrefix(e.Pattern, "**") && !inModel(report, keys(e.Pattern)) {
			t.Errorf("mask: no such path: %s", e.Pattern)
		}
		if e.From != "" && !inModel(report, keys(e.From)) {
			t.Errorf("mask: no such path: %s", e.From)
		}
	}
	for _, k := range diff.Keys() {
		if k.Path != "*" && !inModel(report, keys(k.Path)) {
			t.Errorf("keys: no such path: %s", k.Path)
		}
	}
}

func keys(path string) []string {
	return strings.Split(strings.ReplaceAll(path, "[]", ".[]"), ".")
}

func inModel(t reflect.Type, keys []string) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case len(keys) == 0:
		return true
	case keys[0] == "[]":
		return t.Kind() == reflect.Slice && inModel(t.Elem(), keys[1:])
	case t.Kind() == reflect.Map:
		return inModel(t.Elem(), keys[1:])
	case t.Kind() != reflect.Struct:
		return false
	}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == keys[0] {
			return inModel(f.Type, keys[1:])
		}
	}
	return false
}
