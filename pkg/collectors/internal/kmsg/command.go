package kmsg

import (
	"bytes"
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

const (
	// Path is the log.
	Path = "/dev/kmsg"

	minText = 4 // a shorter one would be in every record
	maxText = 64
	// maxAnswer bounds what is handed over; of more the newest are kept.
	maxAnswer = 256 << 10
)

// Allowed returns nil for a search of the log: there is nothing else.
func Allowed(req device.Request) error {
	printable := !bytes.ContainsFunc(req.Command, func(r rune) bool { return r < ' ' || r > '~' })
	if len(req.Command) < minText || len(req.Command) > maxText || !printable || len(req.Data) > 0 || req.ReadLen != maxAnswer {
		return fmt.Errorf("search of the kernel's log for %.64q is not on the read-only list", req.Command)
	}
	return nil
}

// Find returns the records that hold text, the oldest first. Of very many the
// newest are returned.
func Find(ctx context.Context, dev device.Device, text string) ([]Record, error) {
	resp, err := dev.Exchange(ctx, device.Request{Command: []byte(text), ReadLen: maxAnswer})
	if err != nil {
		return nil, err
	}
	return Decode(resp.Data), nil
}

// matching is the first line of a record, with its end of line, when its
// message holds text. What follows it in a record is a dictionary.
func matching(record, text []byte) ([]byte, bool) {
	line, _, _ := bytes.Cut(record, []byte("\n"))
	_, message, ok := bytes.Cut(line, []byte(";"))
	if !ok || !bytes.Contains(message, text) {
		return nil, false
	}
	return append(bytes.Clone(line), '\n'), true
}

// newest drops whole lines from the front until no more than limit bytes are
// left.
func newest(lines []byte, limit int) []byte {
	for len(lines) > limit {
		_, rest, _ := bytes.Cut(lines, []byte("\n"))
		lines = rest
	}
	return lines
}
