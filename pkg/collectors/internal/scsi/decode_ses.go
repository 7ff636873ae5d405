package scsi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Diagnostic page codes of enclosures (SES-4 table 13).
const (
	sesConfiguration     = 0x01
	sesStatus            = 0x02
	sesThreshold         = 0x05
	sesElementDescriptor = 0x07
	sesAdditionalStatus  = 0x0A
)

// The pages a caller asks for with Client.Diagnostic.
const (
	DiagConfiguration      = sesConfiguration
	DiagStatus             = sesStatus
	DiagElementDescriptors = sesElementDescriptor
	DiagAdditionalStatus   = sesAdditionalStatus
)

// Bounds on what one enclosure may claim.
const (
	maxSubenclosures = 64
	maxElementTypes  = 256
	maxElements      = 4096
)

// EnclosureConfig is the configuration page (SES-4 6.1.2).
type EnclosureConfig struct {
	Generation uint32
	ID         string // logical identifier of the primary subenclosure, 16 hex digits
	Vendor     string
	Product    string
	Revision   string
	Types      []ElementType
}

// An ElementType is a kind of element and how many of it there can be.
type ElementType struct {
	Type         uint8
	Count        int
	Subenclosure uint8
	Text         string
}

// Element types that hold drives (SES-4 table 70).
const (
	ElementDeviceSlot      = 0x01
	ElementArrayDeviceSlot = 0x17
)

// HoldsDrives says that elements of this type are drive bays.
func (t ElementType) HoldsDrives() bool {
	return t.Type == ElementDeviceSlot || t.Type == ElementArrayDeviceSlot
}

// sesBody checks a page's header of eight bytes and returns what follows it.
func sesBody(b []byte, page uint8) (body []byte, generation uint32, err error) {
	if len(b) < 8 {
		return nil, 0, fmt.Errorf("diagnostic page %02xh: %w: %d bytes, want at least 8", page, inventory.ErrMalformed, len(b))
	}
	if b[0] != page {
		return nil, 0, fmt.Errorf("diagnostic page %02xh: %w: got page %02xh", page, inventory.ErrMalformed, b[0])
	}
	end := min(len(b), 4+be16(b[2:]))
	if end < 8 {
		return nil, 0, fmt.Errorf("diagnostic page %02xh: %w: length %d", page, inventory.ErrMalformed, be16(b[2:]))
	}
	return b[8:end], uint32(be32(b[4:])), nil
}

// DecodeEnclosureConfig decodes diagnostic page 01h.
func DecodeEnclosureConfig(b []byte) (*EnclosureConfig, error) {
	body, generation, err := sesBody(b, sesConfiguration)
	if err != nil {
		return nil, err
	}
	short := fmt.Errorf("diagnostic page 01h: %w: it passes its end", inventory.ErrMalformed)
	c := &EnclosureConfig{Generation: generation}
	types := 0
	for i := range min(int(b[1])+1, maxSubenclosures) {
		if len(body) < 4 || 4+int(body[3]) > len(body) {
			return nil, short
		}
		types += int(body[2])
		if d := body[4 : 4+int(body[3])]; i == 0 && len(d) >= 36 {
			c.ID, c.Vendor, c.Product, c.Revision = Hex(d[0:8]), Text(d[8:16]), Text(d[16:32]), Text(d[32:36])
		}
		body = body[4+int(body[3]):]
	}
	types = min(types, maxElementTypes)
	if 4*types > len(body) {
		return nil, short
	}
	texts := body[4*types:]
	elements := 0
	for ; types > 0; types, body = types-1, body[4:] {
		t := ElementType{Type: body[0], Count: int(body[1]), Subenclosure: body[2]}
		if n := int(body[3]); n <= len(texts) {
			t.Text, texts = Text(texts[:n]), texts[n:]
		}
		if elements += t.Count; elements > maxElements {
			return nil, fmt.Errorf("diagnostic page 01h: %w: more than %d elements", inventory.ErrMalformed, maxElements)
		}
		c.Types = append(c.Types, t)
	}
	return c, nil
}

// EnclosureStatus is the status page (SES-4 6.1.4): four bytes for each
// element, by type in the order of the configuration, overall status left out.
type EnclosureStatus struct {
	Generation    uint32
	Unrecoverable bool
	Critical      bool
	NonCritical   bool
	Elements      [][]ElementStatus
}

// ElementStatus is the four bytes of one element; what the last three mean
// depends on its type.
type ElementStatus [4]byte

// Code returns the status code.
func (e ElementStatus) Code() ElementCode { return ElementCode(e[0] & 0xF) }

// PredictedFailure is PRDFAIL.
func (e ElementStatus) PredictedFailure() bool { return e[0]&0x40 != 0 }

// An ElementCode is an element's state (SES-4 table 71).
type ElementCode uint8

// String returns the state in lower_snake.
func (c ElementCode) String() string {
	switch c {
	case 0:
		return "unsupported"
	case 1:
		return "ok"
	case 2:
		return "critical"
	case 3:
		return "non_critical"
	case 4:
		return "unrecoverable"
	case 5:
		return "not_installed"
	case 6:
		return "unknown"
	case 7:
		return "not_available"
	case 8:
		return "no_access_allowed"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(c))
}

// DecodeEnclosureStatus decodes diagnostic page 02h of an enclosure whose
// configuration is known. A page of another generation is malformed: the
// enclosure changed in between.
func DecodeEnclosureStatus(b []byte, c *EnclosureConfig) (*EnclosureStatus, error) {
	body, generation, err := sesBody(b, sesStatus)
	if err != nil {
		return nil, err
	}
	if generation != c.Generation {
		return nil, fmt.Errorf("diagnostic page 02h: %w: generation %d, want %d", inventory.ErrMalformed, generation, c.Generation)
	}
	s := &EnclosureStatus{Generation: generation, Unrecoverable: b[1]&1 != 0, Critical: b[1]&2 != 0, NonCritical: b[1]&4 != 0}
	for _, t := range c.Types {
		if 4+4*t.Count > len(body) {
			return nil, fmt.Errorf("diagnostic page 02h: %w: it passes its end", inventory.ErrMalformed)
		}
		elements := make([]ElementStatus, t.Count)
		for i := range elements {
			elements[i] = ElementStatus(body[4+4*i:])
		}
		s.Elements, body = append(s.Elements, elements), body[4+4*t.Count:]
	}
	return s, nil
}

// DecodeElementDescriptors decodes diagnostic page 07h (SES-4 6.1.10): the
// name of each element, by type in the order of the configuration; "" = none.
func DecodeElementDescriptors(b []byte, c *EnclosureConfig) ([][]string, error) {
	body, generation, err := sesBody(b, sesElementDescriptor)
	if err != nil {
		return nil, err
	}
	if generation != c.Generation {
		return nil, fmt.Errorf("diagnostic page 07h: %w: generation %d, want %d", inventory.ErrMalformed, generation, c.Generation)
	}
	names := [][]string{}
	for _, t := range c.Types {
		of := make([]string, t.Count)
		for i := -1; i < t.Count; i++ { // -1 is the descriptor of the type as a whole
			if len(body) < 4 || 4+be16(body[2:]) > len(body) {
				return nil, fmt.Errorf("diagnostic page 07h: %w: it passes its end", inventory.ErrMalformed)
			}
			n := 4 + be16(body[2:])
			if i >= 0 {
				of[i] = Text(body[4:n])
			}
			body = body[n:]
		}
		names = append(names, of)
	}
	return names, nil
}
