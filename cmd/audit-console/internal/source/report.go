package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	"example.com/bee/cmd/internal/qrcode"
	"example.com/bee/pkg/inventory"
)

// MaxReportBytes is the largest report the console shows. Those of large
// machines have some hundred kilobytes.
const MaxReportBytes = 4 << 20

// Report is what is known of the stored report.
type Report struct {
	// Report is the last one that could be read; nil: none so far.
	*inventory.Report
	// Payload of the report's QR code.
	Payload string
	// Problem says why the file there is now could not be read.
	Problem string
	// Written is when the file was last written.
	Written time.Time
}

// reportCache reads the file again when it is another.
type reportCache struct {
	last Report
	seen fs.FileInfo
}

func (c *reportCache) read(root Root, name string) Report {
	f, info, err := root.open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			*c = reportCache{}
			return Report{}
		}
		c.last.Problem = Clean(err.Error())
		c.seen = nil
		return c.last
	}
	_ = f.Close()
	if same(c.seen, info) {
		return c.last
	}
	c.seen = info
	doc, err := root.read(name, MaxReportBytes)
	if err == nil {
		var r *inventory.Report
		if r, err = decode(doc); err == nil {
			c.last = Report{Report: r, Payload: qrcode.Payload(r, doc), Written: info.ModTime()}
			debug.FreeOSMemory() // the document was several times the size of what is kept
			return c.last
		}
	}
	c.last.Problem = Clean(err.Error())
	return c.last
}

// same says that a file is what it was.
func same(a, b fs.FileInfo) bool {
	return a != nil && b != nil && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

func decode(doc []byte) (*inventory.Report, error) {
	var r inventory.Report
	if err := json.Unmarshal(doc, &r); err != nil {
		return nil, fmt.Errorf("not a whole report: %w", err)
	}
	if r.SchemaVersion == "" {
		return nil, errors.New("not a report: it has no schema_version")
	}
	return &r, nil
}
