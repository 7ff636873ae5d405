package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// maxReport bounds what is read as a report; the largest known are some
// hundred kilobytes.
const maxReport = 64 << 20

// stored is a report that was read back.
type stored struct {
	written []byte // as it was read
	doc     []byte // as JSON, with keys this version does not know
	report  *inventory.Report
}

// readReport reads a report from a file, or from in when name is "-".
func readReport(name string, in io.Reader) (*stored, error) {
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("reading the report: %w", err)
		}
		defer f.Close() //nolint:errcheck // nothing was written
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	if err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	if len(data) > maxReport {
		return nil, fmt.Errorf("%s: more than %d MiB, which no report is", name, maxReport>>20)
	}
	s, err := parseReport(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

var errEmpty = errors.New("empty; was the report written?")

func parseReport(data []byte) (*stored, error) {
	s := &stored{written: data, doc: bytes.TrimSpace(data)}
	if len(s.doc) == 0 {
		return nil, errEmpty
	}
	if s.doc[0] != '{' {
		doc, err := render.FromYAML(s.doc)
		if err != nil {
			return nil, fmt.Errorf("not a report: %w", err)
		}
		s.doc = doc
	}
	var head struct {
		SchemaVersion string `json:"schema_version"`
	}
	if err := json.Unmarshal(s.doc, &head); err != nil {
		return nil, fmt.Errorf("not a report: %w", err)
	}
	major, _, _ := strings.Cut(inventory.SchemaVersion, ".")
	theirs, _, _ := strings.Cut(head.SchemaVersion, ".")
	switch theirs {
	case major:
	case "":
		return nil, errors.New("not a report: it has no schema_version")
	default:
		return nil, fmt.Errorf("schema version %s; this audit reads %s.x: use an audit of the report's own version", render.Text(head.SchemaVersion), major)
	}
	s.report = &inventory.Report{}
	if err := json.Unmarshal(s.doc, s.report); err != nil {
		return nil, fmt.Errorf("damaged report: %w", err)
	}
	return s, nil
}

// assess judges the report anew and puts the findings into the document, the
// rest of which stays as it is.
func (s *stored) assess() error {
	s.report.Assess()
	findings, err := json.Marshal(s.report.Findings)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(s.doc))
	if _, err := d.Token(); err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for n := 0; d.More(); n++ {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if key == "findings" {
			value = findings
		}
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%s", must(json.Marshal(key)), value)
	}
	b.WriteByte('}')
	s.doc = b.Bytes()
	return nil
}

// must is for strings, which always have a JSON form.
func must(data []byte, _ error) []byte { return data }
