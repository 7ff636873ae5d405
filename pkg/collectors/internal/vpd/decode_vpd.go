package vpd

import (
	"bytes"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// MaxBytes is all the address register of the capability can reach.
const MaxBytes = 32 << 10

// Bounds on what a device can make us keep. Real ones have a dozen fields.
const (
	maxFields   = 256
	maxProblems = 8
)

// VPD is vital product data. Texts are cleaned of control characters and
// blanks around them; a placeholder is no text, and no text is "".
type VPD struct {
	// Identifier is the name of the product.
	Identifier       string
	PartNumber       string // PN
	SerialNumber     string // SN
	EngineeringLevel string // EC
	ManufactureID    string // MN
	AssetTag         string // YA
	// Fields are all fields with a text, the above included, in the order of
	// the device.
	Fields []Field
	// ChecksumOK says whether the checksum over the read-only part is right;
	// nil when there is none.
	ChecksumOK *bool
}

// Field is a keyword and its text.
type Field struct {
	// Keyword is two letters or digits. PCI Local Bus 3.0, I.3.1.
	Keyword string
	// Value is hex digits of CP, which is binary.
	Value string
	// Writable: the field lies in the part that software may change.
	Writable bool
}

// Decode decodes vital product data as sysfs gives it in devices/*/vpd. What
// lies beyond [MaxBytes] is ignored.
//
// Nothing but zeros or ones, or no bytes at all, is a device without data:
// nil, nil. The error wraps inventory.ErrMalformed and names what was left
// out; the VPD beside it holds the rest, and is nil when there is none.
func Decode(b []byte) (*VPD, error) {
	b = b[:min(len(b), MaxBytes)]
	if blank(b) {
		return nil, nil
	}
	d := decoder{all: b}
	d.resources()
	if d.problems != nil && d.vpd.empty() {
		return nil, errors.Join(d.problems...)
	}
	return &d.vpd, errors.Join(d.problems...)
}

func (v *VPD) empty() bool { return v.Identifier == "" && len(v.Fields) == 0 && v.ChecksumOK == nil }

// blank: nobody ever wrote there, or nobody answers.
func blank(b []byte) bool {
	return bytes.Count(b, []byte{0}) == len(b) || bytes.Count(b, []byte{0xFF}) == len(b)
}

// The resources of vital product data, as their first byte shows them: large
// ones as they are, the small one without its length.
const (
	tagIdentifier = 0x82
	tagReadOnly   = 0x90
	tagWritable   = 0x91
	tagEnd        = 0x78
)

type decoder struct {
	all      []byte
	vpd      VPD
	problems []error
}

func (d *decoder) malformed(format string, args ...any) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, fmt.Errorf("vpd: "+format+": %w", append(args, inventory.ErrMalformed)...))
	}
}

// resources walks the list. PCI Local Bus 3.0, 6.4 and I.1.
func (d *decoder) resources() {
	for at := 0; at < len(d.all); {
		tag, start, size := d.all[at], at+1, int(d.all[at]&7)
		switch {
		case tag&^7 == tagEnd:
			return
		case tag == 0 || blank(d.all[at:]):
			d.malformed("no resource at %d", at)
			return
		case tag&0x80 == 0:
			// A small resource; no other one means anything here.
		case at+3 > len(d.all):
			d.malformed("resource %02xh at %d cut short", tag, at)
			return
		default:
			start, size = at+3, int(d.all[at+1])|int(d.all[at+2])<<8
		}
		end := start + size
		if end > len(d.all) {
			d.malformed("resource %02xh at %d: %d bytes, %d there", tag, at, size, len(d.all)-start)
		}
		d.resource(tag, start, end)
		at = end
		if at == len(d.all) {
			d.malformed("no end after %d bytes", at)
		}
	}
}

// resource decodes one; its end may lie beyond the bytes.
func (d *decoder) resource(tag uint8, start, end int) {
	there := min(end, len(d.all))
	switch tag {
	case tagIdentifier:
		if there == end {
			d.vpd.Identifier = clean(d.all[start:end])
		}
	case tagReadOnly, tagWritable:
		d.fields(start, there, tag == tagWritable)
	}
}

// fields decodes keyword, length and data, repeated. PCI Local Bus 3.0, I.2.
func (d *decoder) fields(at, end int, writable bool) {
	for at < end {
		if !keyword(d.all[at:end]) {
			if !blank(d.all[at:end]) { // what is not used is filled up
				d.malformed("no field at %d", at)
			}
			return
		}
		if at+3 > end {
			d.malformed("field at %d cut short", at)
			return
		}
		key, start := string(d.all[at:at+2]), at+3
		next := start + int(d.all[at+2])
		if next > end {
			d.malformed("field %s at %d: %d bytes, %d there", key, at, next-start, end-start)
			return
		}
		if len(d.vpd.Fields) == maxFields {
			d.malformed("more than %d fields", maxFields)
			return
		}
		d.field(key, start, next, writable)
		at = next
	}
}

func (d *decoder) field(key string, start, end int, writable bool) {
	v, value := &d.vpd, ""
	switch {
	case key == "RV" && !writable:
		d.checksum(start, end)
		return
	case key == "RW" && writable:
		return // room for more
	case key == "CP":
		value = fmt.Sprintf("%x", d.all[start:end])
	default:
		value = clean(d.all[start:end])
	}
	if value == "" {
		return
	}
	v.Fields = append(v.Fields, Field{Keyword: key, Value: value, Writable: writable})
	if name := v.named(key); name != nil && *name == "" {
		*name = value
	}
}

// named is where the text of a keyword has a place of its own.
func (v *VPD) named(key string) *string {
	switch key {
	case "PN":
		return &v.PartNumber
	case "SN":
		return &v.SerialNumber
	case "EC":
		return &v.EngineeringLevel
	case "MN":
		return &v.ManufactureID
	case "YA":
		return &v.AssetTag
	default:
		return nil
	}
}

// checksum: all bytes from the first up to the first of RV add up to zero. PCI
// Local Bus 3.0, I.3.1.2.
func (d *decoder) checksum(start, end int) {
	if start == end {
		d.malformed("field RV at %d: no checksum in it", start-3)
		return
	}
	sum := uint8(0)
	for _, c := range d.all[:start+1] {
		sum += c
	}
	d.vpd.ChecksumOK = new(sum == 0)
}
