package push

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// maxReport bounds what is read as a report, as audit does.
const maxReport = 64 << 20

// report is what is sent: the bytes of the file as they are.
type report struct {
	data []byte
	// sum is the SHA-256 in hex.
	sum string
	// unsynchronized is true when the report says so of the clock.
	unsynchronized bool
}

func readReport(name string, in io.Reader) (*report, error) {
	if name == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable("reading the report: %w", err)
		}
		defer f.Close() //nolint:errcheck // nothing was written
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	switch {
	case err != nil:
		return nil, unreadable("reading the report: %w", err)
	case len(data) > maxReport:
		return nil, unreadable("%s: more than %d MiB, which no report is", name, maxReport>>20)
	}
	r, err := newReport(data)
	if err != nil {
		return nil, unreadable("%s: %w", name, err)
	}
	return r, nil
}

func newReport(data []byte) (*report, error) {
	var head struct {
		SchemaVersion     string `json:"schema_version"`
		ClockSynchronized *bool  `json:"clock_synchronized"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not a report in JSON: %w", err)
	}
	if head.SchemaVersion == "" {
		return nil, fmt.Errorf("not a report: it has no schema_version")
	}
	sum := sha256.Sum256(data)
	return &report{data: data, sum: hex.EncodeToString(sum[:]), unsynchronized: head.ClockSynchronized != nil && !*head.ClockSynchronized}, nil
}

func unreadable(format string, args ...any) error {
	return fmt.Errorf("%w%w", hidden{ErrUnreadable}, fmt.Errorf(format, args...))
}
