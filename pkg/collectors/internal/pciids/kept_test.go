package pciids_test

import (
	"compress/gzip"
	"os"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciids/tablegen"
)

// readKept parses the list the table was made from.
func readKept(tb testing.TB) *tablegen.List {
	tb.Helper()
	f, err := os.Open(keptList)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	l, err := tablegen.Parse(zr)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
