package scsi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A PeripheralType says what command set the device speaks (SPC-5 table 143).
type PeripheralType uint8

// The device types bee meets.
const (
	TypeDisk       PeripheralType = 0x00
	TypeTape       PeripheralType = 0x01
	TypeProcessor  PeripheralType = 0x03
	TypeOptical    PeripheralType = 0x05
	TypeEnclosure  PeripheralType = 0x0D
	TypeController PeripheralType = 0x0C
	TypeZonedDisk  PeripheralType = 0x14
	TypeUnknown    PeripheralType = 0x1F
)

// An Inquiry is standard INQUIRY data (SPC-5 6.7.2).
type Inquiry struct {
	Type       PeripheralType
	Qualifier  uint8 // 0 = connected, 1 = could be, 3 = no such logical unit
	Removable  bool
	Version    uint8 // 6 = SPC-4, 7 = SPC-5
	Protection bool  // supports protection information
	Enclosure  bool  // ENCSERV: has enclosure services inside
	MultiPort  bool

	Vendor   string // T10 vendor identification; "ATA" behind SAT; "" when blank
	Product  string
	Revision string
	// VendorSpecific is bytes 36 to 55, where some vendors put the serial
	// number; "" when blank or absent.
	VendorSpecific string
}

// DecodeInquiry decodes standard INQUIRY data, at least 36 bytes.
func DecodeInquiry(b []byte) (*Inquiry, error) {
	if len(b) < 36 {
		return nil, fmt.Errorf("inquiry: %w: %d bytes, want at least 36", inventory.ErrMalformed, len(b))
	}
	q := &Inquiry{
		Type: PeripheralType(b[0] & 0x1F), Qualifier: b[0] >> 5,
		Removable: b[1]&0x80 != 0, Version: b[2],
		Protection: b[5]&1 != 0, Enclosure: b[6]&0x40 != 0, MultiPort: b[6]&0x10 != 0,
		Vendor: Text(b[8:16]), Product: Text(b[16:32]), Revision: Text(b[32:36]),
	}
	if end := min(len(b), 5+int(b[4])); end > 36 {
		q.VendorSpecific = Text(b[36:min(end, 56)])
	}
	return q, nil
}
