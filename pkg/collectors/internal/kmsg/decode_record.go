package kmsg

import (
	"strconv"
	"strings"
	"time"
)

// A Record is one message of the kernel.
type Record struct {
	// Priority is the syslog level, 0 (emergency) to 7 (debug).
	Priority uint8
	// SinceBoot is when it was logged.
	SinceBoot time.Duration
	// Text is the message, in which the kernel writes what is not printable
	// as \xNN.
	Text string
}

// Decode decodes lines of the form "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT".
// Others are passed over.
func Decode(lines []byte) []Record {
	var records []Record
	for line := range strings.Lines(string(lines)) {
		if r, ok := decode(strings.TrimSuffix(line, "\n")); ok {
			records = append(records, r)
		}
	}
	return records
}

func decode(line string) (Record, bool) {
	head, text, ok := strings.Cut(line, ";")
	fields := strings.Split(head, ",")
	const least = 4
	if !ok || len(fields) < least {
		return Record{}, false
	}
	priority, err := strconv.ParseUint(fields[0], 10, 32)
	if err != nil {
		return Record{}, false
	}
	const century = 100 * 365 * 24 * time.Hour
	us, err := strconv.ParseUint(fields[2], 10, 63)
	if err != nil || us > uint64(century/time.Microsecond) {
		return Record{}, false
	}
	// The level is in the lower three bits, the facility above.
	return Record{Priority: uint8(priority & 7), SinceBoot: time.Duration(us) * time.Microsecond, Text: text}, true
}
