package scsi

import (
	"fmt"
	"iter"

	"example.com/bee/pkg/inventory"
)

// Log page codes (SPC-5 table 408, SBC-4 table 253).
const (
	LogSupported      = 0x00
	LogWriteErrors    = 0x02
	LogReadErrors     = 0x03
	LogVerifyErrors   = 0x05
	LogNonMedium      = 0x06
	LogTemperature    = 0x0D
	LogStartStop      = 0x0E
	LogSelfTest       = 0x10
	LogSolidState     = 0x11
	LogBackgroundScan = 0x15
	LogProtocolPort   = 0x18
	LogGeneral        = 0x19
	LogExceptions     = 0x2F
)

// A LogPage is a log page with its parameters still raw (SPC-5 7.3.2).
type LogPage struct {
	Page    uint8
	Subpage uint8
	Body    []byte // what follows the header, as much of it as there is
	// Truncated says that the page is longer than what was read, or that its
	// last parameter is not whole.
	Truncated bool
}

// A LogParameter is one parameter of a log page.
type LogParameter struct {
	Code  uint16
	Flags uint8
	Value []byte
}

// DecodeLogPage splits a log page from its header.
func DecodeLogPage(b []byte) (*LogPage, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("log page: %w: %d bytes, want at least 4", inventory.ErrMalformed, len(b))
	}
	l := &LogPage{Page: b[0] & 0x3F}
	if b[0]&0x40 != 0 { // SPF
		l.Subpage = b[1]
	}
	end := 4 + be16(b[2:])
	l.Truncated = end > len(b)
	l.Body = b[4:min(end, len(b))]
	if l.Page != LogSupported {
		whole := 0
		for p := range l.Parameters() {
			whole += 4 + len(p.Value)
		}
		l.Truncated = l.Truncated || whole < len(l.Body)
	}
	return l, nil
}

// Parameters goes through the whole parameters in order.
func (l *LogPage) Parameters() iter.Seq[LogParameter] {
	return func(yield func(LogParameter) bool) {
		for b := l.Body; len(b) >= 4; {
			n := 4 + int(b[3])
			if n > len(b) || !yield(LogParameter{Code: uint16(be16(b)), Flags: b[2], Value: b[4:n]}) {
				return
			}
			b = b[n:]
		}
	}
}

// is checks that a page is the one a decoder is for.
func (l *LogPage) is(page, subpage uint8) error {
	if l.Page != page || l.Subpage != subpage {
		return fmt.Errorf("log page %02xh: %w: got page %02xh/%02xh", page, inventory.ErrMalformed, l.Page, l.Subpage)
	}
	return nil
}

// DecodeSupportedLogs reads page 00h, or its subpage FFh which tells of
// subpages too: page and subpage codes, in the order of the device.
func DecodeSupportedLogs(l *LogPage) ([][2]uint8, error) {
	if l.Page != LogSupported || l.Subpage != 0 && l.Subpage != 0xFF {
		return nil, l.is(LogSupported, 0)
	}
	pages := [][2]uint8{}
	if l.Subpage == 0 {
		for _, p := range l.Body {
			pages = append(pages, [2]uint8{p & 0x3F})
		}
		return pages, nil
	}
	for b := l.Body; len(b) >= 2; b = b[2:] {
		pages = append(pages, [2]uint8{b[0] & 0x3F, b[1]})
	}
	return pages, nil
}

func malformed(l *LogPage, why string) error {
	return fmt.Errorf("log page %02xh: %w: %s", l.Page, inventory.ErrMalformed, why)
}
