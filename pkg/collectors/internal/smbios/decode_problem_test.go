package smbios_test

import (
	"errors"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/inventory"
)

// A collector reports what concerns its own structures.
func TestProblemConcerns(t *testing.T) {
	t.Parallel()
	whole := st.Table(module(1), module(2))
	open2 := st.Open(module(1), module(2))
	padded := append(st.Open(module(1), module(2)), make([]byte, 50)...)
	tests := []struct {
		name               string
		entry, table       []byte
		concerns17, others bool
	}{
		{"string of a memory device", nil, st.Table(module(1).U8(0x11, 9)), true, false},
		{"memory device cut off in its strings", st.Entry2(2, 8, open2, 2), open2[:len(open2)-1], true, false},
		{"stopped at a length", nil, append(module(1).Bytes(), 17, 0, 1, 0), true, true},
		{"no end, all announced there", st.Entry2(2, 8, open2, 2), open2, false, false},
		{"no end, nothing announced", st.Entry3(3, 2, 0, 4096), open2, true, true},
		{"announced structures missing", st.Entry2(2, 8, whole, 9), whole, true, true},
		{"more than announced", st.Entry2(2, 8, whole, 1), whole, false, false},
		{"zeros at the end", st.Entry2(2, 8, padded, 2), padded, false, false},
		{"entry point", append([]byte("_SM3_"), make([]byte, 30)...), whole, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := smbios.Decode(tt.entry, tt.table)
			var problems *smbios.Problems
			if !errors.As(err, &problems) {
				t.Fatal(err)
			}
			concerns := func(types ...uint8) (any bool) {
				for _, p := range problems.List {
					any = any || p.Concerns(types...)
				}
				return any
			}
			if got := concerns(16, 17); got != tt.concerns17 {
				t.Errorf("%v: concerns memory: %v", err, got)
			}
			if got := concerns(4); got != tt.others {
				t.Errorf("%v: concerns processors: %v", err, got)
			}
		})
	}
}

func TestProblemsUnwrap(t *testing.T) {
	t.Parallel()
	_, err := smbios.Decode(nil, st.Table(module(1).U8(0x11, 9)))
	var one *smbios.Problem
	if !errors.As(err, &one) || one.Type != 17 || one.Offset != 0 || !errors.Is(one, inventory.ErrMalformed) {
		t.Errorf("%+v", one)
	}
	const want = "smbios: type 17 handle 0x0001 at offset 0: field 11h refers to string 9 of 2"
	if one.Error() != want || err.Error() != want {
		t.Errorf("%q, %q", one.Error(), err.Error())
	}
}
