package smbios_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/bee/pkg/collectors/internal/smbios"
)

// readAll calls every accessor of every view and checks what holds for all of
// them: text is safe, and what is not ok is zero. It finds the accessors by
// reflection, so none is forgotten.
func readAll(t *testing.T, table *smbios.Table) {
	t.Helper()
	if table == nil {
		return
	}
	for _, s := range table.Structures {
		if s.Length() < 4 {
			t.Fatalf("length %d", s.Length())
		}
		table.ByHandle(s.Handle())
	}
	v := reflect.ValueOf(table)
	for i := range v.NumMethod() {
		if v.Method(i).Type().NumIn() != 0 {
			continue // ByHandle
		}
		views := v.Method(i).Call(nil)[0]
		for j := range views.Len() {
			readView(t, views.Index(j))
		}
	}
}

func readView(t *testing.T, view reflect.Value) {
	t.Helper()
	for i := range view.NumMethod() {
		name := view.Type().String() + "." + view.Type().Method(i).Name
		out := view.Method(i).Call(nil)
		last := out[len(out)-1]
		if len(out) > 1 && last.Kind() == reflect.Bool && !last.Bool() {
			for _, o := range out {
				if !o.IsZero() {
					t.Fatalf("%s: not ok, yet %v", name, o)
				}
			}
		}
		if last.Kind() == reflect.String {
			checkText(t, name, last.String())
		}
	}
}

func checkText(t *testing.T, name, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7F }) {
		t.Fatalf("%s: unsafe text %q", name, s)
	}
}
