package diff_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/diff"
)

func errorIs(err, target error) bool { return errors.Is(err, target) }

// FuzzCompare: any two documents; no panic, a result or an error, nothing but
// readings against itself, the same differences the other way round.
func FuzzCompare(f *testing.F) {
	base := encode(f, server())
	f.Add(base, base)
	f.Add(base, encode(f, changed(func(r *inventory.Report) {
		r.Memory.Modules[1].SerialNumber, r.Storage = "X", r.Storage[1:]
		r.GPUs[0].Link.CurrentWidth = new(8)
	})))
	for _, pair := range [][2]string{
		{`{"schema_version":"1.0","cpus":[{"id":"a"},{"id":"a"}]}`, `{"schema_version":"1.0","cpus":[{"id":"a"},{"x":1}]}`},
		{`{"schema_version":"1","memory":{"modules":[1,{}]}}`, `{"schema_version":"1","memory":[{"modules":{}}]}`},
		{`{"schema_version":"1","pcie_devices":[{"address":"a:b","parent":"a:b"}]}`, `{"schema_version":"1","pcie_devices":[{"address":"a:b","parent":"c:d"},{"address":"c:d","parent":"a:b"}]}`},
		{`{"schema_version":"1","findings":null,"issues":{}}`, `{"schema_version":"1","findings":[null],"extensions":[1],"collectors":[{"sections":1}]}`},
		{`{"schema_version":"1","host":{"a":[[{"b":1}]]}}`, `{"schema_version":"1","host":{"a":[[{"b":1e999}]]}}`},
	} {
		f.Add([]byte(pair[0]), []byte(pair[1]))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		r, err := diff.Compare(a, b)
		if (err == nil) != (r != nil) {
			t.Fatalf("%v, %v", r, err)
		}
		if err != nil {
			return
		}
		again, err := diff.Compare(a, b)
		if err != nil || !bytes.Equal(mustJSON(t, r), mustJSON(t, again)) {
			t.Fatal("not the same twice")
		}
		for _, d := range [][]byte{a, b} {
			self, err := diff.Compare(d, d)
			if err != nil || !self.Same || len(self.Lines(true)) > 0 {
				t.Fatalf("with itself: %v %v", err, self.Lines(true))
			}
		}
		back, err := diff.Compare(b, a)
		if err != nil || back.Same != r.Same {
			t.Fatalf("the other way round: %v\n%v\n%v", err, r.Lines(true), back.Lines(true))
		}
	})
}

func mustJSON(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// FuzzDamaged compares a machine with itself after single values were
// exchanged, which bytes at random seldom reach.
func FuzzDamaged(f *testing.F) {
	for i := range uint32(8) {
		f.Add(i*97, i*31, i)
	}
	f.Fuzz(func(t *testing.T, where, what, kind uint32) {
		doc := document(t, server())
		n := int(where % 400)
		damage(doc, &n, what, kind)
		damaged := encode(t, doc)
		o := encode(t, server())
		r, err := diff.Compare(o, damaged)
		if err != nil {
			return // schema_version itself
		}
		back, err := diff.Compare(damaged, o)
		if err != nil || back.Same != r.Same {
			t.Fatalf("%v\n%v\n%v", err, r.Lines(true), back.Lines(true))
		}
		for _, l := range r.Lines(true) {
			if len(l) > 4096 {
				t.Errorf("a line of %d bytes", len(l))
			}
		}
		self, err := diff.Compare(damaged, damaged)
		if err != nil || !self.Same {
			t.Fatalf("with itself: %v %v", err, self.Lines(true))
		}
	})
}

// damage replaces the n-th value.
func damage(v any, n *int, what, kind uint32) {
	values := []any{nil, "", "x", -1, 1e300, true, []any{}, map[string]any{}, []any{1}, []any{map[string]any{"id": "x"}}, "drive:S1", "0000:03:00.0"}
	value := values[int(what)%len(values)]
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if *n--; *n == 0 {
				if kind%3 == 0 {
					delete(v, k)
				} else {
					v[k] = value
				}
				return
			}
			damage(v[k], n, what, kind)
		}
	case []any:
		for i := range v {
			if *n--; *n == 0 {
				if kind%3 == 0 {
					v[i] = v[(i+1)%len(v)]
				} else {
					v[i] = value
				}
				return
			}
			damage(v[i], n, what, kind)
		}
	}
}
