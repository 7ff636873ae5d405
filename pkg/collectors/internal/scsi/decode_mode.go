package scsi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Mode page codes (SPC-5 table 443, SBC-4 table 271).
const (
	ModeCaching    = 0x08
	ModePort       = 0x19
	ModeExceptions = 0x1C
	ModeAll        = 0x3F
)

// ModeData is the answer to MODE SENSE.
type ModeData struct {
	WriteProtected bool
	Pages          []ModePage
	Truncated      bool
}

// A ModePage is one mode page, its body starting behind the length field.
type ModePage struct {
	Page    uint8
	Subpage uint8
	Body    []byte
}

// Find returns a page of the answer.
func (m *ModeData) Find(page, subpage uint8) (p ModePage, ok bool) {
	for _, p := range m.Pages {
		if p.Page == page && p.Subpage == subpage {
			return p, true
		}
	}
	return ModePage{}, false
}

// DecodeModeSense6 decodes MODE SENSE (6) data (SPC-5 7.5.6).
func DecodeModeSense6(b []byte) (*ModeData, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("mode sense(6): %w: %d bytes, want at least 4", inventory.ErrMalformed, len(b))
	}
	return modeData(b, 1+int(b[0]), 4+int(b[3]), b[2])
}

// DecodeModeSense10 decodes MODE SENSE (10) data.
func DecodeModeSense10(b []byte) (*ModeData, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("mode sense(10): %w: %d bytes, want at least 8", inventory.ErrMalformed, len(b))
	}
	return modeData(b, 2+be16(b), 8+be16(b[6:]), b[3])
}

// modeData splits mode pages; claimed is the length the header tells, first
// where the pages begin.
func modeData(b []byte, claimed, first int, flags uint8) (*ModeData, error) {
	m := &ModeData{WriteProtected: flags&0x80 != 0, Truncated: claimed > len(b)}
	b = b[:min(claimed, len(b))]
	if first > len(b) {
		if m.Truncated {
			return m, nil
		}
		return nil, fmt.Errorf("mode sense: %w: block descriptors pass the end", inventory.ErrMalformed)
	}
	for b = b[first:]; len(b) > 0; {
		p, n, ok := splitModePage(b)
		if !ok {
			m.Truncated = true
			break
		}
		m.Pages = append(m.Pages, p)
		b = b[n:]
	}
	return m, nil
}

// splitModePage takes one page off; n is its whole length.
func splitModePage(b []byte) (p ModePage, n int, ok bool) {
	start := 2
	switch {
	case len(b) < 2:
		return p, 0, false
	case b[0]&0x40 != 0: // SPF: a subpage, with a longer header
		if len(b) < 4 {
			return p, 0, false
		}
		start, n = 4, 4+be16(b[2:])
		p.Subpage = b[1]
	default:
		n = 2 + int(b[1])
	}
	if n > len(b) {
		return ModePage{}, 0, false
	}
	p.Page, p.Body = b[0]&0x3F, b[start:n]
	return p, n, true
}

func badMode(p ModePage, why string) error {
	return fmt.Errorf("mode page %02xh/%02xh: %w: %s", p.Page, p.Subpage, inventory.ErrMalformed, why)
}

// Caching is mode page 08h (SBC-4 6.5.6).
type Caching struct {
	WriteCache bool // WCE
	ReadCache  bool // not RCD
}

// DecodeCaching decodes mode page 08h.
func DecodeCaching(p ModePage) (*Caching, error) {
	if p.Page != ModeCaching || p.Subpage != 0 || len(p.Body) < 1 {
		return nil, badMode(p, "want page 08h")
	}
	return &Caching{WriteCache: p.Body[0]&4 != 0, ReadCache: p.Body[0]&1 == 0}, nil
}

// ExceptionControl is mode page 1Ch (SPC-5 7.5.11).
type ExceptionControl struct {
	Disabled bool  // DEXCPT: the device reports no exceptions
	Warnings bool  // EWASC
	Test     bool  // a test of the reporting is on: its report is no fault
	Method   uint8 // MRIE
}

// DecodeExceptionControl decodes mode page 1Ch.
func DecodeExceptionControl(p ModePage) (*ExceptionControl, error) {
	if p.Page != ModeExceptions || p.Subpage != 0 || len(p.Body) < 2 {
		return nil, badMode(p, "want page 1ch of at least 2 bytes")
	}
	f := p.Body[0]
	return &ExceptionControl{Disabled: f&8 != 0, Warnings: f&0x10 != 0, Test: f&4 != 0, Method: p.Body[1] & 0xF}, nil
}
