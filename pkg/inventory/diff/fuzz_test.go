package diff_test

import (
	"bytes"
	"encoding/json"
	"errors"
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
