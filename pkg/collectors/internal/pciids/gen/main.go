// Command gen makes table.bin out of the pci.ids file beside it. It needs no
// network. To take a newer list:
//
//	go run ./gen -source /usr/share/misc/pci.ids
//
// which also replaces gen/pci.ids.gz.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"example.com/bee/pkg/collectors/internal/pciids/tablegen"
)

func main() {
	kept := flag.String("kept", "gen/pci.ids.gz", "the list the table was last made from")
	source := flag.String("source", "", "a newer pci.ids, plain or gzip; replaces the kept one")
	output := flag.String("output", "table.bin", "the table")
	flag.Parse()
	if err := run(*kept, *source, *output); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(kept, source, output string) error {
	from := source
	if from == "" {
		from = kept
	}
	text, err := read(from)
	if err != nil {
		return err
	}
	list, err := tablegen.Parse(bytes.NewReader(text))
	if err != nil {
		return err
	}
	table, err := tablegen.Encode(list)
	if err != nil {
		return err
	}
	if source != "" {
		if err := write(kept, text); err != nil {
			return err
		}
	}
	return os.WriteFile(output, table, 0o644) //nolint:gosec // a source file, readable by all
}

func read(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if errors.Is(err, gzip.ErrHeader) {
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return io.ReadAll(zr)
}

// write compresses without name and time, so that the same list gives the
// same bytes.
func write(name string, text []byte) error {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = zw.Write(text)
	if err := errors.Join(err, zw.Close()); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644) //nolint:gosec // a source file, readable by all
}
